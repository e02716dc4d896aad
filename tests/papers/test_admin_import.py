"""Importing in the admin: a preview that writes nothing, then the import, then its undoing."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.models import ImportRun
from papers.admin import importing
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
    assert list((Path(importing._folder())).iterdir()) == []


def test_a_file_may_be_compressed(editor: Client) -> None:
    file = SimpleUploadedFile("works.jsonl.gz", gzip.compress(lines(NEW).encode()))
    assert "Gardens of examples" in send(editor, file=file).text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Choose a file or paste records"),
        ({"pasted": "{", "kind": "P"}, "pasted.json"),
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
    monkeypatch.setattr(importing, "UNPACKED", 1_000)
    file = SimpleUploadedFile("works.jsonl.gz", gzip.compress(b" " * 5_000_000))
    assert "larger than 50 MB" in send(editor, file=file).text


def test_too_many_records_are_for_the_command(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers.importers.previewing.MOST", 1)
    assert "There are more than 1 records" in send(editor, pasted=lines(KNOWN, NEW)).text


@pytest.mark.parametrize("token", ["", "nothing", "../../../etc/passwd", "\0"])
def test_only_files_that_wait_are_imported(editor: Client, token: str) -> None:
    given = {"apply": "yes", "token": token, "kind": "P", "source": "test", "state": "published"}
    assert "waits no longer" in editor.post(PAGE, given, follow=True).text


def test_importing_is_for_editors(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    assert logged_in("Viewers").get(PAGE).status_code == 403
    assert "kind" in offered(logged_in("Editors"), PAGE)
