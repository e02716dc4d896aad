"""CSL-JSON and Crossref's answers, which wrap the same things differently."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from papers.importers.csl import is_csl
from papers.importers.formats import JSON, format_of
from papers.importers.records import Note, PaperRecord, RecordError
from tests.payloads import payload, work


def record_of(**fields: Any) -> tuple[PaperRecord, list[Note]]:
    notes: list[Note] = []
    value = {"title": "Counting Paper Boats", "issued": {"date-parts": [[2021]]}} | fields
    record: Any = JSON.translators["P"](value, JSON.source_of(value, "test"), notes)
    return record, notes


def test_everything_a_work_of_crossref_says() -> None:
    notes: list[Note] = []
    value = payload("crossref-work")["message"]
    record: Any = JSON.translators["P"](value, JSON.source_of(value, "test"), notes)
    assert JSON.source_of(value, "test") == "crossref"
    assert (record.key, record.own_identifier) == ("doi:10.1000/boats.21", ("doi", "10.1000/boats.21"))
    assert record.title == "Counting Paper Boats & H2O: A Study"
    assert record.abstract == "Boats float.\n\nWe count $n^2$ of them, a < b."
    assert (record.type, record.when.first, str(record.when.precision)) == ("article", date(2021, 3, 1), "month")
    ada, group = record.authors
    assert (ada.raw_name, ada.identifiers) == ("Ada van der Testwright Jr.", (("orcid", "0000-0002-1825-0097"),))
    assert [part.raw for part in ada.affiliations] == ["University of Examples"]
    assert ada.affiliations[0].institutions[0].identifiers == (("ror", "05dxps055"),)
    assert group.raw_name == "The Fixture Collaboration"
    assert (record.venue.name, record.venue.type) == ("Journal of Testing & Boats", "journal")
    assert record.venue.identifiers == (("issn", "1234-5679"), ("issn", "2345-6782"))
    assert record.fields == {
        "volume": "7", "issue": "2", "publisher": "Fixtures", "language": "en", "licence": "cc-by", "first_page": "12",
        "last_page": "34",
    }  # fmt: skip
    assert record.links == (("landing", "https://boats.example/paper"), ("pdf", "https://boats.example/paper.pdf"))
    assert (record.cited_by_count, record.as_of, record.referenced_count) == (42, date(2022, 3, 30), 3)
    assert record.references == (("doi", "10.1000/cited"),)
    assert record.is_retracted
    assert [note.field for note in notes] == ["author[2]"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"family": "Testwright", "given": "Ada"}, "Ada Testwright"),
        ({"family": "Mock", "given": "Ben", "non-dropping-particle": "van der", "suffix": "III"}, "Ben van der Mock III"),
        ({"family": "Mock", "given": "Ben", "dropping-particle": "de"}, "Ben de Mock"),
        ({"literal": "The Fixture Collaboration"}, "The Fixture Collaboration"),
        ({"family": "Mausam"}, "Mausam"),
    ],
)
def test_names(given: dict[str, str], name: str) -> None:
    assert record_of(author=[given])[0].authors[0].raw_name == name


@pytest.mark.parametrize(
    ("issued", "first", "precision"),
    [
        ({"date-parts": [["2021", 3, "7"]]}, "2021-03-07", "day"),
        ({"date-parts": [[2014, 12, 31], [2015, 1, 1]]}, "2014-12-31", "day"),
        ({"date-parts": [[2021]], "season": 2}, "2021-01-01", "year"),
        ({"raw": "August 2019"}, "2019-08-01", "month"),
        ({"literal": "c. 1850"}, "1850-01-01", "year"),
        ("2021-05", "2021-05-01", "month"),
    ],
)
def test_dates(issued: Any, first: str, precision: str) -> None:
    record, _ = record_of(issued=issued)
    assert record.when
    assert (record.when.first.isoformat(), str(record.when.precision)) == (first, precision)


def test_a_date_that_is_not_known_is_none() -> None:
    assert record_of(issued={"date-parts": [[None]]})[0].when is None


@pytest.mark.parametrize(
    "content",
    [
        [{"DOI": "10.1000/1", "title": "One"}, {"DOI": "10.1000/2", "title": "Two"}],
        {
            "status": "ok",
            "message": {"items": [{"DOI": "10.1000/1", "title": ["One"]}, {"DOI": "10.1000/2", "title": ["Two"]}]},
        },
    ],
    ids=["CSL", "answer"],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_lists_are_read_item_by_item(tmp_path: Path, content: Any, indent: int | None) -> None:
    path = tmp_path / "file"
    path.write_text(json.dumps(content, indent=indent))
    assert [raw.value["DOI"] for raw in format_of(path).read(path)] == ["10.1000/1", "10.1000/2"]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("answer", [{"DOI": "10.1000/1", "items": None}, {"status": "ok", "message": {"DOI": "10.1000/1"}}])
def test_a_single_item_is_a_file(tmp_path: Path, answer: Any, indent: int | None) -> None:
    path = tmp_path / "file"
    path.write_text(json.dumps(answer, indent=indent))
    assert [raw.value["DOI"] for raw in format_of(path).read(path)] == ["10.1000/1"]


@pytest.mark.parametrize("title", ["Boats in <i>Still Water</i>", ["Boats in <jats:italic>Still\n Water</jats:italic>"],
                                   "Boats in &lt;b&gt;Still&lt;/b&gt; Water"])  # fmt: skip
def test_markup_in_titles_is_read(title: Any) -> None:
    assert record_of(title=title)[0].title == "Boats in Still Water"


def test_signs_that_only_look_like_markup_stay() -> None:
    assert record_of(title="vector<int> and a < b > c")[0].title == "vector<int> and a < b > c"


@pytest.mark.parametrize(
    "value",
    [
        {"DOI": "10.1000/1", "agency": {"id": "crossref"}},
        {"title": "Journal of Testing", "ISSN": ["1234-5679"], "breakdowns": {}, "publisher": "Fixtures"},
        {"DOI": "10.1000/1", "type": "journal-article"},
    ],
)
def test_what_describes_no_paper_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        JSON.translators["P"](value, "test", [])


def test_works_of_openalex_are_not_taken_for_items() -> None:
    assert not is_csl(work("Counting Paper Boats", "Ada Testwright"))
    assert not is_csl(payload("openalex-work"))
    assert not is_csl([])
    assert is_csl({"id": "x", "title": "Boats", "author": []})


def test_the_source_of_plain_items_is_the_files() -> None:
    assert JSON.source_of({"DOI": "10.1000/1", "title": "Boats"}, "library") == "library"
