"""What an editor can answer to a report. Whatever an answer writes into the record is one change set, made by the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from authors.curation.recording import Action, Channel, acting, recorded
from authors.curation.reports import Report
from papers.correcting import verify_identifier, write_texts

State = Report.State
LONGEST_NOTE = 2_000


class AlreadyDecided(Exception):
    """Somebody was faster."""


@dataclass(frozen=True)
class Answer:
    """`run(report, record, user, posted)` gives the sentence that tells what was done; `writes` into the record."""

    run: Callable[[Report, Any, Any, Mapping[str, str]], str]
    writes: bool = False


def apply(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
    return _written(report, record, user, posted, lambda: write_texts(record, report.proposed))


def confirm(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
    """Who says “this is me” is: the identifier that the editor chose is verified from now on."""
    scheme, _, value = posted.get("identifier", "").rpartition(":")
    known = record.identifiers.filter(scheme=scheme, value=value).exists()
    if report.type != Report.Type.CLAIM or not value or not (known or (scheme, value) == ("orcid", report.orcid)):
        raise ValidationError("Choose the identifier that is verified from now on.")
    return _written(report, record, user, posted, lambda: verify_identifier(record, scheme, value))


@transaction.atomic
def _written(report: Report, record: Any, user: Any, posted: Mapping[str, str], write: Callable[[], None]) -> str:
    report = _locked(report)
    reason = f"Report {report.pk}: {report.get_type_display()}"
    with acting(user=user, channel=Channel.REPORT, reason=reason), _recorded(report, record) as recording:
        write()
    report.decide(State.ACCEPTED, user=user, note=_note(posted), change_set=recording.change_set)
    return "Accepted, and written into the record." if recording.change_set else "Accepted; the record says so already."


def _recorded(report: Report, record: Any) -> Any:
    return recorded(Action.EDIT, summary=f"{report.get_type_display()}: {record.public_id} ({str(record)[:120]})")


def _locked(report: Report) -> Report:
    """The report as it is now, which nobody else decides meanwhile."""
    now = Report.objects.select_for_update().get(pk=report.pk)
    if not now.is_open:
        raise AlreadyDecided(f"This report was {now.get_state_display()} meanwhile.")
    return now


def _note(posted: Mapping[str, str]) -> str:
    return posted.get("note", "").replace("\r\n", "\n").strip()[:LONGEST_NOTE]


def _deciding(state: str, told: str) -> Answer:
    @transaction.atomic
    def decide(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
        _locked(report).decide(state, user=user, note=_note(posted))
        return told

    return Answer(decide)


def reopen(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
    """What was decided waits again; what was written stays until it is undone."""
    report.decide(State.WAITING, user=user, change_set=report.change_set)
    return "Open again."


def assign(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
    Report.objects.filter(pk=report.pk).update(assignee=user)
    return "This report is yours."


def release(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
    Report.objects.filter(pk=report.pk).update(assignee=None)
    return "This report is nobody's."


ANSWERS = {
    "apply": Answer(apply, writes=True),
    "confirm": Answer(confirm, writes=True),
    "accept": _deciding(State.ACCEPTED, "Accepted."),
    "decline": _deciding(State.DECLINED, "Declined."),
    "wait": _deciding(State.WAITING, "Waiting."),
    "reopen": Answer(reopen),
    "assign": Answer(assign),
    "release": Answer(release),
}
