"""Totals of lists as asked for: none, to the end, or as they come."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papers import counting
from papers.api import exact_counts, rows
from papers.search import finding
from tests.api import get
from tests.factories import make_author, make_paper
from tests.tokens import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve papers of twelve people, where ten are many."""
    for _ in range(12):
        make_paper("On Graphs", authors=(make_author(),))
    monkeypatch.setattr(finding, "EXACT", 10)
    monkeypatch.setattr(finding, "EXACT_AT_LITTLE_COST", 10)
    monkeypatch.setattr(counting, "FEW", 10)
    monkeypatch.setattr(rows, "FEW", 10)


@pytest.mark.parametrize("path", ["papers?search=graphs", "authors?"])
def test_a_long_list_is_counted_to_the_end_if_asked(client: Any, many: None, path: str) -> None:
    assert get(client, path).json()["meta"]["count_relation"] == "approx"
    meta = get(client, f"{path}&count=exact").json()["meta"]
    assert (meta["count"], meta["count_relation"]) == (12, "eq")


def test_counting_ends_in_time(client: Any, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(list_of: Any) -> int:
        endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
        with connection.cursor() as cursor:
            cursor.execute(endless)
            return int(cursor.fetchone()[0])

    monkeypatch.setattr(exact_counts, "LONGEST", 0.1)
    monkeypatch.setattr(exact_counts, "_counted", slowly)
    meta = get(client, "papers?search=graphs&count=exact").json()["meta"]
    assert meta["count_relation"] == "approx"
    assert meta["count"] > 10
    assert get(client, "papers").status_code == 200  # the connection serves on


@pytest.mark.parametrize("path", ["papers?cursor=*", "authors?page=1", "institutions?", "venues?", "categories?"])
def test_without_a_count(client: Any, path: str) -> None:
    paper = make_paper(authors=(make_author(),))
    meta = get(client, f"{path}&count=none&per_page=1").json()["meta"]
    assert (meta["count"], meta["count_relation"]) == (None, None)
    beside = get(client, f"papers/{paper.public_id}/references?count=none").json()["meta"]
    assert beside["count"] is None


@pytest.mark.parametrize(("asked", "counts"), [("", 1), ("&count=none", 0)])
def test_no_count_is_no_query(client: Any, asked: str, counts: int) -> None:
    make_paper(authors=(make_author("Ada Testwright"),))
    with CaptureQueriesContext(connection) as found:
        get(client, f"authors?sort=display_name&search=ada&select=id{asked}")
    assert sum("COUNT(" in each["sql"] for each in found.captured_queries) == counts


def test_a_walk_may_count_on_its_first_page_only(client: Any) -> None:
    for _ in range(3):
        make_paper()
    first = get(client, "papers?cursor=*&per_page=2&count=exact").json()["meta"]
    rest = get(client, f"papers?cursor={first['next_cursor']}&per_page=2&count=none").json()
    assert (first["count"], len(rest["results"])) == (3, 1)


def test_searches_by_a_tree_too(client: Any) -> None:
    make_paper()
    body = json.dumps({"where": {"field": "has_code", "value": False}, "count": "none"})
    assert client.post("/api/v1/search", body, content_type="application/json").json()["meta"]["count"] is None


def test_another_word_is_refused(client: Any) -> None:
    refused = problem(get(client, "papers?count=all"), 400)
    assert refused["errors"][0]["allowed"] == ["exact", "none"]
    problem(get(client, "papers?count=none&group_by=category"), 400)
