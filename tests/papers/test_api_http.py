"""What the API says in headers: what is new, how often one may ask, who may read."""

from typing import Any

import pytest
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from config import env
from papers.models import Paper
from tests.api import full_paper, get, refusal
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def rates(settings: Any) -> Any:
    """Three requests in a day, two in an hour."""
    caches["limits"].clear()
    settings.API_RATE = [("day", 3, 86_400), ("hour", 2, 3_600)]
    yield
    caches["limits"].clear()


# --- What is new --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["papers", "papers/{id}", "papers?cursor=*&per-page=1", "papers?group_by=category", "changes",
                                  "authors", "categories/cs.CL", "papers/batch?ids={id}", "schema", ""])  # fmt: skip
def test_what_is_known_is_not_sent_again(client: Any, path: str) -> None:
    paper = full_paper(1)
    full_paper(2)
    address = path.format(id=paper.public_id)
    first = get(client, address)
    again = get(client, address, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"
    assert get(client, address, **{"If-None-Match": f"W/{first['ETag']}"}).status_code == 304
    assert get(client, address, **{"If-None-Match": '"other"'}).status_code == 200


def test_what_changed_is_sent(client: Any) -> None:
    paper = full_paper()
    tags = {path: get(client, path)["ETag"] for path in ("papers", f"papers/{paper.public_id}")}
    Paper.objects.update(cited_by_count=99)
    for path, tag in tags.items():
        assert get(client, path, **{"If-None-Match": tag}).status_code == 200


def test_a_record_says_when_it_was_edited_last(client: Any) -> None:
    paper = make_paper()
    Paper.objects.update(updated_at="2026-11-12T08:30:00Z")
    response = get(client, f"papers/{paper.public_id}")
    assert response["Last-Modified"] == "Thu, 12 Nov 2026 08:30:00 GMT"
    assert response["Cache-Control"] == "public, max-age=60"
    # Figures are computed anew without an edit, so the time alone does not tell that nothing changed.
    assert get(client, f"papers/{paper.public_id}", **{"If-Modified-Since": response["Last-Modified"]}).status_code == 200


def test_problems_are_not_kept(client: Any) -> None:
    response = get(client, "papers/P999000999", **{"If-None-Match": "*"})
    assert (response.status_code, response["Cache-Control"]) == (404, "no-store")
    assert "ETag" not in response


def test_answers_are_compressed(client: Any) -> None:
    full_paper()
    response = get(client, "papers", **{"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    again = get(client, "papers", **{"Accept-Encoding": "gzip", "If-None-Match": response["ETag"]})
    assert again.status_code == 304


# --- How often ----------------------------------------------------------------------------------------------------------


def test_whoever_asks_too_often_is_told_when_to_come_back(client: Any, rates: Any) -> None:
    first = get(client, "papers")
    assert first["RateLimit-Policy"] == '"day";q=3;w=86400, "hour";q=2;w=3600'
    assert first["RateLimit"].startswith('"day";r=2;t=')
    get(client, "papers/P999000999")
    refused = get(client, "papers")
    assert "2 requests are allowed in a hour" in refusal(refused, 429)["detail"]
    assert 0 < int(refused["Retry-After"]) <= 3_600
    assert '"hour";r=0' in refused["RateLimit"]
    assert get(client, "papers", Origin="https://elsewhere.example")["Access-Control-Allow-Origin"] == "*"
    assert client.options("/api/v1/papers").status_code == 204  # a browser's question before the question


def test_others_are_not_kept_waiting(client: Any, rates: Any) -> None:
    for address in ("203.0.113.1", "203.0.113.2"):
        for _ in range(2):
            assert client.get("/api/v1/papers", REMOTE_ADDR=address).status_code == 200
        assert client.get("/api/v1/papers", REMOTE_ADDR=address).status_code == 429


def test_of_ipv6_a_whole_network_counts_as_one(client: Any, rates: Any) -> None:
    answers = [client.get("/api/v1/papers", REMOTE_ADDR=f"2001:db8:1:2::{n}").status_code for n in range(3)]
    assert answers == [200, 200, 429]
    assert client.get("/api/v1/papers", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200
    assert client.get("/api/v1/papers", REMOTE_ADDR="").status_code == 200


def test_counting_asks_nothing_of_the_database(client: Any, rates: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        get(client, "")
        refusal(get(client, "papers?nope=1"))


def test_rates_are_read_from_the_environment(monkeypatch: Any) -> None:
    monkeypatch.setenv("API_RATE", "5/second,100/hour")
    assert env.rates("API_RATE", "off") == [("second", 5, 1), ("hour", 100, 3_600)]
    monkeypatch.setenv("API_RATE", "off")
    assert env.rates("API_RATE", "1/day") == []
    for wrong in ("5", "0/day", "5/week", "5/day,", "-1/day"):
        monkeypatch.setenv("API_RATE", wrong)
        with pytest.raises(ImproperlyConfigured, match="API_RATE"):
            env.rates("API_RATE", "off")


def test_no_limit(client: Any) -> None:
    assert "RateLimit" not in get(client, "papers")


# --- Who may read -------------------------------------------------------------------------------------------------------


def test_scripts_of_other_sites_see_the_headers(client: Any) -> None:
    exposed = get(client, "papers")["Access-Control-Expose-Headers"]
    assert {"ETag", "RateLimit", "RateLimit-Policy", "Retry-After", "Location"} <= set(exposed.split(", "))


def test_a_browser_may_ask_whether_it_may_post(client: Any) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for path in ("papers/batch", "search"):
        answer = client.options(f"/api/v1/{path}", headers=asked)
        assert "POST" in answer["Access-Control-Allow-Methods"]
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert "POST" not in client.options("/api/v1/papers", headers=asked)["Access-Control-Allow-Methods"]


def test_of_two_who_wait_for_each_other_one_is_told_to_try_again(client: Any, monkeypatch: Any) -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    def fail(*args: Any) -> None:
        raise OperationalError("deadlock detected") from Deadlock()

    monkeypatch.setattr("papers.api.views.published_by_key", fail)
    response = get(client, "papers/P1")
    assert "Send it again" in refusal(response, 503)["detail"]
    assert response["Retry-After"] == "1"
