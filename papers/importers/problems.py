"""The remarks on a run's records as CSV."""

import csv
from collections.abc import Iterator
from io import StringIO

from authors.curation.models import ImportRun

COLUMNS = ["file", "line", "record", "field", "skipped", "reason"]


def problem_lines(run: ImportRun) -> Iterator[str]:
    """Line by line, as a run may have very many."""
    yield _line(COLUMNS)
    for row in run.problems.iterator():
        skipped = "yes" if row.skipped else "no"
        yield _line([_inert(cell) for cell in (run.file_name, row.line, row.record, row.field, skipped, row.reason)])


def _line(cells: list[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _inert(cell: object) -> str:
    """A spreadsheet must not take a cell for a formula."""
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
