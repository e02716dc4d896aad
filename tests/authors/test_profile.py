"""The author's page: the page everything serves."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName
from papers.models import AuthorFigure, Authorship, AuthorshipAffiliation, PaperCategory
from tests.factories import make_author, make_authorship, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
QUERIES = 30


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html.partition("<main")[2].replace("<", " <")))


def page_of(client: Client, author: Author, query: str = "") -> str:
    answer = client.get(author.get_absolute_url() + query)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'<h[34] class="card-title"><bdi><a [^>]*>([^<]*)</a>', html)


def test_the_header_shows_figures_in_the_order_of_the_profile(client: Client) -> None:
    ada = make_author("Ada Testwright")
    make_paper(authors=(ada,), cited_by_count=93653)
    for name, value in {"novelty": 59, "ai_score": 37}.items():
        AuthorFigure.objects.create(subject=ada, name=name, origin="reported", source="profile", value=value)
    squashed = re.sub(r"\s+", "", text_of(page_of(client, ada)))
    at = 0
    for fact in ("AdaTestwright", "CL", "Papers1", "Citations93,653", "Novelty59%", "AIScore37", "1Paper", "Jun28,2023"):
        at = squashed.find(fact, at)
        assert at >= 0, fact


def test_unknown_figures_are_called_unknown(client: Client) -> None:
    ada = make_author()
    make_paper(authors=(ada,))
    text = text_of(page_of(client, ada))
    assert "Citations unknown" in text
    assert "Novelty" not in text
    assert "AI Score" not in text
    assert "h-index" not in text.partition("1 Paper")[0]


def test_names_identifiers_and_affiliations_say_what_they_are(client: Client) -> None:
    ada = make_author("Ada Testwright", orcid="0000-0002-1825-0097", homepage="https://example.org/~ada")
    AuthorName.objects.create(author=ada, name="A. Testwright")
    AuthorName.objects.create(author=ada, name="Ada Formername", public=False)
    AuthorIdentifier.objects.create(author=ada, scheme="dblp", value="12/34", verified=True)
    AuthorIdentifier.objects.create(author=ada, scheme="openalex", value="A5", disputed=True)
    Affiliation.objects.create(author=ada, institution=make_institution("Example College"), start_year=2018, end_year=2020)
    make_paper(authors=(ada,))
    html = page_of(client, ada)
    text = text_of(html)
    assert "Also published as A. Testwright" in text
    assert "Formername" not in html
    assert "Example College 2018–2020" in text
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in html
    assert "ORCID harvested" in text
    assert "dblp verified" in text
    assert "OpenAlex harvested , disputed" in text
    assert f'href="{reverse("methods")}#identifiers"' in html
    assert 'id="identifiers"' in client.get(reverse("methods")).text
    assert 'href="https://example.org/~ada"' in html


def test_affiliations_known_from_papers_only_are_marked(client: Client) -> None:
    ada = make_author()
    written = make_paper(authors=(ada,)).authorships.get()
    AuthorshipAffiliation.objects.create(authorship=written, institution=make_institution("Example Lab"), raw="Example Lab")
    text = text_of(page_of(client, ada))
    assert "Example Lab 2023" in text
    assert "from papers" in text


def test_papers_stand_in_the_profiles_own_order(client: Client) -> None:
    ada = make_author()
    for number, title in ((2, "Second"), (1, "First"), (None, "Unplaced")):
        paper = make_paper(title, authors=(ada,))
        Authorship.objects.filter(paper=paper).update(profile_position=number)
    assert titles(page_of(client, ada)) == ["First", "Second", "Unplaced"]
    assert titles(page_of(client, ada, "?sort=publication_date"))[0] == "Second"
    assert "Profile order" in page_of(client, ada)


def test_without_an_order_of_its_own_the_newest_come_first(client: Client) -> None:
    ada = make_author()
    make_paper("Old", authors=(ada,), published=date(2001, 1, 1))
    make_paper("New", authors=(ada,), published=date(2021, 1, 1))
    html = page_of(client, ada)
    assert titles(html) == ["New", "Old"]
    assert "Profile order" not in html


def test_filters_narrow_the_list_and_say_so(client: Client) -> None:
    ada = make_author()
    make_paper("Coded", authors=(ada,), has_code=True, published=date(2020, 1, 1))
    paper = make_paper("Plain", authors=(ada,), category="cs.LG")
    PaperCategory.objects.create(paper=paper, category_id="cs.AI")
    make_paper("Foreign", category="cs.LG")
    for query, expected in {
        "?has_code=true": ["Coded"],
        "?category=cs.AI": ["Plain"],
        "?year_from=2021": ["Plain"],
        "?year_to=2020": ["Coded"],
        "?title=plain": ["Plain"],
    }.items():
        html = page_of(client, ada, query)
        assert titles(html) == expected, query
        assert "1 of 2" in text_of(html), query


def test_a_filter_without_result_explains_itself(client: Client) -> None:
    ada = make_author()
    make_paper(authors=(ada,))
    assert "Clear" in text_of(page_of(client, ada, "?year_from=2100"))


def test_the_compact_view_leaves_abstracts_out(client: Client) -> None:
    ada = make_author()
    make_paper(authors=(ada,), abstract="Telling words.")
    assert "Telling words." in page_of(client, ada)
    assert "Telling words." not in page_of(client, ada, "?view=compact")


def test_retracted_papers_are_shown_marked_and_not_counted(client: Client) -> None:
    ada = make_author()
    make_paper(authors=(ada,), cited_by_count=5)
    make_paper("Taken Back", authors=(ada,), cited_by_count=100, is_retracted=True)
    text = text_of(page_of(client, ada))
    assert "Citations 5" in text
    assert "2 Papers" in text
    assert "Retracted" in text
    assert "left out of all counts" in text


def test_facets_count_and_lead_to_what_they_count(client: Client) -> None:
    ada, institute, venue = make_author(), make_institution(tag="example-lab"), make_venue("Example Journal")
    make_paper(authors=(ada,), institutions=(institute,), venue=venue)
    make_paper(authors=(ada,), institutions=(institute,), published=date(2019, 1, 1))
    html = page_of(client, ada)
    for name, value in {"institution": institute.public_id, "venue": venue.public_id, "category": "cs.CL"}.items():
        assert re.search(rf'<input type="checkbox"[^>]* name="{name}\[\]" value="{value}"', html), name
    assert 'name="year_from"' in html
    assert re.search(r"Example Institute \d+.*?\b2\b", re.sub(r"\s+", " ", strip_tags(html)))


def test_coauthors_first_five_then_all(client: Client) -> None:
    ada = make_author("Ada Testwright")
    others = [make_author(f"Ben Coauthor{number}") for number in range(7)]
    make_paper(authors=(ada, *others))
    html = page_of(client, ada)
    assert all(other.get_absolute_url() in html for other in others)
    assert "All 7 people" in text_of(html)


def test_people_with_a_similar_name_come_with_a_hint(client: Client) -> None:
    ada, alan = make_author("Ada Testwright"), make_author("Alan Testwright")
    make_paper(authors=(ada,))
    make_authorship(
        make_paper(authors=(alan,), category="cs.LG"), alan, position=2, institutions=(make_institution("Example Lab"),)
    )
    text = text_of(page_of(client, ada))
    block = text.partition("similar name")[2]
    assert "Alan Testwright" in block
    assert "Example Lab" in block
    assert "LG" in block


def test_hostile_text_is_escaped(client: Client) -> None:
    ada = make_author("<b>Ada</b> <script>alert(1)</script>", biography="<img src=x>")
    make_paper("<i>Title</i>", authors=(ada,), abstract="<script>x</script>")
    html = page_of(client, ada)
    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert "<i>Title" not in html


def test_an_author_without_papers_made_public_has_a_page_that_says_so(client: Client) -> None:
    text = text_of(page_of(client, make_author("Ada Testwright", visibility="public")))
    assert "No papers" in text


def test_queries_stay_the_same_whatever_the_papers(client: Client) -> None:
    seen = {}
    for number in (1, 3, 60):
        ada, institute, venue = make_author(f"Ada Testwright{'x' * number}"), make_institution(), make_venue()
        for index in range(number):
            authors = (ada, make_author(), make_author(f"A{index} Testwright{'x' * number}"))
            make_paper(authors=authors, institutions=(institute,), venue=venue, published=date(1950 + index, 1, 1))
        page_of(client, ada)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, ada)
        seen[number] = len(queries)
    # Person 1, own order 1, names, affiliations 2, identifiers, figures; list: counts 4, places, papers, five prefetches,
    # chart, facets: rows and three kinds of names; co-authors 2; namesakes 1 with 2 hints.
    assert seen[1] == seen[3] == seen[60] <= QUERIES
