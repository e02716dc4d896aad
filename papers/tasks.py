"""What the worker does for this app: imports of large files, one change of many records, large undoings, scores, snapshots."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.curation.conflicts import Conflict
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import Cancelled, JobError, check, enqueue, step, task
from authors.curation.models import ImportRun
from authors.curation.recording import Action, Channel, acting
from authors.curation.undoing import undo
from authors.models import Institution
from papers.changefeed import Unsettled
from papers.correcting import change_visibility
from papers.editing import change_state, give_category, give_institution
from papers.importers.formats import format_of
from papers.importers.keeping import kept
from papers.importers.records import FileError
from papers.importers.runs import AUTHORS, INSTITUTIONS, PAPERS, Importer, close_run, run_import
from papers.metrics.refreshing import refresh_authors, refresh_institutions, touched_by
from papers.metrics.scoring.rules import LEAST_EARLIER
from papers.models import Category, Paper, ScoreRun
from papers.search.indexing import index_authors, index_institutions
from papers.snapshots.making import SnapshotError, make_snapshot
from papers.snapshots.parquet import is_possible
from papers.snapshots.shelf import folder, keep_newest, snapshots

IMPORTERS = {importer.kind: importer for importer in (PAPERS, AUTHORS, INSTITUTIONS)}
AT_ONCE = 200  # records in a step of a change: a second or two, for which other writers wait

Range = Sequence[int]  # first and last of keys that follow each other


# --- imports -------------------------------------------------------------------------------------------------------------


@task("import")
def import_file(job: Job) -> str:
    told = job.parameters
    path = kept(told["fingerprint"])
    if path is None:
        raise JobError("The file is not kept any longer: choose it again.")
    if job.total is None:
        job.report(job.done, total=_records_in(path))
    return counts_of(
        import_for(job, IMPORTERS[told["kind"]], path, source=told["source"], state=told["state"], reason=job.reason)
    )


def import_for(job: Job, importer: Importer, path: Path, *, source: str, state: str, reason: str) -> ImportRun:
    """Import the file. The run itself knows how far it got; the job shows it, and tells it to stop. Raises JobError."""
    if job.run is not None:
        ImportRun.objects.filter(pk=job.run.pk, state=ImportRun.State.FAILED).update(state=ImportRun.State.RUNNING)
    try:
        with acting(user=job.user, channel=Channel.IMPORT, reason=reason):
            run = run_import(importer, path, source=source, state=state, progress=lambda run: _show(job, run))
    except Cancelled:
        if job.run is not None:
            close_run(job.run, ImportRun.State.FAILED, "It was cancelled.")
        raise
    except FileError as error:
        raise JobError(str(error).replace(str(path), path.name)) from error
    _link(job, run)
    return run


def _records_in(path: Path) -> int | None:
    """None where the file breaks off: how many there would have been nobody knows."""
    try:
        return sum(1 for _ in format_of(path).read(path))
    except FileError:
        return None


def _show(job: Job, run: ImportRun) -> None:
    _link(job, run)
    check(job)


def _link(job: Job, run: ImportRun) -> None:
    job.run = run
    job.change_set = job.change_set or ChangeSet.objects.filter(run=run, action=Action.IMPORT).first()
    job.report(run.checkpoint)


def counts_of(run: ImportRun) -> str:
    """What came of the run, in one line."""
    counts = f"{run.created_count:,} new, {run.updated_count:,} updated, {run.unchanged_count:,} unchanged"
    return f"{counts}, {run.skipped_count:,} skipped."


# --- one change of many records ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What is done to records of one kind, given their keys and a value; `action` is how the history calls it."""

    action: str
    apply: Callable[[list[int], str], object]


def _give_category(keys: list[int], code: str) -> None:
    category = Category.objects.filter(pk=code).first()
    if category is None:
        raise JobError(f"The category {code} is not there any more.")
    give_category(keys, category)


def _give_institution(keys: list[int], key: str) -> None:
    institution = Institution.objects.filter(pk=key).first()
    if institution is None:
        raise JobError("The institution is not there any more.")
    give_institution(keys, institution)


def _count_authors(keys: list[int], _: str) -> None:
    refresh_authors(keys)
    index_authors(keys)


def _count_institutions(keys: list[int], _: str) -> None:
    refresh_institutions(keys)
    index_institutions(keys)


