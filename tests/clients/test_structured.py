"""What pages say to search engines and reference managers, read as they read it."""

import json
from datetime import date
from typing import Any

import pytest

from authors.models import Affiliation, Author, AuthorName, InstitutionIdentifier
from papers.models import Paper
from tests.clients.reading import SITE, Head, data_of, page_of, rich_paper
from tests.factories import make_author, make_authorship, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
NASTY = "</script><script>alert(1)</script><!-- \"'&lt;`*_[x](y)\u2028"


@pytest.fixture
def rich() -> Paper:
    return rich_paper()


def test_a_paper_in_schema_orgs_words(client: Any, rich: Paper) -> None:
    found = data_of(page_of(client, rich))
    article = found["ScholarlyArticle"]
    assert article["name"] == article["headline"] == "Bounds on α & more"
    ada, bob = article["author"]
    assert (ada["name"], ada["sameAs"]) == ("Ada Testwright", "https://orcid.org/0000-0002-1825-0097")
    assert ada["affiliation"][0]["name"] == "Example Institute"
    assert client.get(bob["url"].removeprefix(SITE)).status_code == 200
    assert (article["datePublished"], article["pagination"]) == ("2023-06-28", "101-131")
    assert article["isPartOf"]["isPartOf"]["isPartOf"] == {
        "@type": "Periodical", "name": "Journal of Examples", "issn": "0891-2017",
    }  # fmt: skip
    assert {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1234/example"} in article["identifier"]
    assert "7" not in [identifier["value"] for identifier in article["identifier"]]
    assert article["sameAs"][0] == "https://doi.org/10.1234/example"
    assert article["license"].endswith("/by/4.0/")
    assert article["about"] == [{"@type": "DefinedTerm", "termCode": "cs.CL", "name": "Computation and Language"}]
    steps = [step["name"] for step in found["BreadcrumbList"]["itemListElement"]]
    assert steps == ["Bylines", "Papers", "Bounds on α & more"]


def test_the_tags_that_scholarly_search_engines_read(client: Any, rich: Paper) -> None:
    head = Head(page_of(client, rich))
    for name, value in {
        "citation_title": "Bounds on α & more", "citation_publication_date": "2023/06/28", "citation_doi": "10.1234/example",
        "citation_journal_title": "Journal of Examples", "citation_volume": "12", "citation_issue": "3",
        "citation_firstpage": "101", "citation_lastpage": "131", "citation_issn": "0891-2017",
        "citation_arxiv_id": "2301.00001",
        "citation_pdf_url": "https://example.org/paper.pdf", "citation_author_institution": "Example Institute",
        "citation_abstract_html_url": SITE + rich.get_absolute_url(), "og:title": "Bounds on α & more", "og:type": "article",
        "og:url": SITE + rich.get_absolute_url(), "description": "If p < 0.05.", "twitter:card": "summary",
    }.items():  # fmt: skip
        assert head.all(name) == [value], name
    assert head.all("citation_author") == ["Ada Testwright", "Bob Exampleman"]
    assert head.all("citation_pmid") == []


@pytest.mark.parametrize(
    ("precision", "day", "told", "tag"),
    [("year", date(2021, 1, 1), "2021", "2021"), ("month", date(2021, 6, 1), "2021-06", "2021/06")],
)
def test_no_date_is_more_exact_than_is_known(client: Any, precision: str, day: date, told: str, tag: str) -> None:
    page = page_of(client, make_paper(published=day, date_precision=precision))
    assert data_of(page)["ScholarlyArticle"]["datePublished"] == told
    assert Head(page).all("citation_publication_date") == [tag]


def test_conferences_are_told_from_journals(client: Any) -> None:
    head = Head(page_of(client, make_paper(type="article", venue=make_venue("ExConf 2023", type="conference"))))
    assert head.all("citation_conference_title") == ["ExConf 2023"]
    assert head.all("citation_journal_title") == []


def test_what_is_not_known_is_not_said(client: Any) -> None:
    page = page_of(client, make_paper(category=None, published=None))
    article = data_of(page)["ScholarlyArticle"]
    assert set(article) == {"@context", "@type", "@id", "url", "mainEntityOfPage", "name", "headline"}
    assert "" not in [content for name, content in Head(page).meta if name.startswith("citation_")]


def test_nasty_texts_stay_texts(client: Any) -> None:
    ada = make_author(f"Ada {NASTY}", biography=NASTY)
    place, venue = make_institution(f"Place {NASTY}"), make_venue(f"Venue {NASTY}")
    paper = make_paper(f"Title {NASTY}", abstract=NASTY, authors=(ada,), institutions=(place,), venue=venue, keywords=[NASTY])
    for record, kind in ((paper, "ScholarlyArticle"), (ada, "ProfilePage"), (place, "Organization"), (venue, "CollectionPage")):
        page = page_of(client, record)
        head = Head(page)
        assert all(script.get("src") or script.get("type") == "application/ld+json" for script in head.scripts), record
        assert "<!--" not in page
        assert "</script><script>alert(1)" in data_of(page)[kind]["name"]
    for address in (f"/papers/{paper.public_id}.md", f"/authors/{ada.public_id}.md"):
        text = client.get(address)
        assert text["X-Content-Type-Options"] == "nosniff"
        assert "<script" not in text.text.replace("\\<", "")
        assert "[x](y)" not in text.text


@pytest.mark.parametrize("hide", ["visibility", "paper"])
def test_programs_learn_no_more_than_readers(client: Any, hide: str) -> None:
    ada = make_author("Ada Testwright", orcid="0000-0002-1825-0097")
    paper = make_paper(authors=(ada, make_author()))
    if hide == "visibility":
        Author.objects.filter(pk=ada.pk).update(visibility=Author.Visibility.HIDDEN)
    else:
        paper.authorships.filter(author=ada).update(hidden_on_profile=True)
    texts = [client.get(f"/papers/{paper.public_id}{end}").text for end in (".md", "/linkset.json")]
    answer = client.get(paper.get_absolute_url())
    for text in (answer.text, answer["Link"], *texts):
        assert "0000-0002-1825-0097" not in text
        assert f"/{ada.public_id}/" not in text
    assert data_of(answer.text)["ScholarlyArticle"]["author"][0]["name"] == "Ada Testwright"


def test_a_former_name_is_replaced(client: Any) -> None:
    author = make_author("New Testwright")
    AuthorName.objects.create(author=author, name="Old Formerly", public=False)
    paper = make_paper()
    make_authorship(paper, author, position=1, raw_name="Old Formerly")
    pages = [record.get_absolute_url() for record in (paper, author)]
    texts = [f"/papers/{paper.public_id}.md", f"/authors/{author.public_id}.md", f"/papers/{paper.public_id}/linkset.json"]
    for address in (*pages, *texts, f"/embed/authors/{author.public_id}/"):
        assert "formerly" not in client.get(address, follow=True).text.lower(), address


def test_people_places_and_collections(client: Any) -> None:
    parent = make_institution("Example University")
    place = make_institution("Example Lab", kind="company", country_code="NZ", city="Wellington", parent=parent)
    InstitutionIdentifier.objects.create(institution=place, scheme="ror", value="05gq02987")
    ada = make_author("Ada Testwright", orcid="0000-0002-1825-0097", homepage="javascript:alert(1)")
    AuthorName.objects.create(author=ada, name="A. Testwright")
    Affiliation.objects.create(author=ada, institution=place, is_current=True)
    paper = make_paper(authors=(ada,), institutions=(place,), venue=make_venue("Journal of Examples", type="journal"))
    person = data_of(page_of(client, ada))["ProfilePage"]["mainEntity"]
    assert (person["name"], person["alternateName"]) == ("Ada Testwright", ["A. Testwright"])
    assert person["sameAs"] == ["https://orcid.org/0000-0002-1825-0097"]
    assert person["affiliation"][0]["name"] == "Example Lab"
    lab = data_of(page_of(client, place))["Corporation"]
    assert lab["sameAs"] == ["https://ror.org/05gq02987"]
    assert lab["address"] == {"@type": "PostalAddress", "addressLocality": "Wellington", "addressCountry": "NZ"}
    assert lab["parentOrganization"] == {"@type": "Organization", "name": "Example University"}
    assert data_of(page_of(client, paper.venue))["CollectionPage"]["about"]["@type"] == "Periodical"
    assert data_of(page_of(client, paper.primary_category))["CollectionPage"]["about"]["termCode"] == "cs.CL"
    home = data_of(client.get("/").text)
    assert home["WebSite"]["potentialAction"]["target"]["urlTemplate"] == f"{SITE}/search/?q={{q}}"
    assert home["Dataset"]["license"].startswith("https://creativecommons.org/")
    assert len(home["Dataset"]["description"]) > 50


@pytest.mark.parametrize(("address", "canonical"), [
    ("/papers/?sort=title&view=compact&page=1", "/papers/"), ("/papers/?category=cs.CL&x=1", "/papers/?category=cs.CL"),
    ("/search/?q=graphs&after=x", "/search/?q=graphs"), ("/about/?x=1", "/about/"), ("/authors/?name=a", "/authors/?name=a"),
    ("/categories/cs.CL/?sort=title", "/categories/cs.CL/"),
])  # fmt: skip
def test_a_page_has_one_address(client: Any, address: str, canonical: str) -> None:
    assert Head(client.get(address).text).linked("canonical") == [SITE + canonical]


def test_pages_of_errors_have_none(client: Any) -> None:
    head = Head(client.get("/papers/P999/").text)
    assert head.linked("canonical") == []
    assert head.all("robots") == ["noindex"]


def test_json_ld_is_json(client: Any) -> None:
    page = page_of(client, make_paper('A "B" \\ <C>'))
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(block)["name"] == 'A "B" \\ <C>'
