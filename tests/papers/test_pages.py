"""Home, the list of papers and the style of the site, as a visitor meets them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client

from authors.colours import ENOUGH, NIGHT, PAPER, contrast
from authors.models import Author, SiteIdentity
from papers import own_style
from papers.models import (
    Authorship,
    Category,
    CitationsInYear,
    Paper,
    PaperLink,
)
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


def in_order(text: str, *wanted: str) -> bool:
    at = 0
    for part in wanted:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


# --- Home ------------------------------------------------------------------------------------------------------------------


def test_home_of_an_empty_catalogue(client: Client) -> None:
    page = client.get("/").text
    assert "The catalogue is empty so far." in page
    assert "Most cited" not in page


def test_home_says_what_the_catalogue_holds(client: Client) -> None:
    make_paper("Oldest", authors=(make_author(),), published=date(2001, 1, 1), cited_by_count=900)
    make_paper("Newest", institutions=(make_institution("Example Institute"),), published=date(2024, 1, 1))
    make_paper("Hidden Draft", state="draft")
    page = client.get("/").text
    assert in_order(page, "Newest papers", "Newest", "Oldest", "Most cited", "Oldest")
    assert in_order(page, ">Papers</dt>", ">2</dd>", ">People</dt>", ">1</dd>", "Example Institute")
    assert "Hidden Draft" not in page


def test_a_retracted_paper_is_not_among_the_most_cited(client: Client) -> None:
    make_paper("Sound Work", cited_by_count=3)
    make_paper("Retracted Work", cited_by_count=900, is_retracted=True)
    most_cited = client.get("/").text.partition("Most cited")[2]
    assert "Sound Work" in most_cited
    assert "Retracted Work" not in most_cited


@pytest.mark.parametrize("rows", [1, 3])
def test_home_needs_no_more_queries_however_much_there_is(
    client: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    fill(rows)
    own_style.current()
    # 4 counts, 2 × (papers, authorships, institutions, links to code), the order of each, how many are cited, categories,
    # institutions.
    with django_assert_max_num_queries(18):
        client.get("/")


# --- List ------------------------------------------------------------------------------------------------------------------


def fill(rows: int) -> None:
    for number in range(rows):
        people = tuple(make_author() for _ in range(4))
        make_paper(
            authors=people, institutions=(make_institution(),), venue=make_venue(), cited_by_count=number, abstract="A text."
        )


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("view", ["", "compact"])
def test_the_list_needs_the_same_queries_however_long_it_is(
    client: Client, rows: int, view: str, django_assert_num_queries: Any
) -> None:
    fill(rows)
    own_style.current()
    # Counts 2, orders with scores 2, places, papers, authorships, institutions, links to code;
    # facets: rows, and their four kinds of names.
    with django_assert_num_queries(13):
        client.get("/papers/", {"view": view})


def test_a_card_names_its_facts_in_order(client: Client) -> None:
    people = [make_author(name) for name in ("Ada Testwright", "Bruno Fixture", "Clara Mockingham", "Dmitri Assertov")]
    tags = tuple(make_institution(tag=tag) for tag in ("zeta", "alpha", "middle"))
    make_paper("On $x^2$", authors=tuple(people), institutions=tags, has_code=True, abstract="Whole abstract. " * 40)
    page = client.get("/papers/").text
    page = page[page.index("<article") : page.index("</article>")]
    assert in_order(
        page, ">CL</a>", "Jun 28, 2023", ">Code</span>", "On <math", "Ada Testwright", "Bruno Fixture", "Clara Mockingham",
        "et al.", "·", ">alpha</a>", ">middle</a>", "Whole abstract. " * 39,
    )  # fmt: skip
    assert "Dmitri Assertov" not in page
    assert ">zeta</a>" not in page


def test_a_card_says_what_is_unknown_and_what_was_retracted(client: Client) -> None:
    Paper.objects.create(title="", is_retracted=True)
    page = client.get("/papers/").text
    assert in_order(page, "date unknown", "Retracted", "[untitled]")
    assert "0 citations" not in page


def test_the_code_badge_leads_to_the_code(client: Client) -> None:
    linked, unlinked = make_paper(has_code=True), make_paper(has_code=True)
    for url, official in (("https://example.org/others", False), ("https://example.org/own", True), ("javascript:x", True)):
        PaperLink.objects.create(paper=linked, kind="code", url=url, official=official)
    PaperLink.objects.create(paper=unlinked, kind="pdf", url="https://example.org/paper.pdf")
    for page in (client.get("/papers/").text, client.get(linked.get_absolute_url()).text):
        assert '<a class="badge badge-code" href="https://example.org/own" rel="nofollow noopener">Code</a>' in page
    for page in (client.get("/papers/").text, client.get(unlinked.get_absolute_url()).text):
        assert page.count("There is code; no link to it is known") == 1


@pytest.mark.parametrize("address", ["/papers/", "/authors/", "/institutions/", "/venues/", "/categories/cs.CL/"])
def test_the_filters_can_be_jumped_to_and_the_count_is_announced(client: Client, address: str) -> None:
    fill(1)
    page = client.get(address).text
    assert in_order(page, '<div role="status"><h2', 'href="#filters"', 'id="filters"')


def test_institutions_of_one_name_are_told_apart_by_country(client: Client) -> None:
    twins = tuple(make_institution("Twin Institute", tag=f"twin-{code}", country_code=code) for code in ("DE", "FR"))
    make_paper(institutions=(*twins, make_institution("Single Institute", tag="single", country_code="IT")))
    for address in ("/papers/", "/categories/cs.CL/"):
        assert in_order(client.get(address).text, "Twin Institute (DE)", "Twin Institute (FR)", "Single Institute")


def test_hyphens_part_the_words_of_an_address() -> None:
    assert make_paper("A Large-scale Study").slug == "a-large-scale-study"
    assert make_author("Ada-Maria Testwright").slug == "ada-maria-testwright"
    assert make_paper("‐ -").slug == "untitled"


def test_an_incomplete_list_of_authors_ends_in_et_al(client: Client) -> None:
    make_paper(authors=(make_author("Ada Testwright"),), authors_complete=False)
    assert in_order(client.get("/papers/").text, "Ada Testwright", "et al.")


def test_hidden_and_unresolved_people_are_named_without_a_link(client: Client) -> None:
    paper = make_paper(authors=(make_author("Hidden Person", visibility=Author.Visibility.HIDDEN),))
    Authorship.objects.create(paper=paper, position=2, raw_name="Unresolved <b>Person</b>")
    page = client.get("/papers/").text
    assert '<span class="name">Hidden Person</span>' in page
    assert '<span class="name">Unresolved &lt;b&gt;Person&lt;/b&gt;</span>' in page


def test_the_compact_list_leaves_the_abstracts_out(client: Client) -> None:
    make_paper("Some Title", abstract="Long story.")
    page = client.get("/papers/?view=compact").text
    assert "Some Title" in page
    assert "Long story." not in page


def test_the_list_is_paged_and_keeps_its_filters(client: Client) -> None:
    for number in range(26):
        make_paper(f"Paper {number}", published=date(2020, 1, 1))
    page = client.get("/papers/?category=cs.CL&page=1").text
    assert "26 papers" in page
    assert 'href="?category=cs.CL&amp;page=2"' in page
    assert len(client.get("/papers/?page=2").context["page"]) == 1


@pytest.mark.parametrize("number", ["0", "-1", "3", "two", "1.5", "9" * 5000, "%00"])
def test_a_page_that_there_is_not_is_explained(client: Client, number: str) -> None:
    make_paper()
    assert client.get(f"/papers/?page={number}").status_code == 404


def test_orders(client: Client) -> None:
    make_paper("Old and cited", published=date(2001, 1, 1), cited_by_count=9)
    make_paper("New and unknown", published=date(2021, 1, 1))
    make_paper("Undated", published=None, cited_by_count=0)
    orders = {
        "publication_date:desc": ["New and unknown", "Old and cited", "Undated"],
        "publication_date": ["Old and cited", "New and unknown", "Undated"],
        "cited_by_count:desc": ["Old and cited", "Undated", "New and unknown"],
    }
    for sort, titles in orders.items():
        assert [paper.title for paper in client.get("/papers/", {"sort": sort}).context["page"]] == titles


# --- Style and errors ------------------------------------------------------------------------------------------------------


def test_the_administrators_colours(client: Client) -> None:
    SiteIdentity(accent="#123456", accent_dark="#fedcba").save()
    Category.objects.filter(pk="cs.CL").update(colour="#abcdef")
    Category.objects.filter(pk="cs.LG").update(colour="red;}*{")
    answer = client.get("/site.css")
    assert answer["Content-Type"].startswith("text/css")
    assert "--accent-light: #123456; --on-accent-light: #ffffff" in answer.text
    assert "--accent-dark: #fedcba; --on-accent-dark: #10181a" in answer.text
    assert '[data-category="cs.CL"] { --category-ground: color-mix(in oklab, #abcdef' in answer.text
    assert "red" not in answer.text
    assert client.get("/site.css", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_colours_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        SiteIdentity(accent="#fedcba", accent_dark="#123456").full_clean()
    assert set(refused.value.message_dict) == {"accent", "accent_dark"}
    SiteIdentity(accent="#00616b", accent_dark="#7fd1da").full_clean()
    SiteIdentity(accent="", accent_dark="").full_clean()


def test_contrast_is_measured_on_the_grounds_of_the_pages() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == round(contrast("#ffffff", "#000000"), 2) == 21
    assert contrast("#777777", "#ffffff") < ENOUGH < contrast("#757575", "#ffffff")
    assert f"--paper: light-dark({PAPER}, {NIGHT})" in Path("static/css/tokens.css").read_text()


def test_pages_carry_neither_inline_script_nor_inline_style(client: Client) -> None:
    paper = make_paper(cited_by_count=3)
    CitationsInYear.objects.bulk_create(CitationsInYear(paper=paper, year=year, count=1, source="x") for year in (2020, 2021))
    for page in (client.get(address).text for address in ("/", "/papers/", paper.get_absolute_url())):
        assert " style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count("<script src=") + page.count('<script type="application/ld+json">')


def test_an_uploaded_logo_is_served_and_nothing_else_is(client: Client) -> None:
    assert client.get("/site-logo").status_code == 404
    site = SiteIdentity()
    site.logo.save("mark.png", ContentFile(b"not really a picture"))
    assert b"/site-logo?" in client.get("/").content
    answer = client.get("/site-logo")
    assert b"".join(answer.streaming_content) == b"not really a picture"
    assert answer.headers["Content-Type"] == "image/png"
