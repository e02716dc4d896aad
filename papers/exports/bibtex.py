"""Papers as BibTeX in UTF-8. Pure."""

from collections.abc import Iterable, Iterator

from papers.exports.keys import Keys, key_of
from papers.exports.people import Person
from papers.exports.records import Item, Kind
from papers.exports.tex import tex, title_tex

ENTRIES = {
    Kind.ARTICLE: "article", Kind.CONFERENCE: "inproceedings", Kind.CHAPTER: "incollection", Kind.BOOK: "book",
    Kind.THESIS: "phdthesis", Kind.REPORT: "techreport", Kind.ENTRY: "incollection",
}  # fmt: skip
# Where the venue stands, where the publisher.
VENUES = {
    Kind.ARTICLE: "journal", Kind.CONFERENCE: "booktitle", Kind.CHAPTER: "booktitle", Kind.ENTRY: "booktitle",
    Kind.BOOK: "series",
}  # fmt: skip
PUBLISHERS = {Kind.THESIS: "school", Kind.REPORT: "institution"}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def written(items: Iterable[Item]) -> Iterator[str]:
    keys = Keys()
    for item in items:
        yield entry(item, keys.unique(key_of(item)))


def entry(item: Item, key: str) -> str:
    lines = [f"  {name} = {{{value}}}" for name, value in _fields(item) if value]
    if len(item.date_parts) > 1:
        lines.append(f"  month = {MONTHS[item.date_parts[1] - 1]}")  # a macro, which each style writes in its own way
    return f"@{ENTRIES.get(item.kind, 'misc')}{{{key},\n" + ",\n".join(lines) + "\n}\n\n"


def _fields(item: Item) -> Iterator[tuple[str, str]]:
    """Names and values in TeX; identifiers and addresses as they are, for nothing in them is TeX to any style."""
    yield "title", title_tex(item.title)
    yield "author", " and ".join([*map(_name, item.people), *(() if item.complete else ("others",))])
    yield VENUES.get(item.kind, "howpublished"), tex(item.venue)
    yield "volume", tex(item.volume)
    yield "number", tex(item.issue)
    yield "pages", tex(item.first_page) + (f"--{tex(item.last_page)}" if item.first_page and item.last_page else "")
    yield PUBLISHERS.get(item.kind, "publisher"), tex(item.publisher)
    yield "year", str(item.date_parts[0]) if item.date_parts else ""
    yield "day", str(item.date_parts[2]) if len(item.date_parts) > 2 else ""
    yield "issn", item.issn
    yield "doi", _verbatim(item.doi)
    if item.arxiv:
        yield from (("eprint", item.arxiv), ("archiveprefix", "arXiv"), ("primaryclass", item.arxiv_class))
    yield "pmid", item.pmid
    yield "pmcid", item.pmcid
    yield "url", _verbatim(item.url)
    yield "pdf", _verbatim(item.pdf)
    yield "code", _verbatim(item.code)
    yield "language", item.language
    yield "keywords", ", ".join(tex(word).replace(",", " ") for word in item.keywords)
    yield "abstract", tex(item.abstract)
    yield "note", tex(item.retraction)


def _name(person: Person) -> str:
    """ "van der Berg, Jr., Ada"; whole within braces what is no person's name or one word."""
    if not person.is_person or not person.given:
        return f"{{{tex(person.printed)}}}"
    return ", ".join(tex(part) for part in (person.family, person.suffix, person.given) if part)


def _verbatim(text: str) -> str:
    """Braces would end the field."""
    return text.replace("{", "%7B").replace("}", "%7D")
