"""What follows when rows of a table are written: facts that repeat others, figures of everyone concerned, the search index."""

from collections.abc import Collection, Iterable, Sequence

from authors.models import Author
from papers.fingerprint import fingerprint
from papers.metrics.refreshing import Touched, touched_by
from papers.models import Authorship, AuthorshipAffiliation, Paper
from papers.search.indexing import index_papers
from papers.settling import settle
from papers.tables.comparing import Row
from papers.tables.kinds import Kind

ENTERS_FIGURES = {"published", "state", "primary_category", "venue", "is_retracted"}  # columns of papers
SHOWN_ON_PAPERS = {"display_name", "visibility"}  # columns of people


def _with(rows: Iterable[Row], columns: Collection[str]) -> list[Row]:
    return [row for row in rows if any(cell.column.name in columns for cell in row.cells)]


def left_by(kind: Kind, rows: Iterable[Row]) -> Touched | None:
    """Whose figures the papers enter before they are written."""
    moved = [row.record.pk for row in _with(rows, ENTERS_FIGURES)]
    return touched_by(moved) if kind.model is Paper and moved else None


def repeat_facts_of(kind: Kind, rows: Sequence[Row]) -> None:
    if kind.model is not Paper:
        return
    first = _first_authors([row.record.pk for row in rows if not row.was_new])
    for row in rows:
        paper = row.record
        paper.fingerprint = fingerprint(paper.title, paper.year, first.get(paper.pk, ""))
        paper.has_code = paper.has_code or any(cell.column.name == "code" and cell.value for cell in row.cells)


def _first_authors(papers: list[int]) -> dict[int, str]:
    lines = Authorship.objects.filter(paper__among=papers).order_by("paper", "-position")
    return dict(lines.values_list("paper", "raw_name"))  # of each the last one stays, which is the first author


def settle_rows(kind: Kind, rows: Sequence[Row], left: Touched | None) -> None:
    keys = [row.record.pk for row in rows]
    if kind.model is Paper:
        moved = {row.record.pk for row in rows if row.was_new} | {row.record.pk for row in _with(rows, ENTERS_FIGURES)}
        if moved:
            settle({"P": moved}, left=left)
        index_papers({*keys} - moved)
    elif kind.model is Author:
        renamed = [row.record.pk for row in _with(rows, SHOWN_ON_PAPERS)]
        stated = _where_they_were([row.record.pk for row in _with(rows, {"visibility"})])
        settle({"A": keys, "I": stated}, renamed=renamed, of_people=True)
    else:
        settle({"I": keys}, relocated=[row.record.pk for row in _with(rows, {"country_code"})])


def _where_they_were(people: list[int]) -> set[int]:
    """Institutions count the people whom the public may see."""
    stated = AuthorshipAffiliation.objects.filter(authorship__author__among=people, institution__isnull=False)
    return {key for key in stated.order_by().values_list("institution", flat=True).distinct() if key}
