"""Taking in a table in the background: from where a killed worker stopped."""

from pathlib import Path

from django.conf import settings

from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import JobError, check, enqueue, step, task
from authors.curation.recording import Action, current
from papers.tables.applying import NotTaken, Taken, take
from papers.tables.comparing import Comparison
from papers.tables.files import TableError, TableFile
from papers.tables.kinds import KINDS
from papers.tables.reports import dry_run
from papers.tables.waiting import discard

NAME = "table"


def enqueue_table(comparison: Comparison, *, summary: str, leave_out: bool, total: int, user: object, reason: str) -> Job:
    path = comparison.file.path.relative_to(settings.VAR_DIR)
    return enqueue(
        NAME, summary, user=user, reason=reason, total=total, path=str(path), kind=comparison.kind.name, leave_out=leave_out
    )


@task(NAME)
def take_table(job: Job) -> str:
    """Nothing is written before the whole table was looked at. Rows that went bad while it runs are left out and counted."""
    comparison = Comparison(KINDS[job.parameters["kind"]], TableFile(Path(settings.VAR_DIR) / job.parameters["path"]))
    try:
        if not job.reached:
            _look_first(comparison, job)
        taken = _take_rows(comparison, job)
    except (TableError, NotTaken) as error:
        raise JobError(str(error)) from error
    except FileNotFoundError:
        raise JobError("The file is not there any more: take the table in again.") from None
    discard(comparison.file.path)
    return f"{taken}."


def _look_first(comparison: Comparison, job: Job) -> None:
    report = dry_run(Comparison(comparison.kind, comparison.file))
    if report.problems and not job.parameters["leave_out"]:
        row, column, problem = report.problems[0]
        raise JobError(f"Nothing was written. Row {row}, {column or 'all'}: {problem}")


def _take_rows(comparison: Comparison, job: Job) -> Taken:
    taken = Taken(*job.reached.get("taken", ()))
    for lines in comparison.chunks(after=job.reached.get("place", 0)):
        check(job)
        with step(job, Action.EDIT):
            recording = current()
            assert recording is not None  # noqa: S101 - the step opened it
            taken.add(take(comparison, lines, recording, leave_out=True))
            done = [taken.changed, taken.new, taken.refused]
            job.report(job.done + len(lines), place=lines[-1].number, taken=done)
    return taken
