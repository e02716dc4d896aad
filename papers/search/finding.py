"""Finding papers: how many match, which stand on a page, what they are about.

Up to EXACT matches everything is counted; beyond, a sample tells how many there are and what they are about. Matches of a
search for words are ordered by `papers.search.relevance`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.cache import cache

from papers.models import PaperEntry
from papers.search import tags
from papers.search.by_date import DATES, places_by_date
from papers.search.engines import engine
from papers.search.engines.base import KEY, Match, Order, Row
from papers.search.relevance import Candidates, titled
from papers.search.scoring import text_score, weight_at
from papers.search.tree import Everything, Tag, any_of, has_text

EXACT = 10_000  # matches counted one by one
EXACT_AT_LITTLE_COST = 50_000  # the same where counting them takes a few milliseconds
SAMPLED, MOST_PARTS = 2_000, 16  # papers that an estimate should rest on, and of how much of the catalogue at most
FEW = 5_000  # matches that are rather found and sorted than met on a walk along the order
WHILE_TYPING = 40  # candidates
TOTAL_SECONDS, IDLE_SECONDS = 60, 600
RELEVANCE = "relevance"
ORDERS = {
    "publication_date:desc": Order("published"),
    "publication_date": Order("oldest", descending=False),
    "cited_by_count:desc": Order("citations"),
    "ai_score:desc": Order("ai_score"),
    "novelty:desc": Order("novelty"),
    "title": Order("title_key", descending=False),
    "created_date:desc": Order("paper_id"),
}


@dataclass(frozen=True)
class Count:
    """`value` papers; exactly so, or about so many."""

    value: int
    exact: bool = True


@dataclass(frozen=True)
class Facets:
    """Papers by value; where the counts are estimates, values that a sample missed are missing."""

    categories: Counter[str]
    years: Counter[int]
    code: Counter[bool]
    venues: Counter[int]
    institutions: Counter[int]
    authors: Counter[int]
    exact: bool

    def of(self, kind: str) -> Counter[Any]:
        """The counts by category, venue, institution or author."""
        found: dict[str, Counter[Any]] = {
            "category": self.categories, "venue": self.venues, "institution": self.institutions, "author": self.authors,
        }  # fmt: skip
        return found[kind]


class Search:
    """The papers that `match` asks for."""

    def __init__(self, match: Match) -> None:
        self.match, self.engine = match, engine()

    # --- how many ----------------------------------------------------------------------------------------------------------

    @cached_property
    def count(self) -> Count:
        if self.is_everything:
            return Count(total())
        if self.engine.counts_slowly and self._looks_like > EXACT * 2:  # counting one by one would take long, and in vain
            return Count(max(EXACT + 1, self._estimated()), exact=False)
        most = EXACT if self.engine.counts_slowly else EXACT_AT_LITTLE_COST
        counted = self.engine.count(self.match, most + 1)
        return Count(counted) if counted <= most else Count(max(most + 1, self._estimated()), exact=False)

    @property
    def is_everything(self) -> bool:
        return isinstance(self.match.node, Everything) and not self.match.ranges

    @property
    def _looks_like(self) -> int:
        """About how many match, by a small part of the catalogue; 0 in a small catalogue."""
        return self._seen * tags.SAMPLES if _is_large() else 0

    @cached_property
    def _seen(self) -> int:
        """Matches in one part of the catalogue."""
        return self.engine.count(self._part(1), total())

    def _part(self, parts: int) -> Match:
        return self.match.also(any_of(*(Tag("sample", str(part)) for part in range(parts))))

    @property
    def _parts(self) -> int:
        """How many parts of the catalogue make a sample."""
        return min(MOST_PARTS, max(1, round(SAMPLED / max(self._seen, 1))))

    @cached_property
    def _sample(self) -> list[Row]:
        return self.engine.facet_rows(self._part(self._parts))

    def _estimated(self) -> int:
        found = self._seen if self._parts == 1 else self.engine.count(self._part(self._parts), total())
        return max(1, round(found * tags.SAMPLES / self._parts))

    # --- what about ----------------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> Facets:
        if self.count.exact and self.count.value <= EXACT:
            return _facets(self.engine.facet_rows(self.match), 1, exact=True)
        return _facets(self._sample, tags.SAMPLES / self._parts, exact=False)

    # --- which ---------------------------------------------------------------------------------------------------------------

    def page(self, sort: str, *, offset: int = 0, size: int, after: Row | None = None) -> list[int]:
        """Keys of papers in order. `after` is the `place` of the last paper before the page; then `offset` counts from it."""
        return [key_of(place) for place in self.places(sort, offset=offset, size=size, after=after)]

    def places(self, sort: str, *, offset: int = 0, size: int, after: Row | None = None) -> list[Row]:
        """Where each paper of a page stands, its key at the end: what `after` takes."""
        if sort == RELEVANCE:
            return self._by_relevance(offset, size, after)
        order = order_of(sort)
        if self._few:
            return self.engine.sorted_by_all(self.match, order, after=after, offset=offset, limit=size)
        if order.column in DATES and not order.then and not self.is_everything and not (after and offset):
            return places_by_date(self.engine, self.match, order, sample=self._part(1), after=after, offset=offset, size=size)
        return self.engine.sorted_by_walk(self.match, order, after=after, offset=offset, limit=size)

    @cached_property
    def _few(self) -> bool:
        """Whether finding all matches and sorting them is less work than walking along the order."""
        if self.is_everything:
            return False
        if "count" in vars(self):
            return self.count.value <= FEW
        if self.engine.counts_slowly and (about := self._looks_like):
            return about <= FEW
        return self.engine.count(self.match, FEW + 1) <= FEW

    def first_by_title(self, size: int) -> list[int]:
        """A few papers while somebody types: with the words in the title, the best of the first by prior."""
        match = titled(self.match)
        ranks = self.engine.ranks(match, after=-1, offset=0, limit=WHILE_TYPING)
        scored = sorted((-text_score(match.node, text) * weight_at(rank), rank) for rank, text in self.engine.texts(ranks))
        return [key_of((rank,)) for _, rank in scored[:size]]

    def _by_relevance(self, offset: int, size: int, after: Row | None) -> list[Row]:
        if has_text(self.match.node):
            ends = tuple(after[:-2]) if after else ()
            candidates = Candidates(self.engine, self.match, ends=ends)
            return candidates.places(offset=offset, size=size, after=after)
        begin = after[-1] if after else -1
        return [(rank,) for rank in self.engine.ranks(self.match, after=begin, offset=offset, limit=size)]


def order_of(sort: str) -> Order:
    """Of one of ORDERS, or of several with commas between them: among equals the next one decides."""
    first, *others = (ORDERS[part] for part in sort.split(","))
    return replace(first, then=tuple((other.column, other.descending) for other in others))


def key_of(place: Row) -> int:
    """The paper that stands at a place."""
    return int(place[-1]) & KEY


def idle_orders() -> list[str]:
    """Orders by a score that no paper has yet; looked up anew every ten minutes."""
    return cache.get_or_set("idle-orders", _idle_orders, IDLE_SECONDS) or []


def _idle_orders() -> list[str]:
    return [
        key
        for key in ("ai_score:desc", "novelty:desc")
        if not PaperEntry.objects.filter(**{f"{ORDERS[key].column}__gte": 0}).exists()
    ]


def total() -> int:
    """Published papers; counted anew once a minute where counting takes long."""
    known = cache.get("papers-total")
    if known is None:
        known = engine().total()
        if known > EXACT:
            cache.set("papers-total", known, TOTAL_SECONDS)
    return int(known)


def _is_large() -> bool:
    """Whether a part of the catalogue tells of the whole; looked up anew once a minute."""
    return bool(cache.get_or_set("papers-are-many", lambda: total() > 2 * EXACT, TOTAL_SECONDS))


def _facets(rows: Sequence[Row], times: float, *, exact: bool) -> Facets:
    several: list[Counter[Any]] = [Counter(), Counter(), Counter()]
    for place, column in enumerate((0, 4, 5)):
        several[place].update(value for row in rows if row[column] for value in row[column].split())
    single = [Counter(row[column] for row in rows) for column in (1, 2, 3)]
    counted = [Counter({key: round(number * times) for key, number in counter.items()}) for counter in (*several, *single)]
    categories, institutions, authors, years, code, venues = counted
    for unknown in (years, venues):
        unknown.pop(0, None)
    return Facets(
        categories=categories,
        years=years,
        code=Counter({bool(key): number for key, number in code.items()}),
        venues=venues,
        institutions=Counter({int(key): number for key, number in institutions.items()}),
        authors=Counter({int(key): number for key, number in authors.items()}),
        exact=exact,
    )
