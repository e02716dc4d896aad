"""OpenAlex objects and their relatives as records: every key that is used, and whatever else may stand in its place."""

import copy
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.dates import PartialDate, Precision
from papers.importers.formats import JSON
from papers.importers.openalex import author_record, institution_record, paper_record, source_of
from papers.importers.records import AffiliationMention, InstitutionMention, Note, PaperRecord, RecordError
from tests.payloads import author, payload, work

UNIVERSITY = InstitutionMention("University of Examples", (("ror", "05exmpl01"), ("openalex", "I900001")), "NL", "education")
LABORATORY = InstitutionMention("Fixture Laboratories", (("openalex", "I900002"),), "DE", "company")


def translated(value: Any, source: str = "test") -> tuple[PaperRecord, list[tuple[str, str]]]:
    notes: list[Note] = []
    return paper_record(value, source, notes), [(note.field, note.reason) for note in notes]


def note_on(**fields: Any) -> list[tuple[str, str]]:
    return translated({"title": "Counting Sheep", **fields})[1]


def test_a_work_with_every_key() -> None:
    record, notes = translated(payload("openalex-work"))
    assert notes == []
    assert record.key == "W900017"
    assert record.identifiers == (
        ("openalex", "W900017"),
        ("doi", "10.5555/invented.17"),
        ("mag", "900017"),
        ("pmid", "90000017"),
    )
    assert record.title == "A Grammar of Nowhere: Parsing Languages That Nobody Speaks"
    assert record.when == PartialDate(date(2021, 3, 9), Precision.DAY)
    assert record.venue is not None
    assert record.venue.name == "Journal of Invented Results"
    assert record.venue.identifiers == (("openalex", "S900001"), ("issn", "1234-5679"))
    assert record.fields == {
        "language": "en", "volume": "6", "issue": "2", "first_page": "101", "last_page": "119", "licence": "cc-by",
        "publisher": "Imaginary Press", "open_access": "gold",
    }  # fmt: skip
    assert record.keywords == ("Grammar of Invented Languages", "Parsing")
    assert record.links == (("landing", "https://doi.org/10.5555/invented.17"), ("pdf", "https://papers.example.org/17.pdf"))
    assert [(version.kind, version.where, version.is_open) for version in record.versions] == [
        ("publishedVersion", "Journal of Invented Results", True), ("submittedVersion", "Example Preprints", True),
    ]  # fmt: skip
    assert (record.cited_by_count, record.referenced_count) == (12, 2)
    assert record.references == (("openalex", "W900003"), ("openalex", "W900004"))
    assert record.counts_by_year == ((2022, 5), (2023, 7))
    assert record.as_of == date(2024, 5, 6)
    assert record.authors_complete
    assert record.fingerprint


def test_the_inverted_abstract_is_put_in_order() -> None:
    assert translated(payload("openalex-work"))[0].abstract == "Nobody speaks the language of Nobody parses it either."


def test_authors_of_a_work() -> None:
    ada, bram = translated(payload("openalex-work"))[0].authors
    assert (ada.raw_name, ada.name, ada.is_corresponding) == ("A. Testwright", "Ada Testwright", True)
    assert ada.identifiers == (("openalex", "A900001"), ("orcid", "0000-0002-1825-0097"))
    assert (bram.raw_name, bram.is_corresponding) == ("Bram van Exemplar", False)


def test_each_printed_affiliation_keeps_its_own_institution() -> None:
    ada, _ = translated(payload("openalex-work"))[0].authors
    assert ada.affiliations == (
        AffiliationMention("Dept. of Samples, University of Examples, Nowhere", (UNIVERSITY,)),
        AffiliationMention("Fixture Laboratories, Elsewhere", (LABORATORY,)),
    )


def test_institutions_without_a_printed_affiliation_are_kept() -> None:
    value = payload("openalex-work")
    for stated in value["authorships"][0]["affiliations"]:
        stated["raw_affiliation_string"] = None
    ada, _ = translated(value)[0].authors
    assert [mention for part in ada.affiliations for mention in part.institutions] == [UNIVERSITY, LABORATORY]


