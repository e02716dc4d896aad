"""Runs of imports: checkpoints, resuming, reports and exit codes."""

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from authors.models import Author, ImportRun, Institution, Provenance
from papers.importers import runs
from papers.importers.runs import PAPERS, run_import
from papers.importers.saving.context import Incoming, Saving
from papers.importers.saving.papers import save_papers
from papers.models import Authorship, Paper
from tests.payloads import author, counts, import_works, remarks, work, write_lines

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]  # imports keep the index themselves


@pytest.fixture(autouse=True)
def _var(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def works(number: int) -> list[dict[str, Any]]:
    names = ["Ada Testwright", "Bram Exemplar", "Chidi Sampleson", "Dora Mockett"]
    return [
        work(
            f"A Study of Invented Things, Part {n}",
            *names[n % 4 :],
            author("E. Fixture", "", "Fixtures"),
            id=str(n),
            cited_by_count=n,
        )
        for n in range(number)
    ]


def content() -> list[Any]:
    rows = Authorship.objects.order_by("paper__title", "position")
    return [
        *rows.values_list("paper__title", "position", "author__display_name", "author__metrics__papers_count", "decided_by"),
        *Institution.objects.values_list("name", "tag", "metrics__papers_count", "metrics__citations"),
        *Provenance.objects.order_by("source_key").values_list("source_key", "digest"),
    ]


# --- killed and resumed ---------------------------------------------------------------------------------------------------


class Killed(BaseException):
    pass


def killing(at: int) -> Any:
    """A saver that does its work and dies in the batch `at`, before that is committed."""
    seen = 0

    def save(batch: Sequence[Incoming], saving: Saving) -> None:
        nonlocal seen
        seen += 1
        save_papers(batch, saving)
        if seen == at:
            raise Killed

    return runs.Importer(PAPERS.kind, save)


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_killed_run_goes_on_and_ends_with_the_same_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(runs, "BATCH", 3)
    records = [*works(8), {"nothing": 1}, *works(2)]
    path = write_lines(tmp_path, *records)
    with pytest.raises(Killed):
        run_import(killing(at), path, source="test")
    unfinished = ImportRun.objects.get()
    assert (unfinished.state, unfinished.checkpoint) == ("running", 3 * (at - 1))
    assert Paper.objects.count() == unfinished.created_count == unfinished.checkpoint - unfinished.skipped_count

    run = run_import(PAPERS, path, source="test")
    assert (run.pk, run.state, run.checkpoint) == (unfinished.pk, "done", 11)
    assert counts(run) == (8, 0, 2, 1)
    assert [line for line, *_ in remarks(run)] == [9]
    resumed = content()

    Paper.objects.all().delete()
    for model in (Author, Institution, Provenance, ImportRun):
        model.objects.all().delete()
    run_import(PAPERS, path, source="test")
    assert content() == resumed


def test_a_run_killed_between_batches_goes_on_under_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 2)
    path = write_lines(tmp_path, *works(5))

    def stop(run: ImportRun) -> None:
        raise Killed

    with pytest.raises(Killed):
        run_import(PAPERS, path, source="test", progress=stop)
    moved = path.rename(tmp_path / "elsewhere.jsonl")
    assert counts(run_import(PAPERS, moved, source="test")) == (5, 0, 0, 0)
    assert ImportRun.objects.count() == 1


def test_another_source_or_state_is_another_run(tmp_path: Path) -> None:
    path = write_lines(tmp_path, *works(1))
    for options in ({"source": "one"}, {"source": "two"}, {"source": "one", "state": "draft"}):
        run_import(PAPERS, path, **options)
    assert ImportRun.objects.count() == 3


def test_a_second_run_leaves_everything_unchanged(tmp_path: Path) -> None:
    path = write_lines(tmp_path, *works(5))
    run_import(PAPERS, path, source="test")
    before = content()
    assert counts(run_import(PAPERS, path, source="test")) == (0, 0, 5, 0)
    assert content() == before


def test_figures_are_counted_at_the_end() -> None:
    import_works(*works(5))
    assert Institution.objects.get().metrics.papers_count == 5
    ada = Author.objects.get(display_name="E. Fixture")
    assert (ada.metrics.papers_count, ada.metrics.citations) == (5, 10)


def test_batches_are_bounded_by_the_lines_of_their_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "LINES_IN_BATCH", 8)
    sizes: list[int] = []
    saver = runs.Importer("P", lambda batch, _: sizes.append(len(batch)))
    monkeypatch.setattr("tests.payloads.PAPERS", saver)
    import_works(*(work(f"Paper {n}", *["Ada Testwright"] * 4, id=str(n)) for n in range(5)))
    assert sizes == [2, 2, 1]


