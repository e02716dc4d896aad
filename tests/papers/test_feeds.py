"""Lists of papers as Atom feeds, read by a feed reader's library."""

from datetime import date
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from authors.models import Author, AuthorName, SiteIdentity
from papers.models import Paper, PaperCategory
from tests.api import at_most
from tests.factories import make_author, make_category, make_paper, make_venue

pytestmark = pytest.mark.django_db
FEED = "/feeds/papers.atom"
FEED_QUERIES = 8  # the site's identity, total, count, places, papers, authorships, further categories


def read(client: Any, query: str = "", **headers: str) -> Any:
    response = client.get(FEED + query, headers=headers)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


def titles(client: Any, query: str = "") -> list[str]:
    return [entry.title for entry in read(client, query).entries]


def test_an_entry_says_what_a_reader_needs(client: Any) -> None:
    paper = make_paper(
        "On $\\alpha$-stable <b>graphs</b> & more", authors=(make_author("Ada Testwright"), make_author("Bob Exampleman")),
        abstract="If p < 0.05 then <script>alert(1)</script>.",
    )  # fmt: skip
    PaperCategory.objects.create(paper=paper, category=make_category("cs.LG"), origin="source")
    (entry,) = read(client).entries
    assert "α-stable" in entry.title
    assert [author.name for author in entry.authors] == ["Ada Testwright", "Bob Exampleman"]
    assert [tag.term for tag in entry.tags] == ["cs.CL", "cs.LG"]
    assert entry.summary_detail.type == "text/plain"
    assert entry.summary == "If p < 0.05 then <script>alert(1)</script>."
    assert entry.link == f"http://testserver{paper.get_absolute_url()}"
    assert entry.updated
    assert entry.published
    assert client.get(entry.link).status_code == 200


def test_ids_stay_whatever_the_title_becomes(client: Any) -> None:
    paper = make_paper("Before")
    before = read(client).entries[0]
    paper.title = "After"
    paper.save()
    after = read(client).entries[0]
    assert before.id == after.id == f"http://testserver/papers/{paper.public_id}/"
    assert after.updated_parsed >= before.updated_parsed
    assert client.get(after.id).status_code == 301


def test_the_last_added_come_first_and_fifty_at_most(client: Any) -> None:
    make_paper("Old but just added", published=date(1990, 1, 1))
    for number in range(52):
        make_paper(f"Paper {number}")
    found = titles(client)
    assert len(found) == 50
    assert found[:2] == ["Paper 51", "Paper 50"]


def test_the_parameters_of_the_page_choose(client: Any) -> None:
    ada, venue = make_author("Ada Testwright"), make_venue("Example Journal")
    make_paper("Graphs", authors=(ada,), venue=venue, has_code=True, published=date(2020, 1, 1), cited_by_count=9)
    make_paper("Trees", category="cs.LG", published=date(2022, 1, 1))
    for query in (
        "q=graph", f"author={ada.public_id}", f"venue={venue.public_id}", "has_code=true", "year_to=2021", "cited_by_count=>5",
        "category=!cs.LG", "category=cs.CL&category=cs.AI", "q=author:testwright",
        "title=graphs&sort=title&page=7&view=compact",
    ):  # fmt: skip
        assert titles(client, f"?{query}") == ["Graphs"], query
    assert titles(client, "?q=nothing") == []
    assert sorted(titles(client, "?q=&category=")) == ["Graphs", "Trees"]


def test_the_feed_says_what_it_is_of_and_where_its_page_is(client: Any) -> None:
    SiteIdentity.objects.update_or_create(pk=1, defaults={"name": "Example Catalogue"})
    make_paper("Graphs & <trees>", category="cs.LG")
    query = "?q=%22graphs+%26+%3Ctrees%3E%22&category=cs.LG&page=3&utm_source=x"
    feed = read(client, query).feed
    assert feed.title == '"graphs & <trees>"; Category: cs.LG · Example Catalogue'
    own = next(link.href for link in feed.links if link.rel == "self")
    assert own == "http://testserver/feeds/papers.atom?q=%22graphs+%26+%3Ctrees%3E%22&category=cs.LG"
    assert client.get(feed.link).status_code == 200
    assert client.get(own).content == client.get(FEED + query).content
    assert feed.author == "Example Catalogue"


def test_what_is_not_public_is_in_no_feed(client: Any) -> None:
    for state in ("draft", "review", "withdrawn"):
        make_paper("Canary", state=state)
    assert titles(client) == []


def test_a_former_name_is_replaced(client: Any) -> None:
    author = make_author("New Testwright")
    AuthorName.objects.create(author=author, name="Old Formerly", public=False)
    paper = make_paper(authors=(author,))
    paper.authorships.update(raw_name="Old Formerly", name_key="formerly old")
    assert [person.name for person in read(client).entries[0].authors] == ["New Testwright"]
    Author.objects.update(visibility=Author.Visibility.HIDDEN)
    assert "Old Formerly" not in client.get(FEED).content.decode()


def test_characters_that_xml_cannot_hold_are_left_out(client: Any) -> None:
    odd = "A\x08B\ufffeC\x0bD"
    paper = make_paper(odd, authors=(make_author("Ada Testwright"),), abstract=odd)
    paper.authorships.update(raw_name=odd)
    ElementTree.fromstring(client.get(FEED, {"q": "a\x08\ufffeb"}).content)  # noqa: S314 - our own answer
    entry = read(client).entries[0]
    assert entry.title.replace(" ", "") == entry.summary.replace(" ", "") == "ABCD"


@pytest.mark.parametrize(("query", "named"), [
    ("category=cs.XX", "Category"), ("year_from=x", "From year"), ("author=7", "Author"), ("cited_by_count=many", "Citations"),
    ("doi=nonsense", "DOI"), ("category=%3Cscript%3E", "Category"),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_name(client: Any, query: str, named: str) -> None:
    response = client.get(f"{FEED}?{query}")
    assert response.status_code == 400
    assert f"{named}:" in response.content.decode()
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=" + "x" * 2000, "?q=%22", "?q=the", "?q=%F0%9F%98%80", "?q=foo:bar", "?type=%00"]
)
def test_hostile_searches_give_a_feed_or_a_refusal(client: Any, query: str) -> None:
    make_paper()
    assert client.get(FEED + query).status_code in (200, 400)


def test_unchanged_feeds_are_not_sent_again(client: Any) -> None:
    make_paper()
    for query in ("", "?q=nothing"):
        first = client.get(FEED + query)
        assert "max-age=900" in first["Cache-Control"]
        assert client.get(FEED + query, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert client.get(FEED + query, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    whole = client.get(FEED)
    Paper.objects.update(title="Changed")
    assert client.get(FEED, headers={"If-None-Match": whole["ETag"]}).status_code == 200


def test_only_reading(client: Any) -> None:
    assert client.post(FEED).status_code == 405
    assert client.head(FEED).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_rows(client: Any, rows: int) -> None:
    for _ in range(rows):
        make_paper("Graph", authors=(make_author(), make_author()))
    with at_most(FEED_QUERIES):
        read(client, "?q=graph&category=cs.CL")
