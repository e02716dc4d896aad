"""Identifiers: how they are recognised, checked and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authors.identifiers import SCHEMES, address_of, label_of, normalise, recognise

VALID = [
    ("orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "0000-0002-1694-233x", "0000-0002-1694-233X"),
    ("ror", "https://ror.org/05EXMPL01", "05exmpl01"),
    ("ror", "https://ror.org/https://ror.org/05exmpl01", "05exmpl01"),
    ("doi", "https://doi.org/10.5555/ABC.1", "10.5555/abc.1"),
    ("doi", "DOI:10.5555/abc(1)<2>", "10.5555/abc(1)<2>"),
    ("arxiv", "https://arxiv.org/abs/2201.00041v3", "2201.00041"),
    ("arxiv", "arXiv:hep-th/9901001", "hep-th/9901001"),
    ("arxiv", "https://arxiv.org/pdf/2201.00041v2.pdf", "2201.00041"),
    ("openalex", "https://openalex.org/w900017", "W900017"),
    ("pmid", "https://pubmed.ncbi.nlm.nih.gov/90000017/", "90000017"),
    ("pmcid", "900", "PMC900"),
    ("isni", "0000 0001 2345 678x", "000000012345678X"),
    ("acl", "https://aclanthology.org/people/a/ada-testwright/", "ada-testwright"),
    ("scholar", "https://scholar.google.com/citations?user=AbCdEfGhIjK_&hl=en", "AbCdEfGhIjK_"),
    ("openreview", "https://openreview.net/profile?id=~Ada_Testwright1", "~Ada_Testwright1"),
    ("source:file", "  anything at all ", "anything at all"),
]
INVALID = [
    ("orcid", "0000-0002-1825-0098"), ("orcid", "0000-0002-1825"), ("ror", "harvard"), ("doi", "10.5555"),
    ("doi", "10.5555/a b"), ("arxiv", "22.1"), ("openalex", "X12"), ("openalex", "https://openalex.org/W"), ("mag", "W12"),
    ("doi", "10.5555/" + "x" * 600), ("issn", "1234"), ("source:file", "   "), ("doi", ""), ("wikidata", "Q"),
]  # fmt: skip
# Something of every scheme, and anything.
values = st.one_of(
    st.text(max_size=80),
    st.builds("".join, st.tuples(st.sampled_from([p for s in SCHEMES.values() for p in s.prefixes]), st.text(max_size=30))),
    st.sampled_from([value for _, value, _ in VALID]),
)


@pytest.mark.parametrize(("scheme", "given_value", "value"), VALID)
def test_valid_values_come_out_bare(scheme: str, given_value: str, value: str) -> None:
    assert normalise(scheme, given_value) == value


@pytest.mark.parametrize(("scheme", "value"), INVALID)
def test_invalid_values_are_none(scheme: str, value: str) -> None:
    assert normalise(scheme, value) is None


@given(st.sampled_from(sorted(SCHEMES)), values)
def test_normalising_never_raises_and_twice_changes_nothing(scheme: str, value: str) -> None:
    bare = normalise(scheme, value)
    if bare is not None:
        assert normalise(scheme, bare) == bare
        assert 0 < len(bare) <= 400


@given(values)
def test_what_is_recognised_is_valid(text: str) -> None:
    found = recognise(text)
    if found:
        assert normalise(*found) == found[1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://doi.org/10.5555/x", ("doi", "10.5555/x")),
        ("10.5555/X", ("doi", "10.5555/x")),
        ("0000-0002-1825-0097", ("orcid", "0000-0002-1825-0097")),
        ("profile:ada-testwright", ("profile", "ada-testwright")),
        ("https://openalex.org/A900001", ("openalex", "A900001")),
        ("nowhere2022/41", None),
        ("", None),
        ("https://openalex.org/countries/NL", None),
    ],
)
def test_recognise(text: str, found: tuple[str, str] | None) -> None:
    assert recognise(text) == found


@given(st.sampled_from(sorted(SCHEMES)), st.text(max_size=40))
def test_addresses_are_harmless(scheme: str, value: str) -> None:
    address = address_of(scheme, value)
    assert address == "" or address.startswith("https://")
    assert not set(address) & set("<>\"' \n")


def test_labels() -> None:
    assert label_of("orcid") == "ORCID"
    assert label_of("source:crawl") == "crawl"
    assert address_of("source:crawl", "7") == ""
