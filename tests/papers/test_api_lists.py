"""Lists of papers, venues and categories through the API: filters, order, pages, refusals."""

from datetime import date
from typing import Any

import pytest

from papers.ordering import PAPERS
from tests.api import at_most, full_paper, get, refusal, titles
from tests.factories import make_author, make_category, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
# count; places; rows, authorships, ORCIDs, affiliations, institutions, RORs, categories, ids, links, years, figures
LIST_QUERIES = 13
DETAIL_QUERIES = 11  # the same without count and places


# --- Lists ----------------------------------------------------------------------------------------------------------------


def test_lists_page_through_all_rows_in_order(client: Any) -> None:
    for day in range(1, 8):
        make_paper(f"Day {day}", published=date(2023, 1, day))
    seen = []
    for page in (1, 2, 3):
        body = get(client, f"papers?page={page}&per-page=3&sort=publication_date").json()
        following = body["meta"].pop("next_cursor")
        assert body["meta"] == {"count": 7, "count_relation": "eq", "page": page, "per_page": 3}
        assert (following is None) == (page == 3)
        seen += [record["title"] for record in body["results"]]
    assert seen == [f"Day {day}" for day in range(1, 8)]


def test_page_after_the_last_is_empty(client: Any) -> None:
    make_paper()
    assert titles(get(client, "papers?page=2")) == []


@pytest.mark.parametrize(("query", "expected"), [
    ("title=neural", ["Neural One"]), ("search=ONE+neural", ["Neural One"]), ("category=cs.LG", ["Other Two"]),
    ("year_from=2021", ["Other Two"]), ("year-to=2020", ["Neural One"]), ("has_code=true", ["Other Two"]),
    ("doi=https://doi.org/10.5555/ONE", ["Neural One"]), ("author=A999", []), ("institution=I999", []), ("venue=V999", []),
    ("is_retracted=false&sort=publication_date:asc", ["Neural One", "Other Two"]), ("per_page=1", ["Other Two"]),
])  # fmt: skip
def test_papers_are_filtered(client: Any, query: str, expected: list[str]) -> None:
    make_paper("Neural One", published=date(2020, 5, 1), doi="10.5555/one")
    make_paper("Other Two", published=date(2021, 5, 1), category="cs.LG", has_code=True)
    assert titles(get(client, f"papers?{query}")) == expected


def test_papers_of_a_person_an_institution_and_a_venue(client: Any) -> None:
    author, lab, venue = make_author(), make_institution(), make_venue()
    make_paper("Wanted", authors=(author,), institutions=(lab,), venue=venue)
    make_paper("Other")
    for query in (f"author={author.public_id}", f"institution={lab.public_id}", f"venue={venue.public_id}"):
        assert titles(get(client, f"papers?{query}")) == ["Wanted"]


def test_most_cited_papers_come_first_and_unknown_counts_last(client: Any) -> None:
    for title, count in (("Few", 1), ("Unknown", None), ("Many", 9)):
        make_paper(title, cited_by_count=count)
    assert titles(get(client, "papers?sort=cited_by_count:desc")) == ["Many", "Few", "Unknown"]


