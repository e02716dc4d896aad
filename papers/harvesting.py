"""Fetching in the background: what an editor asked for, and harvests of our people's papers when they are due.

What is fetched goes into one file a fetch, below VAR_DIR/imports/fetched, step by step: a worker that died is gone on
where it stopped. Only then is anything imported, or offered for review.
"""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from authors.curation.harvests import MOST_IDS, Fetch, Harvest
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import JobError, check, enqueue, task
from authors.curation.models import ImportRun
from papers.importers.fetching.asking import Problem, Wanted, read_ids
from papers.importers.fetching.client import Client
from papers.importers.fetching.collecting import Collector, Reached, steps_of
from papers.importers.reading import file_fingerprint
from papers.importers.runs import INSTITUTIONS, PAPERS
from papers.tasks import import_for

IMPORTERS = {"P": PAPERS, "I": INSTITUTIONS}
MARGIN = timedelta(days=2)  # OpenAlex dates a change before everybody can see it
RUNS = 20  # of a harvest that are looked at for the last whole one
KEPT_SECONDS = 60 * 24 * 3600
Rows = list[list[Any]]


# --- asking for it -------------------------------------------------------------------------------------------------------


def new_fetch(
    wanted: Sequence[Wanted], problems: Sequence[Problem], *, state: str, user: Any = None, harvest: Harvest | None = None
) -> Fetch:
    """A fetch of ids of one kind, with the problems that are known before it begins."""
    _tidy()
    fetch = Fetch.objects.create(
        harvest=harvest, kind=wanted[0].kind, asked="\n".join(one.value for one in wanted), user=user,
        user_name=user.get_username() if user else "", options={"source": "services", "state": state},
        problems=[list(astuple(problem)) for problem in problems],
    )  # fmt: skip
    fetch.file = f"imports/fetched/{fetch.pk}/{'institutions' if fetch.kind == 'I' else 'papers'}-{fetch.pk}.jsonl"
    fetch.save(update_fields=["file"])
    fetch.path.parent.mkdir(parents=True, exist_ok=True)
    return fetch


def fetch_now(fetch: Fetch, wanted: Sequence[Wanted], *, seconds: float) -> None:
    """While somebody waits. Raises TooMany when that would take too long."""
    reached = Reached(problems=list(fetch.problems))
    collector = Collector(Client(seconds=seconds), fetch.path, patient=False)
    deque(collector.collect(steps_of(wanted), reached), maxlen=0)
    _finish(fetch, reached)


def fetch_later(fetch: Fetch, wanted: Sequence[Wanted]) -> Job:
    ids = [[one.line, one.text, one.scheme, one.value] for one in wanted]
    what = "institutions" if fetch.kind == "I" else "papers"
    summary = f"Fetch {what} by {len(ids)} {'id' if len(ids) == 1 else 'ids'}"
    return enqueue("fetch", summary, user=fetch.user, total=len(steps_of(wanted)), fetch=fetch.pk, ids=ids)


def run_harvest(harvest: Harvest, *, user: Any = None) -> Job | None:
    """Ask for a run; None when one is waiting or under way."""
    if Job.objects.unfinished().filter(task="harvest", parameters__harvest=harvest.pk).exists():
        return None
    return enqueue("harvest", f"Harvest {harvest.name}", user=user, total=len(harvest.ids), harvest=harvest.pk)


def run_due() -> list[Job]:
    """Ask for every harvest that is due, once: whoever moves the date on asks, and a run that is cancelled is over."""
    jobs = []
    for harvest in Harvest.objects.due():
        moved = Harvest.objects.due().filter(pk=harvest.pk).update(next_due_at=harvest.next_date())
        if moved and (job := run_harvest(harvest)):
            jobs.append(job)
    return jobs


# --- doing it ------------------------------------------------------------------------------------------------------------


@task("fetch")
def fetch_in_background(job: Job) -> str:
    fetch = Fetch.objects.filter(pk=job.parameters["fetch"]).first()
    if fetch is None:
        raise JobError("What was asked for is not there any more.")
    if not fetch.count:
        Fetch.objects.filter(pk=fetch.pk).update(state=Fetch.State.RUNNING)
        fetch.refresh_from_db()
    _collect(job, fetch, [Wanted(*given) for given in job.parameters["ids"]], {})
    return f"{told(fetch)} It waits for a review."


