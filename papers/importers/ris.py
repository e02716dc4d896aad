"""RIS, as reference managers and databases write it, as paper records. Pure.

`TY  - JOUR` begins a record and `ER  -` ends it; every line between has a tag or goes on with the line before.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from papers.dates import PartialDate, Precision
from papers.importers.dating import date_in
from papers.importers.entries import (
    author_of,
    doi_in,
    doi_of,
    finished,
    identifier_in,
    issns,
    keywords_in,
    language_of,
    pages_in,
    peek,
    said,
    venue_of,
)
from papers.importers.fields import Fields
from papers.importers.markup import abstract_of, without_markup
from papers.importers.reading import Raw
from papers.importers.records import AffiliationMention, AuthorMention, Identifier, InstitutionMention, Note, PaperRecord
from papers.importers.texts import PIECE_LIMIT, pieces

TYPES = {
    "JOUR": "article", "JOURNAL ARTICLE": "article", "EJOUR": "article", "JFULL": "article", "ABST": "article",
    "INPR": "article", "MGZN": "article", "NEWS": "article", "CONF": "article", "CPAPER": "article", "BOOK": "book",
    "EBOOK": "book", "EDBOOK": "book", "CHAP": "book-chapter", "ECHAP": "book-chapter", "SECT": "book-chapter",
    "THES": "dissertation", "RPRT": "report", "GOVDOC": "report", "STAND": "standard", "DATA": "dataset", "UNPB": "preprint",
    "ENCYC": "reference-entry", "DICT": "reference-entry",
}  # fmt: skip
JOURNALS = frozenset({"JOUR", "JOURNAL ARTICLE", "EJOUR", "JFULL", "ABST", "INPR", "MGZN", "NEWS"})
VENUES = {"CONF": "conference", "CPAPER": "conference"} | dict.fromkeys(JOURNALS, "journal")
TAG = re.compile(r"\s{0,3}([A-Z][A-Z0-9])  ?-(?: (.*)|$)")
_SUFFIXED = re.compile(r"([^,]+),([^,]+),\s*((?:jr|sr|[ivx]+|ph\.?d)\.?)", re.IGNORECASE)
_INITIALS_LAST = re.compile(r"([^,]+?)\s+((?:[A-Z]\.[ -]?)+)")
_PMID = re.compile(r"(\d{4,9})\s*\[pmid\]", re.IGNORECASE)
_PMCID = re.compile(r"\bPMC\d{4,9}\b")
AUTHORS_AT_MOST = 10_000


def _begins(line: str) -> bool:
    found = TAG.match(line)
    return bool(found and found[1] == "TY")


def ris_records(file: IO[bytes], path: Path) -> Iterator[Raw]:
    """Values are {tag: [texts]}, in the order they stand in."""
    found = False
    for piece in pieces(file, _begins):
        found = True
        if piece.too_long:
            yield Raw(piece.line, error=f"is longer than {PIECE_LIMIT // 2**20} MB")
        else:
            yield Raw(piece.line, _tagged(piece.text), note=piece.note)
    if not found:
        yield Raw(1, error="no record begins: there is no line TY  - that says what it is")


def _tagged(text: str) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    last: list[str] = []
    for line in text.split("\n"):
        if found := TAG.match(line):
            if found[1] == "ER":
                break
            last = tags.setdefault(found[1], [])
            last.append((found[2] or "").strip())
        elif last:
            last[-1] += f"\n{line.rstrip()}"
    return {tag: said for tag, texts in tags.items() if (said := [text.strip() for text in texts if text.strip()])}


def paper_record(value: Any, source: str, notes: list[Note]) -> PaperRecord:
    """Translate one record. Raises RecordError when it describes no paper; what is wrong inside it goes to `notes`."""
    tags: dict[str, list[str]] = Fields(value, notes).value
    kind = next(iter(tags.get("TY", ())), "").upper()
    item = Fields({tag: texts[0] for tag, texts in tags.items()}, notes)
    return finished(
        PaperRecord(
            key="",
            identifiers=_identifiers(tags, notes),
            title=without_markup(item.line("TI", 5_000) or item.line("T1", 5_000) or item.line("CT", 5_000)),
            abstract=_abstract(item),
            type=TYPES.get(kind, ""),
            when=_date(tags, item),
            authors=_authors(tags, notes),
            is_retracted=any("retracted" in text.lower()[:40] for text in tags.get("N1", ())),
            **_place(tags, item, kind),
        ),
        peek(item, "ID", "AN"),
    )


def _abstract(item: Fields) -> str:
    given = item.value.get("AB") or item.value.get("N2") or ""
    return Fields({"AB": abstract_of(given)}, item.notes).text("AB")


def _date(tags: dict[str, list[str]], item: Fields) -> PartialDate | None:
    """PY, Y1 and DA all say it, one more precisely than another; DA may have no year of its own."""
    stated = [text for tag in ("PY", "Y1", "DA") for text in tags.get(tag, ())[:1]]
    dates = [when for text in stated if (when := date_in(text[:100]))]
    if not dates:
        if stated:
            item.note("PY", f"{stated[0][:60]!r} names no year; left out")
        return None
    year = dates[0].first.year
    if months := tags.get("DA"):
        dates += [when for when in [date_in(str(year), months[0][:100])] if when]
    order = [Precision.DAY, Precision.MONTH, Precision.YEAR]
    return min((when for when in dates if when.first.year == year), key=lambda when: order.index(when.precision))


def _authors(tags: dict[str, list[str]], notes: list[Note]) -> tuple[AuthorMention, ...]:
    names = [*tags.get("AU", ()), *tags.get("A1", ())][:AUTHORS_AT_MOST]
    names = [name for given in names for name in (given.split(";") if given.count(",") <= given.count(";") + 1 else [given])]
    alone = tuple(AffiliationMention(text[:2_000]) for text in tags.get("AD", ())) if len(names) == 1 else ()
    return tuple(author_of(printed(name), number, notes, (), alone) for number, name in enumerate(names, 1))


def printed(name: str) -> str:
    """ "Berg, Ada, Jr." and "Berg A.B." in the order they are printed in."""
    name = name.strip()
    if found := _SUFFIXED.fullmatch(name):
        return f"{found[2].strip()} {found[1].strip()} {found[3]}"
    if found := _INITIALS_LAST.fullmatch(name):
        return f"{found[2].strip()} {found[1]}"
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() and "," not in given else name


def _identifiers(tags: dict[str, list[str]], notes: list[Note]) -> tuple[Identifier, ...]:
    stated = doi_of(Fields({"DO": next(iter(tags.get("DO", ())), None)}, notes), "DO")
    found = [stated, *map(identifier_in, _addresses(tags, "UR", "L1", "L2", "LK"))]
    remarks = [text for tag in ("N1", "M3", "L3") for text in tags.get(tag, ()) if "doi" in text.lower()]
    if not stated:
        found += map(doi_in, remarks)
    numbers = " ".join(text for tag in ("AN", "U1", "U2", "C2", "C7") for text in tags.get(tag, ()))
    if pmid := _PMID.search(numbers):
        found.append(("pmid", pmid[1]))
    elif "PubMed" in tags.get("DB", ()) and (number := next(iter(tags.get("AN", ())), "")).isdecimal():
        found.append(("pmid", number))
    if pmcid := _PMCID.search(numbers):
        found.append(("pmcid", pmcid[0]))
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))


def _addresses(tags: dict[str, list[str]], *names: str) -> list[str]:
    texts = (text for name in names for text in tags.get(name, ()))
    given = [part for text in texts for part in re.split(r"[\s;]+(?=https?:|//)|;\s*$|\n", text) if part]
    return [f"https:{address}" if address.startswith("//") else address for address in given]


def _place(tags: dict[str, list[str]], item: Fields, kind: str) -> dict[str, Any]:
    """Where the paper appeared."""
    publisher = item.line("PB", 300)
    journal = ("JF", "T2", "JO", "JA", "J2", "J1") if VENUES.get(kind) == "journal" else ("T2", "BT", "JF", "JO", "C3", "T3")
    numbers = " ".join(tags.get("SN", ()))
    return {
        "venue": venue_of(item, journal, VENUES.get(kind, ""), publisher, numbers if issns(numbers) else ""),
        "institutions": (InstitutionMention(publisher),) if publisher and kind == "THES" else (),
        "fields": said(
            volume=item.line("VL", 60) or item.line("VO", 60),
            issue=item.line("IS", 60) or (item.line("CP", 60) if VENUES.get(kind) == "journal" else ""),
            publisher=publisher,
            language=language_of(str(item.value.get("LA", ""))),
            **_pages(item),
        ),
        "keywords": keywords_in(tags.get("KW", ()), separators=";\n"),
        "links": _links(tags, item),
    }


def _pages(item: Fields) -> dict[str, str]:
    first, last = item.line("SP", 100) or item.line("C7", 100), item.line("EP", 100)
    if (first, last) == ("No", "Specified"):  # Ovid's way to say that there are none
        return {}
    return pages_in(f"{first}-{last}" if first and last and "-" not in first else first)


def _links(tags: dict[str, list[str]], item: Fields) -> tuple[tuple[str, str], ...]:
    landing = _addresses(tags, "UR")
    url = Fields({"UR": landing[0]}, item.notes).address("UR") if landing else ""
    pdfs = (Fields({"L1": given}, []).address("L1") for given in _addresses(tags, "L1"))
    found = (("pdf" if url.lower().endswith(".pdf") else "landing", url), ("pdf", next(pdfs, "")))
    return tuple(dict.fromkeys((kind, address) for kind, address in found if address))
