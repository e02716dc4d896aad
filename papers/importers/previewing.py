"""What an import would do: it is run as it would be, looked at, and rolled back."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from authors.curation.changes import Change, ChangeSet
from authors.curation.created import created_ranges
from authors.curation.models import ImportProblem, ImportRun
from authors.curation.undoing import changes_of
from papers.duplicates.doubling import Doubled, doubled_by
from papers.importers.formats import format_of
from papers.importers.runs import Importer, run_import
from papers.models import Paper

MOST = 2_000  # records that are looked at or imported while somebody waits
SHOWN = 100


@dataclass(frozen=True)
class Preview:
    """Counts are the run's; `titles` are of new papers, `changes` of records that are here, `duplicates` of new records, each
    at most SHOWN; of these there are `doubled`. `partial`: the file has more than the MOST records that were looked at.
    """

    run: ImportRun
    problems: list[ImportProblem]
    titles: list[str]
    changes: list[Change]
    more: bool
    duplicates: list[Doubled]
    doubled: int
    partial: bool


def preview(importer: Importer, path: Path, *, source: str, state: str) -> Preview:
    """Raises FileError when the file, or the first MOST records of a longer one, cannot be read."""
    partial = sum(1 for _ in islice(format_of(path).read(path), MOST + 1)) > MOST
    with transaction.atomic():
        run = run_import(importer, path, source=source, state=state, most=MOST)
        change_set = ChangeSet.objects.filter(run=run).first()
        found = changes_of(change_set) if change_set else []
        problems = list(run.problems.all()[:SHOWN])
        seen = Preview(run, problems, _titles(change_set), found[:SHOWN], len(found) > SHOWN, *doubled_by(change_set), partial)
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
