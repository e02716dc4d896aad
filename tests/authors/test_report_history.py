"""What editors answer to reports stands in the record's history, and can be taken back."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from authors.curation.changes import Change, ChangedRecord, ChangeSet
from authors.curation.recording import Action, recorded
from authors.curation.undoing import undo
from authors.models import Report
from papers.models import Paper
from tests.admin_forms import fill_in, offered
from tests.authors.reports import ORCID, State, Type, inbox, make_report, press, said, send, staff
from tests.factories import make_paper

pytestmark = pytest.mark.django_db
PRIVATE = {"name": "Vera Visitor", "email": "vera@example.org", "orcid": ORCID, "text": "My own words."}


def last() -> ChangeSet:
    return ChangeSet.objects.latest("pk")


def history(client: Client, paper: Paper) -> str:
    return said(client.get(reverse("admin:papers_paper_history", args=[paper.pk])))


def test_applying_and_deciding_are_one_change_and_undone_as_one(client: Client, paper: Paper) -> None:
    user = staff(client)
    report = press(client, make_report(paper, proposed={"title": "Better"}, **PRIVATE), "apply", note="You are right.")
    found = ChangeSet.objects.get()
    assert (found, found.user) == (report.change_set, user)
    assert {*found.changes.values_list("model", flat=True)} >= {"authors.report", "papers.paper"}
    shown = history(client, paper)
    for told in ("accepted", "You are right.", user.username, "Better"):
        assert told in shown
    undo(found)
    paper.refresh_from_db()
    report.refresh_from_db()
    assert paper.title == "Scaling laws for exmaple models"
    assert (report.state, report.note, report.decided_by, report.decided_at) == (State.NEW, "", "", None)
    assert {name: getattr(report, name) for name in PRIVATE} == PRIVATE
    assert report.proposed == {"title": "Better"}
    page = said(client.get(inbox(report)))
    assert "(undone)" in page
    assert 'value="apply"' in page


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("decline", "Declined: report"), ("accept", "Accepted: report"), ("wait", "Waiting: report"),
        ("assign", "Assigned to editors: report"),
    ],
)  # fmt: skip
def test_every_answer_is_told_and_taken_back(client: Client, paper: Paper, answer: str, told: str) -> None:
    user = staff(client)
    report = make_report(paper, **PRIVATE)
    before = Report.objects.values().get()
    press(client, report, answer, note="Asked the authors.")
    assert told in history(client, paper)
    assert (last().user, last().channel) == (user, "admin")
    assert f"Report {report.pk}" in last().reason
    assert client.post(reverse("admin:authors_changeset_undo", args=[last().pk])).status_code == 302
    after = Report.objects.values().get()
    assert after == before | {"mailed_at": after["mailed_at"]}  # a letter that is out stays so


def test_opening_again_and_giving_back_are_told_too(client: Client, paper: Paper) -> None:
    staff(client)
    report = make_report(paper)
    for answer in ("assign", "release", "decline", "reopen"):
        press(client, report, answer)
    assert ChangeSet.objects.count() == 4
    undo(last())
    report.refresh_from_db()
    assert (report.state, report.decided_by) == (State.DECLINED, "editors")


def test_a_chosen_lot_is_one_change(client: Client, paper: Paper) -> None:
    staff(client)
    chosen = [make_report(paper), make_report(make_paper("Another"))]
    address = reverse("admin:authors_report_changelist")
    for action in ("take", "decline"):
        client.post(address, {"action": action, "_selected_action": [report.pk for report in chosen]})
    taken, declined = ChangeSet.objects.order_by("pk")
    assert (str(taken), str(declined)) == ("Assigned to editors: 2 reports", "Declined: 2 reports")
    assert ChangedRecord.objects.filter(change_set=declined).count() == 2
    undo(declined)
    assert {*Report.objects.values_list("state", "assignee", "decided_by")} == {(State.NEW, "editors", "")}


def test_nothing_of_the_visitors_is_copied(client: Client, paper: Paper) -> None:
    staff(client, "Senior editors")
    report = make_report(paper, type=Type.CLAIM, **PRIVATE)
    for answer in ("assign", "decline", "reopen", "accept"):
        press(client, report, answer)
    fill_in(client, reverse("admin:papers_paper_change", args=[paper.pk]), title="Edited by hand")
    client.post(reverse("admin:authors_report_delete", args=[report.pk]), {"post": "yes"})
    assert not Report.objects.exists()
    kept = str([*Change.objects.values(), *ChangeSet.objects.values()])
    for private in PRIVATE.values():
        assert private not in kept
    assert not Change.objects.filter(model="authors.report", after=None).exists()


def test_sending_a_report_changes_nothing_in_the_catalogue(client: Client, paper: Paper) -> None:
    send(client, paper, text="The title is wrong.", email="vera@example.org")
    assert Report.objects.count() == 1
    assert not ChangeSet.objects.exists()


def test_what_was_applied_is_taken_back_though_the_report_went_on_or_is_gone(client: Client, paper: Paper) -> None:
    staff(client)
    for number, later in enumerate(("reopen", "delete")):
        report = press(client, make_report(paper, proposed={"title": f"Better {number}"}), "apply")
        found = report.change_set
        if later == "delete":
            report.delete()
        else:
            press(client, report, "reopen")
        assert found is not None
        undo(found)
        paper.refresh_from_db()
        assert paper.title == "Scaling laws for exmaple models"
    assert [report.state for report in Report.objects.all()] == [State.WAITING]


def test_decisions_outlive_the_accounts_that_made_them(client: Client, paper: Paper) -> None:
    user = staff(client)
    report = press(client, press(client, make_report(paper), "assign"), "decline")
    decided = last()
    user.delete()
    staff(client, "Senior editors")
    assert "by editors" in said(client.get(inbox(report)))
    undo(decided)
    report.refresh_from_db()
    assert (report.state, report.assignee) == (State.NEW, "editors")
    assert User.objects.count() == 1


def test_a_decision_stops_nobody_who_edits_the_record(client: Client, paper: Paper) -> None:
    staff(client)
    address = reverse("admin:papers_paper_change", args=[paper.pk])
    form: dict[str, Any] = offered(client, address)
    press(client, make_report(paper), "decline")
    assert client.post(address, {**form, "title": "Edited meanwhile"}).status_code == 302
    paper.refresh_from_db()
    assert paper.title == "Edited meanwhile"


def test_a_report_that_comes_while_its_record_is_edited_is_no_part_of_the_edit(paper: Paper) -> None:
    with recorded(Action.EDIT) as recording:
        recording.watch("P", [paper.pk])
        Paper.objects.filter(pk=paper.pk).update(title="Edited")
        make_report(paper)
    assert recording.change_set is not None
    undo(recording.change_set)
    assert Report.objects.count() == 1
