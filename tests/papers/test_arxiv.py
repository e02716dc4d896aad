"""arXiv's feeds: versions, categories, errors; nothing that XML could be misused for."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from papers.importers import arxiv
from papers.importers.formats import ARXIV, format_of
from papers.importers.reading import Raw
from papers.importers.records import FileError, Note, RecordError
from tests.payloads import DATA

FEED = (DATA / "arxiv-feed.xml").read_text()


def read(folder: Path, text: str | bytes) -> list[Raw]:
    path = folder / "feed"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(format_of(path).read(path))


def test_everything_an_entry_says(tmp_path: Path) -> None:
    first, second, error = read(tmp_path, FEED)
    assert (first.line, second.line) == (7, 31)
    notes: list[Note] = []
    record: Any = ARXIV.translators["P"](first.value, "arxiv", notes)
    assert record.own_identifier == ("arxiv", "2101.00001")
    assert record.identifiers == (("arxiv", "2101.00001"), ("doi", "10.1000/boats.21"))
    assert record.title == r"Counting Paper Boats with $\alpha$-Nets"
    assert record.abstract == "Boats float. We count them."
    assert (record.type, record.when.first, str(record.when.precision)) == ("preprint", date(2021, 1, 2), "day")
    assert [author.raw_name for author in record.authors] == ["Ada Testwright", "The Fixture Collaboration"]
    assert [part.raw for part in record.authors[0].affiliations] == ["University of Examples"]
    assert (record.primary_category, record.categories) == ("cs.CL", ("cs.CL", "cs.AI"))
    assert record.links == (("landing", "https://arxiv.org/abs/2101.00001"), ("pdf", "https://arxiv.org/pdf/2101.00001"))
    assert record.venue is None  # open for the journal that prints it
    assert [note.field for note in notes] == ["author[2]"]
    assert error.error == "arXiv answered: incorrect id format for abc"


def test_old_identifiers_and_withdrawn_papers(tmp_path: Path) -> None:
    notes: list[Note] = []
    record: Any = ARXIV.translators["P"](read(tmp_path, FEED)[1].value, "arxiv", notes)
    assert record.key == "arxiv:quant-ph/0201082"
    assert [note.field for note in notes] == ["comment"]


def test_entries_of_other_feeds_are_refused(tmp_path: Path) -> None:
    raws = read(tmp_path, FEED.replace("http://arxiv.org/abs/2101.00001v2", "https://diary.example/1"))
    with pytest.raises(RecordError, match="not the address of a paper on arXiv"):
        ARXIV.translators["P"](raws[0].value, "arxiv", [])


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE feed [<!ENTITY a "boat"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE feed SYSTEM "https://boats.example/feed.dtd">',
    ],
)
def test_document_types_and_entities_are_refused(tmp_path: Path, declared: str) -> None:
    with pytest.raises(FileError, match="document type or entities"):
        read(tmp_path, FEED.replace("<feed", f"{declared}<feed", 1))


def test_a_cut_feed_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text(FEED[: FEED.index("</entry>", FEED.index("0201082"))])
    raws = format_of(path).read(path)
    assert next(raws).error == ""
    with pytest.raises(FileError, match="not a readable Atom feed"):
        next(raws)


@pytest.mark.parametrize("inner", ["<a>" * 200 + "</a>" * 200, "<summary>" + "boats " * 4_000 + "</summary>"])
def test_entries_are_bounded(tmp_path: Path, inner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arxiv, "ENTRY_LIMIT", 20_000)
    with pytest.raises(FileError, match=r"nested too deeply|is longer than"):
        read(tmp_path, FEED.replace("<entry>", f"<entry>{inner}", 1))
