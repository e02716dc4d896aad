"""Tables in tests: taken out, edited as a spreadsheet would, taken in."""

import csv
import io
from pathlib import Path
from typing import Any

from papers.tables.applying import Taken, apply
from papers.tables.comparing import Comparison
from papers.tables.exporting import csv_of
from papers.tables.files import TableFile
from papers.tables.kinds import OF_MODEL
from papers.tables.reports import Report, dry_run

Table = list[dict[str, str]]


def taken_out(*records: Any) -> Table:
    """The rows of the records' table, by column."""
    model = type(records[0])
    text = "".join(csv_of(OF_MODEL[model], model.objects.filter(pk__in=[record.pk for record in records])))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def written(folder: Path, rows: Table, **how: Any) -> Path:
    """The rows as a file."""
    path = folder / "table.csv"
    with path.open("w", newline="", encoding=how.pop("encoding", "utf-8")) as file:
        writer = csv.DictWriter(file, list(rows[0]), **how)
        writer.writeheader()
        writer.writerows(rows)
    return path


def compare(model: Any, path: Path) -> Comparison:
    return Comparison(OF_MODEL[model], TableFile(path))


def looked_at(model: Any, path: Path) -> Report:
    return dry_run(compare(model, path))


def problems(model: Any, path: Path) -> list[tuple[int, str, str]]:
    return looked_at(model, path).problems


def take_in(model: Any, path: Path, **how: Any) -> Taken:
    return apply(compare(model, path), **{"summary": "A table", "leave_out": False, **how})
