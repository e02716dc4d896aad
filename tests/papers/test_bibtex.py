"""BibTeX and BibLaTeX: what people's files hold, as a reader of the catalogue would want to see it."""

from pathlib import Path
from typing import Any

import pytest

from papers.importers.bibtex.names import names_in
from papers.importers.bibtex.tex import text_of
from papers.importers.dating import date_in
from papers.importers.entries import pages_in
from papers.importers.formats import BIBTEX, format_of
from papers.importers.reading import Raw
from papers.importers.records import Note, PaperRecord, RecordError


def read(folder: Path, text: str) -> list[Raw]:
    path = folder / "file.bib"
    path.write_text(text)
    return list(format_of(path).read(path))


def entry(kind: str = "article", **fields: str) -> tuple[PaperRecord, list[Note]]:
    notes: list[Note] = []
    value = {"title": "Counting Paper Boats on Still Water", "id": "key", "entry": kind} | fields
    record: Any = BIBTEX.translators["P"](value, "test", notes)
    return record, notes


def test_everything_an_entry_says(tmp_path: Path) -> None:
    text = r"""
% Encoding: UTF-8
@string{jtb = "Journal of Testing " # {Boats}}
@inproceedings(ignored, title = {Parentheses (too)}, author = "Ada Testwright")
@article{testwright21,
  author    = {Testwright, Ada and van der Mock, Jr., Ben and {The Fixture Collaboration} and others},
  title     = "{Counting} Paper Boats: the {$\alpha$}-Method \& its 5% Error",
  subtitle  = {A Study},
  journal   = jtb,
  year      = 2021, month = "3~" # mar,
  volume    = 7, number = {2},
  pages     = {1204--22},
  publisher = {Fixture \& Sons},
  issn      = {1234-5679},
  doi       = {https://doi.org/10.1000/Boats\_21},
  pmid      = {12345}, note = {PMC123456},
  url       = {https://boats.example/paper.pdf},
  keywords  = {boats; still water, counting},
  langid    = {english},
  abstract  = {First paragraph about B{\"o}ats.

    Second one.},
  owner     = {nobody},
}
"""
    raws = read(tmp_path, text)
    assert [(raw.line, raw.error) for raw in raws] == [(4, ""), (5, "")]
    record: Any = BIBTEX.translators["P"](raws[1].value, "test", [])
    assert record.title == r"Counting Paper Boats: the $\alpha$-Method & its 5% Error: A Study"
    assert [author.raw_name for author in record.authors] == [
        "Ada Testwright", "Ben van der Mock Jr.", "The Fixture Collaboration",
    ]  # fmt: skip
    assert not record.authors_complete
    assert (record.type, record.when.first.isoformat(), str(record.when.precision)) == ("article", "2021-03-03", "day")
    assert (record.venue.name, record.venue.type, record.venue.identifiers) == (
        "Journal of Testing Boats", "journal", (("issn", "1234-5679"),),
    )  # fmt: skip
    assert record.fields == {
        "volume": "7", "issue": "2", "publisher": "Fixture & Sons", "language": "en", "first_page": "1204", "last_page": "1222",
    }  # fmt: skip
    assert record.identifiers == (("doi", "10.1000/boats_21"), ("pmid", "12345"), ("pmcid", "PMC123456"))
    assert record.links == (("pdf", "https://boats.example/paper.pdf"),)
    assert record.keywords == ("boats", "still water", "counting")
    assert record.abstract == "First paragraph about Böats.\n\nSecond one."


@pytest.mark.parametrize(
    ("field", "names", "complete"),
    [
        ("Ada van den Testwright and Mock, Ben", ["Ada van den Testwright", "Ben Mock"], True),
        (r"M{\"u}ster, J{\"o}rg and {\O}st, {\AA}se and {\v{C}}ap, {\'I}va", ["Jörg Müster", "Åse Øst", "Íva Čap"], True),
        ("{Boats and Sons, Inc.}", ["Boats and Sons, Inc."], True),
        ("Testwright, Ada, Jr.", ["Ada Testwright Jr."], True),
        ("Testwright, Ada and others", ["Ada Testwright"], False),
        ("Ada Testwright et al.", ["Ada Testwright"], False),
        ("family=Mock, given=Ben, prefix=van der, useprefix=true", ["Ben van der Mock"], True),
        ("Testwright, A., Mock, B., Stub, C.", ["Testwright, A., Mock, B., Stub, C."], True),
        ("", [], True),
    ],
)
def test_names(field: str, names: list[str], complete: bool) -> None:
    assert names_in(field) == (names, complete)


def test_what_is_no_person_is_kept_as_printed_and_remarked_upon() -> None:
    record, notes = entry(author="Anonymous and {The Fixture Collaboration} and Wei Testwright 0001")
    assert [author.raw_name for author in record.authors] == ["Anonymous", "The Fixture Collaboration", "Wei Testwright"]
    assert [note.field for note in notes] == ["author[1]", "author[2]"]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"{DNA} \textit{in vivo}, H$_2$O and 50% of {\ss}", "DNA in vivo, H$_2$O and 50% of ß"),
        (r"``Quoted'' --- CDA\^{}2 \cite{x}", "“Quoted” — CDA^2 "),
        (r"see \href{https://boats.example}{the boats}", "see the boats"),
        (r"a formula \(x_1 + x_2\) stays", "a formula $x_1 + x_2$ stays"),
        (r"broken {\textbf{brace", "broken brace"),
        ("{" * 3_000 + r"\'e" + "}" * 3_000, r"\'e"),
    ],
)
def test_tex_becomes_text_and_formulas_stay(tex: str, text: str) -> None:
    assert text_of(tex) == text