CHANGES = {
    "state": Change(Action.STATE, change_state),
    "category": Change(Action.EDIT, _give_category),
    "institution": Change(Action.EDIT, _give_institution),
    "visibility": Change(Action.STATE, change_visibility),
    "figures-P": Change(Action.EDIT, lambda keys, _: touched_by(keys).refresh()),
    "figures-A": Change(Action.EDIT, _count_authors),
    "figures-I": Change(Action.EDIT, _count_institutions),
}


@task("bulk")
def change_many(job: Job) -> str:
    """`ranges` are of keys in order; `place` of them are done."""
    change, value = CHANGES[job.parameters["change"]], job.parameters["value"]
    keys = keys_in(job.parameters["ranges"])
    for place in range(job.reached.get("place", 0), len(keys), AT_ONCE):
        chunk = keys[place : place + AT_ONCE]
        with step(job, change.action):
            change.apply(chunk, value)
            job.report(place + len(chunk), total=len(keys), place=place + len(chunk))
    return "All of them are done." if job.change_set_id else "Nothing of theirs had to be changed."


def ranges_of(keys: Iterable[int]) -> list[Range]:
    """Keys in order, as first and last of those that follow each other."""
    runs = (list(run) for _, run in groupby(enumerate(sorted({*keys})), lambda pair: pair[1] - pair[0]))
    return [(run[0][1], run[-1][1]) for run in runs]


def keys_in(ranges: Iterable[Range]) -> list[int]:
    return [key for first, last in ranges for key in range(first, last + 1)]


# --- undoing -------------------------------------------------------------------------------------------------------------


@task("undo")
def undo_later(job: Job) -> str:
    """Take the change set `of` back, in one transaction as always."""
    if job.change_set_id:
        return "It was undone before the worker was stopped."
    change_set = ChangeSet.objects.get(pk=job.parameters["of"])
    try:
        with transaction.atomic(), acting(user=job.user, channel=Channel.ADMIN, reason=job.reason):
            job.change_set = undo(change_set)
            job.report(1, total=1)
            check(job)
    except Conflict as conflict:
        raise JobError("Not undone: " + " ".join(conflict.reasons[:5])) from conflict
    return "Everything is as it was before."


# --- scores --------------------------------------------------------------------------------------------------------------


@task("scores")
def compute_scores(job: Job) -> str:
    """`refit`: learn the words of the texts anew."""
    from papers.metrics.score_runs import run_scores  # noqa: PLC0415 - scikit-learn is for the worker alone

    def say(what: str, done: int, total: int) -> None:
        check(job)
        job.report(done, total=total)

    run = run_scores(refit=job.parameters["refit"], say=say)
    return f"{run.papers:,} papers, {run.people:,} people and {run.institutions:,} institutions."


def ask_for_scores(*, user: Any = None, refit: bool = False) -> tuple[Job, bool]:
    """The job that computes them, and whether it is a new one: one at a time is enough."""
    job = Job.objects.unfinished().filter(task="scores").first()
    if job is not None:
        return job, False
    return enqueue("scores", "Compute all scores" + (" with words learnt anew" if refit else ""), user=user, refit=refit), True


def ask_for_due_scores() -> None:
    """As often as the settings say, if a paper changed since and there are enough of them to score any."""
    last, hours = ScoreRun.objects.first(), settings.SCORES_HOURS
    if not hours or (last and last.started_at > timezone.now() - timedelta(hours=hours)):
        return
    changed = Paper.objects.filter(updated_at__gt=last.started_at) if last else Paper.objects.all()
    if changed.order_by().exists() and Paper.objects.counted().order_by()[LEAST_EARLIER:].exists():
        ask_for_scores()


# --- snapshots -----------------------------------------------------------------------------------------------------------


@task("snapshot")
def write_snapshot(job: Job) -> str:
    def say(_: str, records: int) -> None:
        check(job)
        job.report(records)

    try:
        made = make_snapshot(folder(), parquet=is_possible(), say=say)
    except SnapshotError as error:
        raise JobError(str(error)) from error
    except Unsettled as error:
        raise JobError("Somebody was writing to the catalogue all the time.") from error
    keep_newest(folder(), settings.SNAPSHOT_KEEP)
    return f"It stands in {made}."


def ask_for_due_snapshot() -> None:
    """As often as the settings say."""
    last = next(iter(snapshots()), None)
    if not settings.SNAPSHOT_DAYS or (last and last.made_at > timezone.now() - timedelta(days=settings.SNAPSHOT_DAYS)):
        return
    if not Job.objects.unfinished().filter(task="snapshot").exists():
        enqueue("snapshot", "Write a snapshot of the catalogue")
