"""Taking tables out, a chunk of records at a time, however many there are."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from papers.tables.cells import inert
from papers.tables.kinds import VERSION, Kind
from papers.tables.versions import versions

AT_ONCE = 500
MARK = "\ufeff"  # by which spreadsheets know UTF-8


def header(kind: Kind) -> list[str]:
    return ["id", *(column.name for column in kind.columns), VERSION]


def csv_of(kind: Kind, records: Any) -> Iterator[str]:
    """The table of these records as CSV, in pieces: the header, then chunks of rows in the order of their ids."""
    yield MARK + _written([header(kind)])
    keys = records.order_by("pk").values_list("pk", flat=True).distinct().iterator(chunk_size=AT_ONCE * 10)
    while chunk := list(islice(keys, AT_ONCE)):
        yield _written(rows(kind, chunk))


def rows(kind: Kind, keys: list[int]) -> Iterator[list[str]]:
    known = versions(kind.letter, keys)
    for record in kind.told(kind.records()).filter(pk__among=keys).order_by("pk"):
        cells = [inert(column.text(record)) for column in kind.columns]
        yield [record.public_id, *cells, str(known.get(record.pk, 0))]


def _written(lines: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue()
