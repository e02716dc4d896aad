"""Writing many rows at once, where the ORM's instances are the limit (docs/benchmarks.md has the figures).

Rows are tuples in the order of the columns named. Values are what the column stores: dates as `date`, JSON as `dict` or
`list`, foreign keys as keys. Constraints hold as always; signals and `save()` are not called.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction

from authors.curation.public_ids import PublicIdModel
from authors.curation.recording import current

Row = Sequence[Any]


class JsonText(str):
    """JSON that is written down already, for a column of JSON."""

    __slots__ = ()


def rows_of(values: "models.QuerySet[Any, Any]") -> list[tuple[Any, ...]]:
    """All rows of a `values_list()` as the driver gives them: numbers and texts, and on SQLite 0 and 1 for booleans.

    Django fetches a hundred at a time and converts each; thousands of rows take it twice as long.
    """
    try:
        sql, params = values.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` keys that nobody else will get. Must be called in the transaction that uses them.

    Of records with a public id the open recording keeps them.
    """
    if not count:
        return []
    keys = _reserved(model, count)
    if issubclass(model, PublicIdModel) and (recording := current()):
        recording.created(model, keys)
    return keys


def _reserved(model: type[models.Model], count: int) -> list[int]:
    transaction.get_connection().validate_no_broken_transaction()
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # OFFSET 0 keeps PostgreSQL from looking the sequence up again for each key.
            sequence = "(SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) AS sequence"
            cursor.execute(f"SELECT nextval(name) FROM {sequence}, generate_series(1, %s)", [table, count])  # noqa: S608
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer, and the transaction began IMMEDIATE: nobody else can take these meanwhile.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        start = found[0] + 1 if found else 1
    return list(range(start, start + count))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def column_of(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """The stored field called `name`; TypeError for one that has no column of its own."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} is not stored in a column")
    return field


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    return [str(column_of(model, name).column) for name in fields]


@lru_cache(64)  # the rows of a batch share one moment
def _moment(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(" ")


@lru_cache(4096)
def _list_of_texts(values: tuple[str, ...]) -> str:
    return json.dumps(values)


def _json(value: Any) -> str:
    """Lists of texts, the names of fields and keywords, come again and again."""
    if type(value) is JsonText:
        return str(value)
    is_texts = type(value) is list and all(type(item) is str for item in value)
    return _list_of_texts(tuple(value)) if is_texts else json.dumps(value)


def _converters(model: type[models.Model], fields: Sequence[str]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Places in a row whose values the driver does not take as they are: JSON, and on SQLite dates."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(fields):
        field = model._meta.get_field(name)
        if isinstance(field, models.JSONField):
            found.append((place, _json))
        elif connection.vendor == "sqlite" and isinstance(field, models.DateTimeField):
            found.append((place, _moment))
        elif connection.vendor == "sqlite" and isinstance(field, models.DateField):
            found.append((place, date.isoformat))
    return found


def _stored(model: type[models.Model], fields: Sequence[str], rows: Sequence[Row]) -> Sequence[Row]:
    converters = _converters(model, fields)
    if not converters:
        return rows
    stored = []
    for row in rows:
        values = list(row)
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        stored.append(values)
    return stored


def insert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[Row],
    *,
    same: Mapping[str, Any] | None = None,
    remembered: bool = False,
) -> None:
    """Insert `rows`: COPY on PostgreSQL, one prepared statement on SQLite. `same` are columns equal in all rows.

    `remembered`: rows of records that may have been there before; the open recording keeps their keys, to take them back.
    """
    if not rows:
        return
    if remembered and (recording := current()):
        keys = reserve_ids(model, len(rows))
        recording.created(model, keys)
        fields, rows = ["id", *fields], [(key, *row) for key, row in zip(keys, rows, strict=True)]
    same = same or {}
    table, columns = connection.ops.quote_name(model._meta.db_table), _quoted(_columns(model, [*fields, *same]))
    stored, constants = _stored(model, fields, rows), _stored(model, list(same), [tuple(same.values())])[0]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in stored:
                    copy.write_row((*row, *constants))
            return
        # Binding a value for each row takes longer than all else that SQLite does with a constant.
        values = ", ".join(["%s"] * len(fields) + [_literal(cursor, value) for value in constants])
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", stored)  # noqa: S608 - the model's names


def _literal(cursor: Any, value: Any) -> str:
    """The value as SQLite writes it, for a statement that holds parameters too."""
    return str(cursor.execute("SELECT quote(%s)", [value]).fetchone()[0]).replace("%", "%%")


def upsert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[Row],
    *,
    unique: Sequence[str],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Insert `rows`, or overwrite the other columns of those whose `unique` columns are there already. `same` are columns
    equal in all rows."""
    if not rows:
        return
    same = same or {}
    table, keys = connection.ops.quote_name(model._meta.db_table), _columns(model, unique)
    columns = _columns(model, [*fields, *same])
    sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in (connection.ops.quote_name(c) for c in columns if c not in keys))
    begin = f"INSERT INTO {table} ({_quoted(columns)})"
    end = f"ON CONFLICT ({_quoted(keys)}) DO UPDATE SET {sets}"
    stored, constants = _stored(model, fields, rows), _stored(model, list(same), [tuple(same.values())])[0]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # one array for each column: one statement, and short
            arrays = ", ".join(f"%s::{column_of(model, name).db_type(connection)}[]" for name in fields)
            further = "".join(f", %s::{column_of(model, name).db_type(connection)}" for name in same)
            values = [list(column) for column in zip(*stored, strict=True)]
            cursor.execute(f"{begin} SELECT *{further} FROM unnest({arrays}) {end}", [*constants, *values])  # noqa: S608 - the model's names
            return
        marks = ", ".join(["%s"] * len(fields) + [_literal(cursor, value) for value in constants])
        cursor.executemany(f"{begin} VALUES ({marks}) {end}", stored)
