"""Entries of BibTeX and BibLaTeX as paper records. Pure."""

import re
from typing import Any

from authors.identifiers import normalise
from papers.dates import PartialDate
from papers.importers.bibtex.names import names_in
from papers.importers.bibtex.tex import text_of, verbatim
from papers.importers.dating import date_in
from papers.importers.entries import (
    author_of,
    dated,
    doi_in,
    doi_of,
    finished,
    identifier_in,
    keywords_in,
    language_of,
    pages_in,
    peek,
    said,
    venue_of,
)
from papers.importers.fields import Fields
from papers.importers.markup import abstract_of, without_markup
from papers.importers.records import Identifier, InstitutionMention, Note, PaperRecord, RecordError, VersionMention

TYPES = {
    "article": "article", "inproceedings": "article", "conference": "article", "incollection": "book-chapter",
    "inbook": "book-chapter", "suppbook": "book-chapter", "incoll": "book-chapter", "bookinbook": "book-chapter",
    "inreference": "reference-entry", "book": "book", "mvbook": "book", "booklet": "book", "collection": "book",
    "mvcollection": "book", "proceedings": "book", "mvproceedings": "book", "reference": "book", "manual": "report",
    "phdthesis": "dissertation", "mastersthesis": "dissertation", "thesis": "dissertation", "techreport": "report",
    "report": "report", "dataset": "dataset", "preprint": "preprint", "standard": "standard",
}  # fmt: skip
VENUES = {"article": "journal", "inproceedings": "conference", "conference": "conference"}
VERBATIM = frozenset("id entry doi url pdf eprint archiveprefix eprinttype issn isbn pmid pmcid primaryclass code".split())
IN_TEX = frozenset(
    "title subtitle abstract journal journaltitle booktitle maintitle series publisher school institution volume number issue"
    " pages eid article-number date year month day langid language keywords keyword note howpublished".split()
)
NOT_ENTRIES = frozenset({"comment", "preamble", "string", "xdata", "set", "control", "ieeetranbstctl"})
_ARXIV = re.compile(
    r"arxiv(?:\.org/(?:abs|pdf)/|[\s:.]|preprint|e-?prints?|abs/)*((?:\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?)", re.I
)
_ON_ARXIV = re.compile(r"\b(?:arxiv|corr)\b", re.IGNORECASE)
_PMID = re.compile(r"\bPMID:?\s*(\d{1,9})\b", re.IGNORECASE)
_PMCID = re.compile(r"\bPMC\d{4,9}\b")


def paper_record(value: Any, source: str, notes: list[Note]) -> PaperRecord:
    """Translate one entry. Raises RecordError when it describes no paper; what is wrong inside it goes to `notes`."""
    given = Fields(value, notes).value
    if given.get("entry") in NOT_ENTRIES:
        raise RecordError("record", f"is no paper but @{given['entry']}")
    names, complete = names_in(str(given.get("author", "")))
    item = Fields({name: _readable(name, text) for name, text in given.items() if name in IN_TEX | VERBATIM}, notes)
    on_arxiv = _arxiv(item)
    kind = item.line("entry", 40)
    return finished(
        PaperRecord(
            key="",
            identifiers=_identifiers(item, on_arxiv),
            title=_title(item),
            abstract=_running(item, "abstract"),
            type="preprint" if on_arxiv and _only_on_arxiv(item) else TYPES.get(kind, ""),
            when=_date(item),
            primary_category=item.line("primaryclass", 40) if on_arxiv else "",
            authors=tuple(author_of(name, number, notes) for number, name in enumerate(names, 1)),
            authors_complete=complete,
            **_place(item, kind, on_arxiv),
        ),
        peek(item, "id"),
    )


def _readable(name: str, text: Any) -> Any:
    if not isinstance(text, str):
        return text
    return verbatim(text) if name in VERBATIM else text_of(text)


def _title(item: Fields) -> str:
    title, subtitle = (without_markup(item.line(name, 5_000)) for name in ("title", "subtitle"))
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def _running(item: Fields, name: str) -> str:
    """Running text, in which TeX's blank lines keep paragraphs apart."""
    return Fields({name: abstract_of(str(item.value.get(name, "")))}, item.notes).text(name)


