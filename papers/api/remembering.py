"""That a record is still what a client has of it, told without looking at the record.

Each thread remembers which answers it gave, as long as nobody writes anything to the database: the database itself says so.
A record shows nothing but what the database holds; settings and code change with the process. Lists are not remembered, for
their counts are kept for minutes by a clock, and neither is anything within a transaction, which sees its own changes.
"""

import threading
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseNotModified
from django.utils.cache import get_conditional_response

STATE = "papers.api.state"  # in a request's META: the database's state before anything was read
MOST = 2_000  # answers of a thread: about a megabyte
PASSING = ("RateLimit", "RateLimit-Policy")  # headers that tell of the moment


class _Memory(threading.local):
    """`answers` are headers by address, of answers given while the database was in this `state`."""

    def __init__(self) -> None:
        self.state: Any = None
        self.answers: dict[tuple[str, ...], dict[str, str]] = {}

    def at(self, state: Any) -> dict[tuple[str, ...], dict[str, str]]:
        if state != self.state or len(self.answers) >= MOST:
            self.state, self.answers = state, {}
        return self.answers


_memory = _Memory()


def still_so(request: HttpRequest) -> HttpResponseNotModified | None:
    """A 304 if the client has what this thread answered last and nothing was written since."""
    asked = request.META
    if request.method not in ("GET", "HEAD") or "HTTP_IF_NONE_MATCH" not in asked or "HTTP_AUTHORIZATION" in asked:
        return None
    state = asked[STATE] = _state()
    headers = _memory.at(state).get(_asked(request)) if state else None
    answer: Any = get_conditional_response(request, etag=headers["ETag"]) if headers else None
    if headers is None or answer is None or answer.status_code != 304:
        return None
    for name, value in headers.items():
        answer[name] = value
    return answer


def remember(request: HttpRequest, response: Any) -> None:
    """What was answered to a request that `still_so` looked at, from rows that were read afterwards."""
    if (state := request.META.get(STATE)) and state == _memory.state and "no-store" not in response["Cache-Control"]:
        kept = ("Content-Type", "Content-Length", *PASSING)
        _memory.answers[_asked(request)] = {name: value for name, value in response.items() if name not in kept}


def _asked(request: HttpRequest) -> tuple[str, ...]:
    return str(request.scheme), request.get_host(), request.get_full_path(), request.META.get("HTTP_ACCEPT", "")


def _state() -> Any:
    """Another one after every write that is committed, by whomever; None where that cannot be told.

    SQLite counts the commits of other connections, and this one its own rows. PostgreSQL's snapshot names the transactions
    whose changes are seen. The driver's connection stands beside them, for a new one begins to count anew.
    """
    if connection.in_atomic_block:
        return None
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        driver: Any = connection.connection
        return driver, *driver.execute("PRAGMA data_version").fetchone(), driver.total_changes
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return connection.connection, *cursor.fetchone()
