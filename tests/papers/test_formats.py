"""Formats: told by what a file holds; what cannot be read is said in a sentence, whatever the bytes are."""

import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authors.curation.models import ImportRun, Provenance
from papers.importers.formats import FORMATS, format_of
from papers.importers.previewing import preview
from papers.importers.reading import Raw
from papers.importers.records import FileError, RecordError
from papers.importers.runs import AUTHORS, INSTITUTIONS, PAPERS, run_import
from papers.models import Paper
from tests.payloads import counts, remarks

BIBTEX = "@article{test21,\n title = {Counting Paper Boats on Still Water},\n author = {Testwright, Ada},\n year = 2021\n}\n"
RIS = "TY  - JOUR\nTI  - Counting Paper Boats on Still Water\nAU  - Testwright, Ada\nPY  - 2021\nER  - \n"
CSL = json.dumps([{"title": "Counting Paper Boats on Still Water", "author": [{"family": "Testwright", "given": "Ada"}],
                   "issued": {"date-parts": [[2021]]}}])  # fmt: skip
CROSSREF = json.dumps({"status": "ok", "message": {"items": json.loads(CSL)}})
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <entry>
    <id>http://arxiv.org/abs/2101.00001v2</id>
    <title>Counting Paper Boats on Still Water</title>
    <published>2021-01-02T08:00:00Z</published>
    <author><name>Ada Testwright</name></author>
  </entry>
</feed>
"""
ALL = {"bibtex": BIBTEX, "ris": RIS, "json": CSL, "arxiv": ATOM}


def written(folder: Path, content: str | bytes, name: str = "file.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes) -> list[Raw]:
    path = written(folder, content)
    return list(format_of(path).read(path))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "pack",
    [str.encode, lambda text: gzip.compress(text.encode()), lambda text: b"\xef\xbb\xbf" + text.encode(),
     lambda text: text.replace("\n", "\r\n").encode(), lambda text: ("\n \n" + text).encode()],
    ids=["plain", "gzip", "mark", "CRLF", "blank lines first"],
)  # fmt: skip
def test_the_content_tells_the_format_and_the_name_does_not(tmp_path: Path, name: str, pack: Any) -> None:
    if name == "arxiv" and pack("x").endswith(b"\n x"):
        pytest.skip("an XML declaration stands first")
    path = written(tmp_path, pack(ALL[name]), "works.json.bib.ris")
    assert format_of(path).name == name
    if not (name == "arxiv" and path.read_bytes().startswith(b"\n")):
        assert [raw.error for raw in format_of(path).read(path)] == [""]


@pytest.mark.parametrize("name", ["bibtex", "ris"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_bibliographies_in_utf_16_with_a_mark_are_read(tmp_path: Path, name: str, encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    text = ALL[name].replace("Ada", "Åse").replace("\n", "\r\n")
    raws = read(tmp_path, mark + text.encode(encoding))
    assert ["Åse" in str(raw.value) for raw in raws] == [True]


def test_lines_that_are_not_utf_8_are_windows_1252_and_that_is_remarked_once(tmp_path: Path) -> None:
    first, second = BIBTEX.replace("Ada", "Åse"), BIBTEX.replace("Ada", "Zoë").replace("test21", "test22")
    raws = read(tmp_path, first.encode("cp1252") + second.encode() + second.encode("latin-1"))
    assert ["Åse" in raws[0].value["author"], *("Zoë" in raw.value["author"] for raw in raws[1:])] == [True] * 3
    assert [bool(raw.note) for raw in raws] == [True, False, False]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<!DOCTYPE html><html><body>Not found</body></html>", "a web page"),
        ("<?xml version='1.0'?><crossref_result/>", "XML, but not an Atom feed of arXiv's"),
        ("<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'></feed>", "not an Atom feed of arXiv"),
        ("FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n", "Web of Science's plain text; export RIS"),
        ("PMID- 123456\nTI  - Boats\n", "PubMed's own format"),
        ("%PDF-1.7\n", "a PDF"),
        ("\n\nDear editors,\n", "line 3 is not JSON, BibTeX, RIS or arXiv's Atom; it begins with 'Dear editors,'"),
        (b"\x1f\x8bno gzip at all", "damaged gzip data"),
    ],
)  # fmt: skip
def test_what_is_no_bibliography_is_said_to_be_what_it_is(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(FileError, match=said):
        read(tmp_path, content)


@pytest.mark.django_db
@pytest.mark.parametrize(("importer", "what"), [(AUTHORS, "people"), (INSTITUTIONS, "institutions")])
@pytest.mark.parametrize(("content", "label"), [(BIBTEX, "BibTeX"), (RIS, "RIS"), (ATOM, "arXiv's Atom")])
def test_bibliographies_describe_papers_only(tmp_path: Path, importer: Any, what: str, content: str, label: str) -> None:
    with pytest.raises(FileError, match=f"{label} describes papers, not {what}."):
        run_import(importer, written(tmp_path, content), source="test")
    assert ImportRun.objects.get().state == ImportRun.State.FAILED


@pytest.mark.django_db
@pytest.mark.parametrize("content", [*ALL.values(), CROSSREF], ids=[*ALL, "crossref"])
def test_every_format_imports_once(tmp_path: Path, content: str) -> None:
    path = written(tmp_path, content)
    assert counts(run_import(PAPERS, path, source="test")) == (1, 0, 0, 0)
    paper = Paper.objects.get()
    assert (paper.title, paper.year) == ("Counting Paper Boats on Still Water", 2021)
    assert [line.raw_name for line in paper.authorships.all()] == ["Ada Testwright"]
    assert counts(run_import(PAPERS, path, source="test")) == (0, 0, 1, 0)


@pytest.mark.django_db
def test_one_paper_in_five_formats_is_one_paper(tmp_path: Path) -> None:
    for content in (*ALL.values(), CROSSREF):
        run_import(PAPERS, written(tmp_path, content), source="test")
    assert Paper.objects.count() == 1


@pytest.mark.django_db
def test_one_key_in_two_files_is_two_papers(tmp_path: Path) -> None:
    """Everybody's bibliography has a `smith2020`."""
    other = BIBTEX.replace("Counting Paper Boats on Still Water", "Folding Maps of Imaginary Islands")
    for content in (BIBTEX, other):
        run_import(PAPERS, written(tmp_path, content), source="file")
    assert sorted(Paper.objects.values_list("title", flat=True)) == [
        "Counting Paper Boats on Still Water", "Folding Maps of Imaginary Islands",
    ]  # fmt: skip
    assert Provenance.objects.values("source_key").distinct().count() == 2