@pytest.mark.parametrize(
    ("given", "first", "precision"),
    [
        (("2021",), "2021-01-01", "year"),
        (("2021", "Sept."), "2021-09-01", "month"),
        (("2021", "may/june"), "2021-05-01", "month"),
        (("2021", "12"), "2021-12-01", "month"),
        (("Aug 1 2019",), "2019-08-01", "day"),
        (("2006-09-13/2007",), "2006-09-13", "day"),
        (("1998/99",), "1998-01-01", "year"),
        (("2004-21",), "2004-01-01", "year"),
        (("[c. 1850]",), "1850-01-01", "year"),
        (("12/03/2019",), "2019-01-01", "year"),
    ],
)
def test_dates_are_as_precise_as_they_are_written(given: tuple[str, ...], first: str, precision: str) -> None:
    when = date_in(*given)
    assert when
    assert (when.first.isoformat(), str(when.precision)) == (first, precision)


def test_a_year_that_is_none_is_remarked_upon() -> None:
    record, notes = entry(year="in press")
    assert record.when is None
    assert [(note.field, note.reason) for note in notes] == [("year", "'in press' names no year; left out")]


@pytest.mark.parametrize(
    ("text", "pages"),
    [("12--34", ("12", "34")), ("e0815", ("e0815", "")), ("A-12", ("A-12", "")), ("pp. 3–9", ("3", "9")), ("7-7", ("7", "")),
     ("1--3, 7", ("1", "7")), ("nan", ("", ""))],
)  # fmt: skip
def test_pages(text: str, pages: tuple[str, str]) -> None:
    found = pages_in(text)
    assert (found.get("first_page", ""), found.get("last_page", "")) == pages


@pytest.mark.parametrize(
    "fields",
    [
        {"eprint": "2101.00001v3", "archiveprefix": "arXiv", "primaryclass": "cs.CL"},
        {"journal": "arXiv preprint arXiv:2101.00001"},
        {"journal": "CoRR", "volume": "abs/2101.00001"},
        {"url": "https://arxiv.org/abs/2101.00001"},
        {"eprint": "2101.00001", "eprinttype": "arxiv"},
    ],
)
def test_preprints_are_found_wherever_the_arxiv_id_stands(fields: dict[str, str]) -> None:
    """The venue stays open for the journal that may print it."""
    record, _ = entry("misc", **fields)
    assert ("arxiv", "2101.00001") in record.identifiers
    assert (record.type, record.venue) == ("preprint", None)
    assert record.versions[0].url == "https://arxiv.org/abs/2101.00001"


def test_a_printed_paper_with_an_arxiv_id_keeps_its_journal() -> None:
    record, _ = entry(journal="Journal of Testing", eprint="2101.00001", archiveprefix="arXiv")
    assert record.venue
    assert record.venue.name == "Journal of Testing"
    assert record.type == "article"


def test_entries_inherit_from_the_book_that_stands_behind_them(tmp_path: Path) -> None:
    text = """
@inproceedings{a, title = {Counting Paper Boats}, author = {Ada Testwright}, crossref = {Conf21}}
@proceedings{conf21, title = {Proceedings of the Testing Conference}, year = 2021, publisher = {Fixtures}, doi = {10.1000/1}}
"""
    record: Any = BIBTEX.translators["P"](read(tmp_path, text)[0].value, "test", [])
    assert (record.venue.name, record.when.first.year) == ("Proceedings of the Testing Conference", 2021)
    assert record.identifiers == ()  # the DOI is the book's


def test_a_dissertation_names_its_university() -> None:
    record, _ = entry("phdthesis", school="University of Examples")
    assert (record.type, record.institutions[0].name) == ("dissertation", "University of Examples")


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("@article{a, title = {Open\n@article{b, title = {Whole}}\n", [True, False]),
        ("@article{\n title = {Without a key}\n}\n", [False]),
        ("@article{a, title = {Twice}, title = {Again}}\n", [False]),
        ("@article{a+b, ti+tle = {x}, title = {Signs in names}}\n", [False]),
        ("@comment{jabref-meta: databaseType:bibtex;}\n@preamble{\"x\"}\nText between.\n@misc{a, title = {x}}\n", [False]),
        ("@misc{a, title = {x}} @misc{b, title = {y}}\n", [False, False]),
        ("@article{a title}\n@misc{b, title = {y}}\n", [False, False]),
    ],
)  # fmt: skip
def test_a_faulty_entry_costs_itself_only(tmp_path: Path, text: str, errors: list[bool]) -> None:
    assert [bool(raw.error) for raw in read(tmp_path, text)] == errors


def test_an_entry_without_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers.importers.texts.PIECE_LIMIT", 2_000)
    raws = read(tmp_path, "@misc{a, title = {" + "long\n" * 1_000 + "}}\n@misc{b, title = {y}}\n")
    assert [bool(raw.error) for raw in raws] == [True, False]


def test_a_retracted_paper_is_marked() -> None:
    assert entry(title="RETRACTED: Counting Paper Boats")[0].is_retracted
    assert not entry(title="Retraction Notices and their Readers")[0].is_retracted


def test_nothing_but_a_key_is_no_paper() -> None:
    with pytest.raises(RecordError):
        entry(title="", doi="10.1000/1")
