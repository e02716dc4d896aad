"""What a list of the API takes besides filters: ids, what stands beside each paper, and counts beside the list."""

from datetime import date
from typing import Any

import pytest

from authors.curation.redirects import leave_redirect
from papers.editing import change_state
from papers.models import Citation, Paper
from tests.api import at_most, get, refusal, titles
from tests.factories import make_author, make_paper, make_venue

pytestmark = pytest.mark.django_db


def test_only_the_records_that_are_named(client: Any) -> None:
    one, _, three = (make_paper(title, doi=f"10.5555/{title}") for title in ("one", "two", "three"))
    draft = make_paper("draft", state="draft")
    leave_redirect(kind="P", old_id=77000077, target_id=three.pk, reason="merged")
    asked = f"papers?ids={one.public_id},doi:10.5555/two|P77000077,{draft.public_id},P999000999,nonsense&sort=title"
    assert titles(get(client, asked)) == ["one", "three", "two"]
    assert titles(get(client, f"papers?ids=doi:10.5555/two,{three.public_id}&title=two")) == ["two"]
    assert titles(get(client, "papers?ids=nonsense")) == []
    assert get(client, f"papers?ids={one.public_id}&group_by=has_code").json()["meta"]["count"] == 1
    venue, other = make_venue(), make_venue()
    for each in (venue, other):
        make_paper(venue=each)
    assert [row["id"] for row in get(client, f"venues?ids={venue.public_id},V999000999").json()["results"]] == [venue.public_id]
    assert get(client, "authors?ids=orcid:0000-0002-1825-0097").json()["results"] == []


@pytest.mark.parametrize("number", [200, 201])
def test_two_hundred_ids_and_no_more(client: Any, number: int) -> None:
    paper = make_paper()
    ids = ",".join([paper.public_id, *(f"P{key}" for key in range(88_000_001, 88_000_000 + number))])
    answer = get(client, f"papers?ids={ids}")
    if number == 200:
        assert titles(answer) == [paper.title]
    else:
        assert refusal(answer)["errors"][0]["code"] == "too_many"
    assert get(client, f"authors?ids={ids}").status_code == (200 if number == 200 else 400)


def test_references_and_citations_of_each_paper_of_a_list(client: Any) -> None:
    cited = [make_paper(f"Cited {number}", published=date(1990 + number, 1, 1)) for number in range(27)]
    change_state([cited[26].pk], "draft")
    citing, lonely = make_paper("Citing", doi="10.5555/1"), make_paper("Lonely", doi="10.5555/2")
    Citation.objects.bulk_create(Citation(citing=citing, cited=paper) for paper in cited)
    asked = f"papers?ids={citing.public_id},{lonely.public_id},{cited[0].public_id}&sort=title&include=references,citations"
    first, second, third = (row["included"] for row in get(client, f"{asked}&select=id").json()["results"])
    assert [row["display_name"] for row in first["citations"]["results"]] == ["Citing"]
    assert second["references"]["count"] == 26
    assert [row["display_name"] for row in second["references"]["results"]] == [
        f"Cited {number}" for number in range(25, 0, -1)
    ]
    assert second["references"]["url"] == f"http://testserver/api/v1/papers/{citing.public_id}/references"
    assert third["references"] == {**second["references"], "count": 0, "results": [], "url": third["references"]["url"]}
    alone = get(client, f"papers/{citing.public_id}?include=references").json()["included"]
    assert alone["references"] == second["references"]
    assert refusal(get(client, "papers?include=authors"))["errors"][0]["allowed"] == ["references", "citations"]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_what_is_included(client: Any, rows: int) -> None:
    papers = [make_paper(authors=(make_author(),)) for _ in range(rows)]
    for paper in papers:
        Citation.objects.create(citing=paper, cited=make_paper(state="published"))
    get(client, "papers?per-page=1")  # whatever is read once
    with at_most(18):  # merged ids; two counts; places; papers; nine kinds of parts; two for each of the two names
        answer = get(client, f"papers?ids={','.join(paper.public_id for paper in papers)}&include=references,citations")
    assert [row["included"]["references"]["count"] for row in answer.json()["results"]] == [1] * rows


def test_counts_beside_the_list(client: Any) -> None:
    venue = make_venue("Journal of Examples")
    make_paper(published=date(2021, 1, 1), venue=venue)
    for _ in range(2):
        make_paper(published=date(2022, 1, 1), category="cs.LG")
    answer = get(client, "papers?facets=publication_year,venue&per-page=1&year_from=2021").json()
    assert len(answer["results"]) == 1
    assert list(answer["facets"]) == ["publication_year", "venue"]
    years = answer["facets"]["publication_year"]
    assert years["groups"] == get(client, "papers?group_by=publication_year&year_from=2021").json()["group_by"]
    assert (years["count_relation"], years["groups_count"]) == ("eq", 2)
    named = {"key": venue.public_id, "key_display_name": "Journal of Examples", "count": 1}
    assert answer["facets"]["venue"]["groups"] == [named]
    assert "facets" not in get(client, "papers").json()
    assert refusal(get(client, "papers?facets=year"))["errors"][0]["parameter"] == "facets"
    following = get(client, "papers?facets=venue&include=references&per-page=1&cursor=*").json()["meta"]["next_cursor"]
    assert len(get(client, f"papers?per-page=2&cursor={following}").json()["results"]) == Paper.objects.count() - 1
    assert refusal(get(client, "papers?group_by=venue&facets=venue"))["errors"][0]["code"] == "conflict"
