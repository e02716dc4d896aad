"""Searching through the API: the grammar, walks by cursor, counts by group, suggestions."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from authors.models import Author
from papers.models import Paper
from papers.ordering import AUTHORS, CATEGORIES, INSTITUTIONS, PAPERS, VENUES
from papers.search import finding, relevance
from tests.api import at_most, get, refusal, titles
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
SUGGESTION_QUERIES = 25  # of all kinds: each look-up, its records, what their hints say, their identifiers
GROUP_QUERIES = 4  # total, count, facets, names
SORTS = {"papers": PAPERS, "authors": AUTHORS, "institutions": INSTITUTIONS, "venues": VENUES, "categories": CATEGORIES}


@pytest.fixture
def catalogue() -> None:
    ada, bob = make_author("Ada Testwright"), make_author("Bob Exampleman")
    lab, journal = make_institution("Example Laboratory"), make_venue("Journal of Examples")
    make_paper(
        "Scaling laws for graphs", authors=(ada,), institutions=(lab,), venue=journal, published=date(2020, 1, 1),
        cited_by_count=120, has_code=True,
    )  # fmt: skip
    make_paper("Graphs of language", authors=(ada, bob), published=date(2021, 1, 1), cited_by_count=7, category="cs.LG")
    make_paper(
        "Language models", authors=(bob,), published=date(2022, 1, 1), abstract="We fine-tune graphs.", doi="10.5555/three"
    )


# --- The grammar --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "expected"), [
    ("search=graphs&sort=title", ["Graphs of language", "Language models", "Scaling laws for graphs"]),
    ("search=title.search:graphs", ["Graphs of language", "Scaling laws for graphs"]),
    ("search=graphs+-language", ["Scaling laws for graphs"]), ('search="scaling+laws"', ["Scaling laws for graphs"]),
    ("search=scaling+OR+fine-tune", ["Language models", "Scaling laws for graphs"]),
    ('search=author:"exampleman+bob"', ["Graphs of language", "Language models"]),
    ("search=publication_year:2021-2022", ["Graphs of language", "Language models"]),
    ("search=cited_by_count:>100", ["Scaling laws for graphs"]), ("search=has_code:true", ["Scaling laws for graphs"]),
    ("search=doi:10.5555/THREE", ["Language models"]), ("search=doi:10.5555/nobody", []), ("search=category:nowhere", []),
    ("search=the", []), ("search=%22", []), ("search=%F0%9F%98%80", []), ("search=OR+AND+-", []), ("search=((((", []),
    ("category=cs.LG%7Ccs.CL", ["Graphs of language", "Language models", "Scaling laws for graphs"]),
    ("category=!cs.LG", ["Language models", "Scaling laws for graphs"]),
    ("category=cs.CL&search=language", ["Language models"]),
    ("cited_by_count=7-120", ["Graphs of language", "Scaling laws for graphs"]),
    ("cited_by_count=>7", ["Scaling laws for graphs"]), ("cited_by_count=<=7", ["Graphs of language"]),
    ("cited_by_count=" + "9" * 40, []), ("cited_by_count=<0", []), ("search=journal+examples", ["Scaling laws for graphs"]),
])  # fmt: skip
def test_papers_are_searched_by_the_whole_grammar(catalogue: None, client: Any, query: str, expected: list[str]) -> None:
    assert sorted(titles(get(client, f"papers?{query}"))) == expected


def test_a_search_for_words_begins_with_the_best_match_and_a_list_with_the_newest(catalogue: None, client: Any) -> None:
    assert titles(get(client, "papers?search=graphs"))[0] == "Scaling laws for graphs"
    assert titles(get(client, "papers?search=has_code:false"))[0] == "Language models"
    assert titles(get(client, "papers"))[0] == "Language models"
    assert titles(get(client, "papers?search=graphs&sort=publication_date:desc"))[0] == "Language models"


@pytest.mark.parametrize(("search", "told"), [
    ("nosuchfield:3", "nosuchfield"), ("publication_year:soon", "soon"), ("has_code:perhaps", "perhaps"),
    ("doi:nonsense", "nonsense"), ("from_publication_date:2021-13-45", "2021-13-45"), ("word cites:lots", "lots"),
    ("graphs OR cited_by_count:>5", "OR"), ("-cites:>5", "minus"), ("x" * 1001, "1000"), ("nosuchfield:the", "nosuchfield"),
    (" ".join(f"w{n}" for n in range(60)), "40"),
])  # fmt: skip
def test_what_a_page_would_leave_out_is_refused(client: Any, search: str, told: str) -> None:
    errors = refusal(get(client, f"papers?search={quote(search)}"))["errors"]
    assert [error["parameter"] for error in errors] == ["search"] * len(errors)
    assert told in errors[0]["detail"]


@pytest.mark.parametrize("search", [
    '"' * 999, "(" * 1000, "-" * 1000, "a:" * 500, "cites:" + "9" * 900, "cites:1-" + "9" * 900, "year:0-99999999999999999999",
    "\\", "%", "*", "' OR 1=1 --", "§all", "NEAR(a b)", "{a}", "^a", "👩‍👩‍👧",
])  # fmt: skip
def test_hostile_searches_give_an_answer(catalogue: None, client: Any, search: str) -> None:
    for path in ("papers?", "papers?group_by=author&", "authors?", "institutions?", "venues?", "categories?"):
        response = get(client, f"{path}search={quote(search)}")
        assert response.status_code in (200, 400), (path, response.content)
    assert get(client, f"autocomplete?q={quote(search)}").status_code in (200, 400)


def test_people_and_institutions_are_found_by_any_variant_of_their_names(client: Any) -> None:
    make_paper(authors=(make_author("José Ångström Testwright"),), institutions=(make_institution("École Exemplaire"),))
    for words in ("testwright+jose", "J.+Testwright", "ANGSTROM"):
        assert get(client, f"authors?search={words}").json()["meta"]["count"] == 1, words
    assert get(client, "authors?search=testwright+bob").json()["results"] == []
    assert get(client, "institutions?search=exemplaire+ecole").json()["meta"]["count"] == 1


# --- Walks by cursor ----------------------------------------------------------------------------------------------------


def walk(client: Any, path: str, *, meanwhile: Callable[[int], None] | None = None) -> list[str]:
    """The ids of a walk to the end; `meanwhile` is called after each page with its number."""
    seen: list[str] = []
    cursor, page = "*", 0
    while cursor:
        page += 1
        body = get(client, f"{path}{'&' if '?' in path else '?'}per-page=3&cursor={cursor}").json()
        assert body["meta"]["page"] is None
        assert page < 50
        seen += [record["id"] for record in body["results"]]
        cursor = body["meta"]["next_cursor"]
        if meanwhile:
            meanwhile(page)
    return seen


def fill(count: int = 10) -> None:
    """Many rows with the same values, so that the key alone tells them apart."""
    for number in range(count):
        author, lab = make_author(f"Ada Testwright {number % 4}"), make_institution(f"Example Lab {number % 4}")
        make_paper(
            f"Graph {number % 4}", authors=(author,), institutions=(lab,), venue=make_venue(f"Example {number % 4}"),
            published=date(2020, 1, 1 + number % 3), cited_by_count=None if number % 3 else number % 2,
            abstract="graph " * (number % 5),
        )  # fmt: skip


@pytest.mark.parametrize(("name", "sort"), [(name, sort) for name, sorts in SORTS.items() for sort in sorts])
def test_a_walk_meets_what_the_pages_hold(client: Any, name: str, sort: str) -> None:
    fill()
    path = f"{name}?sort={sort}" + ("&search=cs.C" if name == "categories" else "")
    whole = [record["id"] for record in get(client, f"{path}&per-page=200").json()["results"]]
    assert len(whole) > 3
    assert walk(client, path) == whole


def test_page_numbers_lead_into_the_walk(client: Any) -> None:
    fill()
    whole = [record["id"] for record in get(client, "papers?search=graph").json()["results"]]
    first = get(client, "papers?search=graph&page=2&per-page=2").json()
    rest = get(client, f"papers?search=graph&cursor={first['meta']['next_cursor']}").json()
    assert [record["id"] for record in first["results"] + rest["results"]] == whole[2:]
    assert rest["meta"]["next_cursor"] is None


@pytest.mark.parametrize("path", ["papers?sort=title", "papers?sort=cited_by_count:desc", "papers?search=graph", "papers"])
@pytest.mark.parametrize("window", [5, 1000])
def test_no_paper_comes_twice_or_is_missed_while_others_come_and_go(
    client: Any, monkeypatch: pytest.MonkeyPatch, path: str, window: int
) -> None:
    for name in ("CANDIDATES", "IN_TITLE", "ONE_IN_TITLE"):
        monkeypatch.setattr(relevance, name, window)
    fill(12)
    before = list(Paper.objects.order_by("pk"))
    victims = before[::4]

    def disturb(page: int) -> None:
        """New papers before and behind the walk, and one less, after the first pages: else it would never be over."""
        if page <= len(victims):
            make_paper("Graph 0", published=date(2024, 1, 1), cited_by_count=5000)
            make_paper("Graph 9", published=date(1990, 1, 1))
            Paper.objects.filter(pk=victims[page - 1].pk).update(state="withdrawn")

    seen = walk(client, path, meanwhile=disturb)
    assert len(seen) == len(set(seen))
    assert {paper.public_id for paper in before} - {paper.public_id for paper in victims} <= set(seen)


@pytest.mark.parametrize("sort", list(AUTHORS))
def test_no_person_comes_twice_or_is_missed_while_others_come_and_go(client: Any, sort: str) -> None:
    fill(12)
    before = list(Author.objects.order_by("pk"))
    victims = before[::4]

    def disturb(page: int) -> None:
        if page <= len(victims):
            make_paper(authors=(make_author("Ada Testwright 0"),), cited_by_count=900)
            make_paper(authors=(make_author("Zoe Testwright"),))
            Author.objects.filter(pk=victims[page - 1].pk).update(visibility=Author.Visibility.HIDDEN)

    seen = walk(client, f"authors?sort={sort}", meanwhile=disturb)
    assert len(seen) == len(set(seen))
    assert {author.public_id for author in before} - {author.public_id for author in victims} <= set(seen)


@pytest.mark.parametrize(("name", "other"), [
    ("papers?sort=title", "papers?sort=publication_date"), ("papers?search=graph", "papers?search=graphs"),
    ("papers?category=cs.CL", "papers"), ("authors", "institutions"), ("authors", "authors?name=ada"),
])  # fmt: skip
def test_a_cursor_serves_for_its_own_list_alone(client: Any, name: str, other: str) -> None:
    fill(4)
    cursor = get(client, f"{name}{'&' if '?' in name else '?'}cursor=*&per-page=1").json()["meta"]["next_cursor"]
    join = "&" if "?" in other else "?"
    assert refusal(get(client, f"{other}{join}cursor={cursor}"))["errors"][0]["parameter"] == "cursor"
    for bad in ("x", cursor[:-1], cursor + "A", "%00", "**", "é"):
        refusal(get(client, f"{name}{'&' if '?' in name else '?'}cursor={bad}"))


def test_cursor_of_an_alias_and_in_another_size(client: Any) -> None:
    fill(4)
    cursor = get(client, "papers?cursor=*&per-page=1").json()["meta"]["next_cursor"]
    assert len(get(client, f"works?cursor={cursor}&per_page=200&sort=publication_date:desc").json()["results"]) == 3


def test_a_name_of_any_length_and_script_can_be_walked_past(client: Any) -> None:
    for number in range(4):
        make_paper("結" * 300 + str(number), venue=make_venue("".join(chr(0x4E00 + n + number) for n in range(390))))
    assert len(walk(client, "papers?sort=title")) == 4
    first = get(client, "venues?sort=display_name&cursor=*&per-page=1").json()["meta"]["next_cursor"]
    assert len(get(client, f"venues?sort=display_name&cursor={first}").json()["results"]) == 3


def test_two_ways_to_page_at_once_are_refused(client: Any) -> None:
    assert refusal(get(client, "papers?page=1&cursor=*"))["errors"][0]["code"] == "conflict"


def test_walk_of_nothing_ends_at_once(client: Any) -> None:
    for name in ("papers", "authors", "institutions", "venues", "papers?search=nothing"):
        assert walk(client, name) == []


# --- Groups -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("field", "filter_"), [
    ("category", "category"), ("primary_category", "category"), ("venue", "venue"), ("institution", "institution"),
    ("author", "author"), ("has_code", "has_code"), ("publication_year", "search=publication_year:"),
])  # fmt: skip
@pytest.mark.parametrize("asked", ["", "&category=cs.CL", "&has_code=false"])
def test_groups_count_what_their_lists_hold(catalogue: None, client: Any, field: str, filter_: str, asked: str) -> None:
    body = get(client, f"papers?group_by={field}{asked}").json()
    assert body["meta"]["count"] == get(client, f"papers?per-page=1{asked}").json()["meta"]["count"]
    assert body["meta"]["count_relation"] == "eq"
    assert body["meta"]["groups_count"] == len(body["group_by"])
    assert body["group_by"] == sorted(body["group_by"], key=lambda group: -group["count"])
    for group in body["group_by"]:
        narrowed = f"{filter_}{group['key']}" if filter_.endswith(":") else f"{filter_}={group['key']}"
        if filter_ not in asked:
            assert get(client, f"papers?{narrowed}{asked}").json()["meta"]["count"] == group["count"], group


def test_groups_are_called_by_their_names(catalogue: None, client: Any) -> None:
    people = get(client, "papers?group_by=author&search=graphs").json()["group_by"]
    assert [(group["key_display_name"], group["count"]) for group in people] == [("Ada Testwright", 2), ("Bob Exampleman", 2)]
    years = get(client, "works?group-by=publication_year&per-page=2").json()
    assert years["meta"] | {"count": 0} == {"count": 0, "count_relation": "eq", "groups_count": 3, "per_page": 2}
    assert [group["key"] for group in years["group_by"]] == ["2020", "2021"]


def test_hidden_people_make_no_group(catalogue: None, client: Any) -> None:
    Author.objects.filter(display_name="Ada Testwright").update(visibility=Author.Visibility.HIDDEN)
    people = get(client, "papers?group_by=author").json()["group_by"]
    assert [group["key_display_name"] for group in people] == ["Bob Exampleman"]


def test_counts_of_very_many_are_marked_as_estimates(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(40)
    monkeypatch.setattr(finding, "EXACT", 10)
    monkeypatch.setattr(finding, "EXACT_AT_LITTLE_COST", 10)
    monkeypatch.setattr(finding, "SAMPLED", 5)
    assert get(client, "papers?search=graph").json()["meta"]["count_relation"] == "approx"
    assert get(client, "papers?search=graph&group_by=category").json()["meta"]["count_relation"] == "approx"
    assert get(client, "papers").json()["meta"]["count_relation"] == "eq"


@pytest.mark.parametrize(("query", "parameter"), [
    ("group_by=title", "group_by"), ("group_by=cateory", "group_by"), ("group_by=author&page=1", "page"),
    ("group_by=author&cursor=*", "cursor"), ("group_by=author&sort=title", "sort"),
    ("group_by=author&per-page=500", "per_page"),
    ("group_by=author&category=cs.XX", "category"), ("group_by=author&search=foo:1", "search"),
])  # fmt: skip
def test_groups_that_cannot_be_are_refused(client: Any, query: str, parameter: str) -> None:
    assert parameter in {error["parameter"] for error in refusal(get(client, f"papers?{query}"))["errors"]}


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_groups_do_not_grow(client: Any, rows: int) -> None:
    fill(rows)
    for field in ("author", "institution", "venue", "category", "publication_year"):
        with at_most(GROUP_QUERIES):
            get(client, f"papers?group_by={field}&search=graph")


# --- Autocomplete -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "name", "kind"), [
    ("autocomplete/authors?q=testw", "Ada Testwright", "author"),
    ("autocomplete/institutions?q=exam", "Example Laboratory", "institution"),
    ("autocomplete/venues?q=journ", "Journal of Examples", "venue"),
    ("autocomplete/sources?q=journ", "Journal of Examples", "venue"),
    ("autocomplete/categories?q=computation", "Computation and Language", "category"),
    ("autocomplete/topics?q=cs.CL", "Computation and Language", "category"),
    ("autocomplete/papers?q=scaling+la", "Scaling laws for graphs", "paper"),
    ("autocomplete/works?q=scaling", "Scaling laws for graphs", "paper"),
    ("autocomplete?q=testw", "Ada Testwright", "author"),
])  # fmt: skip
def test_what_is_being_typed_is_completed(catalogue: None, client: Any, path: str, name: str, kind: str) -> None:
    body = get(client, path).json()
    assert body["results"][0]["display_name"] == name
    assert body["results"][0]["entity_type"] == kind
    assert body["results"][0]["hint"]
    assert body["meta"] == {"count": len(body["results"]), "page": 1, "per_page": 10}
    assert client.get(body["results"][0]["html_url"]).status_code == 200


def test_suggestions_carry_what_others_call_them(catalogue: None, client: Any) -> None:
    paper = get(client, "autocomplete/works?q=language+models").json()["results"][0]
    assert paper["external_id"] == "https://doi.org/10.5555/three"
    assert (paper["works_count"], paper["cited_by_count"]) == (None, None)
    make_paper(authors=(make_author("Eve Testwright", orcid="0000-0002-1825-0097"),))
    assert (
        get(client, "autocomplete/authors?q=eve").json()["results"][0]["external_id"] == "https://orcid.org/0000-0002-1825-0097"
    )


def test_at_most_ten_are_offered(client: Any) -> None:
    fill(15)
    for path in ("autocomplete?q=exam", "autocomplete/authors?q=testwright", "autocomplete?q=ada"):
        assert 1 <= len(get(client, path).json()["results"]) <= 10


def test_short_and_odd_beginnings_offer_nothing(catalogue: None, client: Any) -> None:
    for typed in ("a", "%C2%A7all", "%22", "%F0%9F%98%80%F0%9F%98%80"):
        assert get(client, f"autocomplete?q={typed}").json()["results"] == []
    for query in ("", "?q=", "?q=" + "x" * 201, "?q=a&x=1"):
        refusal(get(client, f"autocomplete{query}"))
    refusal(get(client, "autocomplete/nothing?q=ada"), 404)


def test_hidden_people_and_drafts_are_never_offered(client: Any) -> None:
    make_paper("Canary title", authors=(make_author("Canary Person", visibility=Author.Visibility.HIDDEN),), state="draft")
    make_paper(authors=(Author.objects.get(),))
    assert get(client, "autocomplete?q=canary").json()["results"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_suggestions_do_not_grow(client: Any, rows: int) -> None:
    fill(rows)
    for typed in ("example", "testwright", "graph"):
        with at_most(SUGGESTION_QUERIES):
            get(client, f"autocomplete?q={typed}")
