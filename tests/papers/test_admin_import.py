"""Importing in the admin: a preview that writes nothing, then the import, then its undoing."""

import csv
import gzip
import json
from io import StringIO
from os import utime
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import cancel, check
from authors.curation.models import ImportRun
from authors.curation.undoing import undo
from papers.admin.importing import forms, waiting
from papers.importers.keeping import tidy
from papers.models import Paper
from tests.admin_forms import logged_in, offered
from tests.dumps import dump
from tests.payloads import author, import_works, work

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
PAGE = "/admin/authors/importrun/import/"
KNOWN = work(
    "Trees of examples", author("Ada Testwright", "orcid:0000-0002-1825-0097"), id="https://openalex.org/W1", language=""
)
CHANGED = KNOWN | {"language": "en"}
NEW = work("Gardens of examples", "Bob Example", id="https://openalex.org/W2")


@pytest.fixture
def editor(settings: Any, tmp_path: Path) -> Client:
    settings.VAR_DIR = tmp_path
    return logged_in("Editors")


def lines(*records: Any) -> str:
    return "\n".join(json.dumps(record) for record in records)


def send(client: Client, **given: Any) -> Any:
    return client.post(PAGE, {"kind": "P", "source": "test", "state": "published", **given})


def test_a_preview_says_what_would_happen_and_writes_nothing(editor: Client) -> None:
    import_works(KNOWN)
    before = dump()
    page = send(editor, pasted=lines(CHANGED, NEW, {"nothing": 1})).text
    for told in ("Gardens of examples", "language", "<ins>en</ins>", "is not a work", "Nothing is written yet"):
        assert told in page
    assert dump() == before


def test_what_was_seen_is_imported_and_undone(editor: Client) -> None:
    import_works(KNOWN)
    page = send(editor, pasted=lines(CHANGED, NEW))
    options = {name: page.context["options"][name] for name in ("kind", "source", "state")}
    answer = editor.post(PAGE, {"apply": "yes", "token": page.context["token"], **options}, follow=True)
    assert "1 new, 1 updated" in answer.text
    assert Paper.objects.get(title="Trees of examples").language == "en"
    change_set = ChangeSet.objects.get(run=ImportRun.objects.latest("pk"))
    assert (change_set.user_name, change_set.channel) == ("someone-Editors", "import")
    editor.post(reverse("admin:authors_changeset_undo", args=[change_set.pk]))
    assert [paper.title for paper in Paper.objects.all()] == ["Trees of examples"]
    assert list(waiting.folder().iterdir()) == []


def test_a_file_may_be_compressed(editor: Client) -> None:
    file = SimpleUploadedFile("works.jsonl.gz", gzip.compress(lines(NEW).encode()))
    assert "Gardens of examples" in send(editor, file=file).text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Choose a file or paste records"),
        ({"pasted": "{", "kind": "P"}, "pasted.txt"),
        ({"pasted": "[]", "source": "editor"}, "not “editor”"),
        ({"pasted": "[]", "kind": "X"}, "Select a valid choice"),
        ({"pasted": "\0"}, ""),
    ],
)
def test_what_cannot_be_read_is_told(editor: Client, given: dict[str, Any], told: str) -> None:
    answer = send(editor, **given)
    assert answer.status_code == 200
    assert told in answer.text
    assert not Paper.objects.exists()


