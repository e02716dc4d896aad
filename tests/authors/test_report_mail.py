"""The answer to a report goes by mail to who left an address."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from authors.models import Author, Report, SiteIdentity
from papers.models import Paper
from tests.authors.reports import State, Type, inbox, make_report, said, staff
from tests.factories import make_author

pytestmark = pytest.mark.django_db
VISITOR = "visitor@example.org"


@pytest.fixture
def editor(client: Client) -> Any:
    """Presses a button of a report's page, and gives the page that comes back."""
    staff(client)

    def press(report: Report, answer: str, **fields: str) -> str:
        page = client.post(inbox(report), {"answer": answer, **fields}, follow=True)
        report.refresh_from_db()
        return said(page)

    return press


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [("accept", State.ACCEPTED, "We took it up."), ("decline", State.DECLINED, "did not take it up")],
)
def test_the_note_is_mailed_with_what_it_answers(editor: Any, paper: Paper, answer: str, state: str, told: str) -> None:
    SiteIdentity(name="Example Catalogue", contact_email="desk@example.org").save()
    report = make_report(paper, email=VISITOR, text="The year is wrong.\nIt was 1999.")
    page = editor(report, answer, note="The title page says 1999, so does our record now.", mail="on")
    assert f"mailed to {VISITOR}" in page
    assert report.state == state
    assert report.mailed_at is not None
    [letter] = mail.outbox
    assert (letter.to, letter.reply_to) == ([VISITOR], ["desk@example.org"])
    assert letter.subject == f"Example Catalogue: your report about {paper.title}"
    body = str(letter.body)
    for part in ("The title page says 1999", "> It was 1999.", paper.get_absolute_url(), told):
        assert part in body


def test_a_proposal_that_is_applied_is_answered_too(editor: Any, client: Client, paper: Paper) -> None:
    report = make_report(paper, email=VISITOR, proposed={"title": "Better"})
    page = client.get(inbox(report))
    editor(report, "apply", note="Thanks!", mail="on", version=page.context["version"])
    assert [letter.to for letter in mail.outbox] == [[VISITOR]]


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ("accept", {"mail": "on"}),
        ("accept", {"mail": "on", "note": " \r\n "}),
        ("accept", {"note": "Not for the visitor."}),
        ("wait", {"mail": "on", "note": "For us only."}),
        ("assign", {"mail": "on", "note": "For us only."}),
        ("", {"mail": "on", "note": "No answer chosen."}),
    ],
)
def test_nothing_is_mailed_without_a_note_a_tick_and_a_decision(
    editor: Any, paper: Paper, answer: str, fields: dict[str, str]
) -> None:
    report = make_report(paper, email=VISITOR)
    editor(report, answer, **fields)
    assert mail.outbox == []
    assert report.mailed_at is None


def test_nothing_is_mailed_to_nobody_or_twice(editor: Any, paper: Paper) -> None:
    editor(make_report(paper), "accept", note="Done.", mail="on")
    assert mail.outbox == []
    report = make_report(paper, email=VISITOR)
    editor(report, "accept", note="Done.", mail="on")
    editor(report, "decline", note="Or not.", mail="on")  # somebody was faster: it is decided already
    assert len(mail.outbox) == 1


def test_an_editors_note_while_waiting_is_not_mailed_by_default(client: Client, paper: Paper) -> None:
    staff(client)
    report = make_report(paper, email=VISITOR, state=State.WAITING, note="Ask the library.")
    assert 'aria-describedby="mail-help">' in client.get(inbox(report)).text
    assert 'aria-describedby="mail-help" checked>' in client.get(inbox(make_report(paper, email=VISITOR))).text


@pytest.mark.parametrize("problem", [OSError("Connection refused"), RuntimeError("odd\nbackend")])
def test_a_mail_server_that_fails_is_told_and_the_decision_stands(
    editor: Any, paper: Paper, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def fail(self: Any, messages: Any) -> int:
        raise problem

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    report = make_report(paper, email=VISITOR)
    page = editor(report, "accept", note="Done.", mail="on")
    assert "The reply could not be mailed: " + " ".join(str(problem).split()) in page
    assert (report.state, report.mailed_at) == (State.ACCEPTED, None)


def test_line_breaks_in_names_make_no_headers(editor: Any) -> None:
    author = make_author("Ada\r\nBcc: somebody@example.org")
    SiteIdentity(name="Example\nBcc: other@example.org").save()
    editor(make_report(author, email=VISITOR, type=Type.OTHER), "accept", note="Done.", mail="on")
    [letter] = mail.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == [VISITOR]
    assert "Bcc" not in letter.message()


def test_an_address_that_is_none_is_told(editor: Any, paper: Paper) -> None:
    report = make_report(paper, email="a@example.org\nBcc: b@example.org")
    assert "could not be mailed" in editor(report, "accept", note="Done.", mail="on")
    assert mail.outbox == []


def test_without_a_mail_server_the_page_offers_the_editors_own_program(
    editor: Any, client: Client, paper: Paper, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    report = make_report(paper, email=VISITOR)
    page = said(client.get(inbox(report)))
    assert "Nothing is sent from here" in page
    assert 'name="mail"' not in page
    assert "mailed" not in editor(report, "accept", note="Done.", mail="on")


def test_a_report_about_a_name_leads_to_changing_it(client: Client, author: Author, paper: Paper) -> None:
    staff(client)
    address = f"/admin/authors/author/{author.pk}/name/"
    assert address in client.get(inbox(make_report(author, type=Type.NAME))).text
    assert address not in client.get(inbox(make_report(author))).text
    assert "/name/" not in client.get(inbox(make_report(paper, type=Type.NAME))).text