def test_a_work_with_the_additional_keys() -> None:
    record, notes = translated(payload("plain-work"))
    assert notes == []
    assert record.identifiers == (("source:test", "nowhere2022/41"), ("arxiv", "2201.00041"))
    assert record.abstract == "We count sheep. $O(n)$ of them fall asleep first."
    assert record.when == PartialDate(date(2022, 1, 1), Precision.YEAR)
    assert (record.primary_category, record.categories) == ("cs.LG", ("cs.LG", "stat.ML"))
    assert (record.has_code, record.authors_complete) == (True, False)
    assert ("code", "https://code.example.org/sheep") in record.links
    assert (record.fields["track"], record.fields["acceptance"]) == ("main", "Poster")
    assert [mention.name for mention in record.institutions] == ["fixturelabs"]
    chidi, ada = record.authors
    assert chidi.identifiers == (("openreview", "~Chidi_Sampleson1"), ("dblp", "900/1234"))
    assert chidi.affiliations[0].raw == "Placeholder College + Dept. of Sleep"
    assert (chidi.profile_position, ada.profile_position) == (None, 2)
    assert record.cited_by_count is None


def test_unknown_is_not_zero() -> None:
    record, _ = translated({"title": "Counting Sheep"})
    assert record.cited_by_count is None
    assert record.referenced_count is None
    assert translated({"title": "Counting Sheep", "cited_by_count": 0})[0].cited_by_count == 0


