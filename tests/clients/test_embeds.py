"""Lists for frames on other people's pages."""

from typing import Any

import pytest

from authors.models import Author
from tests.api import at_most
from tests.factories import make_author, make_paper

pytestmark = pytest.mark.django_db


def embedded(client: Any, query: str = "", status: int = 200) -> Any:
    answer = client.get(f"/embed/papers/{query}")
    assert answer.status_code == status
    return answer


def test_any_page_may_frame_an_embed_and_nothing_else(client: Any) -> None:
    ada = make_author("Ada Testwright")
    make_paper(authors=(ada,))
    for address in (f"/embed/authors/{ada.public_id}/", "/embed/papers/"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        for answer in (first, again):
            policy = answer["Content-Security-Policy"]
            assert "frame-ancestors *" in policy
            assert "default-src 'none'" in policy
            assert "script-src 'none'" in policy
            assert "X-Frame-Options" not in answer.headers
    for address in ("/", ada.get_absolute_url(), "/embed/authors/A999/", "/embed/"):
        answer = client.get(address)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_an_embed_has_no_script_and_no_cookie_and_may_be_kept(client: Any) -> None:
    make_paper()
    answer = embedded(client)
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "max-age=900" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_links_lead_out_of_the_frame(client: Any) -> None:
    paper = make_paper("Graphs")
    answer = embedded(client)
    assert '<base target="_top">' in answer.text
    assert 'href="/papers/"' in answer.text
    assert f'href="{paper.get_absolute_url()}" rel="noopener"' in answer.text


def test_the_list_is_filtered_ordered_and_bounded(client: Any) -> None:
    for number in range(52):
        make_paper(f"Paper {number:02}", category="cs.LG", cited_by_count=number)
    make_paper("Other")
    text = embedded(client, "?category=cs.LG&sort=title&limit=2").text
    assert text.count("<li>") == 2
    assert "Paper 00" in text
    assert "Paper 01" in text
    assert "All 52 papers at Bylines" in text
    assert 'href="/papers/?category=cs.LG&amp;sort=title"' in text
    assert embedded(client).text.count("<li>") == 10
    assert embedded(client, "?limit=50").text.count("<li>") == 50


@pytest.mark.parametrize(("query", "told"), [
    ("?limit=51", "from 1 to 50"), ("?limit=0", "from 1 to 50"), ("?limit=many", "from 1 to 50"), ("?limit=²", "from 1 to 50"),
    ("?category=cs.XX", "not the code of a category"), ("?sort=odd", "not an order"), ("?q=nothing", "No papers."),
])  # fmt: skip
def test_what_cannot_be_shown_is_explained(client: Any, query: str, told: str) -> None:
    make_paper()
    text = embedded(client, query).text
    assert told in text
    assert "<li>" not in text


@pytest.mark.parametrize("query", ["?q=%00", "?theme=%22%3E%3Cscript%3E", "?q=%3Cscript%3E", "?limit=" + "9" * 5000, "?page=x"])
def test_hostile_addresses(client: Any, query: str) -> None:
    make_paper()
    assert "<script" not in embedded(client, query).text


def test_the_theme_is_the_readers_unless_asked_for(client: Any) -> None:
    assert '<html lang="en-GB">' in embedded(client).text
    assert '<html lang="en-GB">' in embedded(client, "?theme=pink").text
    assert 'data-theme="dark"' in embedded(client, "?theme=dark").text


def test_people_without_a_page_have_no_embed(client: Any) -> None:
    hidden = make_author(visibility=Author.Visibility.HIDDEN)
    make_paper(authors=(hidden,))
    assert client.get(f"/embed/authors/{hidden.public_id}/").status_code == 404


def test_the_profile_offers_its_embed(client: Any) -> None:
    ada = make_author('Ada "Tess" <Testwright>')
    paper = make_paper("Graphs", authors=(ada,))
    page = client.get(ada.get_absolute_url()).text
    address = f"/embed/authors/{ada.public_id}/"
    assert f"&lt;iframe src=&quot;http://testserver{address}&quot;" in page.replace('"', "&quot;")
    assert "Ada &amp;quot;Tess&amp;quot; &amp;lt;Testwright&amp;gt;" in page
    paper.authorships.update(position=9)
    text = client.get(address).text
    assert paper.title in text
    assert "with <bdi><strong>Ada" in text
    assert "Ada &quot;Tess&quot; &lt;Testwright&gt;" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_rows(client: Any, rows: int) -> None:
    ada = make_author()
    for _ in range(rows):
        make_paper(authors=(ada, make_author()))
    embedded(client)
    with at_most(9):  # person, total, count, places, papers, authors, own line, institutions, links
        client.get(f"/embed/authors/{ada.public_id}/")
