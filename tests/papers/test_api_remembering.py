"""A 304 that needs no look at the record is as true as one that does."""

import time
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from authors.models import Author
from papers.models import Category, Paper
from tests.api import get
from tests.factories import make_author, make_authorship, make_paper


def _known(client: Any, path: str) -> str:
    """The ETag, after a conditional request that the thread remembers."""
    etag = get(client, path)["ETag"]
    assert _again(client, path, etag).status_code == 304
    return str(etag)


def _again(client: Any, path: str, etag: str, **headers: str) -> Any:
    return get(client, path, **{"If-None-Match": etag, **headers})


def _paper() -> Paper:
    Category.objects.get_or_create(code="cs.CL", defaults={"short_code": "CL", "name": "Computation and Language"})
    return make_paper()


@pytest.mark.django_db(transaction=True)
def test_what_nobody_changed_is_told_by_one_query(client: Any, settings: Any, django_assert_max_num_queries: Any) -> None:
    settings.ALLOWED_HOSTS, settings.API_RATE = ["testserver", "other.example"], [("minute", 50, 60)]
    path = f"papers/{_paper().public_id}"
    etag = _known(client, path)
    with django_assert_max_num_queries(1):
        answer = _again(client, path, f"W/{etag}")
    assert answer.status_code == 304
    assert not answer.content
    told = {"ETag", "Last-Modified", "Cache-Control", "RateLimit", "RateLimit-Policy", "Access-Control-Allow-Origin"}
    assert told <= answer.headers.keys()
    assert answer["ETag"] == etag
    for asked, sent, headers in (
        (path, '"another"', {}),
        (f"{path}?select=id", etag, {}),
        (path, etag, {"Host": "other.example"}),
    ):
        assert _again(client, asked, sent, **headers).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_every_write_is_noticed(client: Any) -> None:
    """Also one that touches no row of the paper, and one of another connection."""
    paper, author = _paper(), make_author("Ada Testwright")
    make_authorship(paper, author, position=1)
    path, other = f"papers/{paper.public_id}", connections.create_connection("default")
    try:
        for change in (
            lambda: Author.objects.filter(pk=author.pk).update(visibility=Author.Visibility.HIDDEN),
            lambda: Paper.objects.filter(pk=paper.pk).update(cited_by_count=7),
            lambda: other.cursor().execute("UPDATE papers_paper SET language = 'la' WHERE id = %s", [paper.pk]),
        ):
            etag = _known(client, path)
            change()
            assert _again(client, path, etag).status_code == 200
    finally:
        other.close()
    etag = _known(client, path)
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.WITHDRAWN)
    assert _again(client, path, etag).status_code == 410


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_remembered(client: Any) -> None:
    paper = make_paper()
    path = f"papers/{paper.public_id}"
    etag = _known(client, path)
    Paper.objects.filter(pk=paper.pk).update(title="Counting in between")
    assert _again(client, path, etag).status_code == 200


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could go")
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_is_opened_anew(client: Any) -> None:
    path = f"papers/{_paper().public_id}"
    etag = _known(client, path)
    other = connections.create_connection("default")
    try:
        key = connection.connection.info.backend_pid
        other.cursor().execute("SELECT pg_terminate_backend(%s)", [key])
    finally:
        other.close()
    assert _again(client, path, etag).status_code == 304


@pytest.mark.django_db(transaction=True)
def test_a_list_is_remembered_for_a_minute(client: Any, monkeypatch: Any, django_assert_max_num_queries: Any) -> None:
    _paper()
    etag = _known(client, "papers?select=id")
    with django_assert_max_num_queries(1):
        assert _again(client, "papers?select=id", etag).status_code == 304
    later = time.monotonic() + 61
    monkeypatch.setattr("papers.api.remembering.time.monotonic", lambda: later)
    with CaptureQueriesContext(connection) as asked:
        assert _again(client, "papers?select=id", etag).status_code == 304
    assert len(asked) > 1


@pytest.mark.django_db(transaction=True)
def test_a_304_from_memory_says_what_any_answer_says(client: Any) -> None:
    path = f"papers/{_paper().public_id}"
    whole = get(client, path)
    _known(client, path)
    answer = _again(client, path, whole["ETag"])
    assert answer["X-Request-Id"] != whole["X-Request-Id"]
    passing = {"Content-Type", "Content-Length", "RateLimit", "X-Request-Id"}
    assert set(whole.headers) - passing == set(answer.headers) - passing
    assert {name: answer[name] for name in answer.headers if name not in passing | {"Content-Security-Policy"}} == {
        name: whole[name] for name in answer.headers if name not in passing | {"Content-Security-Policy"}
    }


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could be away")
@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_told_as_ever(client: Any, monkeypatch: Any) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("away")

    path = f"papers/{_paper().public_id}"
    etag = _known(client, path)
    client.raise_request_exception = False
    connection.close()
    monkeypatch.setattr(connection, "connect", away)
    answer = _again(client, path, etag)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
