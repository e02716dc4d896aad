"""The same records as Parquet, for those who have pyarrow. It is no dependency: nothing else needs it."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from papers.snapshots.tables import Record, Table


def is_possible() -> bool:
    return find_spec("pyarrow") is not None


class ParquetPart:
    """Columns are named as in JSON; what hangs on a record is a list of structs. Values of free form are JSON texts."""

    def __init__(self, path: Path, table: Table) -> None:
        import pyarrow  # noqa: PLC0415 - only where it is installed
        import pyarrow.parquet  # noqa: PLC0415

        self._arrow, self._table = pyarrow, table
        self._schema = pyarrow.schema(_fields(pyarrow, table))
        self._file = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, records: Sequence[Record]) -> None:
        rows = [_row(self._table, record) for record in records]
        self._file.write_table(self._arrow.Table.from_pylist(rows, schema=self._schema))

    def close(self) -> None:
        self._file.close()


def _fields(arrow: Any, table: Table) -> list[Any]:
    types = {
        "string": arrow.string(), "json": arrow.string(), "int64": arrow.int64(), "double": arrow.float64(),
        "bool": arrow.bool_(), "date": arrow.date32(), "moment": arrow.timestamp("us", tz="UTC"),
    }  # fmt: skip
    found = [arrow.field(name, types[form.arrow]) for name, form in table.forms.items()]
    for name, part in table.parts.items():
        shape = arrow.struct(_fields(arrow, part))
        found.append(arrow.field(name, shape if part.single else arrow.list_(shape)))
    return found


def _row(table: Table, record: Record) -> Record:
    row = {name: _value(form, record[name]) for name, form in table.forms.items()}
    for name, part in table.parts.items():
        given = record[name]
        row[name] = given and _row(part, given) if part.single else [_row(part, each) for each in given]
    return row


def _value(form: Any, value: Any) -> Any:
    if value is None:
        return None
    if form.arrow == "json":
        return json.dumps(value, ensure_ascii=False)
    return form.read(value) if form.arrow in ("date", "moment") else value
