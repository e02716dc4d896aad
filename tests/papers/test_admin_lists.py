"""The admin's long lists: what their searches find, how they count and are sorted when they are too long to be counted."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from authors.admin import lists
from authors.models import SiteIdentity
from papers.admin.papers import PaperAdmin
from papers.metrics.refreshing import refresh_authors
from papers.models import Paper
from papers.search import for_editors
from tests.admin_forms import logged_in
from tests.factories import make_author, make_authorship, make_institution, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("sena"))
    return client


@pytest.fixture
def _two_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every list two rows are listed, one on a page."""
    monkeypatch.setattr(lists, "MOST_LISTED", 2)
    monkeypatch.setattr(for_editors, "MOST", 2)
    monkeypatch.setattr("authors.admin.base.CatalogueAdmin.list_per_page", 1)


def page_of(client: Client, model: str, **query: str) -> Any:
    return client.get(reverse(f"admin:{model}_changelist"), query)


def listed(client: Client, model: str, **query: str) -> list[str]:
    return [str(row) for row in page_of(client, model, **query).context["cl"].result_list]


# --- searching ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("search", ["ladders", "Ladder", "example ladd", "of ladders"])
def test_papers_are_found_by_words_of_the_title_published_or_not(editor: Client, search: str) -> None:
    make_paper("Examples of Ladders")
    make_paper("Something Else", abstract="With ladders.")
    make_paper("Draft example of ladders", state="draft")
    assert set(listed(editor, "papers_paper", q=search)) >= {"Examples of Ladders"}
    assert set(listed(editor, "papers_paper", q="ladders")) == {"Examples of Ladders", "Draft example of ladders"}


def test_printed_names_are_found_in_drafts_and_of_hidden_people_too(editor: Client) -> None:
    hidden, renamed = make_author("Hilda Testwright", visibility="hidden"), make_author("Ada Newname")
    renamed.names.create(name="Ada Testwright", public=False)
    published = make_paper(authors=(hidden, make_author("Bob Example")))
    make_authorship(published, renamed, position=3, raw_name="Ada Testwright")
    make_authorship(make_paper(state="draft"), None, position=1, raw_name="D. Testwright")
    found = {"Hilda Testwright", "Ada Testwright", "D. Testwright"}
    assert set(listed(editor, "papers_authorship", q="testwright")) == found
    assert listed(editor, "papers_authorship", q="hilda testw") == ["Hilda Testwright"]


def test_people_of_whom_the_public_sees_nothing_are_found_by_name(editor: Client) -> None:
    hidden, drafted = make_author("Hilda Testwright", visibility="hidden"), make_author("Dora Testwright")
    make_paper(state="draft", authors=(drafted,))
    refresh_authors([hidden.pk, drafted.pk])
    assert listed(editor, "authors_author", q="testwright") == ["Dora Testwright", "Hilda Testwright"]


def test_affiliations_are_found_by_the_institution_or_as_printed_while_unresolved(editor: Client) -> None:
    line = make_authorship(make_paper(), make_author(), position=1)
    line.affiliations.create(institution=make_institution("Example Hall"))
    line.affiliations.create(raw="A hall somewhere")
    assert set(listed(editor, "papers_authorshipaffiliation", q="hall")) == {"Example Hall", "A hall somewhere"}


# --- more than are listed ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_two_are_many")
def test_a_list_says_that_there_are_more_and_its_pages_end_where_it_does(editor: Client) -> None:
    for number in range(4):
        make_paper(f"Ladder {number}")
    page = page_of(editor, "papers_paper")
    assert "more than 2 papers" in page.content.decode()
    assert "?p=2" in page.content.decode()
    assert "?p=3" not in page.content.decode()
    assert listed(editor, "papers_paper", p="2") == ["Ladder 2"]
    assert page_of(editor, "papers_paper", p="3").status_code == 302
    assert "more than 2 results" in page_of(editor, "papers_paper", q="ladder").content.decode()


@pytest.mark.usefixtures("_two_are_many")
def test_long_lists_of_papers_are_sorted_as_a_whole(editor: Client) -> None:
    for year, cited in ((2020, 5), (2021, 9), (2019, 7), (None, None)):
        make_paper(f"Cited {cited}", published=year and date(year, 1, 1), cited_by_count=cited)
    make_paper("Draft", published=date(2020, 6, 1), cited_by_count=8, state="draft")
    day, cited = (PaperAdmin.list_display.index(name) + 1 for name in ("date_", "cited_by"))
    orders = {
        f"-{day}": ["Cited 9", "Draft"], f"{day}": ["Cited None", "Cited 7"],
        f"-{cited}": ["Cited 9", "Draft"], f"{cited}": ["Cited None", "Cited 5"],
    }  # fmt: skip
    for order, expected in orders.items():
        shown = [listed(editor, "papers_paper", o=order, p=page) for page in ("1", "2")]
        assert shown == [[title] for title in expected], order
    assert listed(editor, "papers_paper", o=f"-{day}", state="published") == ["Cited 9"]


@pytest.mark.usefixtures("_two_are_many")
def test_long_lists_of_people_are_sorted_as_a_whole(editor: Client) -> None:
    people = [make_author(f"Ada {name}") for name in ("One", "Two", "Three", "Four")]
    for number in range(1, 5):
        make_paper(authors=tuple(people[number - 1 :]), cited_by_count=number)
    assert listed(editor, "authors_author", o="-4") == ["Ada Four"]
    assert listed(editor, "authors_author", o="-4", p="2") == ["Ada Three"]
    assert listed(editor, "authors_author", o="4") == ["Ada One"]
    assert listed(editor, "authors_author", o="1") == ["Ada Four"]


# --- queries -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_filters_and_searches_ask_the_same_number_of_questions_whatever_the_rows(
    editor: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        make_paper(f"Ladder {number}", authors=(make_author(f"Ada Ladder{number}"),), has_code=True)
    make_paper("Ladder draft", state="draft")
    gaps = ("title", "abstract", "category", "date", "authors", "institution", "identifier", "code-link")
    people = ("orcid", "identifier", "affiliation", "papers")
    addresses = [
        *(("papers_paper", {"missing": gap}) for gap in gaps), *(("authors_author", {"missing": gap}) for gap in people),
        ("papers_paper", {"q": "ladder"}), ("papers_paper", {"subject": "Computer Science"}), ("papers_paper", {"o": "-3"}),
        ("authors_author", {"q": "ada"}), ("authors_author", {"o": "4"}), ("papers_authorship", {"q": "ada"}),
        ("papers_authorshipaffiliation", {"q": "hall"}), ("papers_citation", {"q": "ladder"}),
    ]  # fmt: skip
    SiteIdentity.current()
    for model, query in addresses:
        cache.delete("search-tiers")
        # Session, account, keys, rows, the groups of categories; a search asks besides what holds its words, what is like
        # them, and what the index leaves out; on PostgreSQL also for how the index is spread, and in a transaction.
        with django_assert_max_num_queries(14, info=f"{model} {query}"):
            assert page_of(editor, model, **query).status_code == 200
    assert Paper.objects.count() == rows + 1


def test_a_typed_filter_of_too_many_digits_is_refused() -> None:
    answer = logged_in("Viewers").get("/admin/papers/paper/", {"id__in": "9" * 30})
    assert answer.status_code in (200, 302)
