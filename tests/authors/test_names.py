"""Names: what is folded, split, compared and taken for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authors import names

texts = st.text(max_size=60)
words = st.lists(st.text(alphabet=st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=8), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Kamilė  Lukošiūtė", "kamile lukosiute"),
        ("Xiao-Ming O’Brien", "xiaoming obrien"),
        ("Bjørn Łukasz Æther", "bjorn lukasz aether"),
        ("Weiß", "weiss"),
        ("İnci Işık", "inci isik"),
        ("Ω₂ ﬁeld", "ω2 field"),
        ("_under_score_", "under score"),
        ("कुमार", "कुमार"),
        ("", ""),
        ("😀", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert names.fold(name) == folded


def test_vowel_signs_are_parts_of_words() -> None:
    assert names.fold("कमल कुमार").split() == ["कमल", "कुमार"]
    assert names.search_key("कुमार") != names.search_key("कमार")


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


@given(texts, texts)
def test_nothing_raises(text: str, other: str) -> None:
    for function in (names.fold, names.search_key, names.short_key, names.sort_key, names.split, names.institution_key):
        function(text)
    names.compatible(text, other)
    names.is_person(text)
    assert names.institution_tag(text, other)


@given(texts)
def test_keys_fit_into_their_columns(text: str) -> None:
    long = text * 20
    keys = (names.search_key(long), names.short_key(long), names.sort_key(long), names.institution_key(long))
    assert max(map(len, keys)) <= 300


@given(words, st.randoms())
def test_the_search_key_does_not_depend_on_the_order_of_words(parts: list[str], chance: object) -> None:
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert names.search_key(" ".join(parts)) == names.search_key(" ".join(shuffled))


@given(texts, texts)
def test_compatibility_has_no_direction(name: str, other: str) -> None:
    assert names.compatible(name, other) == names.compatible(other, name)


def test_generations_are_no_part_of_the_search_key() -> None:
    assert names.search_key("Testwright, Ada") == names.search_key("Ada Testwright") == "ada testwright"
    assert names.search_key("Ada Testwright Jr.") == names.search_key("Ada Testwright III") == "ada testwright"
    assert names.search_key("Wei Li") != names.search_key("Li")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Testwright", ("Ada", "Testwright")),
        ("Testwright, Ada", ("Ada", "Testwright")),
        ("Ada Testwright, Jr.", ("Ada", "Testwright")),
        ("Bram Van den Exemplar", ("Bram", "Van den Exemplar")),
        ("Ada B. Testwright III", ("Ada B.", "Testwright")),
        ("Mononymous", ("", "Mononymous")),
        ("van Exemplar", ("van", "Exemplar")),
        ("", ("", "")),
        (",", ("", "")),
        ("  ", ("", "")),
    ],
)
def test_split(name: str, parts: tuple[str, str]) -> None:
    assert names.split(name) == parts


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("A. Testwright", "Ada Testwright", True),
        ("Testwright, A.", "Ada Testwright", True),
        ("Ada Testwright", "Ada B. Testwright", True),
        ("Ada Bea Testwright", "Ada B. Testwright", True),
        ("Ada B. Testwright", "Ada C. Testwright", False),
        ("Ada Testwright", "Adam Testwright", False),
        ("Xiao-Ming Example", "Xiaoming Example", True),
        ("Wei Li", "Li Wei", True),
        ("Ada Testwright", "Ada Exemplar", False),
        ("Testwright", "Ada Testwright", False),
    ],
)
def test_compatible(name: str, other: str, expected: bool) -> None:
    assert names.compatible(name, other) is expected


@pytest.mark.parametrize(
    "name", ["Ada Testwright", "Testwright, Ada", "Ada Testwright, Jr.", "Mononymous", "J.-P. Exemplar", "王伟", "Anders Sand"]
)
def test_persons(name: str) -> None:
    assert names.is_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "Anonymous", "Unknown", "…", "Ada Testwright and Bram Exemplar", "Ada Testwright, Bram Exemplar, Chidi Sampleson",
        "Ada Testwright; Bram Exemplar", "The Example Collaboration", "University of Examples", "ada@example.org", "Cl\\con",
        "a b c d e f g h i", "x" * 81, "<b>Ada</b> & Co", "Ada Testwright et al.", "Example Lab Team", "12345",
    ],
)  # fmt: skip
def test_what_names_nobody_in_particular(name: str) -> None:
    assert not names.is_person(name)


def test_institution_keys_leave_out_what_does_not_tell() -> None:
    assert names.institution_key("The Example Corporation, Inc.") == names.institution_key("Example")
    assert names.institution_key("Fixtures (United States)") == "fixtures"
    assert names.institution_key("Bits & Pieces") == names.institution_key("Bits and Pieces")


def test_an_institution_whose_name_is_all_brackets_keeps_a_key() -> None:
    assert names.institution_key("(ABC)") == "abc"
    assert names.institution_key("(ABC)") != names.institution_key("(DEF)")
    assert names.institution_key("Limited") == "limited"


@pytest.mark.parametrize(
    ("name", "homepage", "tag"),
    [
        ("OpenExample", "", "openexample"),
        ("University of Examples", "https://www.uex.ac.uk/people", "uex"),
        ("University of Examples, Sample Town", "", "examples-sample-town"),
        ("University of Examples", "not a home page", "examples"),
        ("???", "", "institution"),
        ("大学", "", "大学"),
    ],
)
def test_institution_tags(name: str, homepage: str, tag: str) -> None:
    assert names.institution_tag(name, homepage) == tag
