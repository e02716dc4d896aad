"""Papers and what belongs to them in the admin, as an editor meets them."""

from datetime import date
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from authors.curation.models import Provenance, Redirect
from authors.models import SiteIdentity
from papers.editing import delete_paper
from papers.models import Authorship, Category, Citation, Paper, PaperFigure, PaperIdentifier, PaperInstitution
from papers.querysets import PaperQuerySet
from tests.admin_forms import errors_of, fill_in, form_of, listed, offered, row
from tests.factories import make_author, make_authorship, make_category, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


def editors_fields(paper: Paper) -> list[str]:
    return Provenance.objects.get(kind="P", record_id=paper.pk, source="editor").fields


def byline(paper: Paper) -> list[tuple[int, str]]:
    return list(paper.authorships.order_by("position").values_list("position", "raw_name"))


# --- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_and_forms_ask_the_same_number_of_questions_whatever_the_rows(
    editor: Client, rows: int, django_assert_num_queries: Any
) -> None:
    papers = [
        make_paper(authors=tuple(make_author() for _ in range(rows)), venue=make_venue(), doi=f"10.1000/{number}")
        for number in range(rows)
    ]
    for number, authorship in enumerate(papers[0].authorships.all()):
        authorship.affiliations.create(raw=f"Hall {number}", institution=make_institution())
        papers[0].further_categories.create(category=Category.objects.all()[number])
        papers[0].links.create(kind="code", url=f"https://example.org/{number}")
        PaperInstitution.objects.create(paper=papers[0], institution=make_institution(), of_whole_paper=True)
        PaperFigure.objects.create(subject=papers[0], name="novelty", origin="reported", source=str(number), value=1)
        Citation.objects.create(citing=make_paper(), cited=papers[0])
    SiteIdentity.current(), ContentType.objects.get_for_model(Paper)  # remembered between requests
    # Always: session, account, two for its permissions, the keys and the rows; papers and categories also ask which
    # groups of categories there are, and categories, which fill more than a page, which of them stand on it.
    expected = {
        "paper": 7, "authorship": 6, "authorshipaffiliation": 6, "venue": 6, "category": 8, "citation": 6, "paperfigure": 6,
    }  # fmt: skip
    for name, queries in expected.items():
        with django_assert_num_queries(queries, info=name):
            assert editor.get(reverse(f"admin:papers_{name}_changelist")).status_code == 200
    # The form: session, account and permissions (4), the paper, its venue and category (3), eight inlines, affiliations
    # and institutions of its authors (2), sources, whether it has a page, and its last change.
    with django_assert_num_queries(20):
        assert editor.get(form_of(papers[0])).status_code == 200


@pytest.mark.parametrize(
    "wanted", ["P{pk}", "p{pk}", "10.1000/abc", "https://doi.org/10.1000/ABC", "doi:10.1000/abc", "W77", "example ladders"]
)
def test_a_paper_is_found_by_id_identifier_or_words(editor: Client, wanted: str) -> None:
    paper = make_paper("An Example of Ladders", doi="10.1000/abc")
    PaperIdentifier.objects.create(paper=paper, scheme="openalex", value="W77")
    make_paper("Something Else")
    assert listed(editor, "papers_paper", q=wanted.format(pk=paper.pk)) == [paper]


def test_an_identifier_goes_by_index_and_never_by_scanning_titles(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PaperQuerySet, "titled", lambda *_: pytest.fail("scanned"))
    paper = make_paper(doi="10.1000/abc")
    assert listed(editor, "papers_paper", q="10.1000/abc") == [paper]
    assert listed(editor, "papers_paper", q="10.1000/none") == []


def test_papers_that_lack_something_are_listed(editor: Client) -> None:
    full = make_paper(
        abstract="Words.", doi="10.1000/abc", authors=(make_author(),), institutions=(make_institution(),), has_code=True
    )
    full.links.create(kind="code", url="https://example.org/code")
    bare = make_paper(category=None, published=None, has_code=True)
    Paper.objects.filter(pk=bare.pk).update(title="")
    for gap in ("title", "abstract", "category", "date", "authors", "institution", "identifier", "code-link"):
        assert listed(editor, "papers_paper", missing=gap) == [bare], gap
    assert editor.get(reverse("admin:papers_paper_changelist"), {"missing": "nonsense"}).status_code == 302
    assert editor.get(reverse("admin:papers_paper_changelist"), {"_facets": "True"}).status_code == 200


