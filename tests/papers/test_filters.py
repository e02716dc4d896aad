"""The filters of the list of papers, as a reader uses them in the address."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from papers.models import PaperCategory
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue() -> dict[str, str]:
    """Three papers that differ in everything one can filter by."""
    ada, institute, venue = make_author("Ada Testwright"), make_institution("Example Institute"), make_venue("Example Days")
    first = make_paper("Graphs of Words", authors=(ada,), institutions=(institute,), venue=venue, category="cs.CL",
                       published=date(2020, 3, 1), has_code=True, doi="10.1234/first", type="article")  # fmt: skip
    make_paper("Words of Graphs", category="cs.LG", published=date(2021, 12, 31))
    third = make_paper("Something Else", category="cs.LG", published=date(2022, 1, 1), date_precision="year", is_retracted=True)
    PaperCategory.objects.create(paper=third, category_id="cs.CL")
    return {
        "author": ada.public_id,
        "institution": institute.public_id,
        "tag": institute.tag,
        "venue": venue.public_id,
        "first": first.public_id,
    }


def titles(client: Client, **asked: Any) -> set[str]:
    return {paper.title for paper in client.get("/papers/", asked).context["page"]}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"title": "graphs WORDS"}, {"Graphs of Words", "Words of Graphs"}),
        ({"title": "graphs nothing"}, set()),
        ({"category": "cs.CL"}, {"Graphs of Words", "Something Else"}),
        ({"year_from": "2021"}, {"Words of Graphs", "Something Else"}),
        ({"year_to": "2021"}, {"Graphs of Words", "Words of Graphs"}),
        ({"year_from": "2022", "year_to": "2022"}, {"Something Else"}),
        ({"has_code": "true"}, {"Graphs of Words"}),
        ({"has_code": "false"}, {"Words of Graphs", "Something Else"}),
        ({"is_retracted": "true"}, {"Something Else"}),
        ({"doi": "https://doi.org/10.1234/FIRST"}, {"Graphs of Words"}),
        ({"type": "article", "year_from": "2021"}, set()),
    ],
)
def test_filters(client: Client, catalogue: dict[str, str], asked: dict[str, str], found: set[str]) -> None:
    assert titles(client, **asked) == found


@pytest.mark.parametrize("name", ["author", "institution", "venue"])
def test_filters_by_public_id(client: Client, catalogue: dict[str, str], name: str) -> None:
    assert titles(client, **{name: catalogue[name]}) == {"Graphs of Words"}


@pytest.mark.parametrize(
    ("asked", "explanation"),
    [
        ({"year_from": "abc"}, "From year: Enter a whole number."),
        ({"year_to": "99999999"}, "To year: "),
        ({"category": "zz"}, "Category: “zz”"),
        ({"has_code": "perhaps"}, "With code: “perhaps”"),
        ({"institution": "P1"}, "Institution: “P1”"),
        ({"venue": "six"}, "Venue: “six”"),
        ({"author": "<b>"}, "Author: “&lt;b&gt;”"),
        ({"doi": "none"}, "DOI: "),
        ({"sort": "beauty"}, "“beauty” is not an order of this list"),
    ],
)
def test_a_bad_value_gives_an_empty_list_that_says_why(
    client: Client, catalogue: dict[str, str], asked: dict[str, str], explanation: str
) -> None:
    answer = client.get("/papers/", asked)
    assert answer.status_code == 200
    assert "0 papers" in answer.text
    assert explanation in answer.text


def test_an_error_stands_beside_its_field_with_the_value(client: Client) -> None:
    page = client.get("/papers/?year_from=abc").text
    field = page[page.index('<input type="text" name="year_from"') :][:600]
    assert 'value="abc"' in field
    assert 'aria-invalid="true"' in field
    assert "Enter a whole number." in field


def test_filters_in_use_are_named_and_can_be_taken_off_one_by_one(client: Client, catalogue: dict[str, str]) -> None:
    asked = {"category": "cs.CL", "institution": catalogue["institution"], "sort": "cited_by_count:desc", "page": "1"}
    active = client.get("/papers/", asked).context["active"]
    assert {taken.label: taken.text for taken in active} == {
        "Category": "CL",
        "Institution": catalogue["tag"],
    }
    assert active[0].without == f"?institution={catalogue['institution']}&sort=cited_by_count%3Adesc"


def test_several_values_of_one_filter_are_any_of_them_and_excluded_ones_none(client: Client, catalogue: dict[str, str]) -> None:
    assert titles(client, category=["cs.CL", "cs.LG"]) == {"Graphs of Words", "Words of Graphs", "Something Else"}
    assert titles(client, category="cs.CL|cs.LG", year_to="2021") == {"Graphs of Words", "Words of Graphs"}
    assert titles(client, category="!cs.CL") == {"Words of Graphs"}
    assert titles(client, category=["cs.LG", "!cs.CL"]) == {"Words of Graphs"}
    active = client.get("/papers/", {"category": ["cs.LG", "!cs.CL"]}).context["active"]
    assert [(taken.label, taken.text, taken.without) for taken in active] == [
        ("Category", "LG", "?category=%21cs.CL"),
        ("Category, not", "CL", "?category=cs.LG"),
    ]


def test_the_form_carries_along_what_it_does_not_show(client: Client, catalogue: dict[str, str]) -> None:
    page = client.get("/papers/", {"author": f"!{catalogue['author']}", "type": "article", "view": "compact"}).text
    assert f'<input type="hidden" name="author[]" value="!{catalogue["author"]}">' in page
    assert '<input type="hidden" name="type" value="article">' in page
    assert '<input type="hidden" name="view" value="compact">' in page


def test_a_facet_offers_what_is_chosen_even_when_no_paper_has_it(client: Client, catalogue: dict[str, str]) -> None:
    page = client.get("/papers/", {"venue": catalogue["venue"], "year_from": "2100"}).text
    assert re.search(rf'<input type="checkbox"[^>]* name="venue\[\]" value="{catalogue["venue"]}"[^>]* checked', page)


def test_a_facet_does_not_offer_what_is_excluded(client: Client, catalogue: dict[str, str]) -> None:
    page = client.get("/papers/", {"category": ["cs.LG", "!cs.CL"]}).text
    assert 'type="checkbox" name="category[]" value="cs.LG"' in page
    assert 'type="checkbox" name="category[]" value="cs.CL"' not in page


@pytest.mark.parametrize("kind", ["author", "institution", "venue"])
def test_what_is_not_public_is_not_named(client: Client, kind: str) -> None:
    record = {"author": make_author, "institution": make_institution, "venue": make_venue}[kind]("Secret Name")
    page = client.get("/papers/", {kind: record.public_id}).text
    assert "Secret" not in page
    assert record.public_id in page
