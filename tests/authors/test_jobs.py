"""Background work: asked for, done in order, cut off, gone on with, cancelled, failed."""

from typing import Any

import pytest
from django.core.management import call_command

from authors.curation.changes import ChangeSet
from authors.curation.jobs import queue
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import JobError, cancel, check, do_next, enqueue, step, task, try_again
from authors.curation.recording import Action
from authors.curation.undoing import undo
from authors.models import Author
from tests.factories import make_author

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_tasks", dict(queue._tasks))


def rename_task(fail_at: int | None = None) -> None:
    """Renames people one by one, each in a step of its own."""

    @task("rename")
    def rename(job: Job) -> str:
        keys = job.parameters["keys"]
        for place in range(job.reached.get("place", 0), len(keys)):
            check(job)
            with step(job, Action.EDIT):
                author = Author.objects.get(pk=keys[place])
                queue_recording().watch("A", [author.pk])
                author.display_name = f"Renamed {place}"
                author.save()
                job.report(place + 1, place=place + 1)
                if fail_at == place:
                    raise SystemExit(1)
        return f"{len(keys)} renamed."


def queue_recording() -> Any:
    from authors.curation.recording import current

    return current()


def three() -> list[int]:
    return [make_author(name).pk for name in ("Ada Testwright", "Ben Testwright", "Cy Testwright")]


def names(keys: list[int]) -> list[str]:
    return [Author.objects.get(pk=key).display_name for key in keys]


def test_jobs_are_done_in_the_order_in_which_they_were_asked_for(admin_user: Any) -> None:
    rename_task()
    keys = three()
    first = enqueue("rename", "Rename two", user=admin_user, total=2, keys=keys[:2])
    second = enqueue("rename", "Rename the third", keys=keys[2:])
    assert do_next() == first
    assert names(keys) == ["Renamed 0", "Renamed 1", "Cy Testwright"]
    call_command("work", once=True, verbosity=0)
    for job in (first, second):
        job.refresh_from_db()
    assert [(job.state, job.message) for job in (first, second)] == [("done", "2 renamed."), ("done", "1 renamed.")]
    assert (first.done, first.total, first.user_name) == (2, 2, admin_user.get_username())
    assert do_next() is None


def test_all_that_a_job_changes_is_one_change_set_and_undone_as_one() -> None:
    rename_task()
    keys = three()
    job = enqueue("rename", "Rename everybody", reason="Tidying", keys=keys)
    do_next()
    job.refresh_from_db()
    change_set = ChangeSet.objects.get(action=Action.EDIT, summary="Rename everybody")
    assert (job.change_set, change_set.reason, change_set.changes.count() >= 3) == (change_set, "Tidying", True)
    undo(change_set)
    assert names(keys) == ["Ada Testwright", "Ben Testwright", "Cy Testwright"]


def test_a_job_whose_worker_died_goes_on_where_it_stopped() -> None:
    rename_task(fail_at=1)
    keys = three()
    job = enqueue("rename", "Rename everybody", keys=keys)
    with pytest.raises(SystemExit):
        do_next()
    job.refresh_from_db()
    assert (job.state, job.done) == ("running", 1)
    assert names(keys) == ["Renamed 0", "Ben Testwright", "Cy Testwright"]
    rename_task()
    do_next()
    job.refresh_from_db()
    assert (job.state, job.done, names(keys)[1:]) == ("done", 3, ["Renamed 1", "Renamed 2"])
    assert ChangeSet.objects.filter(summary="Rename everybody").count() == 1


def test_a_job_that_fails_says_why_and_may_be_tried_again() -> None:
    @task("refuse")
    def refuse(job: Job) -> str:
        raise JobError("The service does not answer.")

    @task("stumble")
    def stumble(job: Job) -> str:
        raise ZeroDivisionError

    first, second = enqueue("refuse", "Refuse"), enqueue("stumble", "Stumble")
    do_next(), do_next()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.message) == ("failed", "The service does not answer.")
    assert (second.state, "ZeroDivisionError" in second.message) == ("failed", True)
    assert try_again(first)
    assert not try_again(first)
    assert do_next() == first


def test_a_cancelled_job_stops_between_two_steps_and_keeps_what_it_did() -> None:
    keys = three()

    @task("patient")
    def patient(job: Job) -> str:
        cancel(Job.objects.get(pk=job.pk))
        check(job)
        return "It went on."

    job = enqueue("patient", "Wait", keys=keys)
    do_next()
    job.refresh_from_db()
    assert (job.state, job.message) == ("cancelled", "")
    assert not cancel(job)
    assert do_next() is None


def test_nobody_asks_for_what_no_task_does() -> None:
    with pytest.raises(KeyError):
        enqueue("unheard-of", "Nothing")
