"""RIS: every program writes it a little differently."""

from pathlib import Path
from typing import Any

import pytest

from papers.importers.formats import RIS, format_of
from papers.importers.reading import Raw
from papers.importers.records import Note, PaperRecord
from papers.importers.ris import printed


def read(folder: Path, text: str) -> list[Raw]:
    path = folder / "file.ris"
    path.write_text(text)
    return list(format_of(path).read(path))


def record_of(folder: Path, text: str) -> tuple[PaperRecord, list[Note]]:
    notes: list[Note] = []
    (raw,) = read(folder, f"TY  - JOUR\nTI  - Counting Paper Boats\n{text}\nER  - \n")
    record: Any = RIS.translators["P"](raw.value, "test", notes)
    return record, notes


def test_everything_a_record_says(tmp_path: Path) -> None:
    record, notes = record_of(
        tmp_path,
        """AU  - Testwright, Ada
AU  - Mock,Ben
A2  - Editor, Eve
AD  - University of Examples
AD  - Fixture Laboratories
PY  - 2016/04/18
PY  - 2016/02/15/received
Y2  - 2019/03/28
AB  - First line
      goes on.
KW  - *boats
KW  - still water; counting
JF  - Journal of Testing
JO  - J. Test.
VL  - 7
IS  - 2
SP  - 1204
EP  - 22
SN  - 12345679
PB  - Fixtures
DO  - https://doi.org/10.1000/Boats
UR  - //boats.example/paper; https://boats.example/second
L1  - https://boats.example/paper.pdf
LA  - eng
U1  - 1234567[pmid]
U2  - PMC123456[pmcid]
ID  - testwright""",
    )
    assert [author.raw_name for author in record.authors] == ["Ada Testwright", "Ben Mock"]
    assert record.when
    assert record.when.first.isoformat() == "2016-04-18"
    assert record.abstract == "First line goes on."
    assert record.keywords == ("boats", "still water", "counting")
    assert record.venue
    assert (record.venue.name, record.venue.identifiers) == ("Journal of Testing", (("issn", "1234-5679"),))
    assert record.fields == {
        "volume": "7", "issue": "2", "publisher": "Fixtures", "language": "en", "first_page": "1204", "last_page": "1222",
    }  # fmt: skip
    assert record.identifiers == (("doi", "10.1000/boats"), ("pmid", "1234567"), ("pmcid", "PMC123456"))
    assert record.links == (("landing", "https://boats.example/paper"), ("pdf", "https://boats.example/paper.pdf"))
    assert record.key == "doi:10.1000/boats testwright"
    assert notes == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Testwright, Ada", "Ada Testwright"),
        ("Testwright,A. B.", "A. B. Testwright"),
        ("Testwright A.B.", "A.B. Testwright"),
        ("van der Mock, Ben, Jr.", "Ben van der Mock Jr."),
        ("Ada Testwright", "Ada Testwright"),
        ("Fixture Laboratories", "Fixture Laboratories"),
    ],
)
def test_names_are_turned_round(given: str, name: str) -> None:
    assert printed(given) == name


@pytest.mark.parametrize(
    ("tags", "first", "precision"),
    [
        ("PY  - 2018\nDA  - SEP", "2018-09-01", "month"),
        ("PY  - 2018\nDA  - SEP 15", "2018-09-15", "day"),
        ("PY  - 2005\nY1  - 2005/07/15", "2005-07-15", "day"),
        ("PY  - 2016/12//", "2016-12-01", "month"),
        ("Y1  - 2015/october", "2015-10-01", "month"),
        ("PY  - 2019\nDA  - 2019///", "2019-01-01", "year"),
    ],
)
def test_dates(tmp_path: Path, tags: str, first: str, precision: str) -> None:
    record, _ = record_of(tmp_path, tags)
    assert record.when
    assert (record.when.first.isoformat(), str(record.when.precision)) == (first, precision)


def test_a_doi_in_remarks_is_found_and_words_for_nothing_are_nothing(tmp_path: Path) -> None:
    record, _ = record_of(tmp_path, "N1  - doi: 10.1000/boats.\nVL  - nan\nSP  - No\nEP  - Specified")
    assert record.identifiers == (("doi", "10.1000/boats"),)
    assert record.fields == {}


def test_the_address_of_a_single_author_is_theirs(tmp_path: Path) -> None:
    record, _ = record_of(tmp_path, "AU  - Testwright, Ada\nAD  - University of Examples, Utrecht")
    assert record.authors[0].affiliations[0].raw == "University of Examples, Utrecht"


def test_what_stands_around_records_is_passed_over(tmp_path: Path) -> None:
    text = """Record #1 of 2
Provider: Fixtures
1.
TY  - JOUR
TI  - First
ER  -
NL  - left over

2.
TY  - CHAP
T1  - Second
T2  - Book of Boats
TY  - THES
TI  - Third, while the second never ended
PB  - University of Examples
"""
    records: list[Any] = [RIS.translators["P"](raw.value, "test", []) for raw in read(tmp_path, text)]
    assert [record.title.partition(",")[0] for record in records] == ["First", "Second", "Third"]
    assert (records[1].type, records[1].venue.name) == ("book-chapter", "Book of Boats")
    assert records[2].institutions[0].name == "University of Examples"
    assert [raw.line for raw in read(tmp_path, text)] == [4, 10, 13]


def test_a_file_in_which_no_record_begins_says_so(tmp_path: Path) -> None:
    (raw,) = read(tmp_path, "JF  - Journal of Testing\nT1  - Counting Paper Boats\nER  -\n")
    assert "TY  -" in raw.error
