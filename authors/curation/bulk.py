"""Writing many rows at once, where the ORM's instances are the limit (docs/benchmarks.md has the figures).

Rows are tuples in the order of the columns named. Values are what the column stores: dates as `date`, JSON as `dict` or
`list`, foreign keys as keys. Constraints hold as always; signals and `save()` are not called.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction

Row = Sequence[Any]
UPSERTS_AT_ONCE = 500


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` keys that nobody else will get. Must be called in the transaction that uses them."""
    if not count:
        return []
    transaction.get_connection().validate_no_broken_transaction()
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
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


def _converters(model: type[models.Model], fields: Sequence[str]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Places in a row whose values the driver does not take as they are: JSON, and on SQLite dates."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(fields):
        field = model._meta.get_field(name)
        if isinstance(field, models.JSONField):
            found.append((place, json.dumps))
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


def insert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert `rows`: COPY on PostgreSQL, one prepared statement on SQLite."""
    if not rows:
        return
    table, columns = connection.ops.quote_name(model._meta.db_table), _columns(model, fields)
    stored = _stored(model, fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({_quoted(columns)}) FROM STDIN") as copy:
                for row in stored:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({_quoted(columns)}) VALUES ({marks})", stored)  # noqa: S608 - the model's names


def upsert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Row], *, unique: Sequence[str]) -> None:
    """Insert `rows`, or overwrite the other columns of those whose `unique` columns are there already."""
    if not rows:
        return
    table, columns, keys = connection.ops.quote_name(model._meta.db_table), _columns(model, fields), _columns(model, unique)
    sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in (connection.ops.quote_name(c) for c in columns if c not in keys))
    marks = "(" + ", ".join(["%s"] * len(columns)) + ")"
    # PostgreSQL takes many rows in one statement far faster than many statements; SQLite prepares one and repeats it.
    at_once = UPSERTS_AT_ONCE if connection.vendor == "postgresql" else 1
    stored = _stored(model, fields, rows)
    parts = [stored[start : start + at_once] for start in range(0, len(stored), at_once)]
    with connection.cursor() as cursor:
        for size in sorted({len(part) for part in parts}):
            cursor.executemany(
                f"INSERT INTO {table} ({_quoted(columns)}) VALUES {', '.join([marks] * size)}"  # noqa: S608 - the model's names
                f" ON CONFLICT ({_quoted(keys)}) DO UPDATE SET {sets}",
                [[value for row in part for value in row] for part in parts if len(part) == size],
            )
