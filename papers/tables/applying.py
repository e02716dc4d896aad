"""Taking a table in: its rows are written as an editor's edits, some at a time, all within one change set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from authors.curation.changes import ChangeSet
from authors.curation.recording import Action, Channel, Recording, acting, recorded
from papers.tables.comparing import Comparison, Row
from papers.tables.files import Line
from papers.tables.writing import write


class NotTaken(Exception):
    """A row cannot be taken, and nothing was to be left out: nothing was written."""


@dataclass
class Taken:
    """How many records were changed, added, and left out for their errors."""

    changed: int = 0
    new: int = 0
    refused: int = 0
    change_set: ChangeSet | None = None

    def __str__(self) -> str:
        told = f"{self.changed:,} changed, {self.new:,} new"
        return f"{told}, {self.refused:,} left out" if self.refused else told

    def add(self, rows: Sequence[Row]) -> None:
        written = [row for row in rows if row.is_change]
        self.refused += sum(bool(row.problems) for row in rows)
        self.new += sum(row.was_new for row in written)
        self.changed += sum(not row.was_new for row in written)


@transaction.atomic
def apply(
    comparison: Comparison, *, summary: str, leave_out: bool, user: Any = None, channel: str = Channel.COMMAND, reason: str = ""
) -> Taken:
    """All of the table, or nothing of it. Raises NotTaken and TableError."""
    if comparison.unknown_columns and not leave_out:
        raise NotTaken(f"There is no column {comparison.unknown_columns[0]}.")
    taken = Taken()
    for lines in comparison.chunks():
        who = acting(user=user, channel=channel, reason=reason, continues=taken.change_set)
        with who, recorded(Action.EDIT, summary=summary) as recording:
            taken.add(take(comparison, lines, recording, leave_out=leave_out))
        taken.change_set = recording.change_set or taken.change_set
    return taken


def take(comparison: Comparison, lines: Sequence[Line], recording: Recording, *, leave_out: bool) -> list[Row]:
    """Some rows: they are compared again now that nobody else can change their records."""
    recording.lock(comparison.kind.letter, comparison.keys(lines))
    rows = comparison.compared(lines)
    refused = next((row for row in rows if row.problems), None)
    if refused is not None and not leave_out:
        raise NotTaken(f"Row {refused.number}: {refused.problems[0][1]}")
    write(comparison.kind, [row for row in rows if row.is_change], recording)
    return rows
