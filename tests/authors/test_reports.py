"""Reports from visitors: the public form and what it refuses, and the editors' inbox."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from authors import report_forms
from authors.admin.wording import rewording
from authors.curation.changes import ChangeSet
from authors.curation.redirects import leave_redirect
from authors.curation.undoing import undo
from authors.models import Author, AuthorIdentifier, Provenance, Redirect, Report
from papers.metrics.refreshing import refresh_institutions
from papers.models import Paper
from tests.admin_forms import offered
from tests.factories import make_author, make_institution, make_paper

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"
Type, State = Report.Type, Report.State


@pytest.fixture
def paper() -> Paper:
    return make_paper("Scaling laws for exmaple models", abstract="We measure.", authors=(make_author("Ada Testwright"),))


@pytest.fixture
def author(paper: Paper) -> Author:
    return Author.objects.get(display_name="Ada Testwright")


def staff(client: Client, role: str = "Editors") -> User:
    user = User.objects.create_user(f"{role.lower().replace(' ', '-')}", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def address_of(record: Any) -> str:
    return f"/{record._meta.verbose_name_plural}/{record.public_id}/report/"


def typed(record: Any, *, age: float = 60, **fields: Any) -> dict[str, Any]:
    """What a browser sends when a visitor who opened the form `age` seconds ago typed `fields`."""
    form = report_forms.ReportForm(record=record)
    texts = {name: form.initial[name] for name in form.fields if name.startswith("new_")}
    shown = {f"initial-{name}": value for name, value in texts.items()}
    when = int(report_forms.time() - age)
    stamp = report_forms._signer.sign(f"{record.public_id}:{when}")
    return {"type": "other", "stamp": stamp, "subject": "", **texts, **shown, **fields}


def send(client: Client, record: Any, **fields: Any) -> Any:
    return client.post(address_of(record), typed(record, **fields))


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


# --- the public form -------------------------------------------------------------------------------------------------


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


# --- the inbox --------------------------------------------------------------------------------------------------------


def make_report(record: Any, **fields: Any) -> Report:
    return Report.objects.create(
        **{"kind": record.letter, "record_id": record.pk, "type": Type.OTHER, "text": "Wrong.", **fields}
    )


def inbox(report: Report) -> str:
    return reverse("admin:authors_report_change", args=[report.pk])


def press(client: Client, report: Report, answer: str, **fields: str) -> Report:
    """What pressing a button of the page sends."""
    shown = {name: value for name, value in offered(client, inbox(report)).items() if name != "answer"}
    assert client.post(inbox(report), {**shown, "answer": answer, **fields}).status_code == 302
    report.refresh_from_db()
    return report


def test_the_inbox_lists_and_filters(client: Client, paper: Paper, author: Author) -> None:
    me = staff(client)
    make_report(paper, text="The title has an error.", assignee=me)
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
        make_report(make_paper(), assignee=user, proposed={"title": "New"})
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
    assert (report.state, report.decided_by) == (State.ACCEPTED, user)
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
    assert press(client, report, "assign").assignee == user
    assert press(client, report, "release").assignee is None
    assert press(client, report, "accept").state == State.ACCEPTED
    assert report.change_set is None


def test_a_chosen_lot_is_assigned_or_declined(client: Client, paper: Paper) -> None:
    user = staff(client)
    chosen = [make_report(paper), make_report(paper, state=State.ACCEPTED)]
    for action in ("take", "decline"):
        data = {"action": action, "_selected_action": [report.pk for report in chosen]}
        client.post(reverse("admin:authors_report_changelist"), data)
    assert set(Report.objects.values_list("assignee", flat=True)) == {user.pk}
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
