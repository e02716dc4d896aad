"""The facets beside a list of papers: what its papers are about, in counts that narrow it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, ClassVar

from papers import choices
from papers.charts import BarChart, bar_chart
from papers.search.finding import Facets

if TYPE_CHECKING:
    from papers.paper_lists import PaperListing

FIRST, MOST = 8, 50  # values of a facet shown at once, and in all
FEW = 2  # values that are not worth a fold of their own


@dataclass(frozen=True)
class Choice:
    """One value of a facet; `checked` values are in use."""

    value: str
    label: str
    code: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Menu:
    """One facet: `name` is the filter it sets, `first` its most frequent values and those in use, `rest` the others."""

    name: str
    label: str
    first: list[Choice]
    rest: list[Choice]
    exact: bool


class FacetMenus:
    """What partials/facets.html shows for a listing; each part is counted when it is first asked for.

    A facet in use is counted without its own choice, so that more values can be chosen.
    """

    NAMES: ClassVar = ("category", "year_from", "year_to", "venue", "institution", "author", "has_code")
    LABELS: ClassVar = {"category": "Category", "venue": "Venue", "institution": "Institution", "author": "Author"}

    def __init__(self, listing: "PaperListing") -> None:
        self.listing = listing
        self._known: dict[tuple[str, ...], Facets] = {}

    @property
    def exact(self) -> bool:
        """Whether every count shown is exact."""
        return self.years_exact and self.code_exact and all(menu.exact for menu in self.menus)

    @cached_property
    def menus(self) -> list[Menu]:
        names = [name for name in self.LABELS if name != self.listing.fixed]
        return [menu for menu in map(self._menu, names) if menu.first]

    @cached_property
    def years(self) -> BarChart | None:
        counted = self._counted("year_from", "year_to").years
        return bar_chart(sorted(counted.items()), label="Papers per year", unit="Papers", height=90, names=4)

    @property
    def years_exact(self) -> bool:
        return self._counted("year_from", "year_to").exact

    @property
    def with_code(self) -> int:
        return self._counted("has_code").code[True]

    @property
    def code_exact(self) -> bool:
        return self._counted("has_code").exact

    def _counted(self, *names: str) -> Facets:
        if names not in self._known:
            used = self.listing.filter.nodes.keys() & set(names)
            self._known[names] = (self.listing.search_without(*names) if used else self.listing.search).facets
        return self._known[names]

    def _menu(self, name: str) -> Menu:
        facets = self._counted(name)
        counts = facets.of(name)
        chosen = self.listing.chosen(name)
        keys = [*chosen.wanted, *(key for key, _ in _largest(counts) if key not in (*chosen.wanted, *chosen.excluded))][
            : MOST + len(chosen.wanted)
        ]
        records = choices.called(name, keys)
        shown = choices.labels(list(records.values()))
        found = [
            self._choice(name, records[key], shown[key], counts[key], checked=key in chosen.wanted)
            for key in keys
            if key in shown
        ]
        first = max(FIRST, len(chosen.wanted))
        first = first if len(found) > first + FEW else len(found)
        return Menu(name, self.LABELS[name], found[:first], found[first:], facets.exact)

    def _choice(self, name: str, record: Any, label: str, count: int, *, checked: bool) -> Choice:
        value = record.public_id
        code = {"category": "short_code", "institution": "tag"}.get(name)
        return Choice(value, label, getattr(record, code) if code else "", count, checked)


def _largest(counts: Counter[Any]) -> Iterable[tuple[Any, int]]:
    """Equal counts by key, so that a list looks the same twice."""
    return nsmallest(MOST, counts.items(), key=lambda pair: (-pair[1], pair[0]))
