"""Tables in the admin: taken out of lists, looked at, taken in, each by whoever may."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from authors.admin import tables
from authors.curation.changes import ChangeSet
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import do_next
from papers.models import Paper
from tests.admin_forms import logged_in, offered
from tests.factories import make_author, make_institution, make_paper
from tests.tables import Table, taken_out, written

pytestmark = pytest.mark.django_db
LIST, PAGE = "/admin/papers/paper/", "/admin/papers/paper/table/"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def editor() -> Client:
    return logged_in("Editors")


def text_of(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def export(client: Client, address: str, *records: Any, **more: str) -> Any:
    return client.post(address, {"action": "export_as_csv", "_selected_action": [record.pk for record in records], **more})


def upload(client: Client, folder: Path, rows: Table, address: str = PAGE, **how: Any) -> Any:
    file = SimpleUploadedFile("my table.csv", written(folder, rows, **how).read_bytes(), "text/csv")
    return client.post(address, {"file": file})


def apply(client: Client, preview: Any, **typed: Any) -> Any:
    token = text_of(preview).partition('name="token" value="')[2].partition('"')[0]
    return client.post(PAGE, {"token": token, **typed}, follow=True)


def test_ticked_rows_or_the_whole_filtered_list_go_out(editor: Client) -> None:
    draft, paper = make_paper("A draft", state="draft"), make_paper("A paper")
    make_paper("Another paper")
    answer = export(editor, LIST, paper)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = text_of(answer)
    assert (text[:4], "A paper" in text, "Another" in text) == ("\ufeffid,", True, False)
    text = text_of(export(editor, f"{LIST}?state=draft", draft, select_across="1"))
    assert ("A draft" in text, "paper" in text.partition("\n")[2]) == (True, False)
    assert not ChangeSet.objects.exists()


def test_people_and_institutions_go_out_and_in_too(editor: Client, tmp_path: Path) -> None:
    for record, name, address in (
        (make_author("Ada Testwright"), "display_name", "/admin/authors/author/"),
        (make_institution("Example"), "name", "/admin/authors/institution/"),
    ):
        assert str(record) in text_of(export(editor, address, record))
        assert "Import a CSV table" in text_of(editor.get(address))
        assert name in text_of(editor.get(f"{address}table/"))
        (row,) = taken_out(record)
        page = text_of(upload(editor, tmp_path, [row | {name: "Quite Different"}], f"{address}table/"))
        assert "Quite Different" in page


def test_nothing_is_written_before_the_editor_says_so(editor: Client, tmp_path: Path) -> None:
    paper = make_paper("An old title")
    rows = taken_out(paper)
    rows[0]["title"] = "<b>A new title</b>"
    page = upload(editor, tmp_path, rows)
    text = text_of(page)
    assert "<del>An old title</del>" in text
    assert "<ins>&lt;b&gt;A new title&lt;/b&gt;</ins>" in text
    assert "Write 1 record<" in text
    paper.refresh_from_db()
    assert paper.title == "An old title"
    done = text_of(apply(editor, page, _reason="As printed"))
    assert "1 changed, 0 new" in done
    change_set = ChangeSet.objects.get()
    assert (change_set.reason, change_set.channel, change_set.user_name) == ("As printed", "admin", "someone-Editors")
    assert change_set.summary == "Table my-table.csv: 1 papers"
    assert f"/admin/authors/changeset/{change_set.pk}/undo/" in done
    assert "waits no longer" in text_of(apply(editor, page))


def test_errors_stop_the_table_unless_their_rows_are_left_out(editor: Client, tmp_path: Path) -> None:
    good, bad = make_paper("Good"), make_paper("Bad")
    rows = taken_out(good, bad)
    rows[0]["title"], rows[1]["published"] = "Better", "yesterday"
    page = upload(editor, tmp_path, rows)
    assert "is not a date like" in text_of(page)
    refused = apply(editor, page)
    assert "Nothing was written" in text_of(refused)
    assert not ChangeSet.objects.exists()
    assert "1 changed, 0 new, 1 left out" in text_of(apply(editor, refused, leave_out="on"))
    assert set(Paper.objects.values_list("title", flat=True)) == {"Better", "Bad"}


def test_a_record_changed_between_look_and_click_is_not_overwritten(editor: Client, tmp_path: Path) -> None:
    paper = make_paper("An old title")
    rows = taken_out(paper)
    rows[0]["title"] = "A new title"
    page = upload(editor, tmp_path, rows)
    address = f"{LIST}{paper.pk}/change/"
    editor.post(address, {**offered(editor, address), "title": "By somebody else"})
    assert "changed since the table was taken out" in text_of(apply(editor, page))
    paper.refresh_from_db()
    assert paper.title == "By somebody else"


def test_many_records_go_to_the_worker(editor: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "AT_ONCE", 1)
    papers = [make_paper(), make_paper()]
    rows = taken_out(*papers)
    for row in rows:
        row["title"] = "Alike"
    page = upload(editor, tmp_path, rows)
    assert "by the worker" in text_of(page)
    answer = apply(editor, page)
    job = Job.objects.get()
    assert answer.redirect_chain == [(f"/admin/authors/job/{job.pk}/change/", 302)]
    do_next()
    assert list(Paper.objects.values_list("title", flat=True)) == ["Alike", "Alike"]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"title\nx\n", b"id,title\nP1,\x00\n", b"\xff\xfe\x00", b'id,title\n"']
)
def test_files_that_are_no_tables_are_explained(editor: Client, content: bytes) -> None:
    answer = editor.post(PAGE, {"file": SimpleUploadedFile("table.csv", content)})
    assert answer.status_code == 200
    assert 'class="errornote"' in text_of(answer) or "There is nothing to write" in text_of(answer)


def test_large_files_are_refused(editor: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST", 1)
    assert "The table has 2 rows" in text_of(upload(editor, tmp_path, taken_out(make_paper(), make_paper())))
    monkeypatch.setattr(tables, "LARGEST", 10)
    assert "at most 0 MB" in text_of(upload(editor, tmp_path, taken_out(make_paper())))


@pytest.mark.parametrize("token", ["", "..", "../..", "x" * 5000, "\0"])
def test_no_token_leads_out_of_the_folder(editor: Client, token: str) -> None:
    assert "waits no longer" in text_of(editor.post(PAGE, {"token": token}))


def test_viewers_take_tables_out_but_not_in() -> None:
    viewer, paper = logged_in("Viewers"), make_paper("A paper")
    assert "A paper" in text_of(export(viewer, LIST, paper))
    assert "Import a CSV table" not in text_of(viewer.get(LIST))
    assert viewer.get(PAGE).status_code == viewer.post(PAGE, {"token": "x"}).status_code == 403
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_the_same_whatever_the_rows(
    editor: Client, tmp_path: Path, many: int, django_assert_max_num_queries: Any
) -> None:
    rows = taken_out(*[make_paper() for _ in range(many)])
    for number, row in enumerate(rows):
        row |= {"title": f"New {number}", "venue": "Nowhere" if number else "", "doi": f"10.1234/{number}"}
    # session, user, permissions (2), identity; papers with identifiers, links, categories; venues, holders, versions
    with django_assert_max_num_queries(12):
        assert upload(editor, tmp_path, rows).status_code == 200
