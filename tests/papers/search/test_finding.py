"""Finding papers: which match, in which order, how many, and what they are about."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from authors.models import Author, AuthorName
from papers.models import Paper, PaperCategory, PaperFigure
from papers.search import by_date, finding, relevance
from papers.search.finding import RELEVANCE, Count, Search
from papers.search.indexing import index_authors, index_institutions, index_papers
from papers.search.resolving import Resolver
from papers.search.syntax import parse
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


def search(typed: str, **options: Any) -> Search:
    return Search(Resolver().match(parse(typed, **options).node))


def titles(typed: str, sort: str = RELEVANCE, **options: Any) -> list[str]:
    keys = search(typed, **options).page(sort, size=50)
    papers = Paper.objects.in_bulk(keys)
    return [papers[key].title for key in keys]


@pytest.fixture
def catalogue() -> None:
    ada, bob = make_author("Ada É. Testwright"), make_author("Bob Van der Example")
    lab = make_institution("Example Institute", tag="example")
    venue = make_venue("Example Days")
    make_paper(
        "Graph Networks", abstract="Networks of graphs, and how they learn.", authors=(ada,), institutions=(lab,), venue=venue,
        category="cs.CL", published=date(2020, 3, 1), cited_by_count=250, has_code=True, doi="10.1234/first", type="article",
    )  # fmt: skip
    make_paper("Trees", abstract="A neural network that learns about trees.", authors=(bob, ada), category="cs.LG",
               published=date(2021, 12, 31), cited_by_count=3)  # fmt: skip
    third = make_paper(
        "Pre-training Forests", abstract="", authors=(bob,), category="cs.LG", published=date(2022, 1, 1), is_retracted=True
    )
    PaperCategory.objects.create(paper=third, category_id="cs.CL")
    make_paper("Undated", abstract="A network.", category=None, published=None)
    make_paper("Draft Network", state="draft")
    index_papers(Paper.objects.values_list("pk", flat=True))
    index_authors([ada.pk, bob.pk])
    index_institutions([lab.pk])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("network", {"Graph Networks", "Trees", "Undated"}),
        ("NETWORKS learning", {"Graph Networks", "Trees"}),
        ('"neural network"', {"Trees"}),
        ('"network neural"', set()),
        ("network -graph", {"Trees", "Undated"}),
        ("-network", {"Pre-training Forests"}),
        ("trees OR forests", {"Trees", "Pre-training Forests"}),
        ("(trees OR graph) code:true", {"Graph Networks"}),
        ("pretraining", {"Pre-training Forests"}),
        ("pre-training", {"Pre-training Forests"}),
        ('"pre training"', {"Pre-training Forests"}),
        ("title:network", {"Graph Networks"}),
        ("abstract:network", {"Graph Networks", "Trees", "Undated"}),
        ("testwright", {"Graph Networks", "Trees"}),
        ("author:testwright", {"Graph Networks", "Trees"}),
        ('author:"Ada Testwright"', {"Graph Networks", "Trees"}),
        ('author:"Testwright, Ada"', {"Graph Networks", "Trees"}),
        ('author:"A Testwright"', {"Graph Networks", "Trees"}),
        ('author:"Ada Example"', set()),
        ("venue:days", {"Graph Networks"}),
        ("days graph", {"Graph Networks"}),
        ("institution:example", {"Graph Networks"}),
        ('institution:"Example Institute"', {"Graph Networks"}),
        ("category:cs.CL", {"Graph Networks", "Pre-training Forests"}),
        ("category:!cs.CL", {"Trees", "Undated"}),
        ("year:2020-2021", {"Graph Networks", "Trees"}),
        ("year:>2020", {"Trees", "Pre-training Forests"}),
        ("-year:2020", {"Trees", "Pre-training Forests", "Undated"}),
        ("since:2021-12-31", {"Trees", "Pre-training Forests"}),
        ("until:2021-12-30", {"Graph Networks"}),
        ("cites:>3", {"Graph Networks"}),
        ("cites:2-3", {"Trees"}),
        ("cites:0", set()),
        ("retracted:true", {"Pre-training Forests"}),
        ("has_abstract:false", {"Pre-training Forests"}),
        ("has_doi:true", {"Graph Networks"}),
        ("doi:10.1234/FIRST", {"Graph Networks"}),
        ("type:article", {"Graph Networks"}),
        ("nowhere", set()),
        ("category:nowhere", set()),
    ],
)
def test_what_is_found(catalogue: None, typed: str, found: set[str]) -> None:
    assert set(titles(typed)) == found
    assert search(typed).count == Count(len(found))
    assert set(titles(typed, "title")) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ('"deep learning"', {"Deep Learning", "In the text", "Deep Learning Methods for Zebras"}),
        ('"learning deep"', set()),
        ('"deep learning methods"', {"Deep Learning Methods for Zebras"}),
        ('"methods for zebras"', {"Deep Learning Methods for Zebras"}),
        ('title:"deep learning"', {"Deep Learning", "Deep Learning Methods for Zebras"}),
        ('title:"deep learning methods"', {"Deep Learning Methods for Zebras"}),
        ('abstract:"deep learning"', {"In the text"}),
        ('-"deep learning" learning', {"Learning", "Apart"}),
        ('"learning systems"', {"Apart"}),
    ],
)
def test_phrases_of_frequent_words_and_of_others(typed: str, found: set[str]) -> None:
    """Pairs of frequent words stand in one index as words; nothing may show of it."""
    papers = [
        make_paper("Deep Learning", abstract="It sees.", venue=make_venue("Systems Journal")),
        make_paper("In the text", abstract="We use deep learning."),
        make_paper("Deep Learning Methods for Zebras", abstract=""),
        make_paper("Learning", abstract="Deep."),
        make_paper("Apart", abstract="Learning systems that are not as deep."),
    ]
    index_papers([paper.pk for paper in papers])
    assert set(titles(typed)) == found
    assert search(typed).count == Count(len(found))


def test_the_last_word_is_completed_while_one_types(catalogue: None) -> None:
    assert titles("fore", typing=True) == ["Pre-training Forests"]
    assert titles("fore") == []


def test_the_title_and_the_citations_decide_the_order(catalogue: None) -> None:
    assert titles("network") == ["Graph Networks", "Trees", "Undated"]
    assert titles("tree") == ["Trees"]


ORDERS = {
    "publication_date:desc": ["Pre-training Forests", "Trees", "Graph Networks", "Undated"],
    "publication_date": ["Graph Networks", "Trees", "Pre-training Forests", "Undated"],
    "cited_by_count:desc": ["Graph Networks", "Trees"],
    "title": ["Graph Networks", "Pre-training Forests", "Trees", "Undated"],
    "created_date:desc": ["Undated", "Pre-training Forests", "Trees", "Graph Networks"],
}


@pytest.mark.parametrize("walk", [False, True])
@pytest.mark.parametrize(("sort", "expected"), ORDERS.items())
def test_orders_whether_found_and_sorted_or_met_on_a_walk(
    catalogue: None, monkeypatch: pytest.MonkeyPatch, sort: str, expected: list[str], walk: bool
) -> None:
    monkeypatch.setattr(finding, "FEW", -1 if walk else 5_000)
    monkeypatch.setattr(by_date, "FIRST_STEPS", 1)
    assert titles("-nowhere", sort)[: len(expected)] == expected
    assert titles("year:2020-2021 OR year:2022", sort)[:2] == [title for title in expected if title != "Undated"][:2]


@pytest.mark.parametrize("typed", ["network", '"neural network"', "title:network", "network -graph", "trees OR forests",
                                   "category:cs.CL", "year:2020-2021", "cites:2-3", "author:testwright", "institution:example",
                                   "code:true", "retracted:true", "type:article", "-network code:false"])  # fmt: skip
def test_a_walk_finds_what_the_index_finds(catalogue: None, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    newest, oldest = titles(typed, "publication_date:desc"), titles(typed, "publication_date")
    monkeypatch.setattr(finding, "FEW", -1)
    for first_steps, many in ((2_000, 2_000), (1, 2_000), (1, 0)):
        monkeypatch.setattr(by_date, "FIRST_STEPS", first_steps)
        monkeypatch.setattr(by_date, "MANY", many)
        assert titles(typed, "publication_date:desc") == newest
        assert titles(typed, "publication_date") == oldest


@pytest.mark.parametrize("typed", ["graphs", "year:2001", "-year:2001", "cites:1-2", "graphs year:2000-2001"])
@pytest.mark.parametrize("sort", ["publication_date:desc", "publication_date"])
@pytest.mark.parametrize("many", [0, 5, 2_000])
def test_pages_by_date_hold_every_paper_once_however_many_a_year_has(
    many_papers: None, monkeypatch: pytest.MonkeyPatch, typed: str, sort: str, many: int
) -> None:
    whole = search(typed).page(sort, size=50)
    monkeypatch.setattr(finding, "FEW", -1)
    monkeypatch.setattr(by_date, "FIRST_STEPS", 3)
    monkeypatch.setattr(by_date, "MANY", many)
    assert [key for offset in range(0, 24, 4) for key in search(typed).page(sort, offset=offset, size=4)] == whole
    by_place, after = [], None
    while places := search(typed).places(sort, size=4, after=after):
        by_place += [finding.key_of(place) for place in places]
        after = places[-1]
    assert by_place == whole


def test_scores_are_sorted_by_and_unscored_papers_come_last(catalogue: None) -> None:
    paper = Paper.objects.get(title="Trees")
    PaperFigure.objects.create(subject=paper, name="novelty", origin="computed", value=80)
    PaperFigure.objects.create(subject=paper, name="ai_score", origin="reported", value=99, source="example")
    index_papers([paper.pk])
    assert titles("-nowhere", "novelty:desc")[0] == "Trees"
    assert set(titles("novelty:>50")) == {"Trees"}
    assert titles("ai_score:>50") == []


def test_hidden_people_are_not_found_by_their_names(catalogue: None) -> None:
    author = Author.objects.get(display_name="Ada É. Testwright")
    author.visibility = Author.Visibility.HIDDEN
    author.save()
    index_papers(Paper.objects.values_list("pk", flat=True))
    assert titles("testwright") == []
    assert titles(f"author:{author.public_id}") == []


def test_a_former_name_is_not_found_the_present_one_is() -> None:
    author = make_author("New Testwright")
    AuthorName.objects.create(author=author, name="Old Formerly", public=False)
    paper = make_paper("Something", authors=(author,))
    paper.authorships.update(raw_name="Old Formerly", name_key="formerly old")
    index_papers([paper.pk])
    assert titles("formerly") == []
    assert titles('author:"New Testwright"') == ["Something"]


# --- pages ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def many_papers() -> Iterator[None]:
    for number in range(23):
        make_paper(
            f"Paper {number % 5} about graphs",
            published=date(2000 + number % 3, 1, 1),
            cited_by_count=number % 4,
            abstract="words " * number,
        )
    index_papers(Paper.objects.values_list("pk", flat=True))
    yield
    cache.clear()


@pytest.mark.parametrize("window", [5, 1_000])
@pytest.mark.parametrize("sort", [RELEVANCE, *finding.ORDERS])
@pytest.mark.parametrize("typed", ["graph", "", "year:2000-2001"])
def test_pages_hold_every_paper_once_by_number_and_by_place(
    many_papers: None, monkeypatch: pytest.MonkeyPatch, typed: str, sort: str, window: int
) -> None:
    for name in ("CANDIDATES", "IN_TITLE", "ONE_IN_TITLE"):
        monkeypatch.setattr(relevance, name, window)
    whole = search(typed).page(sort, size=50)
    assert len(whole) == len(set(whole)) == search(typed).count.value
    by_number = [key for offset in range(0, 24, 4) for key in search(typed).page(sort, offset=offset, size=4)]
    by_place, after = [], None
    while places := search(typed).places(sort, size=4, after=after):
        by_place += [finding.key_of(place) for place in places]
        after = places[-1]
    assert by_number == by_place == whole


def test_what_fits_best_is_found_however_few_candidates_there_are_by_prior(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        make_paper(f"Something {number}", abstract="A neural graph.", cited_by_count=1_000 + number)
    make_paper("Neural Graph", cited_by_count=0)
    index_papers(Paper.objects.values_list("pk", flat=True))
    exact = titles("neural graph")
    assert exact[0] == "Neural Graph"
    monkeypatch.setattr(relevance, "CANDIDATES", 5)
    assert titles("neural graph")[:1] == exact[:1]
    assert sorted(titles("neural graph")) == sorted(exact)


# --- counts and facets --------------------------------------------------------------------------------------------------------


def test_facets_agree_with_the_lists_they_lead_to(catalogue: None) -> None:
    facets = search("-nowhere").facets
    assert facets.exact
    assert dict(facets.categories) == {"cs.CL": 2, "cs.LG": 2}
    assert dict(facets.years) == {2020: 1, 2021: 1, 2022: 1}
    assert facets.code[True] == 1
    for code, count in facets.categories.items():
        assert search(f"category:{code}").count == Count(count)
    for key, count in facets.authors.items():
        assert search(f"author:A{key}").count == Count(count)
    for key, count in facets.institutions.items():
        assert search(f"institution:I{key}").count == Count(count)


def count_exactly_up_to(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "EXACT", number)
    monkeypatch.setattr(finding, "EXACT_AT_LITTLE_COST", number)
    cache.delete("papers-are-many")


def test_of_many_matches_the_count_is_an_estimate_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        make_paper(f"Graph {number}", category="cs.CL" if number % 2 else "cs.LG")
    index_papers(Paper.objects.values_list("pk", flat=True))
    count_exactly_up_to(20, monkeypatch)
    count, facets = search("graph").count, search("graph").facets
    assert not count.exact
    assert 21 <= count.value <= 120
    assert not facets.exact
    count_exactly_up_to(60, monkeypatch)
    assert search("graph").count == Count(60)


def test_a_sample_as_large_as_the_catalogue_is_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        make_paper(f"Graph {number}")
    index_papers(Paper.objects.values_list("pk", flat=True))
    count_exactly_up_to(20, monkeypatch)
    monkeypatch.setattr(finding, "MOST_PARTS", 128)
    assert search("graph").facets.categories["cs.CL"] == search("graph").count.value == 30


def test_pages_go_on_to_the_end_whatever_the_estimate(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        make_paper(f"Graph {number}", published=date(2000, 1, 1 + number % 28))
    count_exactly_up_to(5, monkeypatch)
    monkeypatch.setattr(Search, "_estimated", lambda _: 30)
    address, seen = "/papers/?q=graph&sort=title", []
    while address:
        page = client.get(address)
        seen += [paper.title for paper in page.context["page"]]
        following = re.search(r'<a href="([^"]*)" rel="next"', page.text)
        address = f"/papers/{unescape(following[1])}" if following else ""
    assert sorted(seen) == sorted(f"Graph {number}" for number in range(60))
    assert "About 30 papers" in client.get("/papers/?q=graph").text


# --- the page ---------------------------------------------------------------------------------------------------------------

HOSTILE = [
    "http://[", "https://testserver[/", "https://testserver:x/", "http://testserver/papers/\0", "ab\0c",
    "10.1234/ab\0c", "\0", "NOT " * 249 + "a",
    '"' * 999, "(" * 999, "a" * 10_000, "😀" * 50, "OR OR |", "-", "--a", "a:b:c", "year:99999999999999999999999",
    "cites:>" + "9" * 400,
    "doi:\0", "author:\ud800".encode("utf-8", "replace").decode(), "title:", "§all", "¤a", "a·b", "{title} : a",
    "NEAR(a b)", "a*", "^a",
    "'; DROP TABLE papers_paper; --", "%", "_", "\\", "cites:100|200", "learning OR cites:>5",
    "inst:" + "|".join("ab" for _ in range(300)),
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("address", ["/search/", "/papers/", "/search/suggest", "/feeds/papers.atom", "/authors/"])
def test_whatever_is_typed_gives_an_answer(client: Client, catalogue: None, address: str, typed: str) -> None:
    name = "name" if address == "/authors/" else "q"
    assert client.get(address, {name: typed}).status_code in (200, 302)


def test_a_range_beside_or_is_told_and_does_not_find_everything(catalogue: None) -> None:
    resolver = Resolver()
    match = resolver.match(parse("network OR cites:>5").node)
    assert Search(match).count == search("network").count
    assert "cannot stand beside OR" in resolver.problems[0]


@pytest.mark.parametrize("other", ["tree", "network OR cites:>5", "-nowhere", ""])
def test_a_cursor_of_another_search_is_not_used(client: Client, catalogue: None, other: str) -> None:
    taken = client.get("/papers/", {"q": other, "sort": "title"}).context["after"]
    page = client.get("/papers/", {"q": "network", "sort": "title", "after": taken})
    assert [paper.title for paper in page.context["page"]] == ["Graph Networks", "Trees", "Undated"]


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("10.1234/first", "/papers/"), ("https://doi.org/10.1234/FIRST", "/papers/"),
        ("http://testserver/papers/?q=model", "/papers/?q=model"),
        ("http://testserver/authors/", "/authors/"),
    ],
)  # fmt: skip
def test_identifiers_and_addresses_lead_to_their_pages(client: Client, catalogue: None, typed: str, leads_to: str) -> None:
    answer = client.get("/search/", {"q": typed})
    assert answer.status_code == 302
    assert answer["Location"].startswith(leads_to)


@pytest.mark.parametrize(
    "typed", ["http://elsewhere.example/papers/", "//elsewhere.example", "http://testserver/admin/", "A999999"]
)
def test_the_box_leads_nowhere_else(client: Client, catalogue: None, typed: str) -> None:
    assert client.get("/search/", {"q": typed}).status_code == 200
