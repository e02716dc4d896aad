"""People and institutions through the API."""

from datetime import date
from typing import Any

import pytest

from authors.curation.redirects import leave_redirect
from authors.models import (
    Affiliation,
    Author,
    Institution,
    InstitutionAlias,
)
from papers.models import AuthorFigure
from tests.api import at_most, full_author, full_institution, get
from tests.factories import make_author, make_institution, make_paper

pytestmark = pytest.mark.django_db
AUTHOR_LIST_QUERIES = 9  # keys, rows, count, names, figures, ids, affiliations, their RORs, merges
INSTITUTION_LIST_QUERIES = 6  # keys, rows, count, RORs, the parents' RORs, figures


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [record["display_name"] for record in response.json()["results"]]


def test_record_of_a_person(client: Any) -> None:
    author = full_author()
    leave_redirect(kind="A", old_id=77700777, target_id=author.pk, reason="merged")
    record = get(client, f"authors/{author.public_id}").json()
    assert record["html_url"] == f"http://testserver/authors/{author.public_id}/ada-testwright-1/"
    assert record["alternative_names"] == ["A. Testwright"]
    assert record["ids"] == {"openalex": "https://openalex.org/A1"}
    assert record["orcid"] is None
    assert record["primary_category"]["id"] == "cs.CL"
    assert (record["works_count"], record["cited_by_count"], record["h_index"], record["i10_index"]) == (2, 12, 1, 1)
    assert record["papers_count"]["value"] == 2
    assert record["papers_count"]["origin"] == "computed"
    assert {name: record["citations"][name] for name in ("value", "n", "of")} == {"value": 12, "n": 1, "of": 2}
    assert record["counts_by_year"] == [
        {"year": 2024, "works_count": 0, "cited_by_count": 7},
        {"year": 2023, "works_count": 1, "cited_by_count": None},
        {"year": 2020, "works_count": 1, "cited_by_count": None},
    ]
    assert record["merged_from"] == ["A77700777"]
    assert client.get(record["papers_api_url"]).json()["meta"]["count"] == 2


def test_reported_figures_are_shown_and_computed_ones_stay(client: Any) -> None:
    author = full_author()
    about = {"subject": author, "origin": "reported", "source": "profile", "as_of": date(2026, 11, 12)}
    AuthorFigure.objects.create(name="papers", value=23, **about)
    AuthorFigure.objects.create(name="citations", value=93653, **about)
    AuthorFigure.objects.create(name="ai_score", value=37, **about)
    record = get(client, f"authors/{author.public_id}").json()
    assert record["papers_count"] == {
        "value": 23, "origin": "reported", "source": "profile", "as_of": "2026-11-12", "n": None, "of": None,
    }  # fmt: skip
    assert record["citations"]["value"] == 93653
    assert (record["works_count"], record["cited_by_count"]) == (2, 12)
    assert record["scores"]["ai_score"]["value"] == 37
    assert record["scores"]["novelty"] | {"reason": ""} == {
        "value": None, "reason": "", "origin": None, "source": None, "method": None, "version": None, "parts": {}, "n": None,
        "computed_at": None, "stale": None,
    }  # fmt: skip


def test_person_without_papers_has_no_invented_figures(client: Any) -> None:
    author = make_author(visibility=Author.Visibility.PUBLIC)
    record = get(client, f"authors/{author.public_id}").json()
    for name in ("cited_by_count", "h_index", "i10_index", "primary_category", "orcid"):
        assert record[name] is None, name
    assert record["works_count"] == record["papers_count"]["value"] == 0  # counted here: there is none
    assert record["citations"]["value"] is None


def test_every_id_in_an_answer_can_be_asked_for(client: Any) -> None:
    author = full_author()
    stay = get(client, f"authors/{author.public_id}").json()["affiliations"][0]
    assert stay["start_year"] == 2020
    institution = get(client, f"institutions/{stay['institution']['id']}").json()
    assert institution["parent"]["display_name"] == "Example University 1"
    assert institution["parent"]["id"] is None  # no paper names it, so it has no record
    make_paper(institutions=(Institution.objects.get(name="Example University 1"),))
    parent = get(client, f"institutions/{institution['id']}").json()["parent"]["id"]
    assert get(client, f"institutions/{parent}").status_code == 200


@pytest.mark.parametrize("visibility", [Author.Visibility.HIDDEN, Author.Visibility.AUTOMATIC])
def test_people_who_are_not_public_are_nowhere(client: Any, visibility: str) -> None:
    author = make_author("Canary Person", orcid="0000-0002-1825-0097", visibility=visibility)
    if visibility == Author.Visibility.HIDDEN:
        make_paper(authors=(author,))
    make_paper(authors=(author,), state="draft")
    for path in (f"authors/{author.public_id}", "authors/orcid:0000-0002-1825-0097"):
        assert get(client, path).status_code == 404
    for query in ("", "?search=canary", "?name=canary", "?orcid=0000-0002-1825-0097"):
        assert names(get(client, f"authors{query}")) == []


