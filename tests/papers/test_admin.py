"""Papers and what belongs to them in the admin, as an editor meets them."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from authors.curation.models import Provenance, Redirect
from authors.models import SiteIdentity
from papers.editing import delete_paper
from papers.models import Authorship, Category, Citation, Paper, PaperFigure, PaperIdentifier, PaperInstitution
from papers.querysets import PaperQuerySet
from tests.admin_forms import errors_of, fill_in, offered, row
from tests.factories import make_author, make_authorship, make_category, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    account = User.objects.create_user("sena", password="x", is_staff=True)
    account.groups.add(Group.objects.get(name="Senior editors"))
    client.force_login(account)
    return client


def form_of(record: Any) -> str:
    return reverse(f"admin:papers_{record._meta.model_name}_change", args=[record.pk])


def listed(client: Client, model: str, **query: str) -> list[Any]:
    page = client.get(reverse(f"admin:{model}_changelist"), query)
    assert page.status_code == 200, page
    return list(page.context["cl"].result_list)


def editors_fields(paper: Paper) -> list[str]:
    return Provenance.objects.get(kind="P", record_id=paper.pk, source="editor").fields


def byline(paper: Paper) -> list[tuple[int, str]]:
    return list(paper.authorships.order_by("position").values_list("position", "raw_name"))


def by_position(client: Client, paper: Paper, **positions: int) -> dict[str, Any]:
    """Typed positions by the printed name's first word."""
    data = offered(client, form_of(paper))
    prefixes = {
        Authorship.objects.get(pk=value).raw_name.split()[0]: name.removesuffix("-id")
        for name, value in data.items()
        if name.startswith("authorships-") and name.endswith("-id") and value
    }
    return {f"{prefixes[first]}-position": position for first, position in positions.items()}


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


# --- the list of authors -----------------------------------------------------------------------------------------------


def paper_of(*names: str) -> Paper:
    return make_paper(authors=tuple(make_author(name) for name in names))


@pytest.mark.parametrize(
    ("positions", "order"),
    [
        ({"Ada": 2, "Bea": 1}, ["Bea", "Ada", "Cyd"]),
        ({"Cyd": 1}, ["Cyd", "Ada", "Bea"]),
        ({"Ada": 3}, ["Bea", "Cyd", "Ada"]),
        ({"Bea": 77}, ["Ada", "Cyd", "Bea"]),
    ],
)
def test_authors_are_put_in_another_order(editor: Client, positions: dict[str, int], order: list[str]) -> None:
    paper = paper_of("Ada Testwright", "Bea Testwright", "Cyd Testwright")
    assert fill_in(editor, form_of(paper), **by_position(editor, paper, **positions)).status_code == 302
    assert byline(paper) == [(place, f"{name} Testwright") for place, name in enumerate(order, 1)]
    assert editors_fields(paper) == ["authorships"]


def test_an_author_taken_out_leaves_no_gap_and_one_comes_between(editor: Client) -> None:
    paper = paper_of("Ada Testwright", "Bea Testwright", "Cyd Testwright")
    typed = {"authorships-0-DELETE": "on"} | row("authorships", 3, raw_name="D. Newcomer", position=3)
    assert fill_in(editor, form_of(paper), **typed).status_code == 302
    assert byline(paper) == [(1, "Bea Testwright"), (2, "D. Newcomer"), (3, "Cyd Testwright")]
    paper.refresh_from_db()
    assert paper.authors_count == 3


def test_editors_who_delete_no_records_still_take_an_author_off_a_paper(client: Client) -> None:
    account = User.objects.create_user("edith", password="x", is_staff=True)
    account.groups.add(Group.objects.get(name="Editors"))
    client.force_login(account)
    paper = paper_of("Ada Testwright", "Bea Testwright")
    assert fill_in(client, form_of(paper), **{"authorships-0-DELETE": "on"}).status_code == 302
    assert byline(paper) == [(1, "Bea Testwright")]


@pytest.mark.parametrize("position", ["0", "-1", "x", str(10**12)])
def test_a_wrong_position_is_an_error_in_the_form(editor: Client, position: str) -> None:
    paper = paper_of("Ada Testwright", "Bea Testwright")
    assert "position" in errors_of(fill_in(editor, form_of(paper), **{"authorships-0-position": position}))
    assert byline(paper) == [(1, "Ada Testwright"), (2, "Bea Testwright")]


