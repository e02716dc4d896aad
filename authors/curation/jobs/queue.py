"""The queue of jobs and the one worker that empties it.

A library's queue would hand a task out once; ours must begin again where a killed worker stopped, and show how far it is,
so the row that does this is the queue as well.
"""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from authors.curation.jobs.models import Job
from authors.curation.models import ImportRun
from authors.curation.recording import Channel, acting, recorded

logger = logging.getLogger(__name__)

Task = Callable[[Job], str]
ONE_WORKER = 4_021_965  # the advisory lock of the worker
TRIES, WAIT = 5, 0.1  # times, seconds: for the lock on a file
_tasks: dict[str, Task] = {}


class JobError(Exception):
    """The job cannot go on; the message tells an editor why."""


class Cancelled(Exception):
    """Somebody cancelled the job while it ran."""


def task(name: str) -> Callable[[Task], Task]:
    """Make a function known as what does jobs of this name.

    It goes on from `job.reached`, calls `job.report(…)` with every step's transaction and `check(job)` between steps, and
    returns what the job's page says at the end. It may raise JobError.
    """

    def register(function: Task) -> Task:
        _tasks[name] = function
        return function

    return register


def enqueue(name: str, summary: str, *, user: Any = None, reason: str = "", total: int | None = None, **parameters: Any) -> Job:
    """Ask for a job; KeyError if nothing does jobs of this name."""
    _tasks[name]
    return Job.objects.create(
        task=name, summary=summary[:300], user=user, user_name=user.get_username() if user else "", reason=reason[:300],
        total=total, parameters=parameters,
    )  # fmt: skip


def check(job: Job) -> None:
    """Raise Cancelled if the job is to stop; who tries it again begins anew from what it noted, after that."""
    if not Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).exists():
        raise Cancelled


def cancel(job: Job) -> bool:
    """Stop the job where it is, what it did stays, or give up one that failed; False if it had ended otherwise."""
    going = Job.objects.filter(pk=job.pk, state__in=[Job.State.WAITING, Job.State.RUNNING, Job.State.FAILED])
    return bool(going.update(state=Job.State.CANCELLED, finished_at=timezone.now()))


def try_again(job: Job) -> bool:
    """Let a job that failed or was cancelled go on from where it stopped, or from the beginning if what it did was undone;
    False if it did neither.
    """
    stopped = Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED])
    undone = stopped.filter(Q(change_set__undone_by__isnull=False) | Q(run__state=ImportRun.State.UNDONE)).exists()
    anew: dict[str, Any] = {"reached": {}, "done": 0, "change_set": None, "run": None} if undone else {}
    return bool(stopped.update(state=Job.State.WAITING, finished_at=None, message="", **anew))


@contextmanager
def step(job: Job, action: str, summary: str = "") -> Iterator[None]:
    """One transaction of a job that edits: what it changes joins the job's one change set. Report within it.

    Whoever cancels the job waits for the step's end, so that nothing is written after that.
    """
    with transaction.atomic(), acting(user=job.user, channel=Channel.ADMIN, reason=job.reason, continues=job.change_set):
        list(Job.objects.select_for_update(of=("self",)).filter(pk=job.pk).values_list("pk"))
        check(job)
        with recorded(action) as recording:
            recording.describe(action, summary or job.summary)  # before what is done within describes itself
            yield
        if recording.change_set is not None and job.change_set_id is None:
            job.change_set = recording.change_set
            job.save(update_fields=["change_set"])


# --- the worker ----------------------------------------------------------------------------------------------------------


@contextmanager
def only_worker() -> Iterator[bool]:
    """Whether this process may be the worker: one at a time, on one machine's SQLite or for one PostgreSQL database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_WORKER])
            mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_WORKER])
        return
    with _lock_file() as file:
        mine = _locked(file, fcntl.LOCK_EX)
        for _ in range(TRIES):  # whoever asks whether there is a worker holds it for a moment
            if not mine:
                time.sleep(WAIT)
                mine = _locked(file, fcntl.LOCK_EX)
        yield mine


@contextmanager
def _lock_file() -> Iterator[IO[str]]:
    path = Path(settings.VAR_DIR) / "worker.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        yield file


def _locked(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def has_worker() -> bool:
    """Whether a worker runs for this database; on SQLite, on this machine."""
    if connection.vendor == "postgresql":
        locks = "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        with connection.cursor() as cursor:
            cursor.execute(f"{locks} WHERE locktype = 'advisory' AND objid = %s AND datname = current_database()", [ONE_WORKER])
            return cursor.fetchone() is not None
    with _lock_file() as file:
        return not _locked(file, fcntl.LOCK_SH)


def do_next() -> Job | None:
    """Do the oldest unfinished job; None when there is none. Only the one worker may call this: what is under way when it
    asks, a worker that died left behind.
    """
    job = Job.objects.unfinished().order_by("pk").first()
    if job is not None:
        _do(job)
    return job


def _do(job: Job) -> None:
    started = Job.objects.unfinished().filter(pk=job.pk)
    if not started.update(state=Job.State.RUNNING, started_at=job.started_at or timezone.now()):
        return  # somebody cancelled it this moment
    job.refresh_from_db()
    try:
        message = _tasks[job.task](job)
    except Cancelled:
        job.refresh_from_db()
    except JobError as error:
        _end(job, Job.State.FAILED, str(error))
    except Exception as error:  # whatever a task meets, the worker goes on with the next job
        logger.exception("job %s failed", job.pk)
        _end(job, Job.State.FAILED, f"It stopped at an error that nobody foresaw: {type(error).__name__}. The log has more.")
    else:
        _end(job, Job.State.DONE, message)


def _end(job: Job, state: str, message: str) -> None:
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(state=state, message=message, finished_at=timezone.now())
    job.refresh_from_db()
