"""One record edited by the rules of its table: what a program says of some of its columns, checked and written as a row is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from authors.curation.recording import Recording
from papers.tables.cells import inert
from papers.tables.comparing import Comparison, Row
from papers.tables.files import Line
from papers.tables.kinds import Kind
from papers.tables.lists import Identifiers
from papers.tables.writing import write


@dataclass(frozen=True)
class OneLine:
    """Stands where a file stands otherwise: a table of one row."""

    line: Line

    @cached_property
    def header(self) -> list[str]:
        return list(self.line.cells)

    @cached_property
    def twice(self) -> dict[str, list[int]]:
        return {}

    def lines(self) -> Iterator[Line]:
        yield self.line


def edit(kind: Kind, record: Any, texts: Mapping[str, str], recording: Recording) -> Row:
    """`texts` says by column what its cell reads. Nothing is written if the row has problems; the caller has locked the
    record.
    """
    return _written(kind, record.public_id, texts, recording)


def add(kind: Kind, texts: Mapping[str, str], recording: Recording) -> Row:
    """A new record of what `texts` says, unless the row has problems."""
    return _written(kind, "", texts, recording)


def taken(row: Row) -> tuple[str, list[Any]]:
    """What of the row's identifiers other records have, in words, and these records."""
    cells = [(cell, cell.column) for cell in row.cells if cell.problem and isinstance(cell.column, Identifiers)]
    found = {record.pk: record for cell, column in cells for record in column.holders(cell)}
    return " ".join(cell.problem for cell, _ in cells), list(found.values())


def _written(kind: Kind, public_id: str, texts: Mapping[str, str], recording: Recording) -> Row:
    line = Line(1, {"id": public_id, **{name: inert(text) for name, text in texts.items()}})
    stand_in: Any = OneLine(line)
    row = Comparison(kind, stand_in).compared([line])[0]
    if row.is_change:
        write(kind, [row], recording)
    return row
