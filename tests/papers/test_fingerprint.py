"""When two records are one paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.fingerprint import agree, alike, fingerprint, title_key

TITLE = "A Grammar of Nowhere: Parsing Languages That Nobody Speaks"


def test_spelling_does_not_matter() -> None:
    shouted = "A GRAMMAR of Nowhere - parsing  languages that nobody speaks."
    assert fingerprint(TITLE, 2021, "Ada Testwright") == fingerprint(shouted, 2021, "Testwright, A.") != ""


@pytest.mark.parametrize(
    ("title", "year", "author"),
    [
        ("A Grammar of Somewhere: Parsing Languages That Nobody Speaks", 2021, "Ada Testwright"),
        (TITLE, 2022, "Ada Testwright"),
        (TITLE, 2021, "Bram Exemplar"),
    ],
)
def test_each_part_matters(title: str, year: int, author: str) -> None:
    assert fingerprint(title, year, author) != fingerprint(TITLE, 2021, "Ada Testwright")


@pytest.mark.parametrize(
    ("title", "year", "author"),
    [
        ("Poster", 2021, "Ada Testwright"), ("Preface", 2021, "Ada Testwright"), ("", 2021, "Ada Testwright"),
        (TITLE, None, "Ada"), (TITLE, 0, "Ada"), (TITLE, 2021, ""), (TITLE, 2021, "…"), ("123456789012345678", 2021, "Ada"),
        ("Withdrawn: " + TITLE, 2021, "Ada"), ("Anonymous submission number seven", 2021, "Ada"),
    ],
)  # fmt: skip
def test_what_does_not_tell_papers_apart_has_none(title: str, year: int | None, author: str) -> None:
    assert fingerprint(title, year, author) == ""


@given(st.text(max_size=80), st.none() | st.integers(0, 3000), st.text(max_size=40))
def test_it_never_raises(title: str, year: int | None, author: str) -> None:
    assert len(fingerprint(title, year, author)) in (0, 32)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_agreement_has_no_direction(title: str, author: str, other: str, other_author: str) -> None:
    assert agree(title, author, other, other_author) == agree(other, other_author, title, author)


def test_two_chapters_of_one_book_do_not_agree() -> None:
    """Whole books' DOIs stand on their chapters, and namesakes or one person may have written several of them."""
    assert not agree("Sheep That Count Themselves", "Wei Example", "A Grammar of Nowhere", "Yu Example")
    assert not agree("Sheep That Count Themselves", "Ada Testwright", "A Grammar of Nowhere", "Ada Testwright")


def test_one_paper_agrees_with_itself_however_it_is_written() -> None:
    assert agree(TITLE, "Ada Testwright", TITLE.upper(), "Bram Exemplar")
    assert agree(TITLE, "A. Testwright", "A Grammar of Nowhere", "Ada Testwright")
    assert agree("", "A. Testwright", "A Grammar of Nowhere", "Ada Testwright")
    assert not agree("", "", "", "")


def test_alike() -> None:
    assert alike("Parsing Languages", "Parsing the Languages of Nowhere")
    assert not alike("Parsing Languages", "Counting Sheep")
    assert alike("", "Counting Sheep")
    assert title_key("Naïve — Bayes!") == "naivebayes"
