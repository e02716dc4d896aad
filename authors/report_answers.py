"""What an editor can answer to a report. Every answer is one change set, with all that it writes into the record."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from authors.curation.recording import Action, Channel, Recording, acting, recorded
from authors.curation.reports import Report
from papers.correcting import verify_identifier, write_texts

State = Report.State
LONGEST_NOTE = 2_000


class AlreadyDecided(Exception):
    """Somebody was faster."""


@dataclass(frozen=True)
class Answer:
    """`run(report, record, user, posted)` gives the sentence that tells what was done; `writes` into the record; `decides`:
    the visitor may be told.
    """

    run: Callable[[Report, Any, Any, Mapping[str, str]], str]
    writes: bool = False
    decides: bool = False


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
    summary = f"{report.get_type_display()}: {record.public_id} ({str(record)[:120]})"
    with answering(report, user=user, action=Action.EDIT, summary=summary, channel=Channel.REPORT) as recording:
        write()
        report.decide(State.ACCEPTED, by=user.get_username(), note=note_in(posted))
    changes = recording.change_set.changes if recording.change_set else None
    if changes is None or not changes.exclude(model=Report._meta.label_lower).exists():
        return "Accepted; the record says so already."
    Report.objects.filter(pk=report.pk).update(change_set=recording.change_set)
    return "Accepted, and written into the record."


@contextmanager
def answering(report: Report, *, user: Any, action: str, summary: str, channel: str = Channel.ADMIN) -> Iterator[Recording]:
    """What becomes of the report within the block stands in the history of the record that it speaks of."""
    reason = f"Report {report.pk}: {report.get_type_display()}"
    with acting(user=user, channel=channel, reason=reason), recorded(action, summary=summary) as recording:
        recording.watch_rows(Report.objects.filter(pk=report.pk))
        yield recording


def _locked(report: Report) -> Report:
    """The report as it is now, which nobody else decides meanwhile."""
    now = Report.objects.select_for_update().get(pk=report.pk)
    if not now.is_open:
        raise AlreadyDecided(f"This report was {now.get_state_display()} meanwhile.")
    return now


def note_in(posted: Mapping[str, str]) -> str:
    return posted.get("note", "").replace("\r\n", "\n").strip()[:LONGEST_NOTE]


def _deciding(state: str, told: str) -> Answer:
    @transaction.atomic
    def decide(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
        report = _locked(report)
        with answering(report, user=user, action=Action.STATE, summary=f"{told.rstrip('.')}: {called(report)}"):
            report.decide(state, by=user.get_username(), note=note_in(posted))
        return told

    return Answer(decide, decides=state != State.WAITING)


def reopen(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
    """What was decided waits again; what was written stays until it is undone."""
    with answering(report, user=user, action=Action.STATE, summary=f"Opened again: {called(report)}"):
        report.decide(State.WAITING, by="")
    return "Open again."


def assign(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
    _give(report, user, user.get_username())
    return "This report is yours."


def release(report: Report, record: Any, user: Any, posted: Mapping[str, str]) -> str:
    _give(report, user, "")
    return "This report is nobody's."


def _give(report: Report, user: Any, name: str) -> None:
    with answering(report, user=user, action=Action.EDIT, summary=f"Assigned to {name or 'nobody'}: {called(report)}"):
        Report.objects.filter(pk=report.pk).update(assignee=name)


def called(report: Report) -> str:
    """How a summary calls a report, in words that hold nothing of the visitor's."""
    return f"report {report.pk} on {report.about} ({report.get_type_display()})"


ANSWERS = {
    "apply": Answer(apply, writes=True, decides=True),
    "confirm": Answer(confirm, writes=True, decides=True),
    "accept": _deciding(State.ACCEPTED, "Accepted."),
    "decline": _deciding(State.DECLINED, "Declined."),
    "wait": _deciding(State.WAITING, "Waiting."),
    "reopen": Answer(reopen),
    "assign": Answer(assign),
    "release": Answer(release),
}
