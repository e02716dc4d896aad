"""Counting all rows of a list for whoever asks for it, but not for ever."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from papers.api.rows import FoundRows, Rows, SortedRows
from papers.search.finding import Count

LONGEST = 5  # seconds
STEPS = 50_000  # of SQLite's machine between two looks at the clock
NO_LIMIT = 2**40


class TookTooLong(Exception):
    pass


def exact_count(rows: Rows) -> Count:
    """What is known already if that is exact, or if counting takes too long."""
    known = rows.count
    if known.exact:
        return known
    try:
        with at_most(LONGEST):
            return Count(_counted(rows))
    except TookTooLong:
        return known


def _counted(rows: Rows) -> int:
    if isinstance(rows, FoundRows):
        return rows.search.engine.count(rows.search.match, NO_LIMIT)
    return int(rows.queryset.order_by().count()) if isinstance(rows, SortedRows) else rows.count.value


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises TookTooLong when the database takes longer for a query."""
    limited = _limited_postgresql if connection.vendor == "postgresql" else _limited_sqlite
    try:
        with limited(seconds):
            yield
    except OperationalError as wrong:
        if "interrupted" in str(wrong) or getattr(wrong.__cause__, "sqlstate", "") == "57014":  # query_canceled
            raise TookTooLong from wrong
        raise


@contextmanager
def _limited_postgresql(seconds: float) -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1_000))])
        yield
        with connection.cursor() as cursor:  # the transaction may be somebody's larger one
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")


@contextmanager
def _limited_sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    driver: Any = connection.connection
    ends = time.monotonic() + seconds
    driver.set_progress_handler(lambda: time.monotonic() > ends, STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