def test_an_author_needs_a_name_or_a_person(editor: Client) -> None:
    answer = fill_in(editor, form_of(make_paper()), **row("authorships", 0, is_corresponding="on"))
    assert "Give the name as printed, or the person" in errors_of(answer)


def test_whoever_resolves_a_name_has_decided_it(editor: Client) -> None:
    paper, ada = make_paper(), make_author("Ada Testwright")
    authorship = make_authorship(paper, None, position=1, raw_name="A. Testwright")
    assert fill_in(editor, form_of(authorship), author=ada.pk).status_code == 302
    authorship.refresh_from_db()
    assert (authorship.author, authorship.decided_by, authorship.raw_name) == (ada, "editor", "A. Testwright")
    assert ada.metrics.papers_count == 1
    assert editors_fields(paper) == ["authorships"]


def test_an_author_moves_from_one_person_to_another_with_the_counts(editor: Client) -> None:
    wrong, right = make_author("Jun Testwright"), make_author("Jun Testwright")
    paper = make_paper(authors=(wrong,))
    assert fill_in(editor, form_of(paper), **{"authorships-0-author": right.pk}).status_code == 302
    wrong.metrics.refresh_from_db()
    assert (wrong.metrics.papers_count, right.metrics.papers_count) == (0, 1)


def test_a_long_list_of_authors_is_edited_in_a_list_of_its_own(editor: Client) -> None:
    paper = make_paper()
    rows = [Authorship(paper=paper, position=place, raw_name=f"Author {place}") for place in range(1, 3001)]
    Authorship.objects.bulk_create(rows)
    Paper.objects.filter(pk=paper.pk).update(authors_count=3000)
    page = editor.get(form_of(paper)).content.decode()
    assert "authorships-0-" not in page
    assert "3,000 authors in a list of their own" in page
    assert len(listed(editor, "papers_authorship", paper__id__exact=str(paper.pk))) == 50
    last = paper.authorships.get(position=3000)
    assert fill_in(editor, form_of(last), position=2).status_code == 302
    assert [name for _, name in byline(paper)[:3]] == ["Author 1", "Author 3000", "Author 2"]
    assert editor.post(reverse("admin:papers_authorship_delete", args=[last.pk]), {"post": "yes"}).status_code == 302
    assert [name for _, name in byline(paper)[:2]] == ["Author 1", "Author 2"]
    assert byline(paper)[-1] == (2999, "Author 2999")
    question = editor.get(reverse("admin:papers_paper_delete", args=[paper.pk])).content.decode()
    assert "Authorships: 2999" in question
    assert "Author 1500" not in question


def test_an_affiliation_resolved_reaches_the_paper(editor: Client) -> None:
    paper, institute = make_paper(authors=(make_author(),)), make_institution()
    affiliation = paper.authorships.get().affiliations.create(raw="Example Hall")
    typed = {"institution": institute.pk, "raw": "Something Else"}
    assert fill_in(editor, form_of(affiliation), **typed).status_code == 302
    affiliation.refresh_from_db()
    assert (affiliation.institution, affiliation.raw) == (institute, "Example Hall")
    assert list(paper.paper_institutions.values_list("institution", "of_whole_paper")) == [(institute.pk, False)]
    assert institute.metrics.papers_count == 1


def test_the_same_institution_twice_on_one_author_is_an_error_in_the_form(editor: Client) -> None:
    authorship, institute = make_authorship(make_paper(), make_author(), position=1), make_institution()
    authorship.affiliations.create(institution=institute)
    other = authorship.affiliations.create(raw="Example Hall")
    assert "already exists" in errors_of(fill_in(editor, form_of(other), institution=institute.pk))
    again = row("affiliations", 2, raw="Hall", institution=institute.pk)
    assert "duplicate" in errors_of(fill_in(editor, form_of(authorship), **again))


# --- what hangs on a paper ---------------------------------------------------------------------------------------------