def _date(item: Fields) -> PartialDate | None:
    """BibLaTeX's `date`, else `year` and `month`, which the older style has."""
    return date_in(item.line("date", 60)) or dated(item, "year", "month", "day")


def _arxiv(item: Fields) -> Identifier | None:
    """The arXiv id, which bibliographies keep in five places."""
    archive, eprint = peek(item, "archiveprefix", "eprinttype").lower(), peek(item, "eprint")
    if archive in ("", "arxiv") and (value := normalise("arxiv", eprint) if eprint else None):
        return "arxiv", value
    corr = bool(_ON_ARXIV.search(peek(item, "journal")))  # dblp: journal CoRR, volume abs/…
    for name in ("journal", "journaltitle", "volume", "note", "howpublished", "eprint", "url", "number"):
        text = peek(item, name)
        found = _ARXIV.search(text) or (re.search(r"\babs/(\S+)", text) if corr else None)
        if found and (value := normalise("arxiv", found[1])):
            return "arxiv", value
    return None


def _only_on_arxiv(item: Fields) -> bool:
    journal = peek(item, "journal", "journaltitle", "booktitle")
    return not journal or bool(_ON_ARXIV.search(journal))


def _identifiers(item: Fields, on_arxiv: Identifier | None) -> tuple[Identifier, ...]:
    url, note = peek(item, "url"), peek(item, "note")
    found = [doi_of(item, "doi"), on_arxiv, identifier_in(url), item.identifier("pmid", "pmid")]
    found.append(item.identifier("pmcid", "pmcid"))
    if not found[0] and "doi" in note.lower():
        found.append(doi_in(note))
    if number := _PMID.search(note):
        found.append(("pmid", number[1]))
    if code := _PMCID.search(note):
        found.append(("pmcid", code[0]))
    return tuple(identifier for identifier in found if identifier)


def _place(item: Fields, kind: str, on_arxiv: Identifier | None) -> dict[str, Any]:
    """Where the paper appeared, and everything beside who wrote what and when."""
    preprint = on_arxiv is not None and _only_on_arxiv(item)
    publisher = item.line("publisher", 300)
    places = ("journal", "journaltitle", "booktitle", "maintitle", "series")
    house = item.line("school") or item.line("institution")
    address = f"https://arxiv.org/abs/{on_arxiv[1]}" if on_arxiv else ""
    return {
        "venue": None if preprint else venue_of(item, places, VENUES.get(kind, ""), publisher, item.line("issn")),
        "fields": said(
            volume="" if preprint else item.line("volume", 60),
            issue="" if preprint else _issue(item, kind),
            publisher=publisher,
            language=language_of(peek(item, "langid", "language")),
            **pages_in(item.line("pages", 200) or item.line("eid", 60) or item.line("article-number", 60)),
        ),
        "keywords": keywords_in([peek(item, "keywords", "keyword")]),
        "institutions": (InstitutionMention(house),) if house and TYPES.get(kind) in ("dissertation", "report") else (),
        "links": _links(item),
        "versions": (VersionMention("submittedVersion", "arXiv", address, is_open=True),) if address else (),
    }


def _issue(item: Fields, kind: str) -> str:
    numbered = TYPES.get(kind) in ("article", "book-chapter", "")
    return item.line("number", 60) or item.line("issue", 60) if numbered else ""


def _links(item: Fields) -> tuple[tuple[str, str], ...]:
    first = re.split(r"[\s;]+(?=https?:)", str(item.value.get("url", "")).strip())[0]
    url = Fields({"url": first}, item.notes).address("url")
    pdf = Fields({"pdf": item.value.get("pdf")}, []).address("pdf")
    found = [("pdf" if url.lower().endswith(".pdf") else "landing", url), ("pdf", pdf), ("code", item.address("code"))]
    return tuple(dict.fromkeys((kind, address) for kind, address in found if address))
