"""That an answer is still what a client has of it, told without looking at any record, nor for the address.

Each thread remembers which answers it gave, as long as nobody writes anything to the database: the database itself says so.
A record shows nothing but what the database holds; settings and code change with the process. A list also shows counts that
are kept by a clock: it is remembered no longer than any cache may keep it. Nothing is within a transaction, which sees its
own changes.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.utils.cache import get_conditional_response

from papers.api.limits import headers_of, spend
from papers.api.request_ids import HEADER as REQUEST_ID
from papers.api.request_ids import id_of

MOST = 2_000  # answers of a thread: at most about four megabytes
LONGEST = 500  # characters of an address; whoever sends a longer one does not ask it again and again
NOT_KEPT = ("Content-Type", "Content-Length", "RateLimit", "RateLimit-Policy", REQUEST_ID)  # the latter tell of the moment
Remembered = tuple[float, dict[str, str]]
Answers = dict[tuple[str, ...], Remembered]


class Remembering:
    """Middleware. Answers say by their attribute `holds` for how many seconds nothing but a write to the database can change
    them; without one they are not remembered."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        state = _state() if _is_asked_again(request) else None
        if state is None:
            return self.get_response(request)
        answers, asked = _memory.at(state), _asked(request)
        if answer := _still_so(request, answers.get(asked)):
            return answer
        answer = self.get_response(request)
        if answer.status_code == 304 and (holds := getattr(answer, "holds", 0)) and "no-store" not in answer["Cache-Control"]:
            headers = {name: value for name, value in answer.items() if name not in NOT_KEPT}
            answers[asked] = time.monotonic() + holds, headers
        return answer


class _Memory(threading.local):
    """`answers` are headers by address, and until when they hold, of answers from rows that were read in this `state` of the
    database or a later one."""

    def __init__(self) -> None:
        self.state: Any = None
        self.answers: Answers = {}

    def at(self, state: Any) -> Answers:
        if state != self.state or len(self.answers) >= MOST:
            self.state, self.answers = state, {}
        return self.answers


_memory = _Memory()


def _is_asked_again(request: HttpRequest) -> bool:
    """Of the API, by somebody who has an answer and is nobody in particular."""
    asked = request.META
    if request.method not in ("GET", "HEAD") or not request.path_info.startswith("/api/"):
        return False
    if len(request.path_info) + len(asked.get("QUERY_STRING", "")) > LONGEST:
        return False
    return "HTTP_IF_NONE_MATCH" in asked and "HTTP_AUTHORIZATION" not in asked


def _still_so(request: HttpRequest, remembered: Remembered | None) -> Any:
    """A 304 if the client has what is remembered, and may ask."""
    until, headers = remembered or (0.0, {})
    if time.monotonic() >= until:
        return None
    answer: Any = get_conditional_response(request, etag=headers["ETag"])
    if answer is None or answer.status_code != 304:
        return None
    spent = spend(request)
    if any(each.left < 0 for each in spent):
        return None  # the address itself says how many are too many
    for name, value in (headers | headers_of(spent) | {REQUEST_ID: id_of(request)}).items():
        answer[name] = value
    return answer


def _asked(request: HttpRequest) -> tuple[str, ...]:
    return str(request.scheme), request.get_host(), request.get_full_path(), request.META.get("HTTP_ACCEPT", "")


def _state() -> Any:
    """Another one after every write that is committed, by whomever; None where that cannot be told.

    SQLite counts the commits of other connections, and this one its own rows. PostgreSQL's snapshot names the transactions
    whose changes are seen. The driver's connection stands beside them, for a new one begins to count anew.
    """
    database: Any = connection
    if database.in_atomic_block:
        return None
    try:
        database.ensure_connection()
        return _told_by(database)
    except (DatabaseError, database.Database.Error):
        database.close()  # whoever asks next opens another, or tells that there is none
        return None


def _told_by(database: Any) -> Any:
    """Asked of the driver itself: Django would first ask a connection that stayed open whether it still lives, which the
    answer to this tells as well."""
    driver = database.connection
    if database.vendor == "sqlite":
        return driver, *driver.execute("PRAGMA data_version").fetchone(), driver.total_changes
    found = driver.execute("SELECT pg_current_snapshot()::text").fetchone()
    database.health_check_done = True
    return driver, *found
