"""Charts of people, institutions, categories and papers: what is drawn, and the same figures as a file for spreadsheets."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse

from papers.charts import BarChart, ShareBar, bar_chart, share_bars
from papers.models import Category
from papers.search.engines.base import Match
from papers.search.finding import Search
from papers.search.tree import Node, Not, Tag, all_of
from papers.tables.cells import inert
from papers.tables.exporting import MARK

PAPERS, CITATIONS, CATEGORIES = "papers-per-year", "citations-per-year", "categories"
SHOWN, MOST = 8, 200  # categories that are drawn, and that the file has


@dataclass(frozen=True)
class Table:
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


class RecordCharts:
    """Of all papers in `scope` that count, whatever a list beside them is narrowed to.

    `metrics` are the record's stored counts, if it has any; papers per year come from them, else from the search index, whose
    counts of many papers are estimates. `covers` says of what the stored ones are, where that is not all of `scope`.
    """

    def __init__(self, scope: Node, metrics: Any, *, covers: str = "") -> None:
        self.metrics, self.covers = metrics, f", {covers}" if covers else ""
        self._search = Search(Match(all_of(scope, Not(Tag("has", "retracted")))))

    def context(self) -> dict[str, Any]:
        return {
            "chart": self.papers, "exact": self.exact, "citations_chart": self.citations,
            "category_bars": self.categories, "categories_exact": self._search.facets.exact,
        }  # fmt: skip

    @property
    def exact(self) -> bool:
        return self._stored("papers_by_year") is not None or self._search.facets.exact

    @cached_property
    def papers(self) -> BarChart | None:
        covers = self.covers if self._stored("papers_by_year") is not None else ""
        return bar_chart(self._papers_by_year, label=f"Papers per year{covers}", unit="Papers", height=130, names=8)

    @cached_property
    def citations(self) -> BarChart | None:
        """By the year in which they were made, as far as sources tell."""
        counts = self._stored("citations_by_year") or []
        return bar_chart(counts, label=f"Citations per year{self.covers}", unit="Citations", height=130, names=8)

    @cached_property
    def categories(self) -> list[tuple[Category, ShareBar]]:
        """The most frequent ones; nothing for a single one."""
        counted = self._by_category(SHOWN)
        bars = share_bars([(category.name, count) for category, count in counted])
        return list(zip((category for category, _ in counted), bars, strict=True)) if len(counted) > 1 else []

    def table(self, name: str) -> Table | None:
        about = "" if self.exact else " (about)"
        if name == PAPERS:
            return Table(["year", f"papers{about}"], self._papers_by_year)
        if name == CITATIONS:
            return Table(["year", "citations"], self._stored("citations_by_year") or [])
        if name == CATEGORIES:
            about = "" if self._search.facets.exact else " (about)"
            rows = [(category.code, category.name, count) for category, count in self._by_category(MOST)]
            return Table(["code", "category", f"papers{about}"], rows)
        return None

    @cached_property
    def _papers_by_year(self) -> list[tuple[int, int]]:
        stored = self._stored("papers_by_year")
        return sorted(self._search.facets.years.items()) if stored is None else stored

    def _stored(self, name: str) -> list[tuple[int, int]] | None:
        series = getattr(self.metrics, name, None)
        return None if series is None else sorted((int(year), count) for year, count in series.items())

    def _by_category(self, most: int) -> list[tuple[Category, int]]:
        counts = self._search.facets.categories
        codes = sorted(counts, key=lambda code: (-counts[code], code))[:most]
        known = Category.objects.in_bulk(codes)
        return [(known[code], counts[code]) for code in codes if code in known]


def chart_file(table: Table | None, *, name: str) -> HttpResponse:
    """The figures as CSV; names of people are no formulas there. An explained 404 where there are none."""
    if table is None or not table.rows:
        raise Http404("There are no figures for such a chart.")
    answer = HttpResponse(MARK, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    lines = csv.writer(answer)
    lines.writerow(table.header)
    lines.writerows([_cell(cell) for cell in row] for row in table.rows)
    return answer


def _cell(value: Any) -> Any:
    return inert(value) if isinstance(value, str) else value
