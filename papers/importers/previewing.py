"""What an import would do: it is run as it would be, looked at, and rolled back."""

from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from authors.curation.changes import Change, ChangeSet
from authors.curation.created import created_ranges
from authors.curation.models import ImportProblem, ImportRun
from authors.curation.undoing import changes_of
from papers.importers.reading import read_records
from papers.importers.records import FileError
from papers.importers.runs import Importer, run_import
from papers.models import Paper

MOST = 2_000  # records that are imported while somebody waits
SHOWN = 100


@dataclass(frozen=True)
class Preview:
    """Counts are the run's; `titles` are of new papers, `changes` of records that are here, each at most SHOWN."""

    run: ImportRun
    problems: list[ImportProblem]
    titles: list[str]
    changes: list[Change]
    more: bool


def preview(importer: Importer, path: Path, *, source: str, state: str) -> Preview:
    """Raises FileError when the file cannot be read, or has more than MOST records."""
    for number, _ in enumerate(read_records(path), start=1):
        if number > MOST:
            raise FileError(
                f"There are more than {MOST:,} records. Import such a file with manage.py import_papers on the server."
            )
    with transaction.atomic():
        run = run_import(importer, path, source=source, state=state)
        change_set = ChangeSet.objects.filter(run=run).first()
        found = changes_of(change_set) if change_set else []
        seen = Preview(run, list(run.problems.all()[:SHOWN]), _titles(change_set), found[:SHOWN], len(found) > SHOWN)
        transaction.set_rollback(True)
    cache.delete_many(["papers-total", "search-tiers"])  # what was counted meanwhile never was
    return seen


def _titles(change_set: ChangeSet | None) -> list[str]:
    if change_set is None:
        return []
    titles: list[str] = []
    for first, last in created_ranges(change_set).get("papers.paper", []):
        rows = Paper.objects.filter(pk__range=(first, last)).order_by("pk")[: SHOWN - len(titles)]
        titles += [paper.title_or_mark for paper in rows]
    return titles