def test_unresolved_names_and_affiliations_are_listed(editor: Client) -> None:
    paper = make_paper(authors=(make_author(),))
    unknown = make_authorship(paper, None, position=2, raw_name="J. Testwright")
    raw = unknown.affiliations.create(raw="Some Hall")
    unknown.affiliations.create(institution=make_institution())
    assert listed(editor, "papers_authorship", missing="person") == [unknown]
    assert listed(editor, "papers_authorshipaffiliation", missing="institution") == [raw]
    assert listed(editor, "papers_authorship", q="testwright j") == [unknown]
    assert len(listed(editor, "papers_authorship", q=paper.public_id)) == 2


@pytest.mark.parametrize("query", ["?p=9999", "?p=x", "?o=99.-98", "?state__exact=nonsense", "?nonsense=1", "?id__exact=x"])
def test_odd_addresses_break_nothing(editor: Client, query: str) -> None:
    make_paper()
    assert editor.get(reverse("admin:papers_paper_changelist") + query, follow=True).status_code == 200


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "1_00"])
def test_an_unknown_paper_is_said_to_be_unknown(editor: Client, key: str) -> None:
    page = editor.get(f"/admin/papers/paper/{key}/change/", follow=True)
    assert page.status_code == 200
    assert b"doesn\xe2\x80\x99t exist" in page.content


# --- the paper itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first", "precision", "year"),
    [
        ("2021", date(2021, 1, 1), "year", 2021),
        ("2021-06", date(2021, 6, 1), "month", 2021),
        ("2021-06-28", date(2021, 6, 28), "day", 2021),
        ("", None, "", None),
    ],
)
def test_a_date_is_typed_as_far_as_it_is_known(
    editor: Client, typed: str, first: date | None, precision: str, year: int | None
) -> None:
    paper = make_paper()
    assert fill_in(editor, form_of(paper), date=typed).status_code == 302
    paper.refresh_from_db()
    assert (paper.published, paper.date_precision, paper.year) == (first, precision, year)
    assert editors_fields(paper) == ["published"]
    assert offered(editor, form_of(paper))["date"] == typed


@pytest.mark.parametrize("typed", ["2023-02-31", "soon", "0001", "2023-13", "31.12.2023"])
def test_a_wrong_date_is_an_error_in_the_form(editor: Client, typed: str) -> None:
    assert "date" in errors_of(fill_in(editor, form_of(make_paper()), date=typed))


def test_an_edit_is_counted_marked_and_leaves_the_rest(editor: Client) -> None:
    ada, institute = make_author("Ada Testwright"), make_institution()
    paper = make_paper(authors=(ada,), institutions=(institute,), cited_by_count=7, citations_source="openalex")
    old, new = paper.primary_category, make_category("cs.LG")
    typed = {"primary_category": new.pk, "keywords": "scaling\n\n ladders \nscaling", "title": "A New Example Title"}
    assert fill_in(editor, form_of(paper), **typed).status_code == 302
    paper.refresh_from_db()
    assert (paper.primary_category, paper.primary_category_origin) == (new, "editor")
    assert paper.keywords == ["scaling", "ladders"]
    assert (paper.cited_by_count, paper.citations_source) == (7, "openalex")
    assert editors_fields(paper) == ["keywords", "primary_category", "title"]
    assert old is not None
    assert (old.metrics.papers_count, new.metrics.papers_count) == (0, 1)
    ada.metrics.refresh_from_db()
    assert ada.metrics.primary_category == new


def test_saving_without_a_change_marks_nothing(editor: Client) -> None:
    paper = make_paper(authors=(make_author(),), institutions=(make_institution(),), doi="10.1000/abc", keywords=["one", "two"])
    paper.links.create(kind="pdf", url="https://example.org/paper.pdf")
    assert fill_in(editor, form_of(paper)).status_code == 302
    assert not Provenance.objects.exists()


def test_a_withdrawn_paper_counts_for_nobody(editor: Client) -> None:
    ada = make_author()
    paper = make_paper(authors=(ada,))
    assert fill_in(editor, form_of(paper), state="withdrawn").status_code == 302
    ada.metrics.refresh_from_db()
    assert ada.metrics.papers_count == 0


