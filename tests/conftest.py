"""What holds for every test."""

from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from papers.search import rebuilding


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test finds what another one cached, such as the site's identity."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _indexed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Factories write rows without the domain functions that keep the search index: before a request it is made anew
    when anything was written. Tests of the upkeep itself are marked `upkeep` and go without.
    """
    if request.node.get_closest_marker("upkeep") or not request.node.get_closest_marker("django_db"):
        yield
        return
    send, stale = Client.request, True

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal stale
        stale = stale or sql.startswith(("INSERT", "UPDATE", "DELETE"))
        return execute(sql, *rest)

    def request_when_indexed(client: Client, **asked: Any) -> Any:
        nonlocal stale
        if stale:
            _index()
            stale = False
        return send(client, **asked)

    monkeypatch.setattr(Client, "request", request_when_indexed)
    with connection.execute_wrapper(watch):
        yield


@pytest.fixture(autouse=True)
def _only_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who counts queries counts what is asked, not how PostgreSQL is told to plan it."""
    every: Any = CaptureQueriesContext.captured_queries
    plans = ("SELECT set_config", "SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")
    asked = property(lambda context: [found for found in every.fget(context) if not found["sql"].startswith(plans)])
    monkeypatch.setattr(CaptureQueriesContext, "captured_queries", asked)


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser in which a senior editor is logged in."""
    account = User.objects.create_user("sena", password="x", is_staff=True)
    account.groups.add(Group.objects.get(name="Senior editors"))
    client.force_login(account)
    return client


def _index() -> None:
    """The queries are nobody's: those who count queries count the request's."""
    logged = list(connection.queries_log)
    rebuilding.queue_papers()
    for steps in (rebuilding.index_waiting(), rebuilding.index_all_authors(), rebuilding.index_all_institutions()):
        deque(steps, maxlen=0)
    connection.queries_log.clear()
    connection.queries_log.extend(logged)
