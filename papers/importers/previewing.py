"""What an import would do: it is run as it would be, looked at, and rolled back."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from authors.curation.changes import Change, ChangeSet
from authors.curation.created import created_records
from authors.curation.models import ImportProblem, ImportRun
from authors.curation.undoing import changes_of
from papers.duplicates.doubling import Doubled, doubled_by
from papers.duplicates.following import created_by
from papers.importers.formats import format_of
from papers.importers.runs import Importer, run_import
from papers.models import Authorship, Paper

MOST = 1_000  # records that are looked at or imported while somebody waits: nobody else writes meanwhile on SQLite
SHOWN = 100
NAMED = 3  # authors of a new paper


@dataclass(frozen=True)
class NewPaper:
    """By what an editor sees whether a record was read rightly."""

    title: str
    names: list[str]
    authors: int
    year: int | None
    venue: str


@dataclass(frozen=True)
class Preview:
    """Counts are the run's; `added` says how many new records ("3 papers"); `papers` are new ones, `changes` of records
    that are here, `duplicates` of new records, each at most SHOWN; of these there are `doubled`. `partial`: the file has more
    than the MOST records that were looked at.
    """

    run: ImportRun
    problems: list[ImportProblem]
    added: list[str]
    papers: list[NewPaper]
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
        found = _of_known(change_set) if change_set else []
        seen = Preview(
            run, list(run.problems.all()[:SHOWN]), _added(change_set), _papers(change_set), found[:SHOWN],
            len(found) > SHOWN, *doubled_by(change_set), partial,
        )  # fmt: skip
        transaction.set_rollback(True)
    cache.delete_many(["papers-total", "search-tiers"])  # what was counted meanwhile never was
    return seen


def _of_known(change_set: ChangeSet) -> list[Change]:
    """Its changes of records that were here before: a new one has no address to be looked at."""
    new = created_by(change_set)
    return [change for change in changes_of(change_set) if change.record_id not in new.get(change.kind, ())]


def _added(change_set: ChangeSet | None) -> list[str]:
    counted = [(table.model._meta, rows.count()) for table, rows in created_records(change_set)] if change_set else []
    return [f"{count:,} {names.verbose_name if count == 1 else names.verbose_name_plural}" for names, count in counted]


def _papers(change_set: ChangeSet | None) -> list[NewPaper]:
    if change_set is None:
        return []
    rows = next((rows for table, rows in created_records(change_set) if table.model is Paper), Paper.objects.none())
    papers = list(rows.select_related("venue").order_by("pk")[:SHOWN])
    names = _names_on(papers)
    return [
        NewPaper(paper.title_or_mark, names.get(paper.pk, []), paper.authors_count, paper.year, str(paper.venue or ""))
        for paper in papers
    ]


def _names_on(papers: Iterable[Paper]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    lines = Authorship.objects.filter(paper__in=papers, position__lte=NAMED).order_by("paper", "position")
    for paper, name in lines.values_list("paper", "raw_name"):
        found.setdefault(paper, []).append(name)
    return found
