"""Papers as a table in CSV that spreadsheets open as it is: in UTF-8 with a mark that says so, no cell a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator

from papers.exports.records import Item
from papers.tables.cells import inert, joined

COLUMNS = (
    "id", "title", "authors", "year", "date", "type", "venue", "doi", "arxiv", "citations", "citations_source", "retracted",
    "url", "abstract",
)  # fmt: skip
MARK = "\ufeff"  # without it Excel takes the file for one in the encoding of its country


def written(items: Iterable[Item]) -> Iterator[str]:
    yield MARK + _row(COLUMNS)
    for item in items:
        yield _row(map(inert, _cells(item)))


def _cells(item: Item) -> Iterator[str]:
    yield from (item.id, item.title, joined(person.printed for person in item.people))
    yield f"{item.when.year:04}" if item.when else ""
    yield "-".join(f"{part:02}" for part in item.date_parts)
    yield from (item.type, item.venue, item.doi, item.arxiv)
    yield "" if item.cited_by_count is None else str(item.cited_by_count)
    yield from (item.citations_source, "yes" if item.retraction else "", item.url, item.abstract)


def _row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
