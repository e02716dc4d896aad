"""Many records at once, and searches by a tree of conditions."""

import json
from datetime import date
from typing import Any

import pytest

from authors.curation.redirects import leave_redirect
from tests.api import at_most, full_paper, get, refusal, titles
from tests.factories import make_author, make_paper

pytestmark = pytest.mark.django_db
BATCH_QUERIES = 24  # identifiers by scheme, redirects, papers with their parts, those withdrawn


def post(client: Any, path: str, body: Any) -> Any:
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


# --- By ids -------------------------------------------------------------------------------------------------------------


def test_each_id_gets_its_own_answer(client: Any) -> None:
    here, gone, draft = make_paper(doi="10.5555/a|b"), make_paper(state="withdrawn", doi="10.5555/x"), make_paper(state="draft")
    leave_redirect(kind="P", old_id=77000077, target_id=here.pk, reason="merged")
    leave_redirect(kind="P", old_id=77000078, target_id=None, reason="withdrawn")
    leave_redirect(kind="P", old_id=77000079, target_id=draft.pk, reason="merged")
    ids = [here.public_id, "doi:10.5555/A|b", "P77000077", gone.public_id, "doi:10.5555/x", "P77000078", draft.public_id,
           "P77000079", "P999000999", "A1", "junk"]  # fmt: skip
    answer = post(client, "papers/batch", {"ids": ids})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [row["asked"] for row in results] == ids
    assert [row["status"] for row in results] == [
        "found", "found", "merged", "gone", "gone", "gone", *["not_found"] * 5,
    ]  # fmt: skip
    assert [row["record"] and row["record"]["id"] for row in results[:4]] == [*[here.public_id] * 3, None]


def test_ids_in_the_address(client: Any) -> None:
    papers = [make_paper(), make_paper(doi="10.5555/one")]
    answer = get(client, f"works/batch?ids={papers[0].public_id},doi:10.5555/one%7CP0&select=id").json()
    assert [row["record"] for row in answer["results"]] == [*({"id": paper.public_id} for paper in papers), None]
    author = make_author("Ada Testwright")
    make_paper(authors=(author,))
    assert (
        get(client, f"authors/batch?ids={author.public_id}").json()["results"][0]["record"]["display_name"] == "Ada Testwright"
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_a_batch_do_not_grow(client: Any, rows: int) -> None:
    ids = [full_paper(number).public_id for number in range(1, rows + 1)]
    with at_most(BATCH_QUERIES):
        assert get(client, f"papers/batch?ids={','.join(ids)},doi:10.5555/1").json()["meta"]["count"] == rows + 1


@pytest.mark.parametrize("body", [
    {}, [], None, {"ids": []}, {"ids": "P1"}, {"ids": [1]}, {"ids": ["P1"] * 1_001}, {"ids": ["\x00"]}, {"ids": ["x" * 501]},
    {"ids": ["P1"], "colour": 1}, {"ids": ["P1"], "select": "nothing"}, {"ids": ["P1"], "select": []}, {"ids": [""]},
    '{"ids": ["\\ud800"]}', "{", "[" * 30_000, '{"ids": [NaN]}', b"\xff",
])  # fmt: skip
def test_a_batch_that_cannot_be_is_refused(client: Any, body: Any) -> None:
    refusal(post(client, "papers/batch", body))


def test_what_is_no_json_or_too_large_is_refused(client: Any) -> None:
    refusal(client.post("/api/v1/papers/batch", {"ids": "P1"}), 415)
    refusal(post(client, "papers/batch", {"ids": ["x" * 70_000]}), 413)
    refusal(client.put("/api/v1/papers/batch", {}), 405)
    refusal(get(client, "papers/batch"))
    refusal(get(client, "search"), 405)


CODE = {"field": "has_code", "value": True}

# --- By a tree ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ada(client: Any) -> str:
    author = make_author("Ada Testwright")
    make_paper("One", authors=(author,), published=date(2020, 1, 1), cited_by_count=120, has_code=True)
    make_paper("Two", published=date(2021, 1, 1), cited_by_count=7, category="cs.LG")
    make_paper("Three", published=date(2022, 1, 1), abstract="Graphs of language.")
    return str(author.public_id)


def leaf(field: str, value: Any) -> dict[str, Any]:
    return {"field": field, "value": value}


@pytest.mark.parametrize(("where", "expected"), [
    ({"any": [leaf("author", "ADA"), leaf("category", "cs.LG")]}, ["One", "Two"]),
    ({"not": {"any": [leaf("author", "ADA"), leaf("category", "cs.LG")]}}, ["Three"]),
    ({"or": [{"and": [leaf("publication_year", 2020), CODE]}, leaf("abstract", None)]}, ["One", "Two"]),
    ({"all": [leaf("cited_by_count", ">5"), {"not": leaf("author", "ADA")}]}, ["Two"]),
    ({"all": [{"not": leaf("cited_by_count", ">5")}]}, []), (leaf("title.search", ["one", "two"]), ["One", "Two"]),
    ({"not": leaf("publication_year", [2020, 2021])}, ["Three"]), (leaf("abstract.search", "graph"), ["Three"]),
])  # fmt: skip
def test_conditions_across_fields(client: Any, ada: str, where: Any, expected: list[str]) -> None:
    body = {"where": json.loads(json.dumps(where).replace("ADA", ada)), "sort": "publication_date"}
    assert titles(post(client, "search", body)) == sorted(expected, key=["One", "Two", "Three"].index)


def test_a_search_by_a_tree_is_paged(client: Any, ada: str) -> None:
    body = {"where": leaf("publication_year", ">2000"), "per_page": 2, "select": "title", "cursor": "*"}
    first = post(client, "search", body).json()
    rest = post(client, "search", {**body, "cursor": first["meta"]["next_cursor"]}).json()
    assert [row["title"] for row in first["results"] + rest["results"]] == ["Three", "Two", "One"]
    assert rest["meta"]["next_cursor"] is None
    other = {**body, "where": leaf("publication_year", ">2001"), "cursor": first["meta"]["next_cursor"]}
    assert refusal(post(client, "search", other))["errors"][0]["parameter"] == "cursor"


def nested(depth: int) -> Any:
    return {"not": nested(depth - 1)} if depth else CODE


@pytest.mark.parametrize("body", [
    {}, {"where": None}, {"where": []}, {"where": {}}, {"where": {"any": []}}, {"where": {"any": leaf("title", "x")}},
    {"where": {"xor": []}}, {"where": {"any": [], "all": []}}, {"where": leaf("colour", "red")}, {"where": leaf(1, "x")},
    {"where": leaf("author", "Ada")}, {"where": leaf("author", [])}, {"where": leaf("author", {"a": 1})},
    {"where": leaf("author", [["A1"]])}, {"where": nested(5)}, {"where": {"any": [CODE] * 51}},
    {"where": {"any": [leaf("cited_by_count", ">5"), CODE]}}, {"where": leaf("title.search", "a\x00")},
    {"where": CODE, "entity": "authors"}, {"where": CODE, "page": "x"},
    {"where": CODE, "sort": "x"}, {"where": CODE, "sort": ["title"]},
    {"where": CODE, "entity": []}, {"where": leaf("cited_by_count", 10**400)},
])  # fmt: skip
def test_a_tree_that_cannot_be_is_refused(client: Any, ada: str, body: Any) -> None:
    refusal(post(client, "search", body))


def test_a_tree_may_be_as_deep_as_is_said(client: Any, ada: str) -> None:
    assert titles(post(client, "search", {"where": nested(4)})) == ["One"]
