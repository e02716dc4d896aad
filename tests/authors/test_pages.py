"""Lists and pages of people, institutions, categories and venues, and the pages of text."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authors.curation.redirects import leave_redirect
from authors.models import Institution, InstitutionAlias, InstitutionIdentifier, SiteIdentity
from papers.affiliating import keep_paper_institutions
from papers.metrics.refreshing import refresh_institutions
from papers.models import PaperCategory
from tests.authors.test_profile import text_of
from tests.factories import make_author, make_authorship, make_category, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
MOST_QUERIES = 28
LISTS = ["authors", "institutions", "categories", "venues"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def fill(number: int = 1) -> dict[str, str]:
    """Papers with everything; the addresses of the last records made."""
    addresses = {}
    for index in range(number):
        author, institute, venue = make_author(), make_institution(), make_venue()
        paper = make_paper(
            authors=(author,), institutions=(institute,), venue=venue, published=date(2000 + index, 1, 1), abstract="Words."
        )
        make_authorship(paper, make_author(), position=2, institutions=(institute,))
        addresses = {
            "author": author.get_absolute_url(), "institution": institute.get_absolute_url(),
            "venue": venue.get_absolute_url(), "category": "/categories/cs.CL/",
        }  # fmt: skip
    return addresses | {name: reverse(name) for name in LISTS}


def get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("name", [*LISTS, "methods", "about", "accessibility", "privacy", "data-licence", "contact"])
def test_pages_answer_with_nothing_in_the_catalogue(client: Client, name: str) -> None:
    assert "<h1" in get(client, reverse(name))


@pytest.mark.parametrize(
    "name", ["authors", "institutions", "venues", "categories", "author", "institution", "venue", "category"]
)
def test_queries_are_the_same_at_one_and_three_rows(client: Client, name: str) -> None:
    """Session and site are read once; each page's own queries are told in its view's tests."""
    counts = []
    for more in (1, 2):
        address = fill(more)[name]
        get(client, address)
        with CaptureQueriesContext(connection) as queries:
            get(client, address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["author", "institution", "venue"])
def test_a_wrong_or_missing_slug_leads_to_the_right_address(client: Client, kind: str) -> None:
    address = fill()[kind]
    base = address.rstrip("/").rpartition("/")[0]
    for wrong in (f"{base}/", f"{base}/nonsense/", f"{base.lower()}/x/"):
        answer = client.get(f"{wrong}?sort=publication_date&page=2")
        assert answer.status_code == 301, wrong
        assert answer["Location"] == f"{address}?sort=publication_date&page=2"


@pytest.mark.parametrize(("kind", "letter"), [("authors", "A"), ("institutions", "I"), ("venues", "V")])
def test_merged_records_lead_on_and_withdrawn_ones_say_so(client: Client, kind: str, letter: str) -> None:
    target = fill()[kind.removesuffix("s")]
    pk = int(target.split("/")[2][1:])
    leave_redirect(kind=letter, old_id=90010000, target_id=pk, reason="merged")
    leave_redirect(kind=letter, old_id=90020000, target_id=None, reason="withdrawn", note="Taken out on request.")
    answer = client.get(f"/{kind}/{letter}90010000/old-name/?page=1")
    assert (answer.status_code, answer["Location"]) == (301, f"{target}?page=1")
    gone = client.get(f"/{kind}/{letter}90020000/")
    assert gone.status_code == 410
    assert "Taken out on request." in gone.content.decode()


def test_hidden_people_answer_like_unknown_ones(client: Client) -> None:
    hidden = make_author("Ada Secretwright", visibility="hidden")
    make_paper(authors=(hidden,))
    answer, unknown = client.get(hidden.get_absolute_url()), client.get("/authors/A987654/nobody/")
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content
    assert "Secretwright" not in get(client, reverse("authors"))


def test_nobody_is_led_to_a_hidden_person(client: Client) -> None:
    hidden = make_author("Ada Secretwright", visibility="hidden")
    make_paper(authors=(hidden,))
    leave_redirect(kind="A", old_id=90010000, target_id=hidden.pk, reason="merged")
    assert client.get("/authors/A90010000/").status_code == 404


def test_people_of_drafts_have_no_page(client: Client) -> None:
    ada = make_author()
    make_paper(authors=(ada,), state="draft")
    assert client.get(ada.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("address", [
    "/authors/A0/", "/authors/A99999999999999999999/", "/authors/A999999999999999999/", "/authors/P1/x/", "/authors/x/",
    "/authors/A1%00/",
    "/institutions/I0/", "/venues/V0/y/", "/categories/no.SUCH/", "/categories/%00/",
    "/authors/-1/", "/institutions/%F0%9F%92%A5/",
])  # fmt: skip
def test_addresses_that_name_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", [
    "page=0", "page=-1", "page=x", "page=99999999999", "page=", "page=1%00", "sort=nonsense", "sort=%00",
    "sort=cited_by_count:desc:desc", "year_from=abc", "year_from=99999999999999999999", "year_to=-5", "year_from=NaN",
    "year_from=1e400", "category=no.SUCH", "category=%00", "institution=I0", "institution=%00",
    "institution=I999999999999999999", "title=%00", "name=%00", "name=%25_%5C", "has_code=perhaps", "country=%00",
    "kind=nonsense", "type=nonsense", "orcid=%00", "ror=%00", "view=nonsense", "group=%00", "page=last", "doi=%00",
    "unknown=1", "category=cs.CL&category=cs.LG", "year_from=2025&year_to=2000", "title=" + "x" * 5000,
])  # fmt: skip
def test_hostile_parameters_never_break_a_page(client: Client, query: str) -> None:
    for name, address in fill().items():
        assert client.get(f"{address}?{query}").status_code in {200, 400, 404}, name


def test_only_reading_is_allowed(client: Client) -> None:
    for address in fill().values():
        assert client.post(address).status_code == 405


# --- Lists --------------------------------------------------------------------------------------------------------------


def test_people_come_with_a_hint_and_counts(client: Client) -> None:
    ada, lab = make_author("Ada Testwright"), make_institution("Example Lab")
    paper = make_paper(authors=(make_author("Ben Elsewhere"),), cited_by_count=1234)
    make_authorship(paper, ada, position=2, institutions=(lab,))
    make_paper(authors=(ada,), cited_by_count=None)
    text = text_of(get(client, reverse("authors") + "?name=testwright"))
    assert "Ada Testwright" in text
    assert "Example Lab" in text
    assert "Ben Elsewhere" not in text


def test_people_are_found_and_ordered(client: Client) -> None:
    zoe, abe = make_author("Zoe Zettel"), make_author("Abe Abendroth", orcid="0000-0002-1825-0097")
    for paper in range(3):
        make_paper(authors=(zoe,), cited_by_count=paper)
    make_paper(authors=(abe,), cited_by_count=50, category="cs.LG")
    address = reverse("authors")

    def order(query: str) -> list[str]:
        html = get(client, address + query)
        return sorted((name for name in ("Zoe Zettel", "Abe Abendroth") if name in html), key=html.index)

    assert order("") == order("?sort=works_count:desc") == ["Zoe Zettel", "Abe Abendroth"]
    assert order("?sort=cited_by_count:desc") == order("?sort=display_name") == ["Abe Abendroth", "Zoe Zettel"]
    assert order("?category=cs.LG") == order("?orcid=0000-0002-1825-0097") == ["Abe Abendroth"]
    assert "unknown" not in text_of(get(client, address)).partition("Zoe Zettel")[2].partition("Abe")[0]


def test_lists_have_25_a_page(client: Client) -> None:
    for index in range(26):
        make_paper(authors=(make_author(f"Ada Testwright{chr(97 + index)}"),))
    first, second = (
        get(client, reverse("authors") + "?sort=display_name"),
        get(client, reverse("authors") + "?sort=display_name&page=2"),
    )
    assert (first.count("/authors/A"), second.count("/authors/A")) == (25, 1)
    assert "26 people" in text_of(first)
    assert client.get(reverse("authors") + "?page=3").status_code == 404


def test_unknown_counts_are_not_zero(client: Client) -> None:
    make_paper(authors=(make_author("Ada Testwright"),))
    assert "unknown" in text_of(get(client, reverse("authors"))).partition("Ada Testwright")[2]


def test_an_empty_list_explains_itself(client: Client) -> None:
    fill()
    for name in ("authors", "institutions", "venues"):
        html = get(client, reverse(name) + "?name=nosuchname")
        assert 'class="empty"' in html


def test_institutions_are_filtered(client: Client) -> None:
    lab = make_institution("Example Lab", country_code="GB", kind="company")
    college = make_institution("Example College", country_code="FR", kind="education")
    InstitutionIdentifier.objects.create(institution=college, scheme="ror", value="0abcdef12")
    make_paper(institutions=(lab, college))
    for query in ("?country=fr", "?kind=education", "?name=college", "?ror=0abcdef12"):
        html = get(client, reverse("institutions") + query)
        assert college.get_absolute_url() in html, query
        assert lab.get_absolute_url() not in html, query


def test_categories_are_grouped_with_counts(client: Client) -> None:
    make_paper(category="cs.CL")
    make_paper(category="math.CO")
    text = text_of(get(client, reverse("categories")))
    assert text.index("Computer Science") < text.index("Mathematics")
    assert "Computation and Language" in text
    assert "Robotics" not in text


# --- Detail pages -------------------------------------------------------------------------------------------------------


def test_the_page_of_an_institution(client: Client) -> None:
    parent = make_institution("Example University", tag="example-university")
    lab = make_institution("Example Lab", tag="example-lab", country_code="GB", city="Leeds", kind="facility", parent=parent)
    part, unseen = make_institution("Example Group", parent=lab), make_institution("Unseen Group", parent=lab)
    InstitutionAlias.objects.create(institution=lab, name="EL")
    InstitutionIdentifier.objects.create(institution=lab, scheme="ror", value="0abcdef12")
    ada = make_author("Ada Testwright")
    paper = make_paper("A Paper of the Lab", cited_by_count=7, institutions=(parent, part))
    make_authorship(paper, ada, position=1, institutions=(lab,))
    make_paper(institutions=(lab,))
    keep_paper_institutions([paper.pk])
    refresh_institutions(Institution.objects.values_list("pk", flat=True))
    html = get(client, lab.get_absolute_url())
    text = text_of(html)
    facts = (
        "Example Lab", "example-lab", "facility", "Leeds, United Kingdom", "EL", "Papers 2", "Citations 7",
        "over 1 of 2 papers",
        "People 1", "Ada Testwright", "Computation and Language", "Example Group",
    )  # fmt: skip
    for fact in facts:
        assert fact in text, fact
    assert 'href="https://ror.org/0abcdef12"' in html
    assert parent.get_absolute_url() in html
    assert unseen.name not in html


def test_the_page_of_a_category_lists_further_papers_too(client: Client) -> None:
    make_paper("First Listed", category="cs.CL")
    other = make_paper("Cross Listed", category="cs.LG")
    PaperCategory.objects.create(paper=other, category=make_category("cs.CL"))
    html = get(client, "/categories/cs.CL/")
    assert "First Listed" in html
    assert "Cross Listed" in html
    assert "Computation and Language" in text_of(html)


def test_a_category_without_papers_says_so(client: Client) -> None:
    assert 'class="empty"' in get(client, "/categories/cs.CL/")


def test_the_page_of_a_venue(client: Client) -> None:
    venue = make_venue("Example Journal", type="journal", publisher="Example Press", default_category=make_category("cs.LG"))
    make_paper("A Paper There", venue=venue, cited_by_count=3)
    make_paper("A Paper Elsewhere")
    text = text_of(get(client, venue.get_absolute_url()))
    for fact in ("Example Journal", "journal", "Example Press", "A Paper There", "LG"):
        assert fact in text, fact
    assert "Elsewhere" not in text


# --- Texts --------------------------------------------------------------------------------------------------------------


def test_texts_of_the_site_replace_the_defaults(client: Client) -> None:
    assert "Reading needs no account" in get(client, reverse("privacy"))
    SiteIdentity.objects.create(
        name="Example Catalogue",
        privacy_text="Our <b>own</b> words.",
        contact_email="desk@example.org",
        data_licence_name="Example Licence",
    )
    assert "Our &lt;b&gt;own&lt;/b&gt; words." in get(client, reverse("privacy"))
    assert "mailto:desk@example.org" in get(client, reverse("contact"))
    assert "Example Licence" in get(client, reverse("data-licence"))


def test_about_is_linked_and_tells_the_limits(client: Client) -> None:
    assert f'href="{reverse("about")}"' in get(client, reverse("methods"))
    assert "Changes and known limits" in get(client, reverse("about"))


def test_methods_tell_the_coverage(client: Client) -> None:
    make_paper(abstract="Words.")
    make_paper()
    text = text_of(get(client, reverse("methods")))
    assert "an abstract 1" in text
    for word in ("Novelty", "AI Score", "h-index", "Nothing has been scored here yet."):
        assert word in text
