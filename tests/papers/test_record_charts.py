"""Charts of people, institutions and categories, and their figures as files."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from authors.models import SiteIdentity
from papers.charts import ring_graph, share_bars
from papers.models import AuthorMetrics
from tests.factories import make_author, make_institution, make_paper

pytestmark = pytest.mark.django_db


def lines(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return answer.text.removeprefix("\ufeff").splitlines()


def test_files_hold_what_the_charts_show(client: Client) -> None:
    ada, bob, lab = make_author("Ada Testwright"), make_author("=cmd()|Testwright"), make_institution()
    for year, category in ((2020, "cs.CL"), (2022, "cs.CL"), (2022, "cs.LG")):
        make_paper(authors=(ada, bob), institutions=(lab,), published=date(year, 1, 1), category=category)
    make_paper(authors=(ada,), institutions=(lab,), published=date(2022, 1, 1), is_retracted=True)
    AuthorMetrics.objects.filter(author=ada).update(citations_by_year={"2021": 4, "2023": 5})
    of_ada, of_lab = ada.get_absolute_url() + "charts/", lab.get_absolute_url() + "charts/"
    assert lines(client, of_ada + "papers-per-year.csv") == ["year,papers", "2020,1", "2022,2"]
    assert lines(client, of_ada + "citations-per-year.csv") == ["year,citations", "2021,4", "2023,5"]
    assert lines(client, of_lab + "categories.csv")[1:] == ["cs.CL,Computation and Language,2", "cs.LG,Machine Learning,1"]
    assert lines(client, of_ada + "co-authors.csv")[1:] == [f"{bob.public_id},'=cmd()|Testwright,3"]
    assert "2020,1" in lines(client, "/categories/cs.CL/charts/papers-per-year.csv")
    page = client.get(ada.get_absolute_url()).text
    for said in ("Papers per year", "Citations per year", of_ada + "citations-per-year.csv", "Categories of these papers"):
        assert said in page


def test_there_is_no_file_without_figures(client: Client) -> None:
    ada = make_author()
    make_paper(authors=(ada,))
    assert "There are no figures" in client.get(ada.get_absolute_url() + "charts/citations-per-year.csv").text
    for address in (
        ada.get_absolute_url() + "charts/x.csv",
        "/categories/no.NE/charts/categories.csv",
        "/authors/A99999/x/charts/x.csv",
    ):
        assert client.get(address).status_code == 404


def test_a_single_value_is_no_chart(client: Client) -> None:
    ada = make_author()
    make_paper(authors=(ada, make_author()))
    page = client.get(ada.get_absolute_url()).text
    assert "Categories of these papers" not in page
    assert "as a graph" not in page


def test_the_graph_says_who_writes_with_whom(client: Client) -> None:
    ada, bob, cyd, dee = (make_author(f"{name} Testwright") for name in ("Ada", "Bob", "Cyd", "Dee"))
    make_paper(authors=(ada, bob, cyd))
    make_paper(authors=(ada, bob, cyd))
    make_paper(authors=(ada, dee))
    make_paper(authors=(bob, dee))
    page = client.get(ada.get_absolute_url()).text
    assert "The closest 3 co-authors as a graph" in page
    row = page.partition("Writes most with")[2].partition("Bob Testwright</a></th><td>")[2].partition("</td>")[0]
    assert row == "Cyd Testwright (2)"


class Person:
    def __init__(self, pk: int) -> None:
        self.pk = pk

    def __str__(self) -> str:
        return f"Person {self.pk} of a very long double-barrelled name"


def test_the_ring_is_the_same_every_time_and_inside_its_frame() -> None:
    people = [(Person(pk), 30 - pk) for pk in range(1, 21)]
    graph, again = (ring_graph(people, {(1, 7): 3, (2, 20): 1}) for _ in range(2))
    assert graph
    assert [(node.x, node.y) for node in graph.nodes] == [(node.x, node.y) for node in again.nodes] if again else False
    assert [node.record.pk for node in graph.nodes][:2] == [1, 7]
    for node in graph.nodes:
        assert 0 < node.y < graph.height
        assert 0 < node.text_x < graph.width
        assert len(node.name) <= 27
    assert ring_graph(people[:2], {}) is None


def test_an_unknown_share_has_no_bar() -> None:
    full, half, unknown = share_bars([("a", 50.0), ("b", 25.0), ("c", None)])
    assert (full.width, half.width, unknown.value, unknown.width) == (100, 50, None, 0)
    assert share_bars([("a", 50.0)], top=100)[0].width == 50


@pytest.mark.parametrize("rows", [1, 3])
def test_the_profile_needs_the_same_queries_whatever_it_draws(
    client: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    ada = make_author()
    others = [make_author() for _ in range(3 * rows)]
    for number in range(rows + 1):
        make_paper(authors=(ada, *others), category="cs.CL" if number else "cs.LG", published=date(2000 + number, 1, 1))
    SiteIdentity.current()
    with django_assert_max_num_queries(40):
        client.get(ada.get_absolute_url())
