"""People and institutions side by side; top lists only where the owner wants them."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from authors.curation.models import Redirect
from authors.models import Author, SiteIdentity
from papers.metrics.refreshing import refresh_authors
from papers.models import AuthorFigure, PaperFigure
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Author]:
    ada, ben, cyd, dee = (make_author(f"{name} Testwright") for name in ("Ada", "Ben", "Cyd", "Dee"))
    venue = make_venue("Example Conference")
    make_paper("Together", authors=(ada, ben), cited_by_count=12, venue=venue)
    make_paper("Alone", authors=(ada,), cited_by_count=3, published=date(2021, 5, 1), category="cs.LG")
    make_paper("Elsewhere", authors=(cyd, dee))
    return [ada, ben, cyd, dee]


def compare(client: Client, *ids: str, **more: str) -> str:
    answer = client.get("/compare/", {"id": list(ids), **more})
    assert answer.status_code == 200
    return answer.text


def test_figures_stand_side_by_side_and_unknown_is_said(client: Client, people: list[Author]) -> None:
    AuthorFigure.objects.create(subject=people[0], name="ai_score", origin="computed", value=61.4, n=4, parts={"papers": 5})
    page = compare(client, *(person.public_id for person in people))
    assert "<strong>15</strong>" in page  # citations of the first
    assert "unknown" in page  # of the third nothing is known
    assert "<strong>61</strong>" in page
    assert "Ada Testwright and Ben Testwright: 1" in page
    assert "Example Conference" in page
    assert '<a href="/categories/cs.LG/">cs.LG</a>' in page


def test_an_address_may_list_ids_and_each_is_removed_by_a_link(client: Client, people: list[Author]) -> None:
    first, second, *_ = (person.public_id for person in people)
    page = client.get("/compare/", {"id": f"{first},{second}"}).text
    assert f'href="?id={second}"' in page
    assert "At least" not in page


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["A1x"], "is no person’s and no institution’s id"),
        (["P1"], "is no person’s and no institution’s id"),
        (["A999999"], "No public author has the id A999999."),
        (["A99999999999999999999999"], "is no person’s and no institution’s id"),
        (["\0<script>"], "&lt;script&gt;"),
    ],
)
def test_what_cannot_be_compared_is_said(client: Client, ids: list[str], said: str) -> None:
    page = compare(client, *ids)
    assert said in page
    assert "<script>" not in page.replace("<script src", "")


def test_people_are_compared_with_people_four_at_most_and_hidden_ones_with_nobody(client: Client, people: list[Author]) -> None:
    institution = make_institution("Example Institute")
    make_paper("There", institutions=(institution,))
    assert "is no author: people are compared with people." in compare(client, people[0].public_id, institution.public_id)
    fifth = make_author("Eve Testwright")
    make_paper("Fifth", authors=(fifth,))
    page = compare(client, *(person.public_id for person in [*people, fifth]))
    assert "At most 4 stand side by side" in page
    assert "Eve Testwright" not in page
    Author.objects.filter(pk=people[1].pk).update(visibility="hidden")
    page = compare(client, people[0].public_id, people[1].public_id)
    assert "Ben Testwright" not in page


def test_a_merged_person_is_followed(client: Client, people: list[Author]) -> None:
    Redirect.objects.create(kind="A", old_id=777, target_id=people[1].pk, reason="merged")
    page = compare(client, people[0].public_id, "A777")
    assert "Ben Testwright" in page


def test_somebody_is_added_by_name(client: Client, people: list[Author]) -> None:
    page = compare(client, people[0].public_id, add="cyd testwright")
    assert f"id={people[0].public_id}&amp;add={people[2].public_id}" in page
    page = compare(client, people[0].public_id, add=people[2].public_id)
    assert "Ada Testwright and Cyd Testwright: 0" in page
    assert "Nobody and nothing here is called “Nobody Atall”." in compare(client, people[0].public_id, add="Nobody Atall")


def test_institutions_too(client: Client) -> None:
    first, second = make_institution("Example Institute"), make_institution("Sample University")
    make_paper("Both", institutions=(first, second), cited_by_count=4)
    page = compare(client, first.public_id, second.public_id)
    assert "Example Institute and Sample University: 1" in page


def test_comparing_takes_the_same_queries_for_two_as_for_four(
    client: Client, people: list[Author], django_assert_num_queries: Any
) -> None:
    client.get("/compare/")  # the site's identity
    ids = [person.public_id for person in people]
    for some in (ids[:2], ids):
        # A redirect is looked for by each id; people, figures, categories and venues with their names, papers in common.
        with django_assert_num_queries(7 + len(some)):
            compare(client, *some)


# --- top lists ---------------------------------------------------------------------------------------------------------------


def test_there_are_no_top_lists_unless_the_owner_wants_them(client: Client, people: list[Author]) -> None:
    assert client.get("/top/").status_code == 404
    SiteIdentity.current().save()
    assert client.get("/top/people-by-citations/").status_code == 404


def test_top_lists_rank_what_is_public(client: Client, people: list[Author]) -> None:
    site = SiteIdentity.current()
    site.top_lists = True
    site.save()
    for place, person in enumerate(people):
        AuthorFigure.objects.create(subject=person, name="ai_score", origin="computed", value=50 + place)
    Author.objects.filter(pk=people[3].pk).update(visibility="hidden")
    Author.objects.filter(pk=people[2].pk).update(scores_hidden=True)
    refresh_authors([person.pk for person in people])
    page = client.get("/top/people-by-ai-score/").text
    assert page.index("Ben Testwright") < page.index("Ada Testwright")
    assert "Cyd Testwright" not in page
    assert "Dee Testwright" not in page
    assert '<td class="number">15</td>' in client.get("/top/").text
    paper = make_paper("A $x^2$ Paper")
    PaperFigure.objects.create(subject=paper, name="ai_score", origin="computed", value=50)
    for name in ("papers-by-ai-score", "papers-by-citations", "institutions-by-citations", "people-by-h-index"):
        assert client.get(f"/top/{name}/").status_code == 200
    assert client.get("/top/papers-by-luck/").status_code == 404
