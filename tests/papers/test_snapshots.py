"""The whole published catalogue as files: what stands in them, that they are whole, and how they are fetched."""

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from jsonschema import Draft202012Validator

from authors.curation.jobs.models import Job
from papers.models import Category, Citation, Paper
from papers.snapshots import making
from papers.snapshots import records as reading
from papers.snapshots.kinds import KINDS
from papers.snapshots.parquet import is_possible
from papers.tasks import ask_for_due_snapshot
from tests.api import at_most, get
from tests.factories import make_author, make_institution, make_paper
from tests.snapshots import SECRETS, export, full_catalogue, manifest_of

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]


def lines(folder: Path, kind: str) -> list[dict[str, Any]]:
    parts = sorted(folder.glob(f"{kind}/*.jsonl.gz"))
    return [json.loads(line) for part in parts for line in gzip.decompress(part.read_bytes()).splitlines()]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*.jsonl.gz")}


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Path:
    settings.SNAPSHOT_DIR = tmp_path
    return tmp_path


def test_it_holds_what_is_public_as_its_schema_says(shelf: Path) -> None:
    told = full_catalogue()
    made = export(shelf)
    for kind in KINDS:
        records, schema = lines(made, kind.name), json.loads((made / f"schema/{kind.name}.json").read_text())
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        assert [error.message for record in records for error in validator.iter_errors(record)] == []
        assert records, kind.name
        assert len(records) == manifest_of(made)["records"][kind.name]
    everything = "".join(gzip.decompress(content).decode() for content in bytes_of(made).values())
    assert [word for word in SECRETS if word in everything] == []
    paper = next(record for record in lines(made, "papers") if record["id"] == told["paper"].public_id)
    names = [(line["raw_name"], line["author"] is None) for line in paper["authorships"]][2:]
    assert names == [("Hildegard Hiddenperson", True), ("Nova Newname", False), ("Sheila Shyperson", True)]
    assert next(record for record in lines(made, "papers") if record["is_retracted"])["retracted_on"] == "2026-11-12"


def test_manifest_and_checksums(shelf: Path) -> None:
    make_paper("Kept")
    made = export(shelf)
    manifest = manifest_of(made)
    assert (manifest["format"], manifest["version"]) == ("bylines-snapshot", 1)
    assert manifest["licence"]["name"] == "CC0 1.0"
    assert manifest["made_at"].startswith(made.name)
    checked = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=made, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout
    listed = {line.split("  ")[1] for line in (made / "SHA256SUMS").read_text().splitlines()}
    assert listed == {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()} - {"SHA256SUMS"}


def test_changes_go_on_where_it_began(client: Client, shelf: Path) -> None:
    make_paper("Kept")
    made = export(shelf)
    Paper.objects.all().delete()
    assert get(client, f"changes?cursor={manifest_of(made)['changes_cursor']}").status_code == 200


def test_the_same_catalogue_gives_the_same_bytes_in_parts(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PART", 2)
    Category.objects.exclude(pk="cs.CL").delete()
    for _ in range(5):
        make_paper()
    first = bytes_of(export(shelf))
    assert [name for name in sorted(first) if name.startswith("papers")] == [f"papers/part-0000{n}.jsonl.gz" for n in range(3)]
    assert bytes_of(export(shelf, force=True)) == first


def test_a_run_that_was_cut_off_goes_on(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PART", 2)
    Category.objects.exclude(pk="cs.CL").delete()
    papers = [make_paper() for _ in range(5)]
    Citation.objects.create(citing=papers[0], cited=papers[1])
    whole, written = bytes_of(export(shelf)), list[str]()
    write = making._write_part

    def until_the_second_of_papers(kind: Any, rows: Any, work: Any, say: Any) -> bool:
        if kind.name == "papers" and "papers" in written:
            raise KeyboardInterrupt
        written.append(kind.name)
        return write(kind, rows, work, say)

    with monkeypatch.context() as patched:
        patched.setattr(making, "_write_part", until_the_second_of_papers)
        with pytest.raises(KeyboardInterrupt):
            export(shelf, force=True)
    first = shelf / ".unfinished/papers/part-00000.jsonl.gz"
    (shelf / ".unfinished/papers/part-00001.jsonl.gz.unfinished").write_bytes(b"cut off")
    stood = first.stat().st_ino
    made = next(shelf.glob("2*"))
    made.rename(shelf / "2001-01-01")
    assert bytes_of(export(shelf)) == whole
    assert (made / "papers/part-00000.jsonl.gz").stat().st_ino == stood
    assert not list(made.rglob("*unfinished"))


def test_one_a_day_and_only_the_newest_are_kept(shelf: Path) -> None:
    made = export(shelf)
    with pytest.raises(CommandError, match="is there already"):
        export(shelf)
    made.rename(shelf / "2001-01-01")
    (shelf / "not one of ours").mkdir()
    export(shelf, keep=1)
    assert sorted(path.name for path in shelf.iterdir() if path.name[0] != ".") == [made.name, "not one of ours"]


def test_queries_do_not_grow_with_the_records(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Per kind: its keys, its rows, and a query for each table that hangs on them; then the end."""
    for number in range(3):
        make_paper(authors=(make_author(), make_author()), institutions=(make_institution(),), doi=f"10.5555/{number}")
    with at_most(75):
        export(shelf)
    monkeypatch.setattr(reading, "MOST_LINES", 2)
    assert len(lines(export(shelf, force=True), "papers")) == 3  # a batch for each paper, for each has two authors


@pytest.mark.skipif(is_possible(), reason="pyarrow is installed")
def test_parquet_says_what_it_needs(shelf: Path) -> None:
    with pytest.raises(CommandError, match="pip install pyarrow"):
        call_command("export_snapshot", "--parquet", folder=shelf)


@pytest.mark.skipif(not is_possible(), reason="pyarrow is not installed")
def test_parquet_holds_the_same(shelf: Path) -> None:
    from pyarrow import parquet

    full_catalogue()
    made = export(shelf)
    for kind in KINDS:
        rows = [row for part in sorted(made.glob(f"{kind.name}/*.parquet")) for row in parquet.read_table(part).to_pylist()]
        assert [row.get("title") for row in rows] == [record.get("title") for record in lines(made, kind.name)]


def test_the_worker_makes_one_as_often_as_the_settings_say(shelf: Path, settings: Any) -> None:
    ask_for_due_snapshot()
    assert not Job.objects.exists()
    settings.SNAPSHOT_DAYS, settings.SNAPSHOT_KEEP = 7, 1
    ask_for_due_snapshot()
    ask_for_due_snapshot()
    assert [job.task for job in Job.objects.all()] == ["snapshot"]
