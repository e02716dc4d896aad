"""The rows of a list, counted and fetched page by page: of a queryset, or papers that the search index finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, Self

from papers.counting import FEW, count_key, count_of
from papers.ordering import Place, Several, Sort
from papers.prepared import PreparedPages
from papers.search import finding
from papers.search.finding import Count, Search

Fetch = Callable[[list[Any]], Iterable[Any]]


class Rows(Protocol):
    @property
    def count(self) -> Count: ...

    def part(self, *, size: int, offset: int = 0, after: Place | None = None) -> tuple[list[Any], Place | None]:
        """At most `size` rows, and where the last of them stands unless the list ends there."""


class WholeList:
    """A list that nothing narrows, in one order: what asks for it is made once."""

    def __init__(self, queryset: Any, sort: Sort | Several) -> None:
        self.queryset, self.sort = queryset, sort
        self.places = PreparedPages(_places(sort, sort.placed(queryset)))

    @cached_property
    def count_key(self) -> str:
        return count_key(self.queryset)


def _places(sort: Sort | Several, rows: Any) -> Any:
    return rows.values_list(*sort.place_names, "pk")


@dataclass(frozen=True)
class SortedRows:
    """Of a queryset; `fetch` gives the rows of some keys with what their records are made of."""

    queryset: Any
    sort: Sort | Several
    fetch: Fetch
    whole: WholeList | None = None

    @classmethod
    def of_whole(cls, whole: WholeList, fetch: Fetch) -> Self:
        return cls(whole.queryset, whole.sort, fetch, whole)

    @cached_property
    def count(self) -> Count:
        """Of a long list it may be some minutes old, which makes it an estimate."""
        counted = count_of(self.queryset, self.whole.count_key if self.whole else None)
        return Count(counted, exact=counted <= FEW)

    def part(self, *, size: int, offset: int = 0, after: Place | None = None) -> tuple[list[Any], Place | None]:
        places = self._places(offset, size + 1) if after is None else self._behind(after, size + 1)
        keys = [key for *_, key in places[:size]]
        return fetched_in_order(self.fetch, keys), places[size - 1] if len(places) > size else None

    def _places(self, offset: int, size: int) -> list[Place]:
        if self.whole:
            return self.whole.places.page(offset, size)
        return list(_places(self.sort, self.sort.placed(self.queryset))[offset : offset + size])

    def _behind(self, after: Place, size: int) -> list[Place]:
        places: list[Place] = []
        for stretch in self.sort.behind(self.queryset, after):
            if len(places) < size:
                places += _places(self.sort, stretch)[: size - len(places)]
        return places


@dataclass(frozen=True)
class FoundRows:
    """Of a search; `fetch` gives those of some keys that may be shown, with what their records are made of."""

    search: Search
    sort: str
    fetch: Fetch

    @property
    def count(self) -> Count:
        return self.search.count

    def part(self, *, size: int, offset: int = 0, after: Place | None = None) -> tuple[list[Any], Place | None]:
        places = self.search.places(self.sort, offset=offset, size=size + 1, after=after)
        keys = [finding.key_of(place) for place in places[:size]]
        return fetched_in_order(self.fetch, keys), places[size - 1] if len(places) > size else None


def fetched_in_order(fetch: Fetch, keys: list[Any]) -> list[Any]:
    """The rows of `keys` as they stand there; whatever went meanwhile is left out."""
    rows = {row.pk: row for row in fetch(keys)} if keys else {}
    return [rows[key] for key in keys if key in rows]
