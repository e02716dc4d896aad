"""What tests of reports share: what a visitor sends, and what an editor presses."""

from html import unescape
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from authors import report_forms
from authors.models import Report
from tests.admin_forms import offered

ORCID = "0000-0002-1825-0097"
Type, State = Report.Type, Report.State


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
