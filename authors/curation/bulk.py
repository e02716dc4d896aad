"""Writing many rows at once, where the ORM's instances are the limit (docs/benchmarks.md has the figures).

Rows are tuples in the order of the columns named. Values are what the column stores: dates as `date`, JSON as `dict` or
`list`, foreign keys as keys. Constraints hold as always; signals and `save()` are not called.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction

Row = Sequence[Any]
VARIABLES_PER_STATEMENT = 30_000


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` keys that nobody else will get. Must be called in the transaction that uses them."""
    if not count:
        return []
    transaction.get_connection().validate_no_broken_transaction()
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer, and the transaction began IMMEDIATE: nobody else can take these meanwhile.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        start = found[0] + 1 if found else 1
    return list(range(start, start + count))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    return [model._meta.get_field(name).column for name in fields]


def _stored(value: Any) -> Any:
    """What goes over to SQLite, which knows neither dates nor JSON."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value


def insert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert `rows`: COPY on PostgreSQL, one prepared statement on SQLite."""
    if not rows:
        return
    table, columns = connection.ops.quote_name(model._meta.db_table), _columns(model, fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({_quoted(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([json.dumps(v) if isinstance(v, dict | list) else v for v in row])
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {table} ({_quoted(columns)}) VALUES ({marks})",  # noqa: S608 - names come from the model
            [[_stored(value) for value in row] for row in rows],
        )


def upsert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Row], *, unique: Sequence[str]) -> None:
    """Insert `rows`, or overwrite the other columns of those whose `unique` columns are there already."""
    if not rows:
        return
    table, columns, keys = connection.ops.quote_name(model._meta.db_table), _columns(model, fields), _columns(model, unique)
    sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in map(connection.ops.quote_name, columns) if name.strip('"') not in keys)
    marks = "(" + ", ".join(["%s"] * len(columns)) + ")"
    width = max(1, VARIABLES_PER_STATEMENT // len(columns))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), width):
            part = rows[start : start + width]
            cursor.execute(
                f"INSERT INTO {table} ({_quoted(columns)}) VALUES {', '.join([marks] * len(part))}"  # noqa: S608 - as above
                f" ON CONFLICT ({_quoted(keys)}) DO UPDATE SET {sets}",
                [_sent(value) for row in part for value in row],
            )


def _sent(value: Any) -> Any:
    """What goes into a statement's parameters on either database."""
    if connection.vendor == "postgresql":
        return json.dumps(value) if isinstance(value, dict | list) else value
    return _stored(value)
