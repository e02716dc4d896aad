"""What papers say that figures are made of."""

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from django.db.models import QuerySet

from authors.curation.bulk import rows_of
from papers.metrics.formulas import one_source
from papers.models import CitationsInYear

Years = Mapping[int, int]


def chunks(keys: Any, size: int) -> Iterator[list[Any]]:
    remaining = iter(sorted({*keys}))
    while chunk := list(islice(remaining, size)):
        yield chunk


def is_told() -> bool:
    """Whether any source tells citations per year: many catalogues have none, and need not ask for each paper."""
    return CitationsInYear.objects.order_by().exists()


def yearly_citations(papers: Collection[int]) -> dict[int, Years]:
    """Citations per year of those papers of which any source tells them."""
    if not papers or not is_told():
        return {}
    rows = CitationsInYear.objects.filter(paper__among=papers).order_by("paper")
    told = rows_of(rows.values_list("paper", "paper__citations_source", "source", "year", "count"))
    return {paper: years for (paper,), years in chosen(iter(told), keys=1)}


def yearly_citations_by(papers: "QuerySet[Any]", key: str, path: str) -> Iterator[tuple[Any, Years]]:
    """The same of many papers, with the `key` of whatever each enters; `path` leads from the rows to the paper."""
    told = f"{path}counts_by_year__"
    columns = (key, f"{path}pk", f"{path}citations_source", f"{told}source", f"{told}year", f"{told}count")
    rows = papers.filter(**{f"{told}year__isnull": False}).order_by(key, f"{path}pk").values_list(*columns)
    for (group, _), years in chosen(rows.iterator(chunk_size=5_000), keys=2):
        yield group, years


def chosen(rows: Iterator[tuple[Any, ...]], *, keys: int) -> Iterator[tuple[tuple[Any, ...], Years]]:
    """Of rows that begin with `keys` columns to group by, in their order, and go on with the source of the paper's count,
    source, year and count."""
    for group, told in groupby(rows, key=lambda row: row[:keys]):
        by_source: dict[str, dict[int, int]] = {}
        preferred = ""
        for row in told:
            preferred, source, year, count = row[keys:]
            by_source.setdefault(source, {})[year] = count
        yield group, one_source(by_source, preferred)