def test_a_shared_identifier_is_an_error_unless_disputed(editor: Client) -> None:
    make_paper(doi="10.1000/abc")
    paper = make_paper()
    typed = row("identifiers", 0, scheme="", value="https://doi.org/10.1000/ABC")
    assert "mark it as disputed" in errors_of(fill_in(editor, form_of(paper), **typed))
    assert fill_in(editor, form_of(paper), **typed, **{"identifiers-0-disputed": "on"}).status_code == 302
    assert paper.identifiers.get().disputed


def test_institutions_of_the_whole_paper_come_and_go(editor: Client) -> None:
    paper, one, two = make_paper(authors=(make_author(),)), make_institution(), make_institution()
    paper.authorships.get().affiliations.create(institution=two)
    assert fill_in(editor, form_of(paper), **row("paper_institutions", 0, institution=one.pk)).status_code == 302
    assert set(paper.paper_institutions.values_list("institution", flat=True)) == {one.pk, two.pk}
    assert editors_fields(paper) == ["institutions"]
    assert fill_in(editor, form_of(paper), **{"paper_institutions-0-DELETE": "on"}).status_code == 302
    assert list(paper.paper_institutions.values_list("institution", flat=True)) == [two.pk]


def test_further_categories_of_an_editor_say_so(editor: Client) -> None:
    paper = make_paper()
    assert fill_in(editor, form_of(paper), **row("further_categories", 0, category="cs.AI")).status_code == 302
    assert paper.further_categories.get().origin == "editor"
    assert editors_fields(paper) == ["categories"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "not an address", "https://" + "x" * 2000])
def test_a_wrong_link_is_an_error_in_the_form(editor: Client, url: str) -> None:
    assert "url" in errors_of(fill_in(editor, form_of(make_paper()), **row("links", 0, kind="code", url=url)))


def test_the_same_link_twice_is_an_error_in_the_form(editor: Client) -> None:
    link = {"kind": "code", "url": "https://example.org/"}
    twice = row("links", 0, **link) | row("links", 1, **link)
    assert "duplicate" in errors_of(fill_in(editor, form_of(make_paper()), **twice))


def test_a_paper_does_not_cite_itself_nor_twice(editor: Client) -> None:
    one, two = make_paper(), make_paper()
    add = reverse("admin:papers_citation_add")
    assert "does not cite itself" in errors_of(fill_in(editor, add, citing=one.pk, cited=one.pk))
    assert fill_in(editor, add, citing=one.pk, cited=two.pk).status_code == 302
    assert "already exists" in errors_of(fill_in(editor, add, citing=one.pk, cited=two.pk))


# --- venues and categories ---------------------------------------------------------------------------------------------


def test_a_venue_is_edited_and_deleted_without_taking_its_papers(editor: Client) -> None:
    venue = make_venue()
    paper = make_paper(venue=venue)
    assert fill_in(editor, form_of(venue), default_category="cs.CL").status_code == 302
    assert Provenance.objects.get(kind="V").fields == ["default_category"]
    assert editor.post(reverse("admin:papers_venue_delete", args=[venue.pk]), {"post": "yes"}).status_code == 302
    paper.refresh_from_db()
    assert paper.venue is None
    assert Redirect.objects.get().kind == "V"


def test_a_category_in_use_stays_and_its_code_is_for_ever(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    make_paper(category="cs.CL")
    assert fill_in(client, form_of(make_category()), code="cs.XX", name="Words").status_code == 302
    assert (make_category().name, Category.objects.filter(code="cs.XX").exists()) == ("Words", False)
    page = client.post(reverse("admin:papers_category_delete", args=["cs.CL"]), {"post": "yes"})
    assert b"papers in cs.CL" in page.content
    assert client.post(reverse("admin:papers_category_delete", args=["cs.AI"]), {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(code="cs.AI").exists()
    new = {"code": "x.Y", "short_code": "Y", "name": "Y", "colour": "red"}
    assert "hexadecimal" in errors_of(fill_in(client, reverse("admin:papers_category_add"), **new))


@pytest.mark.parametrize("field", ["venue", "primary_category"])
@pytest.mark.parametrize("typed", ["../x", "²", "9" * 40, "a\0b", "-1"])
def test_a_key_that_is_none_is_an_error_in_the_form(editor: Client, field: str, typed: str) -> None:
    page = fill_in(editor, form_of(make_paper(venue=make_venue())), **{field: typed})
    assert page.status_code == 200
    assert "not one of the available choices" in errors_of(page)