def test_a_record_that_the_database_refuses_is_skipped_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No known record is refused; should one be, it must not take its batch with it."""

    def save(batch: Sequence[Incoming], saving: Saving) -> None:
        save_papers(batch, saving)
        for incoming in batch:
            if incoming.record.title == "Refuse me":
                Paper.objects.create(published="2020-01-01")  # a date without a year

    monkeypatch.setattr("tests.payloads.PAPERS", runs.Importer("P", save))
    run = import_works(work("Counting Sheep"), work("Refuse me"), work("Parsing Nowhere"))
    assert counts(run) == (2, 0, 0, 1)
    assert run.checkpoint == 3
    ((line, field, reason),) = remarks(run)
    assert (line, field) == (2, "record")
    assert reason.startswith("the database refused it: ")
    assert set(Paper.objects.values_list("title", flat=True)) == {"Counting Sheep", "Parsing Nowhere"}


# --- commands -----------------------------------------------------------------------------------------------------------------


def run_command(name: str, *arguments: Any, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, output and errors."""
    code = 0
    try:
        call_command(name, *map(str, arguments))
    except SystemExit as stop:
        code = int(stop.code or 0)
    except CommandError as error:
        code = error.returncode
    said = capsys.readouterr()
    return code, said.out, said.err


def test_all_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_command("import_papers", write_lines(tmp_path, *works(3)), capsys=capsys)
    assert (code, out) == (0, "works.jsonl: 3 new, 0 updated, 0 unchanged, 0 skipped\n")


def test_some_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path, *works(1), {"id": "=cmd()"}, work("Dated Wrongly", publication_date="2023-02-31", id="+1"))
    code, out, _ = run_command("import_papers", path, capsys=capsys)
    assert code == 3
    run = ImportRun.objects.get()
    report = tmp_path / "imports" / f"works.run{run.pk}.problems.csv"
    assert out == f"works.jsonl: 2 new, 0 updated, 0 unchanged, 1 skipped\n2 remarks: {report}\n"
    with report.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["file", "line", "record", "field", "skipped", "reason"],
        ["works.jsonl", "2", "'=cmd()", "record", "yes", "is not a work: it has neither title nor authors nor abstract"],
        ["works.jsonl", "3", "'+1", "publication_date", "no", "'2023-02-31': there is no such day; left out"],
    ]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_report_is_a_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str], begin: str) -> None:
    run_command("import_papers", write_lines(tmp_path, {"id": f"{begin}1+1"}), capsys=capsys)
    (report,) = (tmp_path / "imports").iterdir()
    cells = [cell for row in csv.reader(report.open(newline="")) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]


def test_a_failed_file_keeps_what_came_before_and_the_others_go_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(works(2))[:-5])
    whole = write_lines(tmp_path, *works(4)[3:], name="whole.jsonl")
    code, out, err = run_command("import_papers", broken, tmp_path / "nowhere.json", whole, capsys=capsys)
    assert code == 1
    assert out == (
        "broken.json: 1 new, 0 updated, 0 unchanged, 0 skipped\nwhole.jsonl: 1 new, 0 updated, 0 unchanged, 0 skipped\n"
    )
    assert f"{broken}: not valid JSON after record 1: parse error: premature EOF" in err
    assert f"{tmp_path}/nowhere.json: No such file or directory" in err
    failed = ImportRun.objects.get(state="failed")
    assert failed.message.endswith("premature EOF")
    assert failed.finished_at is not None
    assert Institution.objects.get().metrics.papers_count == 2, "figures are counted all the same"


def test_a_file_that_is_not_there_shows_no_earlier_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "works.json"
    path.write_text("[{")
    run_command("import_papers", path, capsys=capsys)
    path.unlink()
    code, out, err = run_command("import_papers", path, capsys=capsys)
    assert (code, out) == (1, "")
    assert "No such file or directory" in err


def test_a_mended_file_goes_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "works.json.gz"
    whole = gzip.compress(json.dumps(works(3)).encode())
    path.write_bytes(whole[:-40])
    assert run_command("import_papers", path, capsys=capsys)[0] == 1
    path.write_bytes(whole)
    assert run_command("import_papers", path, capsys=capsys)[0] == 0
    assert Paper.objects.count() == 3


def test_drafts_are_not_public(tmp_path: Path, capsys: pytest.CaptureFixture[str], client: Client) -> None:
    run_command("import_papers", "--state", "draft", write_lines(tmp_path, *works(1)), capsys=capsys)
    paper = Paper.objects.get()
    assert paper.state == "draft"
    assert client.get(paper.get_absolute_url()).status_code == 404
    assert client.get(Author.objects.first().get_absolute_url()).status_code == 404


@pytest.mark.parametrize("source", ["editor", "Two Words", "", "x" * 41, "ünïcode", "a:b"])
def test_names_of_sources_are_checked(tmp_path: Path, source: str) -> None:
    with pytest.raises(CommandError, match="--source"):
        call_command("import_papers", "--source", source, str(write_lines(tmp_path)))


def test_a_file_name_may_be_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / ("a\udcff" + "x" * 200 + ".jsonl")
    path.write_text(json.dumps({"id": 1}))
    code, _, _ = run_command("import_papers", path, capsys=capsys)
    assert code == 3
    assert ImportRun.objects.get().file_name.startswith("a\\udcff")
