"""Papers as CSL-JSON, the form that citation processors take. Pure."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from papers.exports.people import Person
from papers.exports.records import Item, Kind

TYPES = {
    Kind.ARTICLE: "article-journal", Kind.CONFERENCE: "paper-conference", Kind.CHAPTER: "chapter", Kind.BOOK: "book",
    Kind.THESIS: "thesis", Kind.REPORT: "report", Kind.DATASET: "dataset", Kind.PREPRINT: "article",
    Kind.STANDARD: "standard", Kind.ENTRY: "entry-encyclopedia", Kind.OTHER: "document",
}  # fmt: skip


def written(items: Iterable[Item]) -> Iterator[str]:
    """One array, an item a line."""
    before = "[\n"
    for item in items:
        yield before + json.dumps(csl_item(item), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def csl_item(item: Item) -> dict[str, Any]:
    found = {
        "id": item.id,
        "type": TYPES[item.kind],
        "title": item.title,
        "author": [_name(person) for person in item.people],
        "issued": {"date-parts": [list(item.date_parts)]} if item.when else None,
        "container-title": item.venue,
        "volume": item.volume,
        "issue": item.issue,
        "page": item.pages("-"),
        "publisher": item.publisher,
        "DOI": item.doi,
        "ISSN": item.issn,
        "PMID": item.pmid,
        "PMCID": item.pmcid,
        "number": f"arXiv:{item.arxiv}" if item.arxiv else "",
        "genre": "preprint" if item.kind is Kind.PREPRINT else "",
        "URL": item.url,
        "language": item.language,
        "keyword": ", ".join(word.replace(",", " ") for word in item.keywords),
        "abstract": item.abstract,
        "status": "retracted" if item.retraction else "",
        "note": item.retraction,
    }
    return {name: value for name, value in found.items() if value}


def _name(person: Person) -> dict[str, str]:
    if not person.is_person or not person.given:
        return {"literal": person.printed}
    parts = {"family": person.family, "given": person.given, "suffix": person.suffix}
    return {name: value for name, value in parts.items() if value}
