"""Related papers, references and citing papers: on the pages and in the API."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from papers import own_style
from papers.metrics.score_runs import run_scores
from papers.models import Citation, NearestEarlier, Paper, PaperDistance, PendingReference, TextEncoder
from papers.related import related_to
from tests.factories import make_author, make_paper
from tests.papers.test_paper_page import in_order
from tests.papers.test_scores import TODAY, made

pytestmark = pytest.mark.django_db


def near(paper: Paper, earlier: dict[Paper, float], same_text: tuple[Paper, ...] = ()) -> None:
    """As a computation of distances would leave it."""
    encoder, _ = TextEncoder.objects.get_or_create(version="v", defaults={"method": "tfidf-1", "texts": 1, "content": b""})
    PaperDistance.objects.create(
        paper=paper, encoder=encoder, digest="", earlier=50, nearest=[[other.pk, value] for other, value in earlier.items()],
        same_text=[other.pk for other in same_text], computed_at=timezone.now(),
    )  # fmt: skip
    for other, value in earlier.items():
        NearestEarlier.objects.create(paper_id=paper.pk, earlier=other, similarity=value)


def cites(citing: Paper, *cited: Paper) -> None:
    Citation.objects.bulk_create(Citation(citing=citing, cited=one) for one in cited)


def page_of(client: Client, paper: Paper, query: str = "") -> str:
    answer = client.get(paper.get_absolute_url() + query)
    assert answer.status_code == 200
    return answer.text


def test_nearest_earlier_and_later_papers_by_text(client: Client) -> None:
    first, second, draft, gone = (
        make_paper("First"),
        make_paper("Second"),
        make_paper("Secret", state="draft"),
        make_paper("Gone"),
    )
    middle, later = make_paper("Middle"), make_paper("Later", published=None, is_retracted=True)
    near(middle, {first: 0.4, gone: 0.39, draft: 0.38, second: 0.1}, same_text=(later,))
    near(later, {middle: 0.25})
    gone.delete()
    page = page_of(client, middle)
    assert in_order(
        page,
        "Same text, order unknown",
        "nearest earlier papers",
        ">First<",
        ">0.60<",
        ">Second<",
        ">0.90<",
        "later papers near it",
        ">Later<",
        "etracted",
        ">0.75<",
    )
    assert "Secret" not in page
    assert in_order(page_of(client, first), "later papers near it", ">Middle<", ">0.60<")


def test_a_computation_of_scores_leaves_pairs_that_lead_both_ways() -> None:
    papers = made(70)
    run_scores(today=TODAY)
    for paper in Paper.objects.filter(pk__in=[one.pk for one in papers[50:]]).select_related("distance"):
        listed = [row.paper.pk for row in related_to(paper).earlier]
        assert listed == [key for key, _ in paper.distance.nearest]
    pairs = {(row.paper_id, row.earlier_id) for row in NearestEarlier.objects.all()}
    assert pairs == {(row.pk, key) for row in PaperDistance.objects.all() for key, _ in row.nearest}
    some = papers[10]
    expected = sorted((-value, row.pk) for row in PaperDistance.objects.all() for key, value in row.nearest if key == some.pk)
    found = related_to(Paper.objects.select_related("distance").get(pk=some.pk)).later
    assert [row.paper.pk for row in found] == [pk for _, pk in expected[:10]]
    Paper.objects.filter(pk=papers[60].pk).delete()
    assert not NearestEarlier.objects.filter(paper=papers[60].pk).exists()


def test_shared_references_and_papers_cited_together(client: Client) -> None:
    old = [make_paper(f"Source {number}") for number in range(3)]
    one, other, stranger, draft = (
        make_paper("One"),
        make_paper("Other"),
        make_paper("Stranger"),
        make_paper("Secret", state="draft"),
    )
    for citing in (one, other, draft):
        cites(citing, *old)
    cites(stranger, old[0])
    cites(make_paper("Review"), one, other)
    page = page_of(client, one)
    (row,) = related_to(one).by_references
    assert (row.paper, row.shared, row.together) == (other, 3, 1)
    assert in_order(page, "By shared references", ">Other<")
    assert "Stranger" not in page.partition("By shared references")[2]
    assert "Secret" not in page


def test_related_papers_in_other_orders(client: Client) -> None:
    near_one = make_paper("Nearest", published=date(2010, 1, 1), cited_by_count=None)
    cited, new = (
        make_paper("Cited", published=date(2011, 1, 1), cited_by_count=90),
        make_paper("New", published=date(2012, 1, 1)),
    )
    paper = make_paper("Here")
    near(paper, {near_one: 0.9, cited: 0.5, new: 0.4})
    assert in_order(page_of(client, paper), ">Nearest<", ">Cited<", ">New<")
    assert in_order(page_of(client, paper, "?sort=publication_date:desc"), ">New<", ">Cited<", ">Nearest<")
    assert in_order(page_of(client, paper, "?sort=cited_by_count:desc"), ">Cited<", ">Nearest<", ">New<")
    assert "There is no such order" in page_of(client, paper, "?sort=%00nonsense")
    found = client.get(f"/api/v1/papers/{paper.public_id}/related?sort=publication_date:desc").json()
    assert [row["paper"]["display_name"] for row in found["results"]] == ["New", "Cited", "Nearest"]
    assert client.get(f"/api/v1/papers/{paper.public_id}/related?sort=nonsense").status_code == 400


def test_references_and_citing_papers_have_pages(client: Client) -> None:
    paper, old, new = make_paper("Here"), make_paper("Old", published=date(1999, 1, 1)), make_paper("New", cited_by_count=3)
    cites(paper, old, make_paper("Secret", state="draft"), new)
    cites(new, paper)
    for number in range(12):
        PendingReference.objects.create(citing=paper, scheme="doi", value=f"10.5555/{number}")
    page = page_of(client, paper)
    assert "Cited by 1 paper here" in page
    assert "2 of its references here" in page
    assert "12 more references are not in this catalogue" in page
    references = client.get(paper.get_absolute_url() + "references/").text
    assert in_order(references, "12 more references are not in this catalogue", "2 papers", ">New<", ">Old<")
    assert "Secret" not in references
    assert in_order(client.get(paper.get_absolute_url() + "references/?sort=publication_date").text, ">Old<", ">New<")
    assert ">New<" in client.get(paper.get_absolute_url() + "cited-by/").text
    assert "is not an order of this list" in client.get(paper.get_absolute_url() + "cited-by/?sort=x").text
    assert "No references are known here" in client.get(old.get_absolute_url() + "references/").text
    assert client.get(paper.get_absolute_url() + "references/?page=2").status_code == 404
    moved = client.get(f"/papers/{paper.public_id}/wrong/cited-by/?sort=title")
    assert (moved.status_code, moved["Location"]) == (301, paper.get_absolute_url() + "cited-by/?sort=title")


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_public_has_no_lists(client: Client, state: str) -> None:
    paper = make_paper(state=state)
    status = {"draft": 404, "withdrawn": 410}[state]
    for part in ("references/", "cited-by/", "charts/ai-score.csv"):
        assert client.get(paper.get_absolute_url() + part).status_code == status
    for part in ("related", "references", "citations"):
        assert client.get(f"/api/v1/papers/{paper.public_id}/{part}").status_code == status


def test_the_api_gives_references_citations_and_coauthors(client: Client) -> None:
    ada, bob = make_author("Ada Testwright"), make_author("Bob Exampleman")
    paper, other = make_paper("Here", authors=(ada, bob)), make_paper("There", authors=(ada,), published=None)
    third = make_paper("Third")
    cites(paper, other, third)
    for path in ("references?per-page=1&cursor=*", "references?per-page=1"):
        page = client.get(f"/api/v1/papers/{paper.public_id}/{path}").json()
        assert ([row["title"] for row in page["results"]], page["meta"]["count"]) == (["Third"], 2)
    cursor = page["meta"]["next_cursor"]
    page = client.get(f"/api/v1/papers/{paper.public_id}/references?per-page=1&cursor={cursor}").json()
    assert ([row["title"] for row in page["results"]], page["meta"]["next_cursor"]) == (["There"], None)
    assert [row["id"] for row in client.get(f"/api/v1/papers/{other.public_id}/citations").json()["results"]] == [
        paper.public_id
    ]
    (row,) = client.get(f"/api/v1/authors/{ada.public_id}/coauthors").json()["results"]
    assert (row["author"]["id"], row["papers_together"]) == (bob.public_id, 1)
    assert client.get("/api/v1/authors/A999999/coauthors").status_code == 404
    assert client.get(f"/api/v1/papers/{paper.public_id}/references?sort=nonsense&page=x").status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queries_do_not_grow_with_related_papers(client: Client, rows: int, django_assert_num_queries: Any) -> None:
    paper = make_paper("Here")
    near(paper, {make_paper(): 0.5 for _ in range(rows)})
    sources = [make_paper() for _ in range(rows + 1)]
    cites(paper, *sources)
    for _ in range(rows):
        other = make_paper()
        cites(other, *sources)
        cites(make_paper(), paper, other)
        near(other, {paper: 0.5})
    own_style.current()
    # As without related papers, and: who cites the same references, what is cited by the same papers, the papers themselves.
    with django_assert_num_queries(20):
        page_of(client, paper)
    # Paper, elsewhere, count, rows, first authors, institutions, links.
    with django_assert_num_queries(7):
        client.get(paper.get_absolute_url() + "references/")
