"""What a table would do: counts of everything, and the first of what changes and of what cannot be taken."""

from collections import Counter
from dataclasses import dataclass, field

from papers.tables.comparing import Comparison, Row

SHOWN = 100  # changed records, new ones, and errors


@dataclass
class Report:
    """`problems` are (row, column, what); `cells` says how many cells of each column change."""

    changed: int = 0
    new: int = 0
    unchanged: int = 0
    refused: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    first_changed: list[Row] = field(default_factory=list)
    first_new: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.changed + self.new + self.unchanged + self.refused

    @property
    def writes(self) -> int:
        return self.changed + self.new

    def add(self, row: Row) -> None:
        if row.problems:
            self.refused += 1
            if self.refused <= SHOWN:
                self.problems += [(row.number, column, problem) for column, problem in row.problems]
        elif not row.cells:
            self.unchanged += 1
        else:
            self._add_change(row)

    def _add_change(self, row: Row) -> None:
        self.cells.update(cell.column.name for cell in row.cells)
        if row.was_new:
            self.new += 1
        else:
            self.changed += 1
        first = self.first_new if row.was_new else self.first_changed
        if len(first) < SHOWN:
            first.append(row)


def dry_run(comparison: Comparison) -> Report:
    """Nothing is written. Raises TableError when the file cannot be read to its end."""
    report = Report(notes=notes(comparison))
    for name in comparison.unknown_columns:
        report.problems.append((1, name, "There is no such column; without it the table can be taken."))
    for lines in comparison.chunks():
        for row in comparison.compared(lines):
            report.add(row)
    return report


def notes(comparison: Comparison) -> list[str]:
    file, found = comparison.file, []
    if file.encoding == "cp1252":
        found.append("The file is not UTF-8; it was read as Windows-1252. Look at letters with accents.")
    told = [column.name for column in comparison.kind.information if column.name in file.header]
    if told:
        found.append(f"Only information, never taken in: {', '.join(told)}.")
    if "version" not in file.header:
        found.append("There is no column “version”: what others changed meanwhile cannot be noticed.")
    return found
