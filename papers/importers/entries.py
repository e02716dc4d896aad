"""What translators of bibliographies have in common. Pure."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from authors.identifiers import normalise, recognise
from authors.names import fold, is_person
from papers.dates import PartialDate
from papers.fingerprint import fingerprint
from papers.importers.cleaning import clean_line, clean_name
from papers.importers.dating import date_in
from papers.importers.fields import Fields, short
from papers.importers.records import AffiliationMention, AuthorMention, Identifier, Note, PaperRecord, RecordError, VenueMention

KEYWORDS_AT_MOST = 50
NOTHING = frozenset({"nan", "null", "none", "n/a", "undefined", "-"})
OF_PAPERS = frozenset({"doi", "arxiv", "pmid", "pmcid"})
_ISSN = re.compile(r"(?<![\d-])(\d{4})-?(\d{3}[\dXx])(?![\d-])")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>,;]+")
_RANGE = re.compile(r"\s*(?:-+|[\u2010-\u2015\u2212])\s*")
_PAGES = re.compile(r"pp?\.?\s*(?=\d)", re.IGNORECASE)
_NAMESAKE = re.compile(r"(?<=\D) \d{4}$")  # dblp numbers people of one name
_RETRACTED = re.compile(r"\W*(?:retracted|withdrawn)(?: (?:article|paper|chapter))?\s*[:\])]", re.IGNORECASE)
_LICENCE = re.compile(r"creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero|mark))", re.IGNORECASE)
_LANGUAGES = {
    "eng": "en", "english": "en", "american": "en", "usenglish": "en", "british": "en", "ukenglish": "en", "german": "de",
    "ngerman": "de", "deutsch": "de", "deu": "de", "ger": "de", "french": "fr", "français": "fr", "francais": "fr",
    "fre": "fr", "fra": "fr", "spanish": "es", "español": "es", "spa": "es", "italian": "it", "ita": "it", "portuguese": "pt",
    "por": "pt", "russian": "ru", "rus": "ru", "chinese": "zh", "chi": "zh", "zho": "zh", "japanese": "ja", "jpn": "ja",
    "korean": "ko", "kor": "ko", "dutch": "nl", "dut": "nl", "nld": "nl", "polish": "pl", "pol": "pl",
}  # fmt: skip


def finished(record: PaperRecord, cited_as: str = "") -> PaperRecord:
    """The record with what follows from the rest of it. Raises RecordError when nothing names a paper.

    The key is an identifier, else the fingerprint. A key for citing is one file's own, and other files use it for other
    papers: it only tells two entries of one paper apart.
    """
    if not (record.title or record.authors or record.abstract):
        raise RecordError("title", "there is no title, no author and no abstract to keep")
    record.identifiers = tuple(dict.fromkeys(record.identifiers))
    record.is_retracted = record.is_retracted or bool(_RETRACTED.match(record.title))
    record.fingerprint = fingerprint(record.title, record.when.first.year if record.when else None, record.first_author)
    named = (record.own_identifier, *record.identifiers)
    record.key = next((":".join(given) for given in named if given), record.fingerprint)
    if record.key and not record.own_identifier:
        record.key = f"{record.key} {cited_as}".strip()
    return record


def author_of(
    name: str,
    number: int,
    notes: list[Note],
    identifiers: tuple[Identifier, ...] = (),
    affiliations: tuple[AffiliationMention, ...] = (),
) -> AuthorMention:
    """One line of the list of authors; `number` counts them from 1 for the report."""
    cleaned = _NAMESAKE.sub("", clean_name(name))
    if len(cleaned) > 500:
        notes.append(Note(f"author[{number}]", f"is {len(cleaned):,} characters long; cut to 500"))
        cleaned = cleaned[:500].rstrip()
    if not cleaned:
        notes.append(Note(f"author[{number}]", "is empty; kept as an author without a name"))
    elif not is_person(cleaned):
        notes.append(Note(f"author[{number}]", f"{short(cleaned)} names no one person; kept as printed"))
    return AuthorMention(cleaned, cleaned[:300], identifiers, affiliations)


def in_print(given: str, particle: str, family: str, suffix: str) -> str:
    """The parts of a name in the order they are printed in."""
    return " ".join(part for part in (given, particle, family, suffix.lstrip(", ")) if part)


def venue_of(item: Fields, names: Iterable[str], kind: str, publisher: str = "", issn: str = "") -> VenueMention | None:
    """The venue by the first of the fields `names` that has one; ISSNs tell journals apart, series share theirs."""
    for field in names:
        if (name := item.line(field, 400)) and fold(name):
            numbers = issns(issn) if kind == "journal" else ()
            return VenueMention(name, kind, publisher, numbers)
    return None


def issns(text: str) -> tuple[Identifier, ...]:
    found = (normalise("issn", f"{start}-{end}") for start, end in _ISSN.findall(text))
    return tuple(dict.fromkeys(("issn", value) for value in found if value))


def pages_in(text: str) -> dict[str, str]:
    """First and last page: "1204-22" ends on page 1222, "1--3, 7" on page 7; a number of an article begins nothing else."""
    text = clean_line(text)
    if not text:
        return {}
    text = _PAGES.sub("", text)
    first, *rest = _RANGE.split(text.replace(",", "-") if text[:1].isdigit() else text)
    if not any(map(str.isdigit, first)):  # "A-12" is one page
        first, rest = text, []
    last = rest[-1].strip() if rest else ""
    if first.isdecimal() and last.isdecimal() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    first = first.strip()
    if first == "0" or first.lower() in NOTHING:
        return {}
    return said(first_page=first[:60], last_page=last[:60] if last != first else "")


def keywords_in(texts: Iterable[str], *, separators: str = ";,\n") -> tuple[str, ...]:
    words = (clean_line(word).lstrip("*")[:200] for text in texts for word in re.split(f"[{separators}]", text))
    return tuple(dict.fromkeys(word for word in words if word and word.lower() not in NOTHING))[:KEYWORDS_AT_MOST]


def language_of(text: str) -> str:
    """A code of two letters where the language is a well-known one or given as a code: "en-GB" is "en"."""
    word = text.strip().lower()
    code = re.fullmatch(r"([a-z]{2})(?:[-_][a-z]{2,4})*", word)
    return _LANGUAGES.get(word) or (code[1] if code else "")


def licence_of(address: str) -> str:
    """ "https://creativecommons.org/licenses/by/4.0/" is "cc-by"; other addresses say nothing that could be compared."""
    found = _LICENCE.search(address)
    return (f"cc-{found[1].lower()}" if found[1] else "public-domain") if found else ""


def identifier_in(address: str) -> Identifier | None:
    """The paper's identifier that an address holds: https://doi.org/…, https://arxiv.org/abs/… and the like."""
    found = recognise(unquote(address)) if address.lower().startswith("http") else None
    return found if found and found[0] in OF_PAPERS else None