@task("harvest")
def harvest_in_background(job: Job) -> str:
    """Fetches, then imports if the harvest says so; whoever could not be fetched is asked for again next time."""
    harvest = Harvest.objects.filter(pk=job.parameters["harvest"]).first()
    if harvest is None:
        raise JobError("The harvest is not there any more.")
    try:
        fetch, wanted = _fetch_of(job, harvest)
        _collect(job, fetch, wanted, _since(harvest))
        message = f"{told(fetch)} {_carry_in(job, harvest, fetch)}"
    except JobError as error:
        harvest.ended(str(error), well=False)
        raise
    harvest.ended(message, well=fetch.is_whole)
    return message


def _fetch_of(job: Job, harvest: Harvest) -> tuple[Fetch, list[Wanted]]:
    """The job's own fetch: the one it began before it was cut off, or a new one."""
    fetch = harvest.fetches.filter(pk=job.reached.get("fetch", 0)).first()
    wanted, problems = read_ids("\n".join(harvest.ids) if fetch is None else fetch.asked, most=MOST_IDS)
    if fetch is None:
        fetch = new_fetch(wanted, problems, state=harvest.state, user=job.user, harvest=harvest)
        job.report(0, total=len(steps_of(wanted)), fetch=fetch.pk, so_far=None)
    return fetch, wanted


def _since(harvest: Harvest) -> dict[str, date]:
    """For whom the last import of this harvest had everything, and when; only a key lets one ask for what changed since."""
    if not settings.OPENALEX_API_KEY:
        return {}
    imported = Fetch.objects.imported().filter(harvest=harvest).order_by("-pk")[:RUNS]
    last = next((fetch for fetch in imported if fetch.is_whole), None)
    return dict.fromkeys(last.asked.split(), last.asked_at.date() - MARGIN) if last else {}


def _collect(job: Job, fetch: Fetch, wanted: Sequence[Wanted], since: dict[str, date]) -> None:
    if fetch.state != Fetch.State.RUNNING:
        return
    so_far = job.reached.get("so_far")
    reached = Reached(**so_far) if so_far else Reached(problems=list(fetch.problems))
    steps = steps_of(wanted)
    for _ in Collector(Client(), fetch.path, since).collect(steps, reached):
        job.report(reached.steps, total=len(steps), fetch=fetch.pk, so_far=vars(reached))
        check(job)
    _finish(fetch, reached)
    if not reached.count and len(reached.problems) >= len(wanted):
        job.report(0, fetch=0, so_far=None)  # whoever tries again begins anew
        raise JobError(f"Nothing could be fetched and nothing was changed. {reached.problems[-1][2]}")


def _finish(fetch: Fetch, reached: Reached) -> None:
    fetch.ready(count=reached.count, problems=reached.problems, fingerprint=file_fingerprint(fetch.path))


def _carry_in(job: Job, harvest: Harvest, fetch: Fetch) -> str:
    if not fetch.count:
        return "There is nothing to import."
    if harvest.mode == Harvest.Mode.ASK:
        waits = Fetch.objects.waiting().filter(pk=fetch.pk).exists()
        return "It waits for a review." if waits else "All of it was imported before."
    job.report(job.done if job.run else 0, total=fetch.count)
    given = {name: fetch.options[name] for name in ("source", "state")}
    run = import_for(job, IMPORTERS[fetch.kind], fetch.path, **given, reason=f"Harvest {harvest.name}")
    return _counts(run)


def _counts(run: ImportRun) -> str:
    return (
        f"Imported: {run.created_count:,} new, {run.updated_count:,} updated, {run.unchanged_count:,} unchanged, "
        f"{run.skipped_count:,} skipped."
    )


def told(fetch: Fetch) -> str:
    """What a fetch brought, in one line."""
    records = f"{fetch.count:,} {'record' if fetch.count == 1 else 'records'} fetched"
    failed = len(fetch.problems)
    return f"{records}, {failed:,} {'id' if failed == 1 else 'ids'} without an answer." if failed else f"{records}."


def _tidy() -> None:
    """Let files go that have lain there for two months."""
    folder = Path(settings.VAR_DIR) / "imports" / "fetched"
    for path in folder.glob("*/*.jsonl"):
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