@pytest.mark.parametrize(("query", "parameter", "told"), [
    ("sorts=x", "sorts", "Did you mean “sort”?"), ("per=5", "per", "per-page"), ("PAGE=1", "PAGE", "Valid are"),
    ("format=xml", "format", "Valid are"),
    ("sort=cited", "sort", "Did you mean “cited_by_count:desc”?"), ("sort=password", "sort", "publication_date:desc"),
    ("page=0", "page", "from 1"), ("page=abc", "page", "abc"), ("page=-1", "page", "-1"), ("page=1.5", "page", "1.5"),
    ("page=" + "9" * 30, "page", "10000"), ("page=%C2%B2", "page", "²"), ("per-page=201", "per_page", "200"),
    ("per_page=abc", "per_page", "abc"), ("page=401", "page", "first 10,000 rows"), ("page=51&per-page=200", "page", "50"),
    ("year_from=0", "year_from", "1400"), ("year_from=10000", "year_from", "2200"), ("year_to=99999999999", "year_to", "2200"),
    ("year_from=1e999", "year_from", "year_from"), ("year_from=NaN", "year_from", "number"),
    ("year_from=2000.5", "year_from", "whole number"), ("year_from=2e3", "year_from", "whole number"),
    ("year_from=2_000", "year_from", "whole number"), ("year_from=2000.0", "year_from", "whole number"),
    ("year_from=2001&year_from=2002", "year_from", "once"), ("per-page=5&per_page=5", "per_page", "once"),
    ("category=cs.XX", "category", "cs.XX"), ("category=%00", "category", "not text"), ("title=a%00b", "title", "not text"),
    ("search=%00", "search", "not text"), ("type=%00", "type", "not text"), ("search=", "search", "no value"),
    ("title=+", "title", "no value"), ("search=" + "x" * 6000, "search", "1000"), ("title=" + "x" * 6000, "title", "300"),
    ("category=" + "x" * 6000, "category", "category"), ("institution=P1", "institution", "I12"),
    ("institution=I" + "9" * 30, "institution", "20"), ("venue=6", "venue", "V12"), ("has_code=maybe", "has_code", "maybe"),
    ("category=cs.CL%7Ccs.XX", "category", "cs.XX"), ("category=cs.CL%7C", "category", "empty place"),
    ("venue=!", "venue", "empty place"), ("author=A1%7CI1", "author", "A12"),
    ("institution=" + "%7C".join(f"I{n}" for n in range(1, 102)), "institution", "At most 100"),
    ("cited_by_count=many", "cited_by_count", "range"), ("cited_by_count=" + "9" * 400, "cited_by_count", "40"),
    ("doi=nonsense", "doi", "DOI"), ("arxiv=nonsense", "arxiv", "arXiv"), ("author=%ff", "author", "A12"),
    ("x" * 6000 + "=1", "x" * 60 + "…", "no parameter"),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_name(client: Any, query: str, parameter: str, told: str) -> None:
    body = refusal(get(client, f"papers?{query}"))
    assert body["errors"][0]["parameter"] == parameter
    assert told in body["errors"][0]["detail"]
    assert len(body["detail"]) <= 500
    assert "query parameters" in body["error"]  # the words that pyalex looks for


def test_refusal_lists_every_fault_and_the_valid_words(client: Any) -> None:
    errors = refusal(get(client, "papers?sort=x&page=x&year_from=x"))["errors"]
    assert [error["parameter"] for error in errors] == ["page", "year_from", "sort"]
    assert errors[2]["allowed"] == list(PAPERS)
    assert "category" in refusal(get(client, "papers?nope=1"))["errors"][0]["allowed"]


def test_single_records_take_the_parameters_of_fields_alone(client: Any) -> None:
    paper = make_paper()
    assert refusal(get(client, f"papers/{paper.public_id}?page=1"))["errors"][0]["allowed"] == ["select", "omit", "include"]
    assert refusal(get(client, "categories/cs.CL?x=1"))["errors"][0]["allowed"] == ["select", "omit"]
    for path in ("?x=1", "schema?x=1"):
        assert "takes no parameters" in refusal(get(client, path))["detail"]


def test_a_thousand_parameters_are_refused(client: Any) -> None:
    refusal(get(client, "papers?" + "&".join(f"p{n}=1" for n in range(1500))))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("size", [1, 25])
def test_queries_do_not_grow_with_the_rows(client: Any, django_assert_num_queries: Any, rows: int, size: int) -> None:
    papers = [full_paper(number) for number in range(1, rows + 1)]
    with at_most(LIST_QUERIES):
        get(client, f"papers?per-page={size}")
    with django_assert_num_queries(DETAIL_QUERIES):
        get(client, f"papers/{papers[0].public_id}")
    for path in ("venues", "categories"):
        with django_assert_num_queries(3):  # keys, rows, count
            get(client, f"{path}?per-page={size}")
    for path in (f"venues/{papers[0].venue.public_id}", "categories/cs.CL"):
        with django_assert_num_queries(1):
            get(client, path)


# --- Venues and categories ---------------------------------------------------------------------------------------------


def test_venue(client: Any) -> None:
    venue = make_venue("Example Journal", type="journal", default_category=make_category("cs.LG"))
    make_paper(venue=venue)
    record = get(client, f"venues/{venue.public_id}").json()
    assert record == {
        "id": venue.public_id, "html_url": f"http://testserver/venues/{venue.public_id}/example-journal/",
        "display_name": "Example Journal", "type": "journal", "default_category": "cs.LG", "works_count": 1,
        "counts_by_year": [{"year": 2023, "works_count": 1, "cited_by_count": None}],
    }  # fmt: skip
    assert get(client, "venues?search=journal&type=journal&sort=display_name").json()["results"] == [record]
    assert get(client, "sources").json()["results"] == [record]
    assert refusal(get(client, "venues?type=jurnal"))["errors"][0]["detail"].endswith("Did you mean “journal”?")


def test_category(client: Any) -> None:
    make_paper()
    record = get(client, "categories/cs.CL").json()
    assert record == {
        "id": "cs.CL", "html_url": "http://testserver/categories/cs.CL/", "code": "CL",
        "display_name": "Computation and Language", "group": "Computer Science", "works_count": 1,
        "counts_by_year": [{"year": 2023, "works_count": 1, "cited_by_count": None}],
    }  # fmt: skip
    assert get(client, "categories?search=language&sort=works_count:desc").json()["results"][0] == record
    assert get(client, "topics/cs.CL").json() == record


@pytest.mark.parametrize("words", ["language+computation", "LANGUAGE+comput", "cs.CL+computation"])
def test_categories_are_found_by_every_word_in_any_order(client: Any, words: str) -> None:
    found = [record["id"] for record in get(client, f"categories?search={words}").json()["results"]]
    assert "cs.CL" in found
    assert "cs.LG" not in found
    assert get(client, f"categories?search={words}+nowhere").json()["results"] == []
