"""Recorded shapes of sources, with names and sentences of our own, and small makers of works for imports."""

import json
import tempfile
from pathlib import Path
from typing import Any

from authors.curation.models import ImportRun
from papers.importers.runs import AUTHORS, INSTITUTIONS, PAPERS, Importer, run_import

DATA = Path(__file__).parent / "data"


def payload(name: str) -> Any:
    """A fresh copy of a recorded shape in `tests/data`."""
    return json.loads((DATA / f"{name}.json").read_text())


def author(name: str, identifier: str = "", *institutions: str, **fields: Any) -> dict[str, Any]:
    """One line of a list of authors; `identifier` is an address or `scheme:value`."""
    about = {"id": identifier or None, "display_name": name}
    return {"author": about, "institutions": [{"display_name": given} for given in institutions], **fields}


def work(title: str = "", *authors: Any, **fields: Any) -> dict[str, Any]:
    """A work of 2021; authors may be bare names."""
    listed = [author(given) if isinstance(given, str) else given for given in authors]
    return {"title": title, "publication_year": 2021, "authorships": listed, **fields}


def write_lines(folder: Path, *records: Any, name: str = "works.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def import_records(importer: Importer, *records: Any, source: str = "test", state: str = "published") -> ImportRun:
    with tempfile.TemporaryDirectory() as folder:
        return run_import(importer, write_lines(Path(folder), *records), source=source, state=state)


def import_works(*records: Any, **options: Any) -> ImportRun:
    return import_records(PAPERS, *records, **options)


def import_people(*records: Any, **options: Any) -> ImportRun:
    return import_records(AUTHORS, *records, **options)


def import_organisations(*records: Any, **options: Any) -> ImportRun:
    return import_records(INSTITUTIONS, *records, **options)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """New, updated, unchanged, skipped."""
    return run.created_count, run.updated_count, run.unchanged_count, run.skipped_count


def remarks(run: ImportRun) -> list[tuple[int, str, str]]:
    return list(run.problems.values_list("line", "field", "reason"))
