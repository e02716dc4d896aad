"""The answer to a report, mailed to the visitor who left an address."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from authors.curation.reports import Report
from authors.models import SiteIdentity

NO_MAIL = ("console", "dummy")  # backends that reach nobody
SECONDS = 10  # an editor waits for the mail server, but not for ever


def can_mail() -> bool:
    """Whether this installation sends mail: EMAIL_URL names a server."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in NO_MAIL


def mail_note(report: Report, note: str, *, name: str, address: str) -> tuple[bool, str]:
    """Send the note; gives whether it is on its way, and the sentence for the editor.

    `name` and `address` are the record's, the address empty where it has no page. Whatever the mail server says, what was
    decided stands.
    """
    try:
        _message(report, note, name=name, address=address).send()
    except Exception as error:  # backends raise what they like
        return False, f"The reply could not be mailed: {' '.join(str(error).split())[:200] or type(error).__name__}."
    Report.objects.filter(pk=report.pk).update(mailed_at=timezone.now())
    return True, f"Your note was mailed to {report.email}."


def _message(report: Report, note: str, *, name: str, address: str) -> EmailMessage:
    site = SiteIdentity.current()
    subject = f"{site.name}: your report about {name or report.about}"
    parts = [
        "Hello,",
        f"thank you for your report about {name or report.about}. {_told(report)}",
        note,
        *([f"You wrote:\n{_quoted(report.text)}"] if report.text else []),
        *([address] if address else []),
        f"– {site.name}",
    ]
    return EmailMessage(
        _one_line(subject)[:200],
        "\n\n".join(parts),
        to=[report.email],
        reply_to=[site.contact_email] if site.contact_email else None,
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT or SECONDS),
    )


def _told(report: Report) -> str:
    return {"accepted": "We took it up.", "declined": "We did not take it up."}.get(report.state, "")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def _one_line(text: Any) -> str:
    """Headers have no line breaks, whatever a record or the site is called."""
    return " ".join(str(text).split())
