"""Feeds of records, and lists that go on to their end, as a subscriber's program reads them."""

from typing import Any

import feedparser
import pytest

from authors.curation.redirects import leave_redirect
from authors.models import Author, AuthorName
from papers.models import Paper, Venue
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


def read(client: Any, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.bozo_exception
    return feed


def announced(client: Any, page: str) -> str:
    """The first feed that a page names: the one that a reader's program takes."""
    found = client.get(page).text.partition('type="application/atom+xml"')[2]
    return found.partition('href="')[2].partition('"')[0].replace("&amp;", "&")


@pytest.fixture
def graphs() -> Paper:
    make_paper("Elsewhere", category="cs.LG")
    return make_paper(
        "Graphs", authors=(make_author("Ada Testwright"),), institutions=(make_institution("Example Institute"),),
        venue=make_venue("Journal of Examples"),
    )  # fmt: skip


def test_every_record_has_a_feed_that_its_page_announces(client: Any, graphs: Paper) -> None:
    author, place = graphs.authorships.get().author, graphs.paper_institutions.get().institution
    for record, address, name in (
        (author, f"/feeds/authors/{author.public_id}.atom", "Ada Testwright"),
        (place, f"/feeds/institutions/{place.public_id}.atom", "Example Institute"),
        (graphs.venue, f"/feeds/venues/{graphs.venue.public_id}.atom", "Journal of Examples"),
        (graphs.primary_category, "/feeds/categories/cs.CL.atom", "Computation and Language"),
    ):
        assert announced(client, record.get_absolute_url()) == address
        feed = read(client, address)
        assert [entry.title for entry in feed.entries] == ["Graphs"]
        assert feed.feed.title == f"{name} · Bylines"
        assert feed.feed.link == f"http://testserver{record.get_absolute_url()}"


def test_the_feed_of_a_filtered_profile_is_filtered(client: Any, graphs: Paper) -> None:
    author = graphs.authorships.get().author
    address = announced(client, f"{author.get_absolute_url()}?year_to=1999&sort=title")
    assert address == f"/feeds/authors/{author.public_id}.atom?year_to=1999"
    assert read(client, address).entries == []


def test_the_latest_papers_are_announced_everywhere(client: Any, graphs: Paper) -> None:
    for page in ("/", "/about/", "/methods/"):
        assert announced(client, page) == "/feeds/latest.atom"
    assert [entry.title for entry in read(client, "/feeds/latest.atom").entries] == ["Graphs", "Elsewhere"]


def test_people_in_a_filter_are_called_by_their_names(client: Any, graphs: Paper) -> None:
    author = graphs.authorships.get().author
    feed = read(client, f"/feeds/papers.atom?author={author.public_id}&q=graphs")
    assert feed.feed.title == "Author: Ada Testwright; graphs · Bylines"


def test_a_new_name_leaves_no_trace_of_the_old_one(client: Any) -> None:
    author = make_author("Old Formerly")
    make_paper(authors=(author,))
    address = f"/feeds/authors/{author.public_id}.atom"
    before = read(client, address).feed.id
    AuthorName.objects.filter(author=author).update(public=False)
    author.display_name = "New Testwright"
    author.save()
    answer = client.get(address)
    assert "formerly" not in answer.text.lower()
    assert read(client, address).feed.id == before


def test_feeds_of_records_without_a_page(client: Any) -> None:
    hidden = make_author("Ada Hidden", visibility=Author.Visibility.HIDDEN)
    paper = make_paper("Telling", authors=(hidden,))
    for address in (f"/feeds/authors/{hidden.public_id}.atom", "/feeds/authors/A999.atom", "/feeds/authors/P1.atom",
                    "/feeds/categories/cs.XX.atom", "/feeds/categories/%00.atom", f"/feeds/venues/V{10**18}.atom"):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert hidden.get_absolute_url() not in client.get("/feeds/latest.atom").text
    assert paper.title not in client.get(f"/feeds/papers.atom?author={hidden.public_id}").text


def test_subscribers_of_a_merged_person_are_led_on(client: Any) -> None:
    kept, gone = make_author(), make_author()
    make_paper(authors=(kept,))
    old = gone.public_id
    leave_redirect(kind="A", old_id=gone.pk, target_id=kept.pk, reason="merge")
    gone.delete()
    answer = client.get(f"/feeds/authors/{old}.atom?q=x")
    assert (answer.status_code, answer["Location"]) == (301, f"/feeds/authors/{kept.public_id}.atom?q=x")
    leave_redirect(kind="A", old_id=kept.pk, target_id=None, reason="withdrawn")
    Author.objects.update(visibility=Author.Visibility.HIDDEN)
    assert client.get(f"/feeds/authors/{kept.public_id}.atom").status_code == 410


def test_a_feed_goes_on_to_the_end(client: Any) -> None:
    venue: Venue = make_venue()
    for number in range(53):
        make_paper(f"Paper {number}", venue=venue)
    for start in ("/feeds/papers.atom?q=paper", "/feeds/latest.atom", f"/feeds/venues/{venue.public_id}.atom"):
        first = read(client, start)
        following = next(link.href for link in first.feed.links if link.rel == "next")
        second = read(client, following.removeprefix("http://testserver"))
        found = [entry.title for entry in (*first.entries, *second.entries)]
        assert found == [f"Paper {number}" for number in reversed(range(53))]
        assert not [link for link in second.feed.links if link.rel == "next"]
        assert second.feed.id == first.feed.id


def test_a_made_up_place_gives_the_first_page(client: Any) -> None:
    make_paper("Graphs")
    for after in ("x", "%00", "a:b:c"):
        assert len(read(client, f"/feeds/papers.atom?after={after}").entries) == 1


def test_readers_are_told_what_has_not_changed(client: Any, graphs: Paper) -> None:
    for address in ("/feeds/latest.atom", f"/feeds/venues/{graphs.venue.public_id}.atom", "/feeds/categories/cs.CL.atom"):
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert "max-age=900" in first["Cache-Control"]
        assert not first.cookies


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_rows(client: Any, rows: int, django_assert_max_num_queries: Any) -> None:
    author = make_author()
    for _ in range(rows):
        make_paper(authors=(author, make_author()))
    client.get("/feeds/latest.atom")
    with django_assert_max_num_queries(8):  # person, total, count, places, papers, authorships, further categories, identity
        read(client, f"/feeds/authors/{author.public_id}.atom")
