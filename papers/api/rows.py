"""The rows of a list, counted and fetched page by page: of a queryset, or papers that the search index finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from papers.counting import FEW, count_of
from papers.ordering import Place, Several, Sort
from papers.search import finding
from papers.search.finding import Count, Search


class Rows(Protocol):
    @property
    def count(self) -> Count: ...

    def part(self, *, size: int, offset: int = 0, after: Place | None = None) -> tuple[list[Any], Place | None]:
        """At most `size` rows, and where the last of them stands unless the list ends there."""


@dataclass(frozen=True)
class SortedRows:
    """Of a queryset; `with_parts` makes it fetch what the records are made of."""

    queryset: Any
    sort: Sort | Several
    with_parts: Callable[[Any], Any]

    @cached_property
    def count(self) -> Count:
        """Of a long list it may be some minutes old, which makes it an estimate."""
        counted = count_of(self.queryset)
        return Count(counted, exact=counted <= FEW)

    def part(self, *, size: int, offset: int = 0, after: Place | None = None) -> tuple[list[Any], Place | None]:
        ordered = [self.sort.placed(self.queryset)] if after is None else self.sort.behind(self.queryset, after)
        rows: list[Any] = []
        for stretch in ordered:
            rows += self.with_parts(stretch)[offset : offset + size + 1 - len(rows)] if len(rows) <= size else ()
        return rows[:size], self.sort.place_of(rows[size - 1]) if len(rows) > size else None


@dataclass(frozen=True)
class FoundRows:
    """Of a search; `fetch` gives those of some keys that may be shown, with what their records are made of."""

    search: Search
    sort: str
    fetch: Callable[[list[int]], Iterable[Any]]

    @property
    def count(self) -> Count:
        return self.search.count

    def part(self, *, size: int, offset: int = 0, after: Place | None = None) -> tuple[list[Any], Place | None]:
        places = self.search.places(self.sort, offset=offset, size=size + 1, after=after)
        keys = [finding.key_of(place) for place in places[:size]]
        papers = {paper.pk: paper for paper in self.fetch(keys)}
        found = [papers[key] for key in keys if key in papers]
        return found, places[size - 1] if len(places) > size else None