def doi_in(text: str) -> Identifier | None:
    """A DOI somewhere in running text or in an address."""
    found = _DOI.search(unquote(text) if "%" in text else text)
    bare = found[0].rstrip(".]}") if found else ""
    if bare.endswith(")") and "(" not in bare:
        bare = bare[:-1]
    value = normalise("doi", bare) if bare else None
    return ("doi", value) if value else None


def doi_of(item: Fields, name: str) -> Identifier | None:
    """The DOI of a field, whatever address stands before it; what is none is noted."""
    text = clean_line(peek(item, name))
    value = normalise("doi", text) or normalise("doi", unquote(text)) if text else None
    return ("doi", value) if value else doi_in(text) or item.identifier(name, "doi")


def dated(item: Fields, year: str, month: str = "", day: str = "") -> PartialDate | None:
    """The date of the named fields; a year that is none ("in press") is noted."""
    text = item.line(year, 100)
    found = date_in(text, item.line(month, 100), item.line(day, 20)) if text else None
    if text and not found:
        item.note(year, f"{short(text)} names no year; left out")
    return found


def peek(item: Fields, *names: str) -> str:
    """The first of the texts that is there, for looking something up in it: what is odd about it is not noted."""
    return next((text for name in names if isinstance(text := item.value.get(name), str) and text), "")


def said(**fields: str) -> dict[str, Any]:
    """The fields that say something; programs write out their nothing in words."""
    return {name: value for name, value in fields.items() if value and value.lower() not in NOTHING}
