"""Finding papers: how many match, which stand on a page, what they are about.

Up to EXACT matches everything is counted; beyond, a sample of the catalogue tells about how many there are. Matches of a
search for words are ordered by `papers.search.scoring`: of the WINDOW matches with the highest prior, the best first; the
rest follow by their prior.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache

from papers.models import PaperEntry
from papers.search import tags
from papers.search.engines import engine
from papers.search.engines.base import KEY, Match, Order, Row
from papers.search.scoring import text_score, weight_at
from papers.search.tree import YEAR, And, Between, Everything, Node, Or, Tag, all_of, any_of, has_text

EXACT = 10_000  # matches counted one by one
SAMPLED = 4_000  # papers that an estimate should rest on
WINDOW = 1_000
CHUNK = 250  # candidates scored at a time
FEW = 5_000  # matches that are rather found and sorted than met on a walk along the order
TOTAL_SECONDS, IDLE_SECONDS = 60, 600
BEHIND_ALL = 1 << 62  # no rank is as large
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
    """The papers that `match` asks for; `scored` is the tree whose words make the text score."""

    def __init__(self, match: Match, *, scored: Node | None = None) -> None:
        self.match, self.scored = match, scored if scored is not None else match.node
        self.engine = engine()

    # --- how many ----------------------------------------------------------------------------------------------------------

    @cached_property
    def count(self) -> Count:
        if self.is_everything:
            return Count(total())
        if total() > 2 * EXACT and (guess := self._guess()) is not None:
            return guess
        counted = self.engine.count(self.match, EXACT + 1)
        return Count(counted) if counted <= EXACT else Count(self._estimated(), exact=False)

    @property
    def is_everything(self) -> bool:
        return isinstance(self.match.node, Everything) and not self.match.ranges

    def _guess(self) -> Count | None:
        """An estimate at once where counting would be in vain: far more matches than are counted one by one."""
        if not self.engine.counts_slowly:
            return None
        found = self.engine.count(self._part(1), EXACT)
        return Count(self._estimated(), exact=False) if found * tags.SAMPLES > 2 * EXACT else None

    def _part(self, parts: int) -> Match:
        sample = any_of(*(Tag("sample", str(part)) for part in range(parts)))
        return Match(all_of(self.match.node, sample), self.match.ranges)

    @cached_property
    def _sample(self) -> tuple[list[Row], int]:
        """Facet rows of some parts of the catalogue, and of how many parts."""
        first = self.engine.facet_rows(self._part(1))
        parts = min(tags.SAMPLES, max(1, round(SAMPLED / max(len(first), 1))))
        return (first, 1) if parts == 1 else (self.engine.facet_rows(self._part(parts)), parts)

    def _estimated(self) -> int:
        rows, parts = self._sample
        return max(EXACT + 1, round(len(rows) * tags.SAMPLES / parts))

    @property
    def share(self) -> float:
        """About how much of the catalogue matches. Asked for only where it saves more than it costs."""
        return min(1.0, self.count.value / max(total(), 1)) if self.engine.counts_slowly else 1.0

    # --- what about ----------------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> Facets:
        exact = self.count.value <= EXACT
        rows, parts = (self.engine.facet_rows(self.match), tags.SAMPLES) if exact else self._sample
        return _facets(rows, tags.SAMPLES / parts, exact=exact)

    # --- which ---------------------------------------------------------------------------------------------------------------

    def page(self, sort: str, *, offset: int = 0, size: int, after: Row | None = None) -> list[int]:
        """Keys of papers in order. `after` is the `place` of the last paper before the page; then `offset` counts from it."""
        return [key_of(place) for place in self.places(sort, offset=offset, size=size, after=after)]

    def places(self, sort: str, *, offset: int = 0, size: int, after: Row | None = None, steady: bool = False) -> list[Row]:
        """(value, key) of each paper of a page: what `after` takes. `steady`: the first page of a walk that is to meet every
        paper once, whatever comes and goes."""
        if sort == RELEVANCE:
            return self._by_relevance(offset, size, after, steady=steady)
        order = ORDERS[sort]
        few = not self.is_everything and self.count.value <= FEW
        walk = self.engine.sorted_by_all if few else self.engine.sorted_by_walk
        return walk(self._bounded(order), order, after=after, offset=offset, limit=size)

    def _bounded(self, order: Order) -> Match:
        """A walk along the dates begins and ends at the years that are asked for."""
        parts = self.match.node.parts if isinstance(self.match.node, And) else (self.match.node,)
        years = [found for part in parts if (found := _years_of(part))]
        if order.column not in ("published", "oldest") or not years:
            return self.match
        bounds = Between(order.column, f"{max(map(min, years)):04}-01-01", f"{min(map(max, years)):04}-12-31")
        return Match(self.match.node, (*self.match.ranges, bounds))

    def _by_relevance(self, offset: int, size: int, after: Row | None, *, steady: bool) -> list[Row]:
        """Places in the window are (the rank it ends at, minus the score, rank), those behind it (rank,): so a walk goes on
        rightly although papers came or went meanwhile."""
        if not has_text(self.scored) or (after is not None and len(after) == 1):
            return self._behind(after[-1] if after else -1, offset, size)
        needed = WINDOW if steady or after else offset + size
        window, end = self._window(needed, until=after[0] if after else 0)
        if after:
            window = [place for place in window if place > tuple(after[1:])]
        found: list[Row] = [(end, *place) for place in window[offset : offset + size]]
        if len(found) < size and end < BEHIND_ALL:
            found += self._behind(end, max(0, offset - len(window)), size - len(found))
        return found

    def _behind(self, after: int, offset: int, size: int) -> list[Row]:
        return [(rank,) for rank in self.engine.ranks(self.match, after=after, offset=offset, limit=size, share=self.share)]

    def _window(self, needed: int, *, until: int) -> tuple[list[tuple[float, int]], int]:
        """(minus the score, rank) of the first candidates by rank, the best first, and the rank where they end.

        They end at `until` if it is given. The end is 0 where this stopped early, for nothing later can be among the first
        `needed`.
        """
        scored: list[tuple[float, int]] = []
        after, most = -1, 2 * WINDOW if until else WINDOW
        while len(scored) < most:
            limit = min(CHUNK, most - len(scored))
            chunk = self.engine.best(self.match, after=after, limit=limit, share=self.share)
            scored += [
                (-text_score(self.scored, texts) * weight_at(rank), rank)
                for rank, texts in chunk
                if rank <= (until or BEHIND_ALL)
            ]
            if len(chunk) < limit or (until and chunk[-1][0] >= until):
                return sorted(scored), until or BEHIND_ALL
            after = chunk[-1][0]
            if needed <= len(scored) < most and not until and sorted(scored)[needed - 1][0] <= -weight_at(after):
                return sorted(scored), 0
        return sorted(scored), after


def key_of(place: Row) -> int:
    """The paper that stands at a place."""
    return int(place[-1]) & KEY


def _years_of(node: Node) -> list[int]:
    """The years that a part of a search allows; empty when it is about something else."""
    parts = node.parts if isinstance(node, Or) else (node,)
    tagged = [part for part in parts if isinstance(part, Tag) and part.kind == YEAR]
    return [int(part.value) for part in tagged] if len(tagged) == len(parts) else []


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