@pytest.mark.django_db
def test_two_entries_of_one_paper_in_one_file_are_unchanged_the_next_time(tmp_path: Path) -> None:
    again = BIBTEX.replace("test21", "testwright:boats").replace("year", "volume = 3, year")
    path = written(tmp_path, BIBTEX + again)
    assert counts(run_import(PAPERS, path, source="test")) == (1, 1, 0, 0)
    assert counts(run_import(PAPERS, path, source="test")) == (0, 0, 2, 0)


@pytest.mark.django_db
def test_a_broken_entry_costs_itself_only_and_the_report_names_its_line(tmp_path: Path) -> None:
    broken = "@article{cut,\n title = {Never closed\n\n"
    run = run_import(PAPERS, written(tmp_path, broken + BIBTEX), source="test")
    assert counts(run) == (1, 0, 0, 1)
    assert remarks(run)[0][:2] == (1, "record")


@pytest.mark.django_db
def test_the_preview_reads_every_format(tmp_path: Path) -> None:
    for content in (*ALL.values(), CROSSREF):
        seen = preview(PAPERS, written(tmp_path, content), source="test", state="draft")
        assert [paper.title for paper in seen.papers] == ["Counting Paper Boats on Still Water"]
    assert not Paper.objects.exists()


BEGINNINGS = [
    b"",
    b"@article{a,",
    b"TY  - JOUR\n",
    b"[{",
    b"{",
    ATOM.encode()[:120],
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1f\x8b\x08",
]
PARTS = st.sampled_from([*b"@{}(),=#\\\"'$%~^&<>/\n\r\t -[]:;", *b"TYERAUandotherstitleauthoryear2021", 0, 0xE9, 0xFF])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(BEGINNINGS), rest=st.one_of(st.binary(max_size=200), st.lists(PARTS, max_size=200).map(bytes)))
def test_no_bytes_raise_anything_but_a_file_error(tmp_path: Path, start: bytes, rest: bytes) -> None:
    path = written(tmp_path, start + rest)
    notes: list[Any] = []
    with suppress(FileError):
        form = format_of(path)
        for raw in form.read(path):
            assert raw.error or json.dumps(raw.value)
            translated(form, raw, notes)


def translated(form: Any, raw: Raw, notes: list[Any]) -> None:
    with suppress(RecordError):
        if not raw.error:
            form.translator("P")(raw.value, "test", notes)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    "title author issued DOI container-title publisher page ISSN reference license link indexed URL abstract type entry id"
    " authors published links categories comment TY AU PY DA SP UR keyword resource updated-by journal year month url".split()
)


@settings(max_examples=300, deadline=None)
@given(value=st.dictionaries(NAMES, JSON_VALUES | st.sampled_from(["10.1/x", [{"family": 1}], [{}], {"date-parts": [[None]]}])))
def test_a_record_of_json_with_any_values_is_taken_or_refused(value: dict[str, Any]) -> None:
    """JSON may hold anything under any name; the other readers give texts and lists of texts only."""
    for form in FORMATS:
        if form.name in ("json", "arxiv"):
            translated(form, Raw(1, value), [])
