"""The figures of people, who have few papers: always counted anew from all that they wrote."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from authors.curation.bulk import insert, rows_of, upsert
from authors.models import Author
from papers.metrics.formulas import h_index, i10_index
from papers.metrics.refreshing.reading import Years, chunks, yearly_citations
from papers.metrics.refreshing.sums import series
from papers.models import AuthorMetrics, Authorship

AT_ONCE = 5_000
COLUMNS = [
    "author", "retracted_count", "papers_count", "citations", "cited_papers", "h_index", "i10_index", "first_year",
    "last_year", "primary_category", "papers_by_year", "citations_by_year",
]  # fmt: skip
FACTS = ("paper__is_retracted", "paper__year", "paper__cited_by_count", "paper__primary_category")
Written = Sequence[Any]  # author, paper, and the paper's FACTS
Row = tuple[Any, ...]


@transaction.atomic
def refresh_authors(author_ids: Iterable[int]) -> None:
    for chunk in chunks(author_ids, AT_ONCE):
        _lock(chunk)
        _write(_counted(chunk, _shown().filter(author__among=chunk)))


def _lock(author_ids: Sequence[int]) -> None:
    """Who counts the same people waits, and then sees what this transaction wrote; on SQLite there is one writer anyway. The
    people themselves, for of their metrics there may be no row yet, and so that authorships can name them meanwhile."""
    if connection.vendor == "postgresql":
        people = Author.objects.filter(pk__among=author_ids).order_by("pk").select_for_update(no_key=True)
        list(people.values_list("pk", flat=True))


@transaction.atomic
def refresh_neighbours(author_ids: Sequence[int]) -> None:
    """The same for all people from the first of these keys to the last. To read by a range, and to write only what is not
    stored already, takes a third of the time when they are many."""
    first, last = author_ids[0], author_ids[-1]
    stored = rows_of(AuthorMetrics.objects.filter(pk__gte=first, pk__lte=last).order_by().values_list(*COLUMNS))
    known = {row[0]: row for row in stored}
    rows = _counted(author_ids, _shown().filter(author__gte=first, author__lte=last))
    _write([row for row in rows if known.get(row[0]) != row])


def write_figures_of_new_authors(
    author_ids: Collection[int], written: Iterable[Written], yearly: Mapping[int, Years] | None = None
) -> None:
    """What `refresh_authors` would write for people who are just being added: the caller knows all that they have
    `written` in published papers, so that nothing needs to be read."""
    rows = list(_rows(sorted(author_ids), written, yearly or {}))
    insert(AuthorMetrics, COLUMNS, rows, same={"refreshed_at": timezone.now()})


def _shown() -> Any:
    return Authorship.objects.filter(paper__state="published", hidden_on_profile=False).order_by()


def _counted(author_ids: Iterable[int], shown: Any) -> list[Row]:
    written = rows_of(shown.values_list("author", "paper", *FACTS))
    return list(_rows(author_ids, written, yearly_citations({row[1] for row in written})))


def _write(rows: Sequence[Row]) -> None:
    upsert(AuthorMetrics, COLUMNS, rows, unique=["author"], same={"refreshed_at": timezone.now()})


def _rows(author_ids: Iterable[int], written: Iterable[Written], yearly: Mapping[int, Years]) -> Iterator[Row]:
    papers: dict[int, list[Written]] = {}
    for row in written:
        if row[0] in papers:
            papers[row[0]].append(row)
        else:
            papers[row[0]] = [row]
    for author in author_ids:
        mine = papers.get(author, [])
        if len(mine) == 1 and mine[0][1] not in yearly:  # as most people have
            yield author, *_figures_of_one(*mine[0][2:])
        else:
            yield author, *_added_up({row[1]: row for row in mine}.values(), yearly)


@lru_cache(20_000)
def _figures_of_one(*facts: Any) -> Row:
    return _added_up([(0, 0, *facts)], {})


def _added_up(papers: Collection[Written], yearly: Mapping[int, Years]) -> Row:
    """In the order of COLUMNS, but the author."""
    years: dict[int, int] = {}
    categories: dict[str, int] = {}
    counts, standing = [], [row for row in papers if not row[2]]
    for _, _, _, year, count, category in standing:
        if year:
            years[year] = years.get(year, 0) + 1
        if count is not None:
            counts.append(count)
        if category:
            categories[category] = categories.get(category, 0) + 1
    # Of categories with equally many papers the first by code is taken, so that a recount changes nothing.
    primary = min(categories, key=lambda code: (-categories[code], code), default=None)
    cited = (sum(counts), len(counts), h_index(counts), i10_index(counts)) if counts else (None, 0, None, None)
    span = min(years, default=None), max(years, default=None)
    cited_by_year = _sum_of(yearly[row[1]] for row in standing if row[1] in yearly) if yearly else {}
    return len(papers) - len(standing), len(standing), *cited, *span, primary, series(years), series(cited_by_year)


def _sum_of(years: Iterable[Years]) -> Counter[int]:
    total: Counter[int] = Counter()
    for told in years:
        total.update(told)
    return total
