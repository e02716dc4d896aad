"""Taking back a change of thousands of rows: nobody waits for it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from authors.admin import history
from authors.curation.changes import ChangeSet
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import cancel, do_next
from papers.editing import change_state
from papers.models import Paper
from tests.admin_forms import logged_in
from tests.factories import make_paper
from tests.payloads import import_works, work

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(history, "MOST_AT_ONCE", 2)
    return logged_in("Senior editors")


def withdrawn() -> ChangeSet:
    change_state([make_paper(title).pk for title in ("One", "Two", "Three")], "withdrawn")
    return ChangeSet.objects.get(action="state")


def ask(client: Client, change_set: ChangeSet) -> Any:
    page = reverse("admin:authors_changeset_undo", args=[change_set.pk])
    return client.post(page, {"_reason": "A mistake"}, follow=True)


def states() -> set[str]:
    return set(Paper.objects.values_list("state", flat=True))


def test_a_long_change_is_taken_back_by_the_worker(editor: Client) -> None:
    assert "The undoing is done in the background" in ask(editor, withdrawn()).text
    assert states() == {"withdrawn"}
    job = do_next()
    assert job is not None
    assert states() == {"published"}
    page = editor.get(reverse("admin:authors_job_change", args=[job.pk])).text
    assert "Everything is as it was before." in page
    undone = Job.objects.get().change_set
    assert undone is not None
    assert (undone.reason, undone.who) == ("A mistake", "someone-Senior-editors")
    assert reverse("admin:authors_changeset_change", args=[undone.pk]) in page


def test_a_long_import_too(editor: Client) -> None:
    run = import_works(*(work(f"Trees of example {n}", "Ada Testwright", id=f"https://openalex.org/W{n}") for n in (1, 2)))
    ask(editor, ChangeSet.objects.get(run=run))
    assert Paper.objects.exists()
    do_next()
    assert not Paper.objects.exists()


def test_what_stands_in_the_way_is_said_at_once(editor: Client) -> None:
    change_set = withdrawn()
    change_state([Paper.objects.first().pk], "draft")  # type: ignore[union-attr]
    assert "Not undone: " in ask(editor, change_set).text
    assert not Job.objects.exists()


def test_what_stands_in_the_way_by_the_time_stops_the_job(editor: Client) -> None:
    change_set = withdrawn()
    ask(editor, change_set)
    change_state([Paper.objects.first().pk], "draft")  # type: ignore[union-attr]
    do_next()
    job = Job.objects.get()
    assert job.state == "failed"
    assert job.message.startswith("Not undone: ")
    assert states() == {"draft", "withdrawn"}


def test_asked_for_twice_it_is_undone_once(editor: Client) -> None:
    change_set = withdrawn()
    ask(editor, change_set)
    ask(editor, change_set)
    do_next()
    do_next()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "failed"]
    assert states() == {"published"}


def test_a_cancelled_undoing_changes_nothing(editor: Client) -> None:
    ask(editor, withdrawn())
    assert cancel(Job.objects.get())
    assert do_next() is None
    assert states() == {"withdrawn"}
