"""The history of records in the admin: who changed what, comparing, undoing, merging, splitting, two editors at once."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from authors.curation.changes import Change, ChangeSet
from authors.curation.provenance import locked_fields
from authors.models import Author, AuthorName, Redirect
from papers.models import Authorship, AuthorshipAffiliation, Paper
from tests.admin_forms import errors_of, fill_in, form_of, logged_in, offered, row
from tests.dumps import dump
from tests.factories import make_author, make_authorship, make_institution, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return logged_in("Senior editors", "sena")


def undo_page(change_set: ChangeSet) -> str:
    return reverse("admin:authors_changeset_undo", args=[change_set.pk])


def last() -> ChangeSet:
    return ChangeSet.objects.latest("pk")


def act(client: Client, model: str, action: str, *rows: Any, **typed: Any) -> Any:
    data = {"action": action, "_selected_action": [one.pk for one in rows], **typed}
    return client.post(reverse(f"admin:{model}_changelist"), data)


# --- forms -------------------------------------------------------------------------------------------------------------


def test_an_edit_is_recorded_with_who_when_and_why(editor: Client) -> None:
    paper = make_paper("Old title", authors=(make_author("Ada Testwright"),))
    assert fill_in(editor, form_of(paper), title="New title", _reason="As printed").status_code == 302
    change_set = last()
    assert (change_set.user_name, change_set.channel, change_set.action, change_set.reason) == (
        "sena",
        "admin",
        "edit",
        "As printed",
    )
    assert change_set.changes.get(model="papers.paper").columns["title"] == ("Old title", "New title")
    page = editor.get(form_of(paper, "history")).text
    for told in ("sena", "As printed", "<del>Old title</del>", "<ins>New title</ins>"):
        assert told in page


def test_saving_without_a_change_leaves_no_trace(editor: Client) -> None:
    paper = make_paper("Title")
    paper.refresh_from_db()
    fill_in(editor, form_of(paper))
    assert not ChangeSet.objects.exists()


def test_rows_of_a_record_are_recorded_as_well(editor: Client) -> None:
    paper = make_paper("Title", authors=(make_author("Ada Testwright"), make_author("Bob Example")))
    fill_in(
        editor, form_of(paper), **row("links", 0, kind="code", url="https://example.org/code"), **{"authorships-0-DELETE": "on"}
    )
    told = {(change.model, change.before is None, change.after is None) for change in last().changes.all()}
    assert ("papers.paperlink", True, False) in told
    assert ("papers.authorship", False, True) in told


def test_undoing_an_edit_brings_everything_back(editor: Client) -> None:
    paper = make_paper(
        "Old title", authors=(make_author("Ada Testwright"), make_author("Bob Example")), cited_by_count=3, citations_source="x"
    )
    from papers.settling import settle

    settle({"P": [paper.pk], "A": list(Author.objects.values_list("pk", flat=True))})
    before = dump()
    links = row("links", 0, kind="code", url="https://example.org/code")
    fill_in(editor, form_of(paper), title="New title", **links, **{"authorships-0-DELETE": "on"})
    assert dump() != before
    assert editor.post(undo_page(last())).status_code == 302
    assert dump() == before


def test_one_change_of_many_is_undone_alone(editor: Client) -> None:
    paper = make_paper("Old title")
    fill_in(editor, form_of(paper), title="New title", **row("links", 0, kind="code", url="https://example.org/code"))
    link = last().changes.get(model="papers.paperlink")
    assert editor.post(undo_page(last()), {"only": [link.pk]}).status_code == 302
    paper.refresh_from_db()
    assert (paper.title, paper.links.count()) == ("New title", 0)


def test_a_later_edit_stands_in_the_way_of_undoing(editor: Client) -> None:
    paper = make_paper("First")
    fill_in(editor, form_of(paper), title="Second")
    first = last()
    fill_in(editor, form_of(paper), title="Third")
    page = editor.get(undo_page(first)).text
    assert "something newer would be lost" in page
    assert "title changed since" in page
    editor.post(undo_page(first))
    paper.refresh_from_db()
    assert paper.title == "Third"


def test_a_deleted_paper_comes_back(editor: Client, client: Client) -> None:
    paper = make_paper("Title", authors=(make_author("Ada Testwright"),))
    address = paper.get_absolute_url()
    editor.post(form_of(paper, "delete"), {"post": "yes", "_reason": "Twice", "_note": "This was a copy."})
    gone = client.get(address)
    assert gone.status_code == 410
    assert "This was a copy." in gone.text
    assert editor.post(undo_page(last())).status_code == 302
    assert client.get(address).status_code == 200
    assert not Redirect.objects.exists()
    assert Paper.objects.get().authorships.count() == 1


def test_an_added_person_is_taken_back(editor: Client) -> None:
    fill_in(editor, reverse("admin:authors_author_add"), display_name="Ada Testwright")
    assert last().action == "add"
    editor.post(undo_page(last()))
    assert not Author.objects.exists()


def test_two_versions_are_compared(editor: Client) -> None:
    paper = make_paper("One")
    for title in ("Two", "Three", "Four"):
        fill_in(editor, form_of(paper), title=title)
    first, *_, final = ChangeSet.objects.order_by("pk").values_list("pk", flat=True)
    page = editor.get(form_of(paper, "history"), {"since": first, "until": final}).text
    compared = page[page.index("What changed between the two") : page.index("</section>")]
    assert "Two" in compared
    assert "Four" in compared
    assert "Three" not in compared


# --- two editors -------------------------------------------------------------------------------------------------------


def test_the_second_editor_is_told_and_loses_nothing(editor: Client) -> None:
    paper = make_paper("Old title")
    other = logged_in("Senior editors", "bob")
    mine = offered(editor, form_of(paper))
    fill_in(other, form_of(paper), title="Bob's title")
    answer = editor.post(form_of(paper), mine | {"title": "My title", "abstract": "A long text."})
    said = errors_of(answer)
    assert "Meanwhile this record was changed" in said
    assert "Bob&#x27;s title" in said
    assert "A long text." in answer.text
    paper.refresh_from_db()
    assert paper.title == "Bob's title"
    seen = re.search(r'name="_seen" value="(\d+)"', answer.text)
    assert seen is not None
    assert editor.post(form_of(paper), mine | {"title": "My title", "_seen": seen[1]}).status_code == 302
    paper.refresh_from_db()
    assert paper.title == "My title"


# --- who may undo ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "own", "others"), [("Viewers", 403, 403), ("Editors", 200, 403), ("Senior editors", 200, 200)]
)
def test_editors_undo_their_own_changes_only(editor: Client, role: str, own: int, others: int) -> None:
    paper = make_paper("Title")
    fill_in(editor, form_of(paper), title="Another")
    somebody = logged_in(role, "somebody")
    assert somebody.get(undo_page(last())).status_code == others
    ChangeSet.objects.update(user=User.objects.get(username="somebody"))
    assert somebody.get(undo_page(last())).status_code == own


# --- merging -----------------------------------------------------------------------------------------------------------


def test_two_people_are_merged_in_the_admin_and_come_apart(editor: Client, client: Client) -> None:
    ada, twin = make_author("Ada Testwright"), make_author("A. Testwright", biography="Writes.")
    make_paper("First", authors=(ada,))
    make_paper("Second", authors=(twin,))
    answer = act(editor, "authors_author", "merge_chosen", ada, twin)
    page = editor.get(answer["Location"])
    assert "1 authorship<" in page.text
    given = offered(editor, answer["Location"]) | {"survivor": ada.pk, "take_display_name": ada.pk, "take_biography": twin.pk}
    assert editor.post(answer["Location"], given | {"_reason": "Same person"}).status_code == 302
    assert Authorship.objects.filter(author=ada).count() == 2
    assert last().reason == "Same person"
    assert client.get(f"/authors/A{twin.pk}/").status_code == 301
    editor.post(undo_page(last()))
    assert Authorship.objects.filter(author=twin.pk).count() == 1
    assert client.get(f"/authors/A{twin.pk}/").headers.get("Location", "").startswith(f"/authors/A{twin.pk}/a-testwright")


def test_a_merge_on_a_stale_page_is_refused(editor: Client) -> None:
    ada, twin = make_author("Ada Testwright"), make_author("A. Testwright")
    address = f"{form_of(ada, 'merge')}?with=A{twin.pk}"
    given = offered(editor, address) | {"survivor": ada.pk}
    fill_in(editor, form_of(twin), biography="New.")
    answer = editor.post(address, given)
    assert "changed since this page was opened" in answer.text
    assert Author.objects.count() == 2


@pytest.mark.parametrize("other", ["A{ada}", "P1", "A999999", "nonsense", "\0"])
def test_whatever_is_given_to_merge_with_is_answered(editor: Client, other: str) -> None:
    ada = make_author("Ada Testwright")
    answer = editor.get(form_of(ada, "merge"), {"with": other.format(ada=ada.pk)})
    assert answer.status_code == 200
    assert "errornote" in answer.text


def test_merging_is_for_senior_editors() -> None:
    ada = make_author("Ada Testwright")
    assert logged_in("Editors", "eva").get(form_of(ada, "merge")).status_code == 403


# --- splitting and resolving ---------------------------------------------------------------------------------------------


def test_papers_move_to_somebody_new_and_back(editor: Client) -> None:
    ada = make_author("Ada Testwright")
    make_paper("Hers", authors=(ada,))
    paper = make_paper("His")
    line = make_authorship(paper, ada, position=1, raw_name="A. Testwright")
    AuthorName.objects.create(author=ada, name="A. Testwright")
    assert "A. Testwright" in act(editor, "papers_authorship", "move_to_person", line).text
    act(editor, "papers_authorship", "move_to_person", line, apply="yes", name="Arno Testwright")
    line.refresh_from_db()
    assert (str(line.author), line.decided_by) == ("Arno Testwright", "editor")
    assert [name.name for name in ada.names.all()] == ["Ada Testwright"]
    editor.post(undo_page(last()))
    line.refresh_from_db()
    assert line.author == ada
    assert Author.objects.count() == 1


def test_nobody_is_moved_onto_a_paper_twice(editor: Client) -> None:
    ada, bob = make_author("Ada Testwright"), make_author("Bob Example")
    paper = make_paper("Both", authors=(ada, bob))
    answer = act(editor, "papers_authorship", "move_to_person", paper.authorships.get(author=bob), apply="yes", to=ada.pk)
    assert f"would stand twice on P{paper.pk}" in answer.text


def test_an_affiliation_is_resolved_on_all_papers_and_back(editor: Client) -> None:
    lab = make_institution("Example Institute", tag="example")
    papers = [make_paper(f"Paper {number}", authors=(make_author(),)) for number in range(3)]
    for paper in papers:
        AuthorshipAffiliation.objects.create(authorship=paper.authorships.get(), raw="Exmpl. Inst., Hall 3")
    first = AuthorshipAffiliation.objects.first()
    assert "<td>3</td>" in act(editor, "papers_authorshipaffiliation", "resolve_everywhere", first).text
    act(editor, "papers_authorshipaffiliation", "resolve_everywhere", first, apply="yes", institution=lab.pk)
    assert lab.paper_institutions.count() == 3
    lab.refresh_from_db()
    assert lab.metrics.papers_count == 3
    editor.post(undo_page(last()))
    assert lab.paper_institutions.count() == 0
    assert AuthorshipAffiliation.objects.filter(institution=None).count() == 3


# --- states ------------------------------------------------------------------------------------------------------------


def test_papers_are_published_and_taken_back_in_bulk(editor: Client, client: Client) -> None:
    papers = [make_paper(f"Draft {number}", state="draft") for number in range(2)]
    act(editor, "papers_paper", "make_published", *papers)
    assert {client.get(paper.get_absolute_url()).status_code for paper in papers} == {200}
    assert last().changes.filter(model="papers.paper").count() == 2
    editor.post(undo_page(last()))
    assert {client.get(paper.get_absolute_url()).status_code for paper in papers} == {404}


def test_queries_of_the_history_do_not_grow(editor: Client, django_assert_max_num_queries: Any) -> None:
    paper = make_paper("Title 0")
    for number in range(1, 4):
        fill_in(
            editor,
            form_of(paper),
            title=f"Title {number}",
            **row("links", 0, kind="code", url="https://example.org/1") if number == 1 else {},
        )
        with django_assert_max_num_queries(12):
            assert editor.get(form_of(paper, "history")).status_code == 200
    assert Change.objects.exists()


def test_people_are_hidden_and_shown_in_bulk(editor: Client, client: Client) -> None:
    people = [make_author("Ada Testwright"), make_author("Bob Example")]
    make_paper("Theirs", authors=tuple(people))
    act(editor, "authors_author", "hide", *people)
    assert {client.get(person.get_absolute_url()).status_code for person in people} == {404}
    editor.post(undo_page(last()))
    assert {client.get(person.get_absolute_url()).status_code for person in people} == {200}


def test_papers_are_given_a_category_in_bulk(editor: Client) -> None:
    papers = [make_paper(f"Paper {number}") for number in range(2)]
    assert "Give 2 papers" in act(editor, "papers_paper", "give_a_category", *papers).text
    assert "Choose the category" in act(editor, "papers_paper", "give_a_category", *papers, apply="yes").text
    act(editor, "papers_paper", "give_a_category", *papers, apply="yes", category="cs.LG")
    assert {paper.primary_category_id for paper in Paper.objects.all()} == {"cs.LG"}
    editor.post(undo_page(last()))
    assert {paper.primary_category_id for paper in Paper.objects.all()} == {"cs.CL"}


def test_locked_fields_are_given_back_to_their_sources(editor: Client) -> None:
    paper = make_paper("Old title")
    fill_in(editor, form_of(paper), title="New title", language="en")
    assert "title" in editor.get(form_of(paper, "unlock")).text
    editor.post(form_of(paper, "unlock"), {"field": ["title"]})
    assert locked_fields(kind="P", record_id=paper.pk) == ["language"]
    assert "Choose at least one field" in editor.post(form_of(paper, "unlock"), {}).text
    editor.post(undo_page(last()))
    assert locked_fields(kind="P", record_id=paper.pk) == ["language", "title"]
