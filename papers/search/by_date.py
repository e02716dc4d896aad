"""The order by date of many matches: year by year, so that it costs the same wherever in time the matches lie.

Walking along all dates would pass a million papers before the first of a venue that ended long ago. In a year with many
matches a walk soon meets them; in one with few these are found and sorted.
"""

from collections.abc import Iterator

from papers.models.search import LAST_DATE, NO_DATE
from papers.search.engines.base import Engine, Match, Order, Row
from papers.search.resolving import known_years
from papers.search.tags import SAMPLES
from papers.search.tree import YEAR, And, Between, Node, Or, Tag, any_of

DATES = ("published", "oldest")  # columns in whose order the years lie
FIRST_STEPS = 2_000  # of a walk before anything else is asked: most lists end here
MANY = 2_000  # matches in a year


def places_by_date(
    engine: Engine, match: Match, order: Order, *, sample: Match, after: Row | None, offset: int, size: int
) -> list[Row]:
    """(day, paper) of a page. `sample` is one of SAMPLES parts of the matches, which tells where to begin."""
    if not offset:
        near = engine.sorted_by_walk(match, order, after=after, offset=0, limit=size, steps=FIRST_STEPS)
        if len(near) == size:
            return near
    found: list[Row] = []
    sampled = engine.years(sample)
    for years in _spans(_years(match.node, order, after), sampled):
        part = match.also(any_of(*(Tag(YEAR, str(year)) for year in years)))
        surely_many = sampled.get(years[0], 0) * SAMPLES > 2 * MANY
        count = 0 if surely_many else engine.count(part, MANY + 1)
        if surely_many or count > MANY:
            rest = _from_year_on(match, order, years[0])
            return found + engine.sorted_by_walk(rest, order, after=after, offset=offset, limit=size - len(found))
        if count:
            found += engine.sorted_by_all(part, order, after=after, offset=offset, limit=size - len(found))
            offset = max(0, offset - count)
        if len(found) == size:
            return found
    undated = Match(match.node, (*match.ranges, _undated(order)), match.steps)
    return found + engine.sorted_by_walk(undated, order, after=after, offset=offset, limit=size - len(found))


def _years(node: Node, order: Order, after: Row | None) -> list[int]:
    """In which there may be matches, in their order."""
    first, last = known_years()
    if after is not None:
        year = int(str(after[0])[:4])
        first, last = (first, min(last, year)) if order.descending else (max(first, year), last)
    years = set(range(first, last + 1))
    for part in node.parts if isinstance(node, And) else (node,):
        told = part.parts if isinstance(part, Or) else (part,)
        if all(isinstance(tag, Tag) and tag.kind == YEAR for tag in told):
            years &= {int(tag.value) for tag in told if isinstance(tag, Tag)}
    return sorted(years, reverse=order.descending)


def _spans(years: list[int], sampled: dict[int, int]) -> Iterator[list[int]]:
    """One by one; before the first that the sample knows, all at once, for there will be few matches."""
    begin = next((place for place, year in enumerate(years) if year in sampled), 0)
    if begin:
        yield years[:begin]
    for year in years[begin:]:
        yield [year]


def _from_year_on(match: Match, order: Order, year: int) -> Match:
    bounds = (
        Between(order.column, NO_DATE, f"{year:04}-12-31") if order.descending else Between(order.column, f"{year:04}-01-01")
    )
    return Match(match.node, (*match.ranges, bounds), match.steps)


def _undated(order: Order) -> Between:
    day = NO_DATE if order.descending else LAST_DATE
    return Between(order.column, day, day)
