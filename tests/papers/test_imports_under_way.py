"""Imports that are undone, cancelled or joined by another process while they are under way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from authors.curation.changes import ChangeSet
from authors.curation.conflicts import conflicts
from authors.curation.harvests import Harvest
from authors.curation.jobs import queue
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import cancel, check, do_next, enqueue, task, try_again
from authors.curation.models import ImportRun
from authors.curation.undoing import undo
from papers import harvesting
from papers.harvesting import run_harvest
from papers.importers import runs
from papers.importers.keeping import keep
from papers.importers.runs import PAPERS, Overtaken, run_import
from papers.models import Paper
from tests import services as fake
from tests.payloads import author, work, write_lines
from tests.services import Fake

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
ADA = "0000-0002-1825-0097"


def works(number: int) -> list[dict[str, Any]]:
    return [
        work(f"Example number {n} about trees", author("Ada Testwright"), id=f"https://openalex.org/W{1000 + n}")
        for n in range(number)
    ]


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], *, before_batch: int) -> None:
    """Batches of ten; something happens before one of them, when all before it are in."""
    save, begun = runs._save_batch, []

    def saved(*given: Any) -> None:
        begun.append(1)
        if len(begun) == before_batch:
            act()
        save(*given)

    monkeypatch.setattr(runs, "BATCH", 10)
    monkeypatch.setattr(runs, "_save_batch", saved)


def undo_it() -> None:
    undo(ChangeSet.objects.get(action="import"))


def test_an_import_that_is_undone_while_it_runs_writes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, undo_it, before_batch=3)
    path = write_lines(tmp_path, *works(40))
    with pytest.raises(Overtaken, match="was undone"):
        run_import(PAPERS, path, source="test")
    assert (Paper.objects.count(), ImportRun.objects.get().state) == (0, "undone")
    monkeypatch.undo()
    assert run_import(PAPERS, path, source="test").created_count == 40, "a new run of the same file"


def test_so_does_one_that_is_cancelled_first(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = tmp_path
    meanwhile(monkeypatch, lambda: (cancel(Job.objects.get()), undo_it()), before_batch=3)
    kept = keep(write_lines(tmp_path, *works(40)))
    enqueue("import", "Import works.jsonl", fingerprint=kept, kind="P", source="test", state="published")
    job = do_next()
    assert job is not None
    assert (job.state, Paper.objects.count(), ImportRun.objects.get().state) == ("cancelled", 0, "undone")


def test_undone_after_the_last_batch_it_stays_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 10)
    run = run_import(
        PAPERS, write_lines(tmp_path, *works(20)), source="test", progress=lambda run: run.checkpoint == 20 and undo_it()
    )
    assert (run.state, Paper.objects.count()) == ("undone", 0)


def test_two_processes_do_not_count_one_run_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_lines(tmp_path, *works(40))
    meanwhile(monkeypatch, lambda: run_import(PAPERS, path, source="test"), before_batch=3)
    with pytest.raises(Overtaken, match="another process"):
        run_import(PAPERS, path, source="test")
    run = ImportRun.objects.get()
    assert (run.state, run.checkpoint, run.created_count, Paper.objects.count()) == ("done", 40, 40, 40)


# --- harvests ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def harvest(services: Fake) -> Harvest:
    services.answers["/works"] = fake.by_person({ADA: works(40)})
    return Harvest.objects.create(name="Our people", people=ADA, mode=Harvest.Mode.STRAIGHT)


def run(harvest: Harvest) -> Job:
    run_harvest(harvest)
    job = do_next()
    assert job is not None
    return job


def test_what_a_harvest_is_importing_is_not_undone_before_it_ends(harvest: Harvest, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    meanwhile(monkeypatch, lambda: told.extend(conflicts(ChangeSet.objects.get(action="import"))), before_batch=3)
    job = run(harvest)
    assert "not finished" in " ".join(told)
    assert (job.state, job.done, job.total, job.change_set) == ("done", 40, 40, ChangeSet.objects.get())


def test_a_harvest_that_is_cancelled_stops_after_a_batch_and_goes_on(harvest: Harvest, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: cancel(Job.objects.get()), before_batch=2)
    job = run(harvest)
    assert (job.state, Paper.objects.count()) == ("cancelled", 20)
    assert try_again(job)
    do_next()
    job.refresh_from_db()
    assert (job.state, Paper.objects.count(), ImportRun.objects.count()) == ("done", 40, 1)


def test_a_harvest_may_be_deleted_while_it_runs(harvest: Harvest, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_in = harvesting._carry_in
    monkeypatch.setattr(harvesting, "_carry_in", lambda *given: (Harvest.objects.all().delete(), carry_in(*given))[1])
    job = run(harvest)
    assert (job.state, Paper.objects.count(), Harvest.objects.count()) == ("done", 40, 0)


def test_who_tries_a_job_again_that_is_still_in_its_step_does_not_have_it_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_tasks", dict(queue._tasks))
    done: list[int] = []

    @task("count")
    def count(job: Job) -> str:
        for place in range(job.reached.get("place", 0), 4):
            check(job)
            done.append(place)
            if done == [0, 1]:
                cancel(job)
                try_again(job)
            job.report(place + 1, place=place + 1)
        return "Counted."

    enqueue("count", "Count to four")
    assert [one and one.state for one in (do_next(), do_next())] == ["waiting", "done"]
    assert done == [0, 1, 2, 3]
