"""Finding papers: how many match, which stand on a page, what they are about.

Up to EXACT matches everything is counted; beyond, a sample of the catalogue tells about how many there are. Matches of a
search for words are ordered by `papers.search.relevance`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache

from papers.models import PaperEntry
from papers.models.search import NO_DATE
from papers.search import tags
from papers.search.engines import engine
from papers.search.engines.base import KEY, Match, Order, Row
from papers.search.relevance import Candidates, titled
from papers.search.resolving import known_years
from papers.search.scoring import text_score, weight_at
from papers.search.tree import YEAR, And, Between, Everything, Node, Or, Phrase, Tag, Word, all_of, any_of, has_text

EXACT = 10_000  # matches counted one by one
SAMPLED = 4_000  # papers that an estimate should rest on
FREQUENT = 0.05  # part of the catalogue
MOST_PARTS_OF_PHRASES = 8  # of the sample: on PostgreSQL a phrase must be looked for in every paper with its words
FEW = 5_000  # matches that are rather found and sorted than met on a walk along the order
WHILE_TYPING, WHILE_TYPING_SHARE = 40, 0.01  # candidates, and how common they are taken to be: looking would take too long
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
        if total() > 2 * EXACT and (guess := self._guess()) is not None:
            return guess
        counted = self.engine.count(self.match, EXACT + 1)
        return Count(counted) if counted <= EXACT else Count(max(EXACT + 1, self._estimated()), exact=False)

    @property
    def is_everything(self) -> bool:
        return isinstance(self.match.node, Everything) and not self.match.ranges

    def _guess(self) -> Count | None:
        """An estimate at once where counting would be in vain: far more matches than are counted one by one, or a phrase of
        words so frequent that every paper with them would have to be looked at."""
        if not self.engine.counts_slowly:
            return None
        return Count(self._estimated(), exact=False) if self._seen * tags.SAMPLES > 2 * EXACT else None

    @cached_property
    def _seen(self) -> int:
        """Matches in one part of the catalogue, the words of phrases anywhere."""
        return self.engine.count(Search(loosened(self.match))._part(1), EXACT)

    def _part(self, parts: int) -> Match:
        return self.match.also(any_of(*(Tag("sample", str(part)) for part in range(parts))))

    @cached_property
    def _sample(self) -> tuple[list[Row], int]:
        """Facet rows of some parts of the catalogue, and of how many parts."""
        first = self.engine.facet_rows(self._part(1))
        parts = min(tags.SAMPLES, max(1, round(SAMPLED / max(len(first), 1))))
        if self.engine.counts_slowly and loosened(self.match) != self.match:
            parts = min(parts, MOST_PARTS_OF_PHRASES)
        return (first, 1) if parts == 1 else (self.engine.facet_rows(self._part(parts)), parts)

    def _estimated(self) -> int:
        rows, parts = self._sample
        return max(1, round(len(rows) * tags.SAMPLES / parts))

    @property
    def share(self) -> float:
        """About how much of the catalogue matches. Looked up only where it saves more than it costs."""
        if not self.engine.counts_slowly:
            return 1.0
        known = self.count.value if "count" in vars(self) else max(self._seen, 1) * tags.SAMPLES
        return min(1.0, known / max(total(), 1))

    # --- what about ----------------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> Facets:
        exact = self.count.exact and self.count.value <= EXACT
        rows, parts = (self.engine.facet_rows(self.match), tags.SAMPLES) if exact else self._sample
        return _facets(rows, tags.SAMPLES / parts, exact=exact)

    # --- which ---------------------------------------------------------------------------------------------------------------

    def page(self, sort: str, *, offset: int = 0, size: int, after: Row | None = None) -> list[int]:
        """Keys of papers in order. `after` is the `place` of the last paper before the page; then `offset` counts from it."""
        return [key_of(place) for place in self.places(sort, offset=offset, size=size, after=after)]

    def places(self, sort: str, *, offset: int = 0, size: int, after: Row | None = None) -> list[Row]:
        """Where each paper of a page stands, its key at the end: what `after` takes."""
        if sort == RELEVANCE:
            return self._by_relevance(offset, size, after)
        order = ORDERS[sort]
        if self._few:
            return self.engine.sorted_by_all(self.match, order, after=after, offset=offset, limit=size)
        return self.engine.sorted_by_walk(self._bounded(order), order, after=after, offset=offset, limit=size)

    @cached_property
    def _few(self) -> bool:
        """Whether finding all matches and sorting them is less work than walking along the order."""
        if self.is_everything:
            return False
        if "count" in vars(self):
            return self.count.value <= FEW
        if self.engine.counts_slowly and total() > 2 * EXACT:
            return self._seen * tags.SAMPLES <= FEW
        return self.engine.count(self.match, FEW + 1) <= FEW

    def first_by_title(self, size: int) -> list[int]:
        """A few papers while somebody types: with the words in the title, the best of the first by prior."""
        match = titled(self.match)
        ranks = self.engine.ranks(match, after=-1, offset=0, limit=WHILE_TYPING, share=WHILE_TYPING_SHARE)
        scored = sorted((-text_score(match.node, text) * weight_at(rank), rank) for rank, text in self.engine.texts(ranks))
        return [key_of((rank,)) for _, rank in scored[:size]]

    def _bounded(self, order: Order) -> Match:
        """A walk along the dates begins at the first year that has a match: a venue may have one year only."""
        if self.is_everything or order.column not in ("published", "oldest"):
            return self.match
        if self.engine.counts_slowly and self.share > FREQUENT:  # met soon on any walk; looking for the year would take longer
            return self.match
        first, last = known_years()
        while first < last:
            middle = (first + last) // 2
            early, late = range(first, middle + 1), range(middle + 1, last + 1)
            if order.descending:
                first, last = (late[0], last) if self._has(late) else (first, middle)
            else:
                first, last = (first, middle) if self._has(early) else (late[0], last)
        bounds = (
            Between(order.column, NO_DATE, f"{last:04}-12-31")
            if order.descending
            else Between(order.column, f"{first:04}-01-01")
        )
        return Match(self.match.node, (*self.match.ranges, bounds), self.match.steps)

    def _has(self, years: range) -> bool:
        return self.engine.count(self.match.also(any_of(*(Tag(YEAR, str(year)) for year in years))), 1) > 0

    def _by_relevance(self, offset: int, size: int, after: Row | None) -> list[Row]:
        if has_text(self.match.node):
            ends = tuple(after[:-2]) if after else ()
            candidates = Candidates(self.engine, self.match, share=self.share, ends=ends)
            return candidates.places(offset=offset, size=size, after=after)
        begin = after[-1] if after else -1
        return [(rank,) for rank in self.engine.ranks(self.match, after=begin, offset=offset, limit=size, share=self.share)]


def loosened(match: Match) -> Match:
    """The same with the words of phrases anywhere."""
    return Match(_loosened(match.node), match.ranges, match.steps)


def _loosened(node: Node) -> Node:
    if isinstance(node, Phrase):
        return all_of(*(Word(stem, node.field) for stem in node.stems))
    if isinstance(node, And | Or):
        return (all_of if isinstance(node, And) else any_of)(*map(_loosened, node.parts))
    return node


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
