"""Work in the background as the admin shows it: how far it is, whose it is, cancelling, trying again."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.curation.conflicts import conflicts
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import only_worker
from tests.admin_forms import logged_in

pytestmark = pytest.mark.django_db
LIST = "/admin/authors/job/"


def make_job(**given: Any) -> Job:
    told = {"task": "bulk", "summary": "Publish everything", "total": 20_000, **given}
    return Job.objects.create(**told)


def page_of(job: Job) -> str:
    return reverse("admin:authors_job_change", args=[job.pk])


def steer(client: Client, job: Job, how: str) -> Any:
    return client.post(reverse(f"admin:authors_job_{how}", args=[job.pk]), follow=True)


def someone_named(name: str) -> User:
    return User.objects.get(username=name)


def test_the_list_and_the_page_say_how_far_a_job_is() -> None:
    client = logged_in("Viewers")
    job = make_job(state="running", done=1_200, user_name="ada", reason="The conference is over")
    assert "1,200 of 20,000" in client.get(LIST).text
    page = client.get(page_of(job)).text
    for told in ("1,200 of 20,000", '<progress id="progress" max="20000" value="1200">', "Under way", "The conference is over"):
        assert told in page
    assert "Refresh" in page
    assert "Cancel" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_whatever_the_rows(rows: int, django_assert_num_queries: Any) -> None:
    client = logged_in("Viewers")
    for _ in range(rows):
        make_job()
    client.get(LIST)
    with django_assert_num_queries(6):  # session, account, permissions of the role, count, rows, the site
        client.get(LIST)


def test_editors_steer_their_own_jobs_and_senior_editors_everybodys() -> None:
    editor, other, senior = logged_in("Editors", "ada"), logged_in("Editors", "ben"), logged_in("Senior editors", "cy")
    job = make_job(user=someone_named("ada"), user_name="ada")
    assert "Cancel" not in other.get(page_of(job)).text
    assert steer(other, job, "cancel").status_code == 403
    assert "What was done so far stays" in steer(editor, job, "cancel").text
    assert "Cancelled" in editor.get(page_of(job)).text
    assert "It goes on where it stopped" in steer(senior, job, "again").text
    job.refresh_from_db()
    assert job.state == "waiting"


def test_what_is_over_is_neither_cancelled_nor_tried_again() -> None:
    client, job = logged_in("Senior editors"), make_job(state="done")
    for how in ("cancel", "again"):
        assert "Nothing to do: it is finished." in steer(client, job, how).text
    assert client.get(reverse("admin:authors_job_cancel", args=[job.pk])).status_code == 405
    assert Job.objects.get().state == "done"


def test_a_failed_job_says_why_and_can_be_given_up() -> None:
    client, job = logged_in("Senior editors"), make_job(state="failed", message="The service does not answer.")
    assert "The service does not answer." in client.get(page_of(job)).text
    assert "jobs stopped by an error" in client.get("/admin/").text
    steer(client, job, "cancel")
    assert Job.objects.get().state == "cancelled"


def test_a_job_that_waits_long_tells_that_no_worker_runs() -> None:
    client, job = logged_in("Viewers"), make_job()
    assert "manage.py work" not in client.get(page_of(job)).text
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert "No worker is running" in client.get(page_of(job)).text
    with only_worker() as mine:
        assert mine
        assert "manage.py work" not in client.get(page_of(job)).text
    Job.objects.update(state="running", started_at=timezone.now() - timedelta(days=2))  # and its worker died
    assert "No worker is running" in client.get(page_of(job)).text


def test_what_a_job_still_writes_cannot_be_undone() -> None:
    change_set = ChangeSet.objects.create(channel="admin", action="state", summary="2 papers, published")
    job = make_job(state="running", change_set=change_set)
    page = logged_in("Senior editors").get(reverse("admin:authors_changeset_undo", args=[change_set.pk])).text
    assert "The work in the background that writes it is not finished" in page
    Job.objects.filter(pk=job.pk).update(state="cancelled")
    assert conflicts(change_set) == []


@pytest.mark.parametrize("address", [f"{LIST}0/change/", f"{LIST}0/cancel/", f"{LIST}999999999999999999999/change/"])
def test_a_job_that_is_not_there(address: str) -> None:
    assert logged_in("Senior editors").get(address, follow=True).status_code == 404
