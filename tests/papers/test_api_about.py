"""What the API says of itself, how answers are told apart, and names that other clients use for what it does."""

import logging
from datetime import date
from typing import Any

import pytest

from papers.models import PaperVersion
from tests.api import get
from tests.factories import make_author, make_institution, make_paper, make_venue
from tests.tokens import Program, problem

pytestmark = pytest.mark.django_db


def test_how_much_one_may_still_ask(client: Any, settings: Any) -> None:
    settings.API_RATE, settings.API_TOKEN_RATE = [("day", 100, 86_400)], []
    answer = get(client, "rate-limit")
    limit = answer.json()["limits"][0]
    assert (answer.json()["of"], limit["name"], limit["limit"]) == ("address", "day", 100)
    assert f'"day";r={limit["remaining"]};t={limit["reset_seconds"]}' == answer["RateLimit"]
    assert answer["Cache-Control"] == "no-store"
    assert Program().get("rate-limit").json() == {"of": "token", "limits": []}


def test_how_fresh_the_data_are(client: Any) -> None:
    assert get(client, "status").json()["changed_at"] is None
    paper, editor = make_paper(), Program()
    change = editor.patch(f"papers/{paper.public_id}", {"title": "Another"}).json()["change"]
    told = get(client, "status").json()
    assert (told["status"], told["papers_count"]) == ("ok", 1)
    assert told["changed_at"][:16] == change["made_at"][:16]


def test_every_property_can_be_asked_for(client: Any) -> None:
    make_paper(authors=(make_author(),), institutions=(make_institution(),), venue=make_venue())
    for name, told in get(client, "properties").json().items():
        assert told["url"].endswith(f"/api/v1/{name}")
        record = client.get(told["url"]).json()["results"][0]
        assert told["fields"] == list(record)
        for sort in told["sorts"]:
            assert get(client, f"{name}?sort={sort}").status_code == 200, sort
        for group in told["groups"]:
            assert get(client, f"{name}?group_by={group}").status_code == 200, group
        allowed = get(client, f"{name}?filter=no_such_field:1").json()["errors"][0]["allowed"]
        assert told["filters"] == allowed


def test_where_a_paper_appeared(client: Any) -> None:
    paper, draft = make_paper(), make_paper(state="draft")
    PaperVersion.objects.create(paper=paper, position=2, kind="publishedVersion", where="Example Journal", licence="cc-by")
    PaperVersion.objects.create(paper=paper, position=1, kind="submittedVersion", url="https://x.example/1", is_open=True)
    told = get(client, f"papers/{paper.public_id}/versions").json()
    assert told["meta"]["count"] == 2
    assert [one["version"] for one in told["results"]] == ["submittedVersion", "publishedVersion"]
    assert told["results"][1] == {
        "version": "publishedVersion", "where": "Example Journal", "url": None, "licence": "cc-by", "is_open": None,
    }  # fmt: skip
    problem(get(client, f"papers/{draft.public_id}/versions"), 404)
    problem(get(client, f"papers/{paper.public_id}/versions?page=1"), 400)


# --- answers told apart ----------------------------------------------------------------------------------------------------


def test_every_answer_has_a_name(client: Any) -> None:
    first, second = get(client, "papers"), get(client, "papers", **{"X-Request-Id": "mine-1"})
    assert len(first["X-Request-Id"]) == 32
    assert second["X-Request-Id"] == "mine-1"
    refused = get(client, "papers?x=1", **{"X-Request-Id": "a b\n"})
    assert problem(refused, 400)["request_id"] == refused["X-Request-Id"] != "a b\n"
    again = get(client, "papers", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_fault_is_found_in_the_log_by_its_name(
    client: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("papers.api.views.PaperList.answer", lambda *_: 1 / 0)
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        told = problem(get(client, "papers"), 500)
    assert told["request_id"] in caplog.text


def test_the_next_page_is_linked(client: Any) -> None:
    titles = [make_paper(f"Graphs {number}").title for number in range(3)]
    answer = get(client, "papers?search=graphs&sort=title&page=1&per-page=2")
    address = answer["Link"].removeprefix("<").removesuffix('>; rel="next"')
    following = client.get(address)
    assert [one["title"] for one in following.json()["results"]] == titles[2:]
    assert "Link" not in following
    assert "Link" in following["Access-Control-Expose-Headers"]


# --- names of others -------------------------------------------------------------------------------------------------------


def test_clients_may_say_who_they_are(client: Any) -> None:
    make_paper()
    answer = get(client, "papers?mailto=ada%40example.org&cursor=*")
    assert answer.json()["meta"]["count"] == 1
    assert get(client, "papers/random?mailto=x").status_code == 200


@pytest.mark.parametrize(("asked", "found"), [
    ("year__gte=2021", ["B", "C"]), ("year__gte=2021&year__lt=2022", ["B"]), ("publication_year__in=2020,2022", ["A", "C"]),
    ("doi__in=10.5555/a,10.5555/c", ["A", "C"]), ("doi__isnull=true", ["B"]), ("doi__isnull=false", ["A", "C"]),
    ("authors__orcid=0000-0002-1825-0097", ["A"]), ("authors__orcid__not=0000-0002-1825-0097", ["B", "C"]),
    ("has_doi__exact=true&filter=publication_year:2022", ["C"]), ("title__search=b", ["B"]),
    ("ordering=-publication_date", ["C", "B", "A"]), ("ordering=publication_date,title", ["A", "B", "C"]),
])  # fmt: skip
def test_names_of_django(client: Any, asked: str, found: list[str]) -> None:
    ada = make_author(orcid="0000-0002-1825-0097")
    for title, year in (("A", 2020), ("B", 2021), ("C", 2022)):
        make_paper(
            title, published=date(year, 5, 1),
            doi="" if title == "B" else f"10.5555/{title.lower()}", authors=(ada,) if title == "A" else (),
        )  # fmt: skip
    order = "" if "ordering" in asked else "&sort=title"
    answer = get(client, f"papers?{asked}{order}")
    assert answer.status_code == 200, answer.content
    assert [one["title"] for one in answer.json()["results"]] == found


def test_names_of_django_that_say_nothing(client: Any) -> None:
    assert "colour" in problem(get(client, "papers?colour__gte=1"), 400)["detail"]
    assert problem(get(client, "papers?doi__isnull=maybe"), 400)["errors"][0]["parameter"] == "doi__isnull"
    problem(get(client, "papers?ordering=-title&sort=title"), 400)
    assert problem(get(client, "papers?ordering=-colour"), 400)["errors"][0]["parameter"] == "sort"
    problem(get(client, "papers?__gte=1"), 400)
    problem(get(client, "papers?year__gte="), 400)
    assert get(client, "authors?works_count__gte=0&ordering=-works_count").status_code == 200
