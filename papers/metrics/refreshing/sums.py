"""Adding up papers into the figures of whatever they enter. Knows no database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from authors.curation.bulk import JsonText
from papers.metrics.formulas import h_index_of

NO_YEARS: Mapping[int, int] = {}
FIGURES = [
    "papers_count", "retracted_count", "citations", "cited_papers", "h_index", "i10_index", "papers_by_year",
    "citations_by_year",
]  # fmt: skip


class Counted(NamedTuple):
    """What a published paper adds; of a retracted one nothing but that it is."""

    retracted: bool
    year: int | None
    cited: int | None
    yearly: Mapping[int, int] = NO_YEARS


@dataclass
class Sums:
    """`by_count` says how many papers have each citation count."""

    papers: int = 0
    retracted: int = 0
    by_count: Counter[int] = field(default_factory=Counter)
    by_year: Counter[int] = field(default_factory=Counter)
    cited_by_year: Counter[int] = field(default_factory=Counter)

    def add(self, paper: Counted, times: int = 1) -> None:
        """`times` may be negative, to take away what was added."""
        if paper.retracted:
            self.retracted += times
            return
        self.papers += times
        if paper.year:
            self.by_year[paper.year] += times
        if paper.cited is not None:
            self.by_count[paper.cited] += times
        for year, count in paper.yearly.items():
            self.cited_by_year[year] += times * count

    @property
    def possible(self) -> bool:
        """Whether nothing was taken away that had not been added."""
        counters = (self.by_count, self.by_year, self.cited_by_year)
        return min(self.papers, self.retracted, *(min(counter.values(), default=0) for counter in counters)) >= 0

    def figures(self) -> tuple[Any, ...]:
        """In the order of FIGURES."""
        known = sum(self.by_count.values())
        total = sum(count * papers for count, papers in self.by_count.items())
        i10 = sum(papers for count, papers in self.by_count.items() if count >= 10)
        cited = (total, known, h_index_of(self.by_count), i10) if known else (None, 0, None, None)
        return self.papers, self.retracted, *cited, series(self.by_year), series(self.cited_by_year)


def series(counts: Mapping[int, int]) -> JsonText:
    """{"2019": 3} in the order of keys, without zeros."""
    return _written(tuple(sorted((key, count) for key, count in counts.items() if count)))


@lru_cache(10_000)  # most people have one paper of one year
def _written(pairs: tuple[tuple[int, int], ...]) -> JsonText:
    return JsonText("{" + ", ".join(f'"{key}": {count}' for key, count in pairs) + "}")


def counter_of(stored: Mapping[str, int]) -> Counter[int]:
    return Counter({int(key): count for key, count in stored.items()})
