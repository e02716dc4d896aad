"""Answers of arXiv's API, which are Atom feeds, as paper records. Pure.

The parser refuses document types and entities, and no tree is built: memory does not grow with the feed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from papers.importers.entries import author_of, dated, finished
from papers.importers.fields import Fields
from papers.importers.reading import Raw
from papers.importers.records import AffiliationMention, FileError, Identifier, Note, PaperRecord, RecordError, VersionMention

ENTRY_LIMIT = 2**20  # characters of text and attributes of one entry
DEEPEST = 50  # elements within elements
BLOCK = 2**16
ATOM = "{http://www.w3.org/2005/Atom}"
_OWN = "{http://arxiv.org/schemas/atom}"
_NAMES = re.compile(r"\{.*\}")
_ERROR = "arxiv.org/api/errors"
_VERSION = re.compile(r"v\d+$")


class _Target:
    """Gathers each entry into a plain dictionary as its elements come."""

    def __init__(self) -> None:
        self.done: list[Raw] = []
        self.parser: Any = None
        self._path: list[str] = []
        self._entry: dict[str, Any] | None = None
        self._line = self._size = 0
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if len(self._path) > DEEPEST:
            raise ValueError("elements are nested too deeply")
        self._text = []
        if tag == f"{ATOM}entry":
            self._entry, self._size = {"authors": [], "links": [], "categories": []}, 0
            self._line = self.parser.parser.CurrentLineNumber
        elif self._entry is not None:
            self._grow(sum(map(len, attributes.values())))
            self._open(tag, attributes)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        assert self._entry is not None  # noqa: S101 - the caller has looked
        if tag == f"{ATOM}author":
            self._entry["authors"].append({"affiliations": []})
        elif tag == f"{ATOM}link":
            self._entry["links"].append(dict(attributes))
        elif tag == f"{ATOM}category":
            self._entry["categories"].append(attributes.get("term", ""))
        elif tag == f"{_OWN}primary_category":
            self._entry["primary_category"] = attributes.get("term", "")

    def data(self, text: str) -> None:
        if self._entry is not None:
            self._grow(len(text))
            self._text.append(text)

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > ENTRY_LIMIT:
            raise ValueError(f"the entry of line {self._line} is longer than {ENTRY_LIMIT // 2**20} MB")

    def end(self, tag: str) -> None:
        self._path.pop()
        if self._entry is None:
            return
        text, self._text = "".join(self._text).strip(), []
        name = _NAMES.sub("", tag)
        above = _NAMES.sub("", self._path[-1]) if self._path else ""
        if tag == f"{ATOM}entry":
            self.done.append(_raw(self._line, self._entry))
            self._entry = None
        elif above == "author" and self._entry["authors"]:
            author = self._entry["authors"][-1]
            author["affiliations"].append(text) if name == "affiliation" else author.setdefault(name, text)
        elif above == "entry" and text:
            self._entry.setdefault(name, text)

    def close(self) -> None:
        """Nothing is left to be done."""


def _raw(line: int, entry: dict[str, Any]) -> Raw:
    if _ERROR in str(entry.get("id")):
        return Raw(line, error=f"arXiv answered: {entry.get('summary', 'error')}")
    return Raw(line, entry)


def arxiv_records(file: IO[bytes], path: Path) -> Iterator[Raw]:
    """Values are {element: text} with lists of authors, links and categories."""
    target = _Target()
    parser = target.parser = XMLParser(target=target, forbid_dtd=True)
    try:
        while block := file.read(BLOCK):
            parser.feed(block)
            yield from target.done
            target.done.clear()
        parser.close()
    except (ParseError, ValueError, LookupError) as error:
        yield from target.done
        said = "it has a document type or entities" if isinstance(error, DefusedXmlException) else str(error)
        raise FileError(f"{path}: not a readable Atom feed: {said}") from error


def is_entry(value: Any) -> bool:
    """Whether this is an entry as `arxiv_records` makes it, from wherever it comes now."""
    keys = {"id", "authors", "links", "categories", "summary"}
    return isinstance(value, dict) and keys <= value.keys() and "arxiv.org/abs/" in str(value["id"])


def paper_record(value: Any, source: str, notes: list[Note]) -> PaperRecord:
    """Translate one entry. Raises RecordError when it is not arXiv's; what is wrong inside it goes to `notes`."""
    item = Fields(value, notes)
    own = item.identifier("id", "arxiv")
    if own is None:
        raise RecordError("id", "is not the address of a paper on arXiv")
    address = f"https://arxiv.org/abs/{own[1]}"
    categories = tuple(item.lines("categories", 40))
    if "withdrawn" in item.line("comment", 5_000).lower():
        item.note("comment", "says that the paper was withdrawn from arXiv")
    return finished(
        PaperRecord(
            key="",
            identifiers=(own, *_doi(item)),
            own_identifier=own,
            title=item.line("title", 5_000),
            abstract=item.text("summary"),
            type="preprint",
            when=dated(item, "published"),  # of the first version; `updated` is the last one's
            primary_category=item.line("primary_category", 40) or next(iter(categories), ""),
            categories=categories,
            authors=tuple(
                author_of(given.line("name", 500), number, notes, (), _affiliations(given))
                for number, given in enumerate(item.parts("authors"), 1)
            ),
            links=_links(item, address),
            versions=(VersionMention("submittedVersion", "arXiv", address, is_open=True),),
        )
    )


def _affiliations(given: Fields) -> tuple[AffiliationMention, ...]:
    return tuple(AffiliationMention(text) for text in given.lines("affiliations", 2_000))


def _doi(item: Fields) -> tuple[Identifier, ...]:
    found = item.identifier("doi", "doi")
    return (found,) if found else ()


def _links(item: Fields, address: str) -> tuple[tuple[str, str], ...]:
    """Without the version, so that the addresses stay the same when a paper is revised."""
    pdfs = (row.address("href") for row in item.parts("links") if row.line("title", 20) == "pdf")
    pdf = _VERSION.sub("", next(pdfs, "").removesuffix(".pdf"))
    return tuple((kind, url) for kind, url in (("landing", address), ("pdf", pdf)) if url)
