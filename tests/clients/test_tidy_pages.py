"""What crawlers, HTML checkers and search engines find on pages: no endless links, checked files, short titles."""

import html
import re
from base64 import b64encode
from datetime import date
from hashlib import sha384
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from django.conf import settings as site_settings
from django.core.management import call_command
from django.template import Context, Template

from authors.models import SiteIdentity
from papers.models import Category
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"([^>]*)>')


def digest(content: bytes) -> str:
    return f"sha384-{b64encode(sha384(content).digest()).decode()}"


def served(client: Any, address: str) -> bytes:
    """Files beside the code are not collected for tests."""
    if address.startswith("/static/"):
        return (site_settings.BASE_DIR / address[1:]).read_bytes()
    return bytes(client.get(html.unescape(address)).content)


@pytest.fixture
def list_of_papers() -> str:
    ada, other = make_author("Ada Testwright"), make_author("Ben Example")
    for year in (2021, 2022):
        make_paper(authors=(ada, other), institutions=(make_institution(),), venue=make_venue(), published=date(year, 1, 1))
    return str(ada.public_id)


# --- files -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/", "/papers/", "/compare/", "/embed/papers/", "/nowhere/"])
def test_style_sheets_and_scripts_are_what_the_page_says_they_are(client: Any, page: str) -> None:
    SiteIdentity(accent="#123456").save()
    found = LINK.findall(client.get(page).text)
    assert "/site.css?v=" in str(found)
    for address, about in found:
        assert f'integrity="{digest(served(client, address))}"' in about, address


def test_of_collected_files_the_collected_content_counts(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.css").write_text("body { background: url(b.svg) }")
    (tmp_path / "own" / "b.svg").write_text("<svg/>")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "own"], tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    collected = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": collected}
    call_command("collectstatic", interactive=False, verbosity=0)
    shown = Template("{% load assets %}{% stylesheet 'a.css' %}").render(Context())
    (file,) = [path for path in (tmp_path / "collected").glob("a.*.css") if path.name in shown]
    assert f'integrity="{digest(file.read_bytes())}"' in shown
    assert "b.svg" not in file.read_text()


def test_colours_are_kept_until_they_change(client: Any) -> None:
    assert "site.css" not in client.get("/").text  # nobody chose one
    SiteIdentity(accent="#123456").save()
    (first,) = re.findall(r'"(/site\.css\?[^"]+)"', client.get("/").text)
    assert "max-age=31536000" in client.get(first)["Cache-Control"]
    SiteIdentity(accent="#654321").save()
    (second,) = re.findall(r'"(/site\.css\?[^"]+)"', client.get("/").text)
    assert second != first
    assert "max-age=300" in client.get(first)["Cache-Control"]


def test_a_process_that_does_not_know_the_colours_yet_looks_them_up(client: Any) -> None:
    client.get("/")  # remembers that there are none
    Category.objects.filter(pk="cs.CL").update(colour="#abcdef")
    assert "#abcdef" in client.get("/site.css?v=of-another-process").text


# --- links and forms -------------------------------------------------------------------------------------------------------


def test_no_link_leads_into_the_combinations_of_filters_and_orders(client: Any, list_of_papers: str) -> None:
    for page in ("/papers/", f"/authors/{list_of_papers}/", "/search/?q=paper", "/authors/", "/institutions/", "/venues/"):
        links = re.findall(r'href="([^"]*)"', client.get(page, follow=True).text)
        asked = {name for link in links if "?" in link for name in re.findall(r"[?;]([a-z_]+)=", link)}
        assert not asked & {"author", "institution", "venue", "sort", "view"}, page


def test_a_form_of_facets_leads_to_the_address_that_people_share(client: Any) -> None:
    form = "category[]=cs.CL&category[]=cs.AI&category[]=!cs.AI&author[]=A1&year_from=&q=graphs&sort=title"
    answer = client.get(f"/papers/?{form}")
    assert answer.status_code == 302
    assert answer["Location"] == "/papers/?category=cs.CL&category=%21cs.AI&author=A1&q=graphs&sort=title"
    assert client.get("/search/?category[]=")["Location"] == "/search/"


@pytest.mark.parametrize("page", ["/papers/", "/search/", "/categories/cs.CL/"])
def test_what_is_left_out_is_added_to_what_is_in_use(client: Any, list_of_papers: str, page: str) -> None:
    text = client.get(page, {"q": "paper", "author": list_of_papers, "page": "1"}).text
    form = re.search(r'<form id="leave-out".*?</form>', text, re.S)
    assert form
    carried = re.findall(r'name="([^"]+)" value="([^"]*)"', form.group())
    assert set(carried) == {("q", "paper"), ("author[]", list_of_papers)}
    button = re.search(r'<button class="leave-out"[^>]*form="leave-out" name="author\[\]" value="!A\d+">', text)
    assert button


def test_an_order_is_chosen_without_losing_the_filters(client: Any, list_of_papers: str) -> None:
    text = client.get("/papers/", {"author": [list_of_papers, "!A99"], "page": "1"}).text
    form = text[: text.index('name="sort" value="title"')].rpartition("<form")[2]
    assert re.findall(r'name="([^"]+)" value="([^"]*)"', form)[:2] == [("author[]", list_of_papers), ("author[]", "!A99")]
    assert 'name="page"' not in form


# --- what search engines are told ------------------------------------------------------------------------------------------


def test_a_search_that_finds_something_may_be_shown_by_search_engines(client: Any, list_of_papers: str) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    assert robots.can_fetch("any", "/search/?q=paper")
    assert not robots.can_fetch("any", "/search/suggest?q=paper")
    assert 'content="noindex"' not in client.get("/search/?q=paper").text
    assert 'content="noindex"' in client.get("/search/?q=whatever+spammers+like+to+be+found+by").text


@pytest.mark.parametrize("title", ["A word " * 40, "x" * 300, "Tom & <b>Jerry</b> " * 9, "First · Second · " * 9])
def test_a_long_title_is_shortened_in_front_of_the_sites_name(client: Any, title: str) -> None:
    page = client.get(make_paper(title).get_absolute_url()).text
    shown = html.unescape(re.findall(r"<title>(.*?)</title>", page, re.S)[0])
    assert len(shown) <= 70
    assert shown.endswith("· Bylines")
    assert shown[:5] == title[:5]
