"""What undoing must never do: lose what came later, bring back half a record, publish what was hidden."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.conflicts import Conflict, conflicts
from authors.curation.provenance import locked_fields
from authors.curation.undoing import undo
from authors.models import AuthorIdentifier, AuthorName, Institution, SiteIdentity
from papers.merging.merging import merge
from papers.merging.splitting import move_authorships
from papers.models import Category, Citation, Paper, PaperCategory, PendingReference, Venue
from tests.admin_forms import fill_in, form_of, row
from tests.factories import make_author, make_institution, make_paper, make_venue
from tests.payloads import import_works, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    account = User.objects.create_user("root", password="x", is_staff=True, is_superuser=True)
    account.groups.add(Group.objects.get(name="Administrators"))
    client.force_login(account)
    return client


def last() -> ChangeSet:
    return ChangeSet.objects.latest("pk")


# --- what others attached meanwhile ------------------------------------------------------------------------------------


def test_an_added_venue_that_papers_use_by_now_is_not_taken_back(editor: Client) -> None:
    fill_in(editor, reverse("admin:papers_venue_add"), name="Example Days")
    added = last()
    make_paper("At the venue", venue=Venue.objects.get())
    with pytest.raises(Conflict, match="points to it by now"):
        undo(added)
    assert Paper.objects.get().venue == Venue.objects.get()


def test_an_added_category_that_papers_use_by_now_is_not_taken_back(editor: Client) -> None:
    given = {"code": "x.EX", "short_code": "EX", "name": "Examples", "archive": "x", "group": "Examples"}
    fill_in(editor, reverse("admin:papers_category_add"), **given)
    make_paper("In the category", category="x.EX")
    with pytest.raises(Conflict):
        undo(last())


def test_a_new_person_with_an_orcid_by_now_is_not_taken_back() -> None:
    paper = make_paper("His", authors=(make_author("Ada Testwright"),))
    split = move_authorships([paper.authorships.get().pk], name="Arno Testwright").change_set
    assert split is not None
    AuthorIdentifier.objects.create(author=paper.authorships.get().author, scheme="orcid", value="0000-0002-1825-0097")
    with pytest.raises(Conflict, match="belongs or points to it by now"):
        undo(split)


# --- half a record -----------------------------------------------------------------------------------------------------


def test_a_record_is_not_taken_back_alone(editor: Client) -> None:
    fill_in(editor, reverse("admin:papers_paper_add"), title="Added", **row("links", 0, kind="code", url="https://example.org"))
    added = last()
    paper = added.changes.get(model="papers.paper")
    assert "with its whole change set only" in conflicts(added, only=[paper.pk])[0]
    editor.post(reverse("admin:authors_changeset_undo", args=[added.pk]), {"only": [paper.pk]})
    assert Paper.objects.exists()
    ada, twin = make_author("Ada Testwright"), make_author("A. Testwright")
    merged = merge(survivor=ada, other=twin).change_set
    assert merged is not None
    with pytest.raises(Conflict):
        undo(merged, only=[merged.changes.get(model="authors.author", after__isnull=True).pk])


def test_in_part_and_then_the_rest(editor: Client) -> None:
    paper = make_paper("Old title")
    fill_in(editor, form_of(paper), title="New title", **row("links", 0, kind="code", url="https://example.org/code"))
    edit = last()
    undo(edit, only=[edit.changes.get(model="papers.paperlink").pk])
    undo(edit)
    paper.refresh_from_db()
    assert paper.title == "Old title"


def test_an_older_edit_is_taken_back_and_later_ones_stay(editor: Client) -> None:
    paper = make_paper("Old title", abstract="Old.")
    fill_in(editor, form_of(paper), title="New title")
    first = last()
    fill_in(editor, form_of(paper), abstract="New.")
    undo(first)
    paper.refresh_from_db()
    assert (paper.title, paper.abstract) == ("Old title", "New.")
    assert locked_fields(kind="P", record_id=paper.pk) == ["abstract"]


# --- rows that moved, rows that pointed --------------------------------------------------------------------------------


def test_a_citation_given_to_another_paper_comes_back(editor: Client) -> None:
    first, second, third = (make_paper(f"Paper {number}") for number in range(3))
    citation = Citation.objects.create(citing=first, cited=third)
    fill_in(editor, form_of(citation), citing=second.pk)
    undo(last())
    assert list(Citation.objects.values_list("citing", "cited")) == [(first.pk, third.pk)]


def test_a_deleted_category_comes_back_with_what_was_in_it(editor: Client) -> None:
    category = Category.objects.create(code="x.EX", short_code="EX", name="Examples", archive="x", group="Examples")
    paper, venue = make_paper(), make_venue(default_category=category)
    PaperCategory.objects.create(paper=paper, category=category)
    editor.post(form_of(category, "delete"), {"post": "yes"})
    assert not Category.objects.filter(pk="x.EX").exists()
    undo(last())
    venue.refresh_from_db()
    assert (PaperCategory.objects.get().category, venue.default_category) == (category, category)


def test_a_category_can_be_saved_again_and_again(editor: Client) -> None:
    category = Category.objects.get(pk="cs.CL")
    for name in ("Language", "Computation and language"):
        assert fill_in(editor, form_of(category), name=name).status_code == 302
    assert Category.objects.get(pk="cs.CL").name == "Computation and language"


def test_the_sites_identity_has_a_history_too(editor: Client) -> None:
    SiteIdentity.current().save()
    fill_in(editor, "/admin/authors/siteidentity/1/change/", name="Example Catalogue")
    undo(last())
    assert SiteIdentity.objects.get().name != "Example Catalogue"


# --- imports -----------------------------------------------------------------------------------------------------------


def test_an_edit_that_was_undone_and_done_again_stands_in_the_way(editor: Client) -> None:
    run = import_works(work("Trees", "Ada Testwright", id="https://openalex.org/W1"))
    fill_in(editor, form_of(Paper.objects.get()), abstract="Mine.")
    undo(undo(last()))
    with pytest.raises(Conflict, match="was changed since"):
        undo(ChangeSet.objects.get(run=run))
    assert Paper.objects.get().abstract == "Mine."


def test_citations_of_what_was_taken_back_wait_for_its_return() -> None:
    cited = work("Cited", "Ada Testwright", id="https://openalex.org/W1")
    run = import_works(cited)
    import_works(work("Citing", "Bob Example", id="https://openalex.org/W2", referenced_works=["https://openalex.org/W1"]))
    undo(ChangeSet.objects.get(run=run))
    assert PendingReference.objects.count() == 1
    import_works(cited)
    assert Citation.objects.get().cited.title == "Cited"


# --- names left behind -------------------------------------------------------------------------------------------------


def test_neither_merging_nor_splitting_publishes_a_name_left_behind() -> None:
    old, new = make_author("Old Testwright"), make_author("New Testwright")
    AuthorName.objects.create(author=new, name="Old Testwright", public=False)
    merge(survivor=old, other=new, take=["display_name"])
    assert set(AuthorName.objects.filter(author=old, public=True).values_list("name", flat=True)) == {"New Testwright"}
    paper = make_paper("Printed long ago")
    line = paper.authorships.create(position=1, raw_name="Old Testwright", author=old)
    move_authorships([line.pk], name="New Testwright")
    line.refresh_from_db()
    assert not AuthorName.objects.get(author=line.author, name="Old Testwright").public


def test_institutions_are_never_part_of_themselves() -> None:
    survivor = make_institution("Example Institute")
    child = make_institution("Example Department", parent=survivor)
    other = make_institution("Exemplary Institute", parent=child)
    merge(survivor=survivor, other=other)
    assert Institution.objects.get(pk=survivor.pk).parent is None
    Institution.objects.get(pk=child.pk).full_clean()


# --- odd numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["²", "9" * 25, "abc", "-1", "\0"])
def test_numbers_that_are_none_are_answered(editor: Client, number: str) -> None:
    paper = make_paper("Old title")
    fill_in(editor, form_of(paper), title="New title")
    undo_page = reverse("admin:authors_changeset_undo", args=[last().pk])
    assert editor.get(undo_page, {"only": number}).status_code == 404
    assert editor.post(undo_page, {"only": number}).status_code == 404
    assert editor.get(form_of(paper, "history"), {"since": number, "until": number}).status_code == 200
    assert fill_in(editor, form_of(paper), _seen=number, title="Third").status_code == 302
    paper.refresh_from_db()
    assert paper.title == "Third"
