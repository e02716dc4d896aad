"""Sitemaps, robots.txt and OpenSearch, as crawlers and browsers read them."""

import gzip
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from authors.models import Author
from papers import sitemaps
from papers.models import Paper
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
NAMES = {"s": sitemaps.SCHEMA, "o": "http://a9.com/-/spec/opensearch/1.1/"}
SITE = "http://testserver"


def parsed(client: Any, address: str, kind: str = "application/xml") -> Any:
    response = client.get(address.removeprefix(SITE))
    assert response.status_code == 200, address
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own answer


def files(client: Any) -> list[str]:
    cache.clear()
    return [found.text for found in parsed(client, "/sitemap.xml").findall("s:sitemap/s:loc", NAMES)]


def pages(client: Any) -> list[str]:
    """Every page that a crawler finds."""
    return [found.text for file in files(client) for found in parsed(client, file).findall("s:url/s:loc", NAMES)]


def test_every_public_page_is_named_once_and_answers(client: Any) -> None:
    author = make_author("Ada Testwright")
    paper = make_paper(authors=(author,), institutions=(make_institution(),), venue=make_venue("B & B <Journal>"))
    found = pages(client)
    assert len(found) == len(set(found))
    for record in (paper, author, paper.venue, paper.primary_category, paper.paper_institutions.get().institution):
        assert SITE + record.get_absolute_url() in found
    assert [client.get(page.removeprefix(SITE)).status_code for page in found] == [200] * len(found)


def test_what_is_not_public_is_not_named(client: Any) -> None:
    hidden = make_author("Ada Hidden", visibility=Author.Visibility.HIDDEN)
    make_paper(authors=(hidden,))
    nobody, nowhere = make_author("Nobody Yet"), make_institution("Nowhere")
    unpublished = [make_paper("Canary", state=state) for state in ("draft", "review", "withdrawn")]
    found = "\n".join(pages(client))
    for record in (hidden, nobody, nowhere, *unpublished):
        assert f"/{record.public_id}/" not in found


def test_files_follow_the_ranges_of_numbers(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "RANGE", 2)
    papers = [make_paper() for _ in range(7)]
    Paper.objects.filter(pk__in=[paper.pk for paper in papers[2:5]]).update(state="draft")
    kept = [SITE + paper.get_absolute_url() for paper in (*papers[:2], *papers[5:])]
    of_papers = [file for file in files(client) if "/sitemaps/papers-" in file]
    assert of_papers == [
        f"{SITE}/sitemaps/papers-{number}.xml" for number in sorted({p.pk // 2 for p in (*papers[:2], *papers[5:])})
    ]
    assert [page for page in pages(client) if "/papers/P" in page] == kept
    assert all(len(parsed(client, file)) <= 2 for file in of_papers)


def test_an_entry_says_when_the_record_was_changed(client: Any) -> None:
    paper = make_paper()
    file = next(file for file in files(client) if "papers" in file)
    (changed,) = parsed(client, file).findall("s:url/s:lastmod", NAMES)
    assert changed.text == paper.updated_at.isoformat(timespec="seconds")


@pytest.mark.parametrize("name", ["papers-999999", "papers-99999999999999999999", "drafts-0", "papers", "papers-x"])
def test_files_that_do_not_exist(client: Any, name: str) -> None:
    make_paper()
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_crawlers_that_have_them_do_not_get_them_again(client: Any) -> None:
    make_paper()
    for address in ("/sitemap.xml", files(client)[1].removeprefix(SITE), "/robots.txt", "/opensearch.xml"):
        first = client.get(address)
        assert "max-age" in first["Cache-Control"]
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    packed = client.get("/sitemaps/pages.xml", headers={"Accept-Encoding": "gzip"})
    assert b"<urlset" in gzip.decompress(packed.content)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_rows(client: Any, rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        make_paper(authors=(make_author(),), venue=make_venue(), institutions=(make_institution(),))
    names = files(client)
    cache.clear()
    with django_assert_num_queries(8):  # of each kind: its one range, and that there is no further one
        client.get("/sitemap.xml")
    for name in names:
        with django_assert_num_queries(1):
            client.get(name.removeprefix(SITE))


def test_robots_keep_to_the_pages(client: Any) -> None:
    rules = client.get("/robots.txt")
    assert rules["Content-Type"].startswith("text/plain")
    robots = RobotFileParser()
    robots.parse(rules.text.splitlines())
    assert robots.site_maps() == ["http://testserver/sitemap.xml"]
    assert not robots.can_fetch("any", "/admin/login/")
    assert not robots.can_fetch("any", "/search/")
    assert robots.can_fetch("any", "/papers/P1/a-title/")
    assert robots.can_fetch("any", "/api/v1/docs")
    for wildcard in ("/*?", "/*/report/", "/*/charts/"):  # which Python's reader does not know, and search engines do
        assert f"\nDisallow: {wildcard}\n" in rules.text


def test_browsers_can_add_the_search(client: Any) -> None:
    make_paper(authors=(make_author("Ada Testwright"),))
    page = client.get("/").text
    assert '<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"' in page
    document = parsed(client, "/opensearch.xml", "application/opensearchdescription+xml")
    templates = {found.get("type"): found.get("template") for found in document.findall("o:Url", NAMES)}
    search = templates["text/html"].replace("{searchTerms}", "testwright").removeprefix(SITE)
    assert client.get(search).status_code == 200
    suggest = templates["application/x-suggestions+json"].replace("{searchTerms}", "testwr").removeprefix(SITE)
    typed, names, hints, addresses = client.get(suggest).json()
    assert (typed, names[0]) == ("testwr", "Ada Testwright")
    assert len(names) == len(hints) == len(addresses)
    assert client.get(addresses[0].removeprefix(SITE)).status_code == 200
