"""Comparing a table with what is here: cell by cell what would change, and what cannot be taken."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError

from authors.curation.models import Redirect
from authors.curation.public_ids import number_of, parse_public_id
from papers.tables.cells import plain, same
from papers.tables.columns import Claims, Column
from papers.tables.files import Line, TableFile
from papers.tables.kinds import VERSION, Kind
from papers.tables.lists import Rows
from papers.tables.versions import changed_since

AT_ONCE = 500


@dataclass
class Cell:
    """A cell that differs from its record. `was` and `value` are as the column's `parse` gives them."""

    column: Column
    record: Any
    number: int
    before: str
    after: str
    was: Any = None
    value: Any = None
    problem: str = ""

    @property
    def changes(self) -> bool:
        if isinstance(self.column, Rows):
            return set(self.was or ()) != set(self.value or ())
        return bool(self.was != self.value)


@dataclass
class Row:
    """`record` is not saved yet where the row has no id: it `was_new`. `problems` are (column, what) that cannot be taken."""

    line: Line
    record: Any = None
    cells: list[Cell] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    was_new: bool = False

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def is_change(self) -> bool:
        return bool(self.cells) and not self.problems

    @property
    def version(self) -> int | None:
        return number_of(self.line.cells.get(VERSION, "").strip())


@dataclass
class Comparison:
    """One pass over a table. `claims` are what its rows take for themselves: of two rows only one can."""

    kind: Kind
    file: TableFile
    claims: Claims = field(default_factory=dict)

    @property
    def unknown_columns(self) -> list[str]:
        known = {"id", VERSION, *self.kind.by_name}
        return [name for name in self.file.header if name not in known]

    @property
    def columns(self) -> list[Column]:
        return [column for column in self.kind.changeable if column.name in self.file.header]

    def chunks(self, *, after: int = 0) -> Iterator[list[Line]]:
        """The lines below row `after`, some at a time."""
        lines = (line for line in self.file.lines() if line.number > after)
        while chunk := list(islice(lines, AT_ONCE)):
            yield chunk

    def keys(self, lines: Iterable[Line]) -> list[int]:
        """Of the records that these lines are about."""
        ids = (parse_public_id(line.cells.get("id", "").strip()) for line in lines)
        return sorted({parsed[1] for parsed in ids if parsed and parsed[0] == self.kind.letter})

    def compared(self, lines: Iterable[Line]) -> list[Row]:
        found = [Row(line) for line in lines]
        self._find_records(found)
        for row in found:
            if row.record is not None and not row.problems:
                self._compare(row)
        for column in self.columns:
            cells = [cell for row in found for cell in row.cells if cell.column is column and not cell.problem]
            if cells:
                column.check(cells, self.claims)
        for row in found:
            row.problems += [(cell.column.name, cell.problem) for cell in row.cells if cell.problem]
            row.cells = [cell for cell in row.cells if cell.changes]
        self._refuse_stale([row for row in found if row.is_change and not row.was_new])
        return found

    # --- whose row it is -------------------------------------------------------------------------------------------------

    def _find_records(self, rows: list[Row]) -> None:
        keys: dict[int, list[Row]] = {}
        for row in rows:
            if row.line.problem:
                row.problems.append(("", row.line.problem))
            elif key := self._key(row):
                keys.setdefault(key, []).append(row)
        records = self.kind.records().filter(pk__among=list(keys)).in_bulk()
        went = self._went(keys.keys() - records.keys())
        for key, its_rows in keys.items():
            for row in its_rows:
                row.record = records.get(key)
                if row.record is None:
                    row.problems.append(("id", went.get(key, f"There is no {self.kind.letter}{key}.")))

    def _key(self, row: Row) -> int | None:
        given = row.line.cells["id"].strip()
        if not given:
            row.record, row.was_new = self.kind.model(), True
            return None
        if numbers := self.file.twice.get(given.upper()):
            row.problems.append(("id", f"{given} stands in the rows {', '.join(map(str, numbers[:10]))}."))
            return None
        parsed = parse_public_id(given)
        if parsed is None or parsed[0] != self.kind.letter:
            row.problems.append(("id", f"{given[:40]!r} is not an id of {self.kind.name}, such as {self.kind.letter}34."))
            return None
        return parsed[1]

    def _went(self, keys: Iterable[int]) -> dict[int, str]:
        rows = Redirect.objects.filter(kind=self.kind.letter, old_id__among=list(keys))
        letter = self.kind.letter
        return {
            row.old_id: f"{letter}{row.old_id} was merged into {letter}{row.target_id}."
            if row.target_id
            else f"{letter}{row.old_id} was deleted."
            for row in rows
        }

    # --- its cells -------------------------------------------------------------------------------------------------------

    def _compare(self, row: Row) -> None:
        for column in self.columns:
            typed = plain(row.line.cells[column.name])
            before = "" if row.was_new else column.text(row.record)
            if not same(typed, before):
                row.cells.append(self._cell(row, column, before, typed))
        if row.was_new and not any(cell.column is self.kind.main for cell in row.cells):
            row.problems.append((self.kind.main.name, f"A new row needs it. (If it is none, give the {self.kind.letter} id.)"))

    @staticmethod
    def _cell(row: Row, column: Column, before: str, typed: str) -> Cell:
        cell = Cell(column, row.record, row.number, before, typed)
        cell.was = None if row.was_new else column.current(row.record)
        if row.was_new and isinstance(column, Rows):
            cell.was = []
        try:
            if "\0" in typed:
                raise ValidationError("There is a character in it that no text can have.")  # noqa: TRY301 - told as the others are
            cell.value = column.parse(typed, row.record)
        except ValidationError as error:
            cell.problem = " ".join(error.messages)
        return cell

    def _refuse_stale(self, rows: list[Row]) -> None:
        known = {row.record.pk: row.version for row in rows if row.version is not None}
        newer = changed_since(self.kind.letter, {key: version for key, version in known.items() if version is not None})
        for row in rows:
            if told := newer.get(row.record.pk):
                row.problems.append((VERSION, f"It was changed since the table was taken out. {told}"))
