"""What people may ask for: a paper left out of their profile, scores hidden, another name; and retractions said everywhere."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from authors.curation.changes import Change, ChangeSet
from authors.curation.undoing import undo
from authors.models import Author
from papers.correcting import change_name, change_visibility, show_on_profiles
from papers.merging.merging import merge
from papers.merging.splitting import move_authorships
from papers.metrics.refreshing import refresh_authors
from papers.models import AuthorFigure, AuthorMetrics, Authorship, InstitutionMetrics, Paper, PaperFigure
from tests.admin_forms import fill_in, logged_in
from tests.api import get
from tests.factories import make_author, make_authorship, make_institution, make_paper
from tests.payloads import import_works, payload

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Author:
    return make_author("Ada Testwright")


def two_papers(ada: Author) -> tuple[Paper, Paper]:
    bea = make_author("Bea Exampleman")
    where = make_institution("Example Institute")
    papers = make_paper("A Telling Title", cited_by_count=7), make_paper("An Unwanted Title", cited_by_count=90)
    for paper in papers:
        make_authorship(paper, ada, position=1, institutions=(where,), raw_name="A. Testwright")
        make_authorship(paper, bea, position=2)
        Paper.objects.filter(pk=paper.pk).update(authors_count=2)
    refresh_authors([ada.pk, bea.pk])
    return papers


def hide(ada: Author, paper: Paper) -> Client:
    editor = logged_in("Editors")
    chosen = Authorship.objects.get(author=ada, paper=paper).pk
    answer = editor.post("/admin/papers/authorship/", {"action": "hide_on_profile", "_selected_action": [chosen]}, follow=True)
    assert "Hidden on profiles" in answer.text
    return editor


def test_a_paper_hidden_on_a_profile_is_left_out_there_and_counts_nothing(client: Client, ada: Author) -> None:
    kept, unwanted = two_papers(ada)
    hide(ada, unwanted)
    profile = client.get(ada.get_absolute_url()).text
    assert "A Telling Title" in profile
    assert "An Unwanted Title" not in profile
    record = get(client, f"authors/{ada.public_id}").json()
    assert (record["works_count"], record["cited_by_count"], record["counts_by_year"][0]["works_count"]) == (1, 7, 1)
    listed = get(client, f"papers?author={ada.public_id}").json()
    assert [row["id"] for row in listed["results"]] == [kept.public_id]
    assert "An Unwanted Title" not in client.get(f"/papers/?author={ada.public_id}").text
    assert "An Unwanted Title" not in client.get(f"/feeds/papers.atom?author={ada.public_id}").text


def test_the_paper_itself_stays_as_it_was_but_leads_to_nobody(client: Client, ada: Author) -> None:
    _, unwanted = two_papers(ada)
    hide(ada, unwanted)
    for address in (unwanted.get_absolute_url(), "/papers/?title=unwanted"):
        page = client.get(address).text
        assert "A. Testwright" in page, address
        assert ada.get_absolute_url() not in page, address
        assert "Bea Exampleman" in page, address
    lines = get(client, f"papers/{unwanted.public_id}").json()["authorships"]
    assert [(line["raw_author_name"], line["author"] and line["author"]["display_name"]) for line in lines] == [
        ("A. Testwright", None), ("Bea Exampleman", "Bea Exampleman"),
    ]  # fmt: skip
    bea = Author.objects.get(display_name="Bea Exampleman")
    assert "An Unwanted Title" in client.get(bea.get_absolute_url()).text


def test_hiding_a_paper_is_one_change_that_can_be_undone(client: Client, ada: Author) -> None:
    _, unwanted = two_papers(ada)
    hide(ada, unwanted)
    undo(ChangeSet.objects.get())
    assert "An Unwanted Title" in client.get(ada.get_absolute_url()).text
    assert AuthorMetrics.objects.get(author=ada).papers_count == 2


def test_a_tick_in_the_papers_form_does_the_same(client: Client, ada: Author) -> None:
    _, unwanted = two_papers(ada)
    typed = {"authorships-0-hidden_on_profile": "on"}
    assert fill_in(logged_in("Editors"), f"/admin/papers/paper/{unwanted.pk}/change/", **typed).status_code == 302
    assert "An Unwanted Title" not in client.get(ada.get_absolute_url()).text
    assert AuthorMetrics.objects.get(author=ada).papers_count == 1


def test_a_deletion_from_before_the_column_can_still_be_undone(ada: Author) -> None:
    paper = make_paper(authors=(ada,))
    logged_in("Senior editors").post(f"/admin/papers/paper/{paper.pk}/delete/", {"post": "yes"})
    for change in Change.objects.filter(model__in=["papers.paper", "papers.authorship"]):
        change.before = {
            name: value for name, value in change.before.items() if name not in ("hidden_on_profile", "scores_hidden")
        }
        change.save()
    undo(ChangeSet.objects.get())
    assert not Authorship.objects.get().hidden_on_profile
    assert not Paper.objects.get().scores_hidden


def test_lines_that_name_nobody_are_passed_over() -> None:
    line = make_authorship(make_paper(), None, position=1, raw_name="Somebody")
    assert show_on_profiles([line.pk], shown=False).change_set is None


def test_an_import_leaves_a_hidden_paper_hidden(client: Client) -> None:
    import_works(payload("openalex-work"))
    line = Authorship.objects.exclude(author=None).earliest("position")
    show_on_profiles([line.pk], shown=False)
    again = payload("openalex-work")
    again["authorships"][0]["raw_author_name"] = "Another, Spelling"
    import_works(again)
    now = Authorship.objects.get(paper=line.paper_id, position=line.position)
    assert now.raw_name == "Another, Spelling"
    assert (now.author_id, now.hidden_on_profile) == (line.author_id, True)


def test_hiding_outlives_a_merge_of_papers_and_ends_with_another_person(ada: Author) -> None:
    kept, unwanted = two_papers(ada)
    show_on_profiles([Authorship.objects.get(author=ada, paper=unwanted).pk], shown=False)
    merge(survivor=kept, other=unwanted)
    line = Authorship.objects.get(author=ada)
    assert line.hidden_on_profile
    move_authorships([line.pk], name="Cy Placeholder")
    line.refresh_from_db()
    assert not line.hidden_on_profile


# --- scores ---------------------------------------------------------------------------------------------------------------


def with_score(model: Any, subject: Any) -> None:
    model.objects.create(subject=subject, name="novelty", origin="computed", value=61.0, method="m")
    model.objects.create(subject=subject, name="ai_score", origin="reported", source="somebody", value=73.0)


def test_hidden_scores_of_a_person_are_shown_nowhere(client: Client, ada: Author) -> None:
    make_paper(authors=(ada,))
    with_score(AuthorFigure, ada)
    assert "61%" in client.get(ada.get_absolute_url()).text
    editor = logged_in("Editors")
    assert fill_in(editor, f"/admin/authors/author/{ada.pk}/change/", scores_hidden="on").status_code == 302
    page = client.get(ada.get_absolute_url()).text
    assert "61%" not in page
    assert "AI Score" not in page
    scores = get(client, f"authors/{ada.public_id}").json()["scores"]
    assert {(one["value"], one["reason"]) for one in scores.values()} == {(None, "hidden at the author's request")}


def test_hidden_scores_of_a_paper_are_shown_nowhere_and_order_nothing(client: Client, ada: Author) -> None:
    paper, other = make_paper(authors=(ada,)), make_paper()
    for one in (paper, other):
        with_score(PaperFigure, one)
    editor = logged_in("Editors")
    assert fill_in(editor, f"/admin/papers/paper/{paper.pk}/change/", scores_hidden="on").status_code == 302
    page = client.get(paper.get_absolute_url()).text
    assert "Novelty" not in page
    assert "AI Score" not in page
    scores = get(client, f"papers/{paper.public_id}").json()["scores"]
    assert {(one["value"], one["reason"], one["method"]) for one in scores.values()} == {(None, "hidden by the editors", None)}
    found = get(client, "papers?search=novelty:>50").json()["results"]
    assert [row["id"] for row in found] == [other.public_id]


# --- another name ---------------------------------------------------------------------------------------------------------


def test_the_wizard_says_what_changes_before_it_does(client: Client, ada: Author) -> None:
    for printed in ("Ada Testwright", "TESTWRIGHT, Ada", "A. Testwright"):
        make_authorship(make_paper(), ada, position=1, raw_name=printed)
    Author.objects.filter(pk=ada.pk).update(biography="Ada works on examples.")
    editor, address = logged_in("Editors"), f"/admin/authors/author/{ada.pk}/name/"
    assert address in editor.get(f"/admin/authors/author/{ada.pk}/change/").text
    asked = fill_in(editor, address, name="Bo Testwright")
    assert "3 do now" in asked.text
    assert "The biography of this person may hold the old name" in asked.text
    assert Author.objects.get().display_name == "Ada Testwright"
    assert [(row["known"].name, row["known"].papers, row["ticked"]) for row in asked.context["rows"]] == [
        ("Ada Testwright", 2, True), ("A. Testwright", 1, True),
    ]  # fmt: skip


def rename(editor: Client, ada: Author, name: str, **typed: Any) -> Any:
    address = f"/admin/authors/author/{ada.pk}/name/"
    asked = editor.post(address, {"name": name, "leave": "on"})
    hide = [row["known"].name for row in asked.context["rows"] if row["ticked"]]
    given = {"name": name, "leave": "on", "hide": hide, "version": asked.context["version"], "apply": "yes", **typed}
    return editor.post(address, given, follow=True)


def test_the_old_name_is_nowhere_afterwards_and_comes_back_when_undone(client: Client, ada: Author) -> None:
    paper = make_paper("Telling Title")
    for position, printed in ((1, "Ada Testwright"), (7, "A. Testwright")):
        make_authorship(paper if position == 1 else make_paper("Telling Tale"), ada, position=position, raw_name=printed)
    editor = logged_in("Editors")
    assert "Undo" in rename(editor, ada, "Bo Newname").text
    ada.refresh_from_db()
    for address in (
        "/papers/", paper.get_absolute_url(), ada.get_absolute_url(), "/api/v1/papers", f"/api/v1/authors/{ada.public_id}",
        "/search/?q=telling", "/api/v1/autocomplete?q=telling", "/feeds/papers.atom",
    ):  # fmt: skip
        page = client.get(address).text
        assert "Testwright" not in page, address
        assert "Newname" in page, address
    assert get(client, "papers?search=author:testwright").json()["results"] == []
    assert len(get(client, "papers?search=author:newname").json()["results"]) == 2
    assert ada.public_id in editor.get("/admin/authors/author/?q=testwright").text
    undo(ChangeSet.objects.get())
    assert "Ada Testwright" in client.get(paper.get_absolute_url()).text
    assert len(get(client, "papers?search=author:testwright").json()["results"]) == 2


def test_a_name_that_stays_known_is_one_of_the_others(client: Client, ada: Author) -> None:
    make_authorship(make_paper(), ada, position=1)
    rename(logged_in("Editors"), ada, "Ada Newname", hide=[])
    record = get(client, f"authors/{ada.public_id}").json()
    assert (record["display_name"], record["alternative_names"]) == ("Ada Newname", ["Ada Testwright"])


def test_going_back_to_a_name_makes_it_public_again(client: Client, ada: Author) -> None:
    paper = make_paper(authors=(ada,))
    change_name(ada, "Bo Newname", hide=["Ada Testwright"])
    change_name(ada, "Ada Testwright", hide=["Bo Newname"])
    assert "Ada Testwright" in client.get(paper.get_absolute_url()).text
    assert get(client, f"authors/{ada.public_id}").json()["alternative_names"] == []


@pytest.mark.parametrize("name", ["", "  ", "…", "Ada Testwright", "x" * 301, "a\0b"])
def test_what_is_no_new_name_is_told(ada: Author, name: str) -> None:
    answer = logged_in("Editors").post(f"/admin/authors/author/{ada.pk}/name/", {"name": name, "apply": "yes"})
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert not ChangeSet.objects.exists()


def test_a_person_who_changed_meanwhile_is_looked_at_again(ada: Author) -> None:
    answer = rename(logged_in("Editors"), ada, "Bo Newname", version="0-yesterday")
    assert "was changed since the page was opened" in answer.text
    assert Author.objects.get().display_name == "Ada Testwright"


def test_viewers_change_no_name(ada: Author) -> None:
    viewer = logged_in("Viewers")
    assert viewer.get(f"/admin/authors/author/{ada.pk}/name/").status_code == 403
    assert "/name/" not in viewer.get(f"/admin/authors/author/{ada.pk}/change/").text


# --- retraction -----------------------------------------------------------------------------------------------------------


def test_a_retraction_is_said_with_date_and_notice_wherever_the_paper_is(client: Client, ada: Author) -> None:
    notice = "https://example.org/retraction-notice"
    gone = {"is_retracted": True, "retracted_on": date(2024, 5, 3), "retraction_notice": notice}
    paper = make_paper("A Telling Title", authors=(ada,), **gone)
    lists = ("/papers/", "/papers/?view=compact", "/search/?q=telling")
    for address in (*lists, paper.get_absolute_url(), ada.get_absolute_url()):
        page = client.get(address).text
        assert f'href="{notice}"' in page, address
        assert "May 3, 2024" in page or "3 May 2024" in page, address
    feed = client.get("/feeds/papers.atom").text
    assert "<title>Retracted: A Telling Title</title>" in feed
    assert f"This paper was retracted on 3 May 2024. Notice: {notice}" in feed
    record = get(client, f"papers/{paper.public_id}").json()
    assert record["retraction"] == {"retracted_on": "2024-05-03", "notice_url": notice}
    assert get(client, f"papers/{make_paper().public_id}").json()["retraction"] is None


def test_a_notice_that_no_browser_may_follow_is_no_link(client: Client) -> None:
    make_paper(is_retracted=True, retraction_notice="javascript:alert(1)")
    for address in ("/papers/", "/feeds/papers.atom"):
        assert "javascript:" not in client.get(address).text, address


def test_who_is_shown_again_by_undoing_counts_at_institutions_again(ada: Author) -> None:
    paper, _ = two_papers(ada)
    institution = paper.authorships.get(author=ada).affiliations.get().institution
    change_visibility([ada.pk], "hidden")
    assert InstitutionMetrics.objects.get(institution=institution).authors_count == 0
    undo(ChangeSet.objects.latest("pk"))
    assert InstitutionMetrics.objects.get(institution=institution).authors_count == 1
