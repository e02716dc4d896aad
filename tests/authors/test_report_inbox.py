"""Reports from visitors: the editors' inbox and what is done there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from authors.admin.wording import rewording
from authors.curation.changes import ChangeSet
from authors.curation.redirects import leave_redirect
from authors.curation.undoing import undo
from authors.models import Author, AuthorIdentifier, Provenance, Redirect, Report
from papers.models import Paper
from tests.admin_forms import offered
from tests.authors.reports import ORCID, State, Type, inbox, make_report, press, said, staff
from tests.factories import make_author, make_institution, make_paper

pytestmark = pytest.mark.django_db


def test_the_inbox_lists_and_filters(client: Client, paper: Paper, author: Author) -> None:
    me = staff(client)
    make_report(paper, text="The title has an error.", assignee=me.username)
    make_report(author, text="This is two people.", type=Type.SPLIT, state=State.WAITING)
    address = reverse("admin:authors_report_changelist")
    everything = said(client.get(address))
    assert "The title has an error." in everything
    assert "Scaling laws" in everything
    assert "Ada Testwright" in everything
    for query, texts in {
        "assigned=me": (True, False), "assigned=nobody": (False, True), "state__exact=waiting": (False, True),
        "type__exact=split": (False, True), "q=error": (True, False),
    }.items():  # fmt: skip
        shown = said(client.get(f"{address}?{query}"))
        assert ("The title has an error." in shown, "This is two people." in shown) == texts, query


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_asks_the_same_whatever_it_holds(
    client: Client, author: Author, count: int, django_assert_num_queries: Any
) -> None:
    user = staff(client)
    for _ in range(count):
        make_report(make_paper(), assignee=user.username, proposed={"title": "New"})
        make_report(author)
    address = reverse("admin:authors_report_changelist")
    client.get(address)
    with django_assert_num_queries(6):  # session, account, its permissions (2), count, rows
        client.get(address)
    report = Report.objects.filter(kind="P").latest("pk")
    with django_assert_num_queries(10):  # the first four; report, redirect, record, its last change, on site, other reports
        client.get(inbox(report))


def test_one_click_applies_what_was_proposed(client: Client, paper: Paper) -> None:
    user = staff(client)
    report = make_report(paper, proposed={"title": "Scaling laws for example models", "abstract": "We measure twice."})
    page = said(client.get(inbox(report)))
    assert "<del>exmaple</del><ins>example</ins>" in page
    press(client, report, "apply")
    paper.refresh_from_db()
    assert (paper.title, paper.abstract) == ("Scaling laws for example models", "We measure twice.")
    assert (report.state, report.decided_by) == (State.ACCEPTED, user.username)
    assert report.change_set is not None
    assert (report.change_set.channel, report.change_set.user) == (ChangeSet.Channel.REPORT, user)
    assert Provenance.objects.get(source="editor").fields == ["abstract", "title"]
    undo(report.change_set)
    paper.refresh_from_db()
    assert paper.title == "Scaling laws for exmaple models"
    assert "(undone)" in said(client.get(inbox(report)))


@pytest.mark.upkeep
def test_what_was_applied_is_found(client: Client, paper: Paper) -> None:
    staff(client)
    press(client, make_report(paper, proposed={"title": "Zebras of the steppe"}), "apply")
    assert f'href="/papers/{paper.public_id}/zebras-of-the-steppe/"' in said(client.get("/search/?q=zebras"))


def test_names_of_people_and_institutions_are_applied(client: Client, author: Author) -> None:
    staff(client)
    institution = make_institution("Exmaple Institute")
    press(client, make_report(author, proposed={"display_name": "Ada T. Testwright"}), "apply")
    press(client, make_report(institution, proposed={"name": "Example Institute", "homepage": "https://example.org"}), "apply")
    author.refresh_from_db()
    institution.refresh_from_db()
    assert author.display_name == "Ada T. Testwright"
    assert author.names.filter(name="Ada T. Testwright").exists()
    assert (institution.name, institution.homepage) == ("Example Institute", "https://example.org")
    assert [alias.name for alias in institution.aliases.all()] == ["Exmaple Institute"]


def test_what_the_record_cannot_hold_is_not_applied(client: Client, author: Author) -> None:
    staff(client)
    report = press(client, make_report(author, proposed={"homepage": "javascript:alert(1)"}), "apply")
    assert report.state == State.NEW
    assert "valid URL" in said(client.get(inbox(report)))
    author.refresh_from_db()
    assert author.homepage == ""


def test_a_record_that_changed_meanwhile_is_looked_at_again(client: Client, paper: Paper) -> None:
    staff(client)
    report = make_report(paper, proposed={"title": "New"})
    shown = offered(client, inbox(report))
    paper.title = "Corrected by hand"
    paper.save()
    client.post(inbox(report), {**shown, "answer": "apply"})
    paper.refresh_from_db()
    report.refresh_from_db()
    assert (paper.title, report.state) == ("Corrected by hand", State.NEW)
    assert "Look at the difference again" in said(client.get(inbox(report)))


def test_a_report_is_decided_once(client: Client, paper: Paper) -> None:
    staff(client)
    report = make_report(paper)
    shown = offered(client, inbox(report))
    press(client, report, "decline", note="It is right as it stands.")
    assert (report.state, report.note) == (State.DECLINED, "It is right as it stands.")
    client.post(inbox(report), {**shown, "answer": "accept"})
    report.refresh_from_db()
    assert report.state == State.DECLINED
    assert "This report was declined meanwhile." in said(client.get(inbox(report)))
    assert press(client, report, "reopen").state == State.WAITING
    assert report.decided_at is None


def test_a_report_waits_and_is_assigned(client: Client, paper: Paper) -> None:
    user = staff(client)
    report = press(client, make_report(paper), "wait", note="Asked the authors.")
    assert (report.state, report.note, report.decided_at) == (State.WAITING, "Asked the authors.", None)
    assert press(client, report, "assign").assignee == user.username
    assert press(client, report, "release").assignee == ""
    assert press(client, report, "accept").state == State.ACCEPTED
    assert report.change_set is None


def test_a_chosen_lot_is_assigned_or_declined(client: Client, paper: Paper) -> None:
    user = staff(client)
    chosen = [make_report(paper), make_report(paper, state=State.ACCEPTED)]
    for action in ("take", "decline"):
        data = {"action": action, "_selected_action": [report.pk for report in chosen]}
        client.post(reverse("admin:authors_report_changelist"), data)
    assert set(Report.objects.values_list("assignee", flat=True)) == {user.username}
    assert [report.state for report in Report.objects.order_by("pk")] == [State.DECLINED, State.ACCEPTED]


def test_a_confirmed_claim_shows_on_the_profile(client: Client, author: Author) -> None:
    assert ">verified</a>" not in said(client.get(author.get_absolute_url()))
    staff(client)
    report = press(client, make_report(author, type=Type.CLAIM, text="", orcid=ORCID), "confirm", identifier=f"orcid:{ORCID}")
    identifier = AuthorIdentifier.objects.get(author=author)
    assert (identifier.scheme, identifier.value, identifier.verified) == ("orcid", ORCID, True)
    assert report.state == State.ACCEPTED
    assert ">verified</a>" in said(client.get(author.get_absolute_url())).split("</h1>")[1].split("</div>")[0]


def test_a_claim_by_mail_verifies_what_the_record_holds(client: Client, author: Author) -> None:
    staff(client)
    report = make_report(author, type=Type.CLAIM, email="ada@example.org")
    assert "no identifier that could be verified" in said(client.get(inbox(report)))
    AuthorIdentifier.objects.create(author=author, scheme="openalex", value="A5000000001")
    assert press(client, report, "confirm", identifier=f"orcid:{ORCID}").state == State.NEW
    assert press(client, report, "confirm", identifier="openalex:A5000000001").state == State.ACCEPTED
    assert AuthorIdentifier.objects.get().verified


def test_nobody_elses_orcid_is_confirmed(client: Client, author: Author) -> None:
    staff(client)
    other = make_author("Bea Testwright", orcid=ORCID)
    report = press(client, make_report(author, type=Type.CLAIM, orcid=ORCID), "confirm", identifier=f"orcid:{ORCID}")
    assert report.state == State.NEW
    assert f"{other.public_id} (Bea Testwright) has this ORCID" in said(client.get(inbox(report)))
    assert not author.identifiers.exists()


def test_a_report_follows_its_record(client: Client, paper: Paper) -> None:
    staff(client)
    gone, merged = make_report(paper, record_id=998), make_report(paper, record_id=999, proposed={"title": "New"})
    leave_redirect(kind="P", old_id=999, target_id=paper.pk, reason=Redirect.Reason.MERGED)
    assert "P998, which is gone" in said(client.get(inbox(gone)))
    assert client.post(inbox(gone), {"answer": "apply"}).status_code == 403
    assert press(client, gone, "decline").state == State.DECLINED
    press(client, merged, "apply")
    paper.refresh_from_db()
    assert paper.title == "New"


def test_pages_that_are_not_there_answer_404(client: Client, paper: Paper) -> None:
    staff(client)
    for key in ("0", "x", "9" * 30):
        assert client.get(f"/admin/authors/report/{key}/change/").status_code == 404
    report = make_report(paper)
    assert press(client, report, "nonsense").state == State.NEW


@pytest.mark.parametrize(("role", "answers"), [("Viewers", 403), ("Editors", 302)])
def test_viewers_read_and_editors_answer(client: Client, paper: Paper, role: str, answers: int) -> None:
    staff(client, role)
    report = make_report(paper, email="bea@example.org")
    page = said(client.get(inbox(report)))
    assert "bea@example.org" in page
    assert ('value="decline"' in page) == (answers == 302)
    assert client.post(inbox(report), {"answer": "decline"}).status_code == answers
    assert "/delete/" not in page


def test_senior_editors_delete_reports(client: Client, paper: Paper) -> None:
    staff(client, "Senior editors")
    report = make_report(paper)
    address = reverse("admin:authors_report_delete", args=[report.pk])
    assert address in said(client.get(inbox(report)))
    assert "Note to visitors" not in said(client.get(address))
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert not Report.objects.exists()


def test_a_report_of_a_merge_leads_to_merging_for_whom_may(client: Client, author: Author) -> None:
    report = make_report(author, type=Type.MERGE)
    merge_page = reverse("admin:authors_author_merge", args=[author.pk])
    for role, offered_there in (("Editors", False), ("Senior editors", True)):
        staff(client, role)
        assert (merge_page in said(client.get(inbox(report)))) == offered_there


def test_long_texts_are_compared_as_a_whole() -> None:
    now, proposed = "one word & " * 5_000, "another <word> " * 5_000
    assert rewording("one & two", "one & three") == "one &amp; <del>two</del><ins>three</ins>"
    assert rewording("", "new") == "<ins>new</ins>"
    assert rewording(now, proposed).count("<ins>") == 1