def test_imported_facts_cannot_be_typed_over(editor: Client) -> None:
    paper = make_paper(authors=(make_author("Ada Testwright"),), cited_by_count=7)
    typed = {"cited_by_count": 9, "fingerprint": "x", "authorships-0-raw_name": "Somebody Else", "title": "Another Example"}
    assert fill_in(editor, form_of(paper), **typed).status_code == 302
    paper.refresh_from_db()
    assert (paper.title, paper.cited_by_count) == ("Another Example", 7)
    assert byline(paper) == [(1, "Ada Testwright")]


def test_a_paper_is_written_from_nothing(editor: Client) -> None:
    ada = make_author("Ada Testwright")
    typed = {"title": "An Example Written by Hand", "date": "2024", "state": "published", "primary_category": "cs.CL"}
    rows = row("authorships", 0, author=ada.pk) | row("authorships", 1, raw_name="J. Unknown")
    link = row("links", 0, kind="code", url="example.org/code")
    assert fill_in(editor, reverse("admin:papers_paper_add"), **typed, **rows, **link).status_code == 302
    paper = Paper.objects.get()
    assert byline(paper) == [(1, "Ada Testwright"), (2, "J. Unknown")]
    assert (paper.authors_count, paper.has_code, paper.year) == (2, True, 2024)
    assert paper.fingerprint
    assert paper.links.get().url == "https://example.org/code"
    assert ada.metrics.papers_count == 1
    assert paper.authorships.get(position=1).decided_by == "editor"


def test_a_deleted_paper_leaves_a_tombstone_and_nobodys_figures(editor: Client) -> None:
    ada = make_author()
    paper = make_paper(authors=(ada,))
    address = paper.get_absolute_url()
    question = editor.get(reverse("admin:papers_paper_delete", args=[paper.pk]))
    assert b"Authorships: 1" in question.content
    assert editor.post(reverse("admin:papers_paper_delete", args=[paper.pk]), {"post": "yes"}).status_code == 302
    assert Redirect.objects.get().old_id == paper.pk
    assert editor.get(address).status_code == 410
    ada.metrics.refresh_from_db()
    assert ada.metrics.papers_count == 0


def test_deleting_many_does_the_same(editor: Client) -> None:
    papers = [make_paper(), make_paper()]
    chosen = {"action": "delete_selected", "_selected_action": [paper.pk for paper in papers], "post": "yes"}
    assert editor.post(reverse("admin:papers_paper_changelist"), chosen).status_code == 302
    assert Redirect.objects.count() == 2
    assert not Paper.objects.exists()


def test_of_many_all_are_deleted_or_none(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [make_paper(), make_paper()]
    deleted = []

    def fail_at_the_second(paper: Paper, **_: Any) -> None:
        if deleted:
            raise DatabaseError("gone away")
        deleted.append(paper.pk)
        delete_paper(paper)

    monkeypatch.setattr("papers.admin.papers.delete_paper", fail_at_the_second)
    chosen = {"action": "delete_selected", "_selected_action": [paper.pk for paper in papers], "post": "yes"}
    with pytest.raises(DatabaseError):
        editor.post(reverse("admin:papers_paper_changelist"), chosen)
    assert deleted
    assert Paper.objects.count() == 2
    assert not Redirect.objects.exists()


def test_only_what_has_a_page_leads_to_it(editor: Client) -> None:
    shown, draft, empty = make_paper(venue=make_venue()), make_paper(state="draft"), make_venue("Nowhere")
    for record, there in ((shown, True), (draft, False), (shown.venue, True), (empty, False)):
        assert ("View on site" in editor.get(form_of(record)).text) is there, record


def test_pages_of_a_long_list_of_authors_follow_each_other(editor: Client) -> None:
    first, second = make_paper("First"), make_paper("Second")
    Authorship.objects.bulk_create(
        Authorship(paper=paper, position=place, raw_name=f"Name {place}") for paper in (first, second) for place in range(1, 41)
    )
    rows = listed(editor, "papers_authorship") + listed(editor, "papers_authorship", p="2")
    assert [(row.paper_id, row.position) for row in rows] == [(key, n) for key in (second.pk, first.pk) for n in range(1, 41)]