def test_a_file_that_unpacks_without_end_is_refused(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MB", 1_000)
    file = SimpleUploadedFile("works.jsonl.gz", gzip.compress(b" " * 5_000_000))
    assert "larger than 1,000 MB" in send(editor, file=file).text


def test_a_file_that_is_too_large_is_for_the_command(editor: Client, settings: Any) -> None:
    settings.IMPORT_UPLOAD_MB = 1
    page = send(editor, file=SimpleUploadedFile("works.jsonl", b" " * 3_000_000)).text
    assert "The file has 3 MB, more than 1: import it with manage.py import_papers" in page
    assert "at most 1 MB" in page


@pytest.fixture
def of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """One record is as many as are imported while somebody waits."""
    monkeypatch.setattr("papers.importers.previewing.MOST", 1)


def apply(client: Client, page: Any, **more: str) -> Any:
    given = {"apply": "yes", "token": page.context["token"], **page.context["options"], **more}
    return client.post(PAGE, given, follow=True)


def test_a_long_file_is_previewed_by_its_beginning_and_imported_by_the_worker(editor: Client, of_one: None) -> None:
    page = send(editor, pasted=lines(KNOWN, NEW))
    assert "Of the first 1 records; the file has more." in page.text
    assert "Trees of examples" in page.text
    assert "Gardens of examples" not in page.text
    answer = apply(editor, page, _reason="As promised")
    assert "in the background" in answer.text
    assert not Paper.objects.exists()
    call_command("work", once=True, verbosity=0)
    job, run = Job.objects.get(), ImportRun.objects.get()
    assert (job.state, job.message) == ("done", "2 new, 0 updated, 0 unchanged, 0 skipped.")
    assert (job.done, job.total, job.run, run.state) == (2, 2, run, "done")
    change_set = ChangeSet.objects.get()
    assert (change_set.user_name, change_set.reason, job.change_set) == ("someone-Editors", "As promised", change_set)
    shown = editor.get(reverse("admin:authors_job_change", args=[job.pk])).text
    for address in ("importrun", "changeset"):
        assert f"/admin/authors/{address}/" in shown
    assert list(waiting.folder().iterdir()) == []


def test_a_job_whose_file_is_gone_says_so(editor: Client, of_one: None, settings: Any) -> None:
    apply(editor, send(editor, pasted=lines(KNOWN, NEW)))
    rmtree(settings.VAR_DIR / "imports" / "kept")
    call_command("work", once=True, verbosity=0)
    assert "not kept any longer" in Job.objects.get().message


def test_a_cancelled_import_keeps_what_came_in_and_goes_on_when_tried_again(
    editor: Client, of_one: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papers.importers.runs.BATCH", 1)
    apply(editor, send(editor, pasted=lines(KNOWN, NEW)))
    job = Job.objects.get()
    with monkeypatch.context() as patched:
        patched.setattr("papers.tasks.check", lambda job: (cancel(job), check(job)))
        call_command("work", once=True, verbosity=0)
    assert [paper.title for paper in Paper.objects.all()] == ["Trees of examples"]
    assert (ImportRun.objects.get().state, ImportRun.objects.get().message) == ("failed", "It was cancelled.")
    assert editor.post(reverse("admin:authors_job_again", args=[job.pk]), follow=True).status_code == 200
    call_command("work", once=True, verbosity=0)
    assert Paper.objects.count() == 2
    assert (ImportRun.objects.get().state, ChangeSet.objects.count()) == ("done", 1)


def test_a_run_is_run_again_from_its_kept_file(editor: Client) -> None:
    apply(editor, send(editor, pasted=lines(KNOWN)))
    run = ImportRun.objects.get()
    address = reverse("admin:authors_importrun_change", args=[run.pk])
    assert "Run again" in editor.get(address).text
    undo(ChangeSet.objects.get())
    page = editor.post(PAGE, {"again": run.pk})
    assert "Trees of examples" in page.text
    assert not Paper.objects.exists()
    apply(editor, page)
    assert Paper.objects.get().title == "Trees of examples"


def test_files_are_kept_for_a_month_and_for_jobs(editor: Client, of_one: None, settings: Any) -> None:
    apply(editor, send(editor, pasted=lines(KNOWN)))
    apply(editor, send(editor, pasted=lines(KNOWN, NEW)))
    kept = settings.VAR_DIR / "imports" / "kept"
    for place in kept.iterdir():
        utime(place, (0, 0))
    tidy()
    assert [place.name for place in kept.iterdir()] == [Job.objects.get().parameters["fingerprint"]]
    page = editor.post(PAGE, {"again": ImportRun.objects.get().pk}, follow=True)
    assert "not kept any longer" in page.text


def test_the_remarks_of_a_run_are_a_table_for_spreadsheets(editor: Client) -> None:
    apply(editor, send(editor, pasted=lines(NEW, {"id": "=1+1"})))
    run = ImportRun.objects.get()
    answer = editor.get(reverse("admin:authors_importrun_remarks", args=[run.pk]))
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["line"], row["record"], row["skipped"]) for row in rows] == [("2", "'=1+1", "yes")]
    assert "remarks.csv" in editor.get(reverse("admin:authors_importrun_change", args=[run.pk])).text


@pytest.mark.parametrize("token", ["", "nothing", "../../../etc/passwd", "\0"])
def test_only_files_that_wait_are_imported(editor: Client, token: str) -> None:
    given = {"apply": "yes", "token": token, "kind": "P", "source": "test", "state": "published"}
    assert "waits no longer" in editor.post(PAGE, given, follow=True).text


def test_importing_is_for_editors(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    assert logged_in("Viewers").get(PAGE).status_code == 403
    assert "kind" in offered(logged_in("Editors"), PAGE)
