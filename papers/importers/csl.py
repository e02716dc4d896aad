"""Items of CSL-JSON and of Crossref's answers, which are close relatives, as paper records. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from authors.identifiers import normalise
from authors.names import fold
from papers.dates import PartialDate
from papers.importers.dating import date_in
from papers.importers.entries import (
    author_of,
    doi_in,
    doi_of,
    finished,
    identifier_in,
    in_print,
    keywords_in,
    language_of,
    licence_of,
    pages_in,
    peek,
    said,
    venue_of,
)
from papers.importers.fields import Fields
from papers.importers.markup import abstract_of, without_markup
from papers.importers.records import (
    AffiliationMention,
    AuthorMention,
    Identifier,
    InstitutionMention,
    Note,
    PaperRecord,
    RecordError,
)

OPENALEX_ONLY = frozenset({"authorships", "publication_year", "publication_date", "abstract_inverted_index", "display_name"})
CSL_ONLY = frozenset({
    "DOI", "issued", "container-title", "citation-key", "is-referenced-by-count", "reference-count", "title-short",
    "publisher-place", "URL", "ISBN", "ISSN", "accessed", "event", "collection-title", "genre",
})  # fmt: skip
CROSSREF_ONLY = frozenset({"indexed", "deposited", "member", "is-referenced-by-count"})
NO_PAPERS = {"breakdowns": "a journal or publisher", "agency": "a DOI's agency", "hierarchy": "a funder"}
TYPES = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article", "journal-article": "article",
    "paper-conference": "article", "proceedings-article": "article", "chapter": "book-chapter", "book-section": "book-chapter",
    "book-part": "book-chapter", "book-track": "book-chapter", "monograph": "book", "edited-book": "book",
    "reference-book": "book", "proceedings": "book", "thesis": "dissertation", "posted-content": "preprint",
    "entry-encyclopedia": "reference-entry", "entry-dictionary": "reference-entry", "report-component": "report",
    "journal": "paratext", "journal-issue": "paratext", "journal-volume": "paratext",
    "document": "",
}  # fmt: skip
VENUES = {
    "article-journal": "journal", "journal-article": "journal", "paper-conference": "conference",
    "proceedings-article": "conference",
}  # fmt: skip
DATES = ("issued", "published", "published-print", "published-online", "posted", "published-other")
REFERENCES_AT_MOST = 5_000
AUTHORS_AT_MOST = 10_000


def is_csl(value: Any) -> bool:
    """An item of CSL-JSON or Crossref rather than a work of OpenAlex."""
    if not isinstance(value, dict) or OPENALEX_ONLY & value.keys():
        return False
    return bool(CSL_ONLY & value.keys()) or isinstance(value.get("author"), list)


def source_of(value: Any, default: str) -> str:
    """`crossref` for what only Crossref's answers say, else `default`."""
    return "crossref" if is_csl(value) and CROSSREF_ONLY & value.keys() else default


def paper_record(value: Any, source: str, notes: list[Note]) -> PaperRecord:
    """Translate one item. Raises RecordError when it describes no paper; what is wrong inside it goes to `notes`."""
    item = Fields(value, notes)
    for key, what in NO_PAPERS.items():
        if key in value:
            raise RecordError("record", f"is no paper but {what}")
    doi = _doi(item)
    kind = item.line("type", 40)
    return finished(
        PaperRecord(
            key="",
            identifiers=_identifiers(item, doi),
            own_identifier=doi if source == "crossref" else None,
            title=_title(item),
            abstract=_abstract(item),
            type=_type(item, kind),
            when=_date(item),
            authors=_authors(item),
            is_retracted=_is_retracted(item),
            **_place(item, kind),
            **_figures(item),
        ),
        peek(item, "id"),
    )


def _type(item: Fields, kind: str) -> str:
    """CSL calls a preprint an article and says what it is beside it."""
    return "preprint" if kind == "article" and peek(item, "genre").lower() == "preprint" else TYPES.get(kind, kind)


def _flat(item: Fields, *names: str) -> Fields:
    """The item's fields as CSL has them: Crossref wraps texts into lists, Zotero numbers into none."""
    return Fields({name: _one(item.value.get(name)) for name in names}, item.notes)


def _one(given: Any) -> Any:
    if isinstance(given, list):
        given = next((part for part in given if part), None)
    return str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given


def _title(item: Fields) -> str:
    texts = _flat(item, "title", "subtitle")
    title, subtitle = (without_markup(texts.line(name, 5_000)) for name in ("title", "subtitle"))
    return f"{title}: {subtitle}" if title and subtitle and fold(subtitle) not in fold(title) else title


def _abstract(item: Fields) -> str:
    given = item.value.get("abstract")
    return Fields({"abstract": abstract_of(given) if isinstance(given, str) else given}, item.notes).text("abstract")


def _doi(item: Fields) -> Identifier | None:
    return doi_of(_flat(item, "DOI"), "DOI")


def _identifiers(item: Fields, doi: Identifier | None) -> tuple[Identifier, ...]:
    texts = _flat(item, "URL", "PMID", "PMCID", "note", "number")
    found = [doi, texts.identifier("PMID", "pmid"), texts.identifier("PMCID", "pmcid")]
    url, note, number = (str(texts.value.get(name) or "") for name in ("URL", "note", "number"))
    found.append(identifier_in(url))
    if not doi and "doi" in note.lower():
        found.append(doi_in(note))
    if number.lower().startswith("arxiv:") and (value := normalise("arxiv", number.split()[0])):
        found.append(("arxiv", value))
    return tuple(identifier for identifier in found if identifier)


