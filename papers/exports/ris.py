"""Papers as RIS, lines ended as its specification says. Pure."""

from collections.abc import Iterable, Iterator

from papers.exports.people import Person
from papers.exports.records import Item, Kind
from papers.exports.texts import line

TYPES = {
    Kind.ARTICLE: "JOUR", Kind.CONFERENCE: "CONF", Kind.CHAPTER: "CHAP", Kind.BOOK: "BOOK", Kind.THESIS: "THES",
    Kind.REPORT: "RPRT", Kind.DATASET: "DATA", Kind.PREPRINT: "UNPB", Kind.STANDARD: "STAND", Kind.ENTRY: "ENCYC",
}  # fmt: skip
ARXIV = "https://arxiv.org/abs/"


def written(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield "".join(f"{tag}  - {line(value)}\r\n" for tag, value in _tags(item) if value) + "ER  - \r\n\r\n"


def _tags(item: Item) -> Iterator[tuple[str, str]]:
    yield "TY", TYPES.get(item.kind, "GEN")
    yield "ID", item.id
    yield "TI", item.title
    yield from (("AU", _name(person)) for person in item.people)
    yield "PY", f"{item.when.year:04}" if item.when else ""
    yield "DA", _date(item.date_parts)
    yield "T2", item.venue
    yield "JO", item.venue if item.kind is Kind.ARTICLE else ""
    yield "VL", item.volume
    yield "IS", item.issue
    yield "SP", item.first_page
    yield "EP", item.last_page
    yield "PB", item.publisher
    yield "SN", item.issn
    yield "DO", item.doi
    yield "UR", item.url
    yield "UR", f"{ARXIV}{item.arxiv}" if item.arxiv else ""
    yield "L1", item.pdf
    yield from (("DB", "PubMed"), ("AN", item.pmid)) if item.pmid else ()
    yield "C2", item.pmcid  # where EndNote keeps it
    yield from (("KW", word) for word in item.keywords)
    yield "AB", item.abstract
    yield "LA", item.language
    yield "N1", item.retraction


def _name(person: Person) -> str:
    """ "Berg, Ada, Jr."; RIS has no way to say that a name is an organisation's, so it stands as it is."""
    if not person.is_person or not person.given:
        return person.printed
    return ", ".join(part for part in (person.family, person.given, person.suffix) if part)


def _date(parts: tuple[int, ...]) -> str:
    """ "2023/06/28/", "2023/06//": always three slashes."""
    written_out = [f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])] if parts else []
    return "/".join([*written_out, *[""] * (3 - len(parts))]) + "/" if parts else ""
