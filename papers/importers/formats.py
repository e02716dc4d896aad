"""Which format a file is in, told by what it holds and never by its name, and who reads and translates it. Pure."""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papers.importers import arxiv, bibtex, csl, openalex, ris, ror
from papers.importers.reading import MARK, Raw, Reader, json_records, open_packed, read_records
from papers.importers.records import FileError, Note, Record
from papers.importers.texts import UTF_16, decoded

Translate = Callable[[Any, str, list[Note]], Record]
KINDS = {"P": "papers", "A": "people", "I": "institutions"}
HEAD = 2**16  # bytes looked at


def as_given(value: Any, default: str) -> str:
    """The source of records that do not name theirs."""
    return default


@dataclass(frozen=True)
class Format:
    """One format: how a file in it begins, and its translator for each kind of record (P, A, I) that it can describe."""

    name: str
    label: str
    looks_like: Callable[[str], object]
    reader: Reader
    translators: Mapping[str, Translate]
    source_of: Callable[[Any, str], str] = as_given

    def read(self, path: Path, *, skip: int = 0) -> Iterator[Raw]:
        """Every record but the first `skip`. Raises FileError where the file cannot be read (on)."""
        return read_records(path, skip=skip, reader=self.reader)

    def translator(self, kind: str) -> Translate:
        """Raises FileError when files in this format hold no such records."""
        if kind not in self.translators:
            held = " and ".join(KINDS[known] for known in self.translators)
            raise FileError(f"{self.label} describes {held}, not {KINDS[kind]}.")
        return self.translators[kind]


def _json_paper(value: Any, source: str, notes: list[Note]) -> Record:
    """What the services answered may stand in one file, arXiv's entries as its reader makes them."""
    if arxiv.is_entry(value):
        return arxiv.paper_record(value, source, notes)
    translate = csl.paper_record if csl.is_csl(value) else openalex.paper_record
    return translate(value, source, notes)


def _json_institution(value: Any, source: str, notes: list[Note]) -> Record:
    translate = ror.institution_record if ror.is_ror(value) else openalex.institution_record
    return translate(value, source, notes)


def _json_source(value: Any, default: str) -> str:
    if arxiv.is_entry(value):
        return "arxiv"
    return "ror" if ror.is_ror(value) else csl.source_of(value, openalex.source_of(value, default))


def _arxiv_source(value: Any, default: str) -> str:
    return "arxiv"


JSON = Format(
    "json",
    "JSON",
    re.compile(r"\s*(?:[{\[]|$)").match,
    json_records,
    {"P": _json_paper, "A": openalex.author_record, "I": _json_institution},
    _json_source,
)
ARXIV = Format(
    "arxiv",
    "arXiv's Atom",
    re.compile(r"\s*<(?=[^\0]*<(?:\w+:)?feed\b[^>]*http://www\.w3\.org/2005/Atom)(?=[^\0]*arxiv\.org)", re.IGNORECASE).match,
    arxiv.arxiv_records,
    {"P": arxiv.paper_record},
    _arxiv_source,
)
BIBTEX = Format(
    "bibtex",
    "BibTeX",
    re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE).search,
    bibtex.bibtex_records,
    {"P": bibtex.paper_record},
)
RIS = Format(
    "ris",
    "RIS",
    re.compile(r"(?!\s*PMID-)(?:.*\n)?[ \t]{0,3}[A-Z][A-Z0-9]  ?-(?: |\n|$)", re.DOTALL).match,  # PubMed's is another
    ris.ris_records,
    {"P": ris.paper_record},
)
FORMATS = (JSON, ARXIV, BIBTEX, RIS)
# What people try, and what they can do instead.
OTHERS = (
    (r"\s*<!doctype html|\s*<html", "a web page; save the file that it links to"),
    (r"\s*<", "XML, but not an Atom feed of arXiv's"),
    (r"(?s).*^FN .*^VR ", "Web of Science's plain text; export RIS or BibTeX there"),
    (r"(?s).*^PMID- ?\d", "PubMed's own format; export RIS or CSL-JSON there"),
    (r"%PDF|PK\x03\x04", "a PDF or an archive, which holds no records"),
)


def format_of(path: Path) -> Format:
    """The format of the file. Raises FileError when it cannot be opened or is in none of them."""
    head = _head(path)
    for known in FORMATS:
        if known.looks_like(head):
            return known
    for shape, what in OTHERS:
        if re.match(shape, head, re.IGNORECASE | re.MULTILINE):
            raise FileError(f"{path}: this is {what}.")
    number, start = next((number, line.strip()) for number, line in enumerate(head.split("\n"), 1) if line.strip())
    raise FileError(f"{path}: line {number} is not JSON, BibTeX, RIS or arXiv's Atom; it begins with {start[:20]!r}")


def _head(path: Path) -> str:
    """The beginning of the file as text, whatever its encoding."""
    try:
        with open_packed(path) as file:
            start = file.read(HEAD)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or f'damaged gzip data: {error}'}") from error
    except (EOFError, zlib.error) as error:
        raise FileError(f"{path}: damaged gzip data: {error}") from error
    if start.startswith(UTF_16):
        return start.decode("utf-16", errors="replace").replace("\r", "\n")
    whole_lines = start[: start.rfind(b"\n") + 1] or start
    return decoded(whole_lines.removeprefix(MARK))[0].replace("\r\n", "\n").replace("\r", "\n")