def _date(item: Fields) -> PartialDate | None:
    """The earliest kind of date that names a year; of a range its beginning."""
    return next((when for name in DATES if (when := _date_of(item.value.get(name)))), None)


def _date_of(given: Any) -> PartialDate | None:
    if isinstance(given, str):
        return date_in(given[:100])
    if not isinstance(given, dict):
        return None
    parts = given.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and first and first[0] is not None:
        return date_in(*(str(part)[:40] for part in first[:3] if part is not None))
    texts = (given.get(name) for name in ("raw", "literal", "date-time"))
    return next((when for text in texts if isinstance(text, str) and (when := date_in(text[:100]))), None)


def _authors(item: Fields) -> tuple[AuthorMention, ...]:
    found = []
    for number, given in enumerate(item.parts("author"), 1):
        if number > AUTHORS_AT_MOST:
            break
        orcid = given.identifier("ORCID", "orcid")
        found.append(author_of(_name(given), number, item.notes, (orcid,) if orcid else (), tuple(_affiliations(given))))
    return tuple(found)


def _name(given: Fields) -> str:
    """In print; CSL has four kinds of parts, Crossref two and a suffix."""
    if whole := given.line("literal", 500) or given.line("name", 500):
        return without_markup(whole)
    particles = " ".join(filter(None, (given.line("dropping-particle", 60), given.line("non-dropping-particle", 60))))
    parts = in_print(given.line("given"), particles, given.line("family").strip('"'), given.line("suffix", 60))
    return without_markup(parts)


def _affiliations(given: Fields) -> Iterator[AffiliationMention]:
    stated = given.value.get("affiliation")
    if isinstance(stated, dict | str):
        given = Fields({"affiliation": [stated]}, given.notes)
    named = [{"name": part} if isinstance(part, str) else part for part in given.items("affiliation")]
    for part in Fields({"affiliation": named}, given.notes).parts("affiliation"):
        name = without_markup(part.line("name", 2_000))
        rors = [value for row in part.parts("id") if (value := normalise("ror", str(row.value.get("id"))))]
        institutions = tuple(InstitutionMention(name[:300], (("ror", value),)) for value in rors[:1] if fold(name))
        if name:
            yield AffiliationMention(name, institutions)


def _is_retracted(item: Fields) -> bool:
    """Crossref lists the notices that update a work; only its own retraction counts, not one that it announces."""
    rows = item.value.get("updated-by")
    kinds = [row.get("type") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return "retraction" in kinds or "withdrawal" in kinds


def _place(item: Fields, kind: str) -> dict[str, Any]:
    """Where the item appeared."""
    texts = _flat(
        item, "container-title", "publisher", "volume", "issue", "page", "article-number", "language", "collection-title"
    )
    for name in ("container-title", "publisher", "collection-title"):
        if isinstance(text := texts.value[name], str):
            texts.value[name] = without_markup(text)
    publisher = texts.line("publisher", 300)
    numbers = item.value.get("ISSN")
    issn = " ".join(map(str, numbers)) if isinstance(numbers, list) else str(numbers or "")
    is_house = TYPES.get(kind) == "dissertation" and fold(publisher)
    return {
        "venue": venue_of(texts, ("container-title", "collection-title"), VENUES.get(kind, ""), publisher, issn),
        "institutions": (InstitutionMention(publisher),) if is_house else (),
        "fields": said(
            volume=texts.line("volume", 60),
            issue=texts.line("issue", 60),
            publisher=publisher,
            language=language_of(texts.line("language", 60)),
            licence=_licence(item),
            **pages_in(texts.line("page", 200) or texts.line("article-number", 60)),
        ),
        "keywords": keywords_in(_words(item)),
        "links": _links(item),
    }


def _words(item: Fields) -> list[str]:
    texts = [item.value.get("keyword"), *_listed(item, "subject")]
    return [text for text in texts if isinstance(text, str)]


def _listed(item: Fields, name: str) -> list[Any]:
    given = item.value.get(name)
    return given if isinstance(given, list) else []


def _rows(item: Fields, name: str) -> list[Fields]:
    """Objects of a list of lesser weight: what is none is passed over."""
    return [Fields(row, []) for row in _listed(item, name) if isinstance(row, dict)]


def _licence(item: Fields) -> str:
    return next((code for row in _rows(item, "license") if (code := licence_of(row.line("URL", 500)))), "")


def _links(item: Fields) -> tuple[tuple[str, str], ...]:
    primary = (item.value.get("resource") or {}).get("primary") if isinstance(item.value.get("resource"), dict) else None
    better = Fields(primary, []).address("URL") if isinstance(primary, dict) else ""
    url = better or _flat(item, "URL").address("URL")
    landing = "" if identifier_in(url) and not better else url
    pdfs = (row.address("URL") for row in _rows(item, "link") if row.line("content-type") == "application/pdf")
    found = (("pdf" if landing.lower().endswith(".pdf") else "landing", landing), ("pdf", next(pdfs, "")))
    return tuple(dict.fromkeys((kind, address) for kind, address in found if address))


def _figures(item: Fields) -> dict[str, Any]:
    """Citations are as of the day the answer's index was built."""
    dois = (normalise("doi", row.value["DOI"]) for row in _rows(item, "reference") if isinstance(row.value.get("DOI"), str))
    references = [("doi", value) for value in dois if value][:REFERENCES_AT_MOST]
    return {
        "cited_by_count": item.count("is-referenced-by-count"),
        "referenced_count": item.count("reference-count") or item.count("references-count"),
        "references": tuple(dict.fromkeys(references)),
        "as_of": _day(item.value.get("indexed")),
    }


def _day(given: Any) -> date | None:
    when = _date_of(given)
    return when.first if when else None
