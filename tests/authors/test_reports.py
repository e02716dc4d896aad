"""Reports from visitors: the public form and what it refuses."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from authors import report_forms
from authors.curation.redirects import leave_redirect
from authors.models import Author, Redirect, Report
from papers.metrics.refreshing import refresh_institutions
from papers.models import Paper
from tests.authors.reports import ORCID, State, Type, address_of, inbox, make_report, said, send, staff, typed
from tests.factories import make_author, make_institution, make_paper

pytestmark = pytest.mark.django_db


def test_every_record_page_leads_to_its_form(client: Client, paper: Paper, author: Author) -> None:
    institution = make_institution("Example Institute")
    make_paper(institutions=(institution,))
    refresh_institutions([institution.pk])
    for record in (paper, author, institution):
        assert f'href="{address_of(record)}"' in said(client.get(record.get_absolute_url()))
        form = client.get(address_of(record))
        assert form.status_code == 200
        assert "no-store" in form["Cache-Control"]
        assert str(record) in said(form)


def test_a_report_is_kept_and_answered_with_thanks(client: Client, paper: Paper) -> None:
    answer = send(client, paper, type="wrong-author", text="The second author is missing.", name="Bea", email="bea@example.org")
    assert answer.status_code == 302
    assert "Thank you" in said(client.get(answer["Location"]))
    report = Report.objects.get()
    assert (report.about, report.type, report.state) == (paper.public_id, Type.WRONG_AUTHOR, State.NEW)
    assert (report.text, report.name, report.email) == ("The second author is missing.", "Bea", "bea@example.org")
    assert report.proposed == {}


def test_what_is_rewritten_is_proposed_and_nothing_else(client: Client, paper: Paper) -> None:
    send(client, paper, new_title="Scaling laws for example models", new_abstract="We measure.\r\n")
    assert Report.objects.get().proposed == {"title": "Scaling laws for example models"}


def test_a_text_that_an_editor_corrected_meanwhile_is_not_proposed(client: Client, paper: Paper) -> None:
    sent = typed(paper, text="The year is wrong.")
    Paper.objects.update(title="Scaling laws for example models")
    client.post(address_of(paper), sent)
    assert Report.objects.get().proposed == {}


def test_the_address_chooses_the_type(client: Client, author: Author) -> None:
    assert '<option value="claim" selected>' in said(client.get(f"{address_of(author)}?type=claim"))
    assert client.get(f"{address_of(author)}?type=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"type": ""}, "Choose what comes closest."),
        ({"type": "claim"}, "claim is not one of the available choices"),  # of a paper nobody says “this is me”
        ({"text": ""}, "Say what is wrong, or write the right text below."),
        ({"text": "x" * 5_001}, "at most 5000 characters"),
        ({"text": "https://a.example " * 6}, "at most 5 web addresses"),
        ({"text": "a\0b"}, "Null characters"),
        ({"email": "nobody"}, "valid email address"),
        ({"orcid": "0000-0002-1825-0098"}, "its last digit does not fit"),
        ({"new_title": "x" * 20_001}, "20000"),
    ],
)
def test_what_cannot_be_used_is_explained_and_what_was_typed_stays(
    client: Client, paper: Paper, fields: dict[str, str], why: str
) -> None:
    answer = send(client, paper, **{"text": "The title has an error.", "name": "Bea Testwright", **fields})
    assert answer.status_code == 200
    assert why in said(answer)
    assert 'value="Bea Testwright"' in said(answer)
    assert "text" in fields or "The title has an error." in said(answer)
    assert not Report.objects.exists()


def test_who_says_this_is_me_leaves_an_address_or_an_orcid(client: Client, author: Author) -> None:
    assert "Give your e-mail address or your ORCID iD" in said(send(client, author, type="claim"))
    assert send(client, author, type="claim", orcid=f"https://orcid.org/{ORCID}").status_code == 302
    assert send(client, author, type="claim", email="ada@example.org").status_code == 302
    assert [report.orcid for report in Report.objects.order_by("pk")] == [ORCID, ""]


def test_a_name_is_not_emptied(client: Client, author: Author) -> None:
    assert "Write what it should read" in said(send(client, author, new_display_name=""))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"age": 1}, "faster than a person types"),
        ({"age": 25 * 3600}, "opened too long ago"),
        ({"stamp": ""}, "opened too long ago"),
        ({"stamp": "P1:1:forged"}, "opened too long ago"),
        ({"subject": "Buy this"}, "A field that must stay empty"),
    ],
)
def test_machines_are_refused_and_people_may_send_again(
    client: Client, paper: Paper, fields: dict[str, Any], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = send(client, paper, text="The title has an error.", **fields)
    assert why in said(answer)
    assert "The title has an error." in said(answer)
    assert not Report.objects.exists()
    shown = answer.context["form"]
    now = report_forms.time()
    monkeypatch.setattr(report_forms, "time", lambda: now + 10)
    again = {name: shown[name].value() or "" for name in ("type", "text", "stamp", "subject")}
    assert client.post(address_of(paper), again).status_code == 302


def test_a_stamp_is_for_one_record(client: Client, paper: Paper) -> None:
    other = make_paper("Another")
    assert "opened too long ago" in said(client.post(address_of(other), typed(paper, text="Mine.")))


def test_only_so_many_reports_come_from_one_place(client: Client, paper: Paper) -> None:
    for _ in range(5):
        assert send(client, paper, text="Wrong.").status_code == 302
    answer = send(client, paper, text="Wrong once more.")
    assert answer.status_code == 429
    assert "come back later" in said(answer)
    assert "Wrong once more." in said(answer)
    elsewhere = client.post(address_of(paper), typed(paper, text="Wrong."), REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302
    assert Report.objects.count() == 6


def test_one_network_of_the_newer_kind_is_one_place(client: Client, paper: Paper) -> None:
    answers = [
        client.post(address_of(paper), typed(paper, text="Wrong."), REMOTE_ADDR=f"2001:db8::{number}").status_code
        for number in range(1, 7)
    ]
    assert answers == [302] * 5 + [429]


def test_the_form_needs_its_token(paper: Paper) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address_of(paper), typed(paper, text="Wrong.")).status_code == 403


@pytest.mark.parametrize("page", ["", "thanks/"])
def test_a_record_without_a_page_has_no_form(client: Client, paper: Paper, author: Author, page: str) -> None:
    hidden = make_author("Hidden Testwright", visibility="hidden")
    draft, withdrawn = make_paper(state="draft"), make_paper(state="withdrawn")
    leave_redirect(kind="P", old_id=999, target_id=None, reason=Redirect.Reason.WITHDRAWN, note="At the authors' wish.")
    leave_redirect(kind="P", old_id=998, target_id=paper.pk, reason=Redirect.Reason.MERGED)
    asked = {
        f"/authors/{hidden.public_id}/report/": 404, f"/papers/{draft.public_id}/report/": 404, "/authors/A999/report/": 404,
        f"/papers/{author.public_id}/report/": 404, f"/papers/{withdrawn.public_id}/report/": 410, "/papers/P999/report/": 410,
        "/papers/P998/report/": 301,
    }  # fmt: skip
    assert {path: client.get(path + page).status_code for path in asked} == asked
    assert client.get("/papers/P998/report/" + page)["Location"] == address_of(paper) + page
    if not page:
        never, denied = client.post("/authors/A998/report/"), client.post(f"/authors/{hidden.public_id}/report/")
        assert never.status_code == denied.status_code == 404


def test_a_record_called_report_keeps_its_page(client: Client) -> None:
    paper = make_paper("Report")
    assert "<h1><bdi>Report</bdi></h1>" in said(client.get(paper.get_absolute_url()))


def test_what_visitors_write_is_escaped(client: Client, paper: Paper) -> None:
    send(client, paper, text="<script>alert(1)</script>", new_title="<b>Bold</b>")
    staff(client)
    for page in (reverse("admin:authors_report_changelist"), inbox(Report.objects.get())):
        shown = client.get(page).content.decode()
        assert "<script>alert" not in shown
        assert "<b>Bold" not in shown


@pytest.mark.parametrize("others", [0, 3])
def test_the_form_costs_the_same_however_many_reports_there_are(
    client: Client, paper: Paper, others: int, django_assert_num_queries: Any
) -> None:
    for _ in range(others):
        make_report(paper)
    client.get(address_of(paper))
    with django_assert_num_queries(1):  # the paper; the site's identity is cached
        client.get(address_of(paper))