def test_hidden_names_find_nobody(client: Any) -> None:
    full_author()
    assert names(get(client, "authors?search=former")) == []
    assert names(get(client, "authors?search=testwright+a")) == ["Ada Testwright 1"]


def test_merged_person(client: Any) -> None:
    author = full_author()
    leave_redirect(kind="A", old_id=77700777, target_id=author.pk, reason="merged")
    response = get(client, "authors/A77700777")
    assert response.status_code == 301
    assert response["Location"].endswith(f"/api/v1/authors/{author.public_id}")
    Author.objects.update(visibility=Author.Visibility.HIDDEN)
    assert get(client, "authors/A77700777").status_code == 404


@pytest.mark.parametrize("id_", ["orcid:0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"])
def test_person_is_found_by_orcid(client: Any, id_: str) -> None:
    author = make_author(orcid="0000-0002-1825-0097")
    make_paper(authors=(author,))
    record = get(client, f"authors/{id_}").json()
    assert (record["id"], record["orcid"]) == (author.public_id, "https://orcid.org/0000-0002-1825-0097")
    assert names(get(client, f"authors?orcid={id_}")) == [author.display_name]


def test_people_are_filtered_and_sorted(client: Any) -> None:
    anne, zoe = make_author("Anne Abel"), make_author("Zoe Zimt")
    lab = make_institution()
    make_paper(authors=(zoe,), category="cs.LG", cited_by_count=3)
    make_paper(authors=(zoe,), category="cs.LG")
    make_paper(authors=(anne,), cited_by_count=9)
    Affiliation.objects.create(author=anne, institution=lab)
    assert names(get(client, "authors")) == ["Zoe Zimt", "Anne Abel"]
    assert names(get(client, "authors?sort=display_name")) == ["Anne Abel", "Zoe Zimt"]
    assert names(get(client, "authors?sort=cited_by_count:desc")) == ["Anne Abel", "Zoe Zimt"]
    assert names(get(client, "authors?category=cs.LG")) == ["Zoe Zimt"]
    assert names(get(client, f"authors?institution={lab.public_id}")) == ["Anne Abel"]


def test_institution(client: Any) -> None:
    institution = full_institution()
    InstitutionAlias.objects.create(institution=institution, name="Beispiel")
    record = get(client, f"institutions/{institution.public_id}").json()
    assert record["html_url"] == f"http://testserver/institutions/{institution.public_id}/example-lab-1/"
    assert (record["tag"], record["country_code"], record["type"]) == (institution.tag, "NZ", "facility")
    assert (record["works_count"], record["cited_by_count"]) == (1, None)
    for query in ("search=beispiel", "country=nz", "kind=facility", "ror=https://ror.org/05gq02981", "name=lab"):
        assert get(client, f"institutions?{query}").json()["results"] == [record], query
    for id_ in ("ror:05gq02981", "https://ror.org/05gq02981"):
        assert get(client, f"institutions/{id_}").json() == record
    assert names(get(client, "institutions?country=DE")) == []


@pytest.mark.parametrize("path", [
    "authors?orcid=0000-0000-0000-0001", "authors?orcid=%00", "authors?sort=h_index", "authors?name=" + "x" * 6000,
    "institutions?ror=x", "institutions?kind=compny", "institutions?country=NZL", "institutions?institution=I1",
])  # fmt: skip
def test_what_cannot_be_is_refused(client: Any, path: str) -> None:
    response = get(client, path)
    assert response.status_code == 400
    assert response.json()["errors"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("size", [1, 25])
def test_queries_do_not_grow_with_the_rows(client: Any, django_assert_num_queries: Any, rows: int, size: int) -> None:
    authors = [full_author(number) for number in range(1, rows + 1)]
    with django_assert_num_queries(AUTHOR_LIST_QUERIES):
        get(client, f"authors?per-page={size}&sort=display_name")
    with django_assert_num_queries(AUTHOR_LIST_QUERIES - 2):
        get(client, f"authors/{authors[0].public_id}")
    with django_assert_num_queries(INSTITUTION_LIST_QUERIES):
        get(client, f"institutions?per-page={size}")
    with django_assert_num_queries(INSTITUTION_LIST_QUERIES - 2):
        get(client, "institutions/ror:05gq02981")


@pytest.mark.parametrize("rows", [2, 4])
def test_queries_of_a_walk_do_not_grow_with_the_rows(client: Any, rows: int) -> None:
    for number in range(1, rows + 1):
        full_author(number)
    following = get(client, "authors?cursor=*&per-page=1").json()["meta"]["next_cursor"]
    with at_most(2 * AUTHOR_LIST_QUERIES):  # the rest of the rows with the same value, then the others
        assert names(get(client, f"authors?cursor={following}"))