@pytest.mark.parametrize(
    ("value", "field", "reason"),
    [
        ([], "record", "is not an object but a list"),
        (None, "record", "is not an object but nothing"),
        ("text", "record", "is not an object but text"),
        ({}, "record", "is not a work: it has neither title nor authors nor abstract"),
        ({"display_name": "Ada Testwright", "works_count": 3}, "record", "is not a work"),
        ({"title": "", "authorships": []}, "title", "there is no title, no author, no abstract and no identifier to keep"),
        ({"title": "x", "id": "https://openalex.org/A900001"}, "id", "A900001 is not a work"),
        ({"title": "x", "id": "https://openalex.org/countries/NL"}, "id", "https://openalex.org/countries/NL is not a work"),
    ],
)
def test_what_is_no_work_is_refused(value: Any, field: str, reason: str) -> None:
    with pytest.raises(RecordError, match=reason) as caught:
        paper_record(value, source_of(value, "test"), [])
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"publication_date": "2023-02-31"}, ("publication_date", "'2023-02-31': there is no such day; left out")),
        ({"publication_year": 0}, ("publication_year", "0 does not lie between 1400 and 2200; left out")),
        ({"publication_year": 99999}, ("publication_year", "99999 does not lie between 1400 and 2200; left out")),
        ({"publication_date": "June"}, ("publication_date", "'June' is not a date like 2023, 2023-06 or 2023-06-28; left out")),
        ({"cited_by_count": -1}, ("cited_by_count", "-1 is negative; left out")),
        ({"cited_by_count": "12"}, ("cited_by_count", "'12' is not a whole number; left out")),
        ({"cited_by_count": True}, ("cited_by_count", "'True' is not a whole number; left out")),
        ({"cited_by_count": float("nan")}, ("cited_by_count", "'nan' is not a whole number; left out")),
        ({"cited_by_count": float("inf")}, ("cited_by_count", "'inf' is not a whole number; left out")),
        ({"cited_by_count": 2**31}, ("cited_by_count", "'2147483648' is larger than any count; left out")),
        ({"cited_by_count": [1]}, ("cited_by_count", "a list is not a whole number; left out")),
        ({"doi": "not a doi"}, ("doi", "'not a doi' is not a valid DOI identifier; left out")),
        ({"doi": {"x": 1}}, ("doi", "is not text but an object; left out")),
        ({"id": "x" * 600}, ("id", "is 600 characters long, more than 400; left out")),
        ({"id": ["x"]}, ("id", "is not text but a list; left out")),
        ({"ids": []}, ("ids", "is not an object but a list; left out")),
        ({"ids": {"arxiv": "nonsense"}}, ("ids.arxiv", "'nonsense' is not a valid arXiv identifier; left out")),
        ({"authorships": {"author": 1}}, ("authorships", "is not a list but an object; left out")),
        ({"authorships": ["Ada"]}, ("authorships[1]", "is not an object but text; left out")),
        ({"authorships": [{}]}, ("authorships[1].author.display_name", "is empty; kept as an author without a name")),
        (
            {"authorships": [author("Ada and Bram")]},
            ("authorships[1].author.display_name", "'Ada and Bram' names no one person; kept as printed"),
        ),
        ({"title": "Sheep Count Themselves " * 2}, ("title", "says the same twice; taken once")),
        ({"title": 7, "abstract": "x"}, ("title", "is not text but a number; left out")),
        ({"abstract": ["x"]}, ("abstract", "is not text but a list; left out")),
        ({"abstract": "x" * 200_000}, ("abstract", "is 200,000 characters long; kept whole")),
        ({"code_url": "javascript:alert(1)"}, ("code_url", "'javascript:alert(1)' is not a web address; left out")),
        ({"code_url": "https://x.org/" + "a" * 1000}, ("code_url", None)),
        ({"code_url": "https://x.org/" + "é" * 600}, ("code_url", None)),
        ({"has_code": "yes"}, ("has_code", "'yes' is neither true nor false; left out")),
        ({"profile_position": 0}, ("profile_position", "0 is no position, they count from 1; left out")),
        ({"profile_position": -1}, ("profile_position", "-1 is negative; left out")),
        ({"profile_position": 10**12}, ("profile_position", "'1000000000000' is larger than any count; left out")),
        ({"keywords": ["a", 7]}, ("keywords[2]", "is not text but a number; left out")),
        ({"counts_by_year": [{"year": 2020, "cited_by_count": -3}]}, ("counts_by_year[1].cited_by_count", None)),
        ({"institutions": [{"display_name": "…"}]}, ("institutions[1].display_name", "names no institution; left out")),
        (
            {"institutions": [{"display_name": "Fixtures", "country_code": "NLD"}]},
            ("institutions[1].country_code", "'NLD' is not a country code of two letters; left out"),
        ),
        (
            {"institutions": [{"display_name": "Fixtures", "homepage_url": "javascript:alert(1)"}]},
            ("institutions[1].homepage_url", "'javascript:alert(1)' is not a web address; left out"),
        ),
        (
            {"primary_location": {"source": {"display_name": "???"}}},
            ("primary_location.source.display_name", "'???' names no venue; left out"),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_left_out_and_said(fields: dict[str, Any], expected: tuple[str, str | None]) -> None:
    notes = note_on(**fields)
    assert [field for field, _ in notes] == [expected[0]]
    assert expected[1] is None or notes[0][1] == expected[1]


def test_a_long_name_is_cut_and_names_nobody() -> None:
    reasons = [reason for _, reason in note_on(authorships=[author("A" * 2000)])]
    assert reasons == ["is 2,000 characters long; cut to 500", f"'{'A' * 57}…' names no one person; kept as printed"]


def test_a_list_of_authors_that_cannot_be_read_whole_is_not_complete() -> None:
    record, _ = translated(work("Counting Sheep") | {"authorships": [author("Ada Testwright"), "Bram Exemplar"]})
    assert [mention.raw_name for mention in record.authors] == ["Ada Testwright"]
    assert not record.authors_complete


def test_a_wrong_date_leaves_the_year() -> None:
    record, _ = translated({"title": "Counting Sheep", "publication_date": "2023-02-31", "publication_year": 2023})
    assert record.when == PartialDate(date(2023, 1, 1), Precision.YEAR)


def test_references_are_works_only() -> None:
    given_works = ["https://openalex.org/W1", "https://openalex.org/A2", 7, "W" + "9" * 600, "W²", "w3", "W1"]
    assert translated({"title": "x", "referenced_works": given_works})[0].references == (("openalex", "W1"), ("openalex", "W3"))


def test_text_is_cleaned_on_the_way_in() -> None:
    record, _ = translated(work("Nul\x00s and lone \ud800 surrogates", "Ada\x07 Testwright", abstract="DaumÃ©\x00"))
    assert record.title == "Nuls and lone surrogates"
    assert record.abstract == "Daumé"
    assert record.first_author == "Ada Testwright"


def test_a_home_page_is_cleaned_too() -> None:
    record, _ = translated(
        {"title": "x", "institutions": [{"display_name": "Fixtures", "homepage_url": "https://x.org/\x00\ud800a"}]}
    )
    assert record.institutions[0].homepage == "https://x.org/a"


# --- authors and institutions -------------------------------------------------------------------------------------------


def test_an_author_with_every_key() -> None:
    notes: list[Note] = []
    record = author_record(payload("openalex-author"), "openalex", notes)
    assert notes == []
    assert record.key == "A900001"
    assert record.identifiers == (("openalex", "A900001"), ("orcid", "0000-0002-1825-0097"))
    assert record.names == ("A. Testwright", "Testwright, Ada")
    assert record.affiliations == ((UNIVERSITY, 2018, 2021), (LABORATORY, 2016, 2016))
    assert record.figures == (("papers", 31), ("citations", 456), ("h_index", 9))
    assert record.as_of == date(2024, 5, 6)


def test_reported_scores_run_from_0_to_100() -> None:
    notes: list[Note] = []
    value = {"id": "profile:ada", "display_name": "Ada", "reported_scores": {"novelty": 59, "ai_score": 101}}
    record = author_record(value, "test", notes)
    assert record.figures == (("novelty", 59.0),)
    assert notes == [Note("reported_scores.ai_score", "'101' is not a score from 0 to 100; left out")]


def test_an_institution_with_every_key() -> None:
    notes: list[Note] = []
    record = institution_record(payload("openalex-institution"), "openalex", notes)
    assert notes == []
    assert record.identifiers == (
        ("openalex", "I900001"),
        ("ror", "05exmpl01"),
        ("grid", "grid.900001.a"),
        ("wikidata", "Q900002"),
    )
    assert (record.country_code, record.city, record.kind) == ("NL", "Nowhere", "education")
    assert (record.names, record.acronyms) == (("Universiteit van Voorbeelden",), ("UEX",))
    assert record.children == (("ror", "05exmpl03"),)
    assert record.figures == (("papers", 700), ("citations", 9000))


@pytest.mark.parametrize("translate", [author_record, institution_record])
@pytest.mark.parametrize("value", [None, [], 7, {}, {"display_name": ""}, {"display_name": "…"}, {"display_name": ["x"]}])
def test_people_and_institutions_need_a_name(translate: Callable[..., Any], value: Any) -> None:
    with pytest.raises(RecordError):
        translate(value, "test", [])


@pytest.mark.parametrize("name", ["openalex-work", "plain-work", "openalex-author", "openalex-institution"])
def test_each_importer_refuses_the_objects_of_the_others(name: str) -> None:
    translators = {"openalex-work": paper_record, "openalex-author": author_record, "openalex-institution": institution_record}
    value = payload(name)
    for source, given_id in (("openalex", value["id"]), ("test", "42"), ("test", None)):
        for own, translate in translators.items():
            if own.rpartition("-")[2] != name.rpartition("-")[2]:
                with pytest.raises(RecordError):
                    translate(value | {"id": given_id}, source, [])


# --- anything at all -----------------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(alphabet=st.characters(exclude_categories=[]), max_size=12)
    | st.sampled_from(
        ["", "https://", "javascript:x", "2023-02-31", "10.5555/x", "W1", "\x00", "\ud800", "٣" * 9, "0000-0002-1825-0097"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.copy(value)
    changed[path[0]] = put(value[path[0]], path[1:], new)
    return changed


def can_be_stored(record: Any, notes: list[Note]) -> None:
    """No database takes lone surrogates, and PostgreSQL takes no NUL."""
    text = json.dumps([asdict(record), [asdict(note) for note in notes]], default=str, ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text


SHAPES = {
    name: payload(name)
    for name in ("openalex-work", "plain-work", "openalex-author", "openalex-institution", "ror-organization")
}
PLACES = {name: places(value) for name, value in SHAPES.items()}


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_whatever_stands_anywhere_only_record_errors_are_raised(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SHAPES)))
    value = SHAPES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        value = put(value, data.draw(st.sampled_from(places(value))), data.draw(anything))
    for translate in JSON.translators.values():
        notes: list[Note] = []
        try:
            record = translate(value, "test", notes)
        except RecordError:
            continue
        assert all(note.field and note.reason for note in notes)
        can_be_stored(record, notes)


@settings(max_examples=100, deadline=None)
@given(anything)
def test_a_record_of_one_key_survives_anything(value: Any) -> None:
    for key in SHAPES["openalex-work"].keys() | SHAPES["plain-work"].keys() - {"id"}:
        notes: list[Note] = []
        can_be_stored(paper_record({"title": "Counting Sheep", "doi": "10.5555/x", key: value}, "test", notes), notes)


def test_deep_nesting_is_left_out() -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    for key in SHAPES["openalex-work"]:
        assert translated({"title": "Counting Sheep", "doi": "10.5555/x", key: deep})
