"""The order of a search for words: of the candidates the best first, then every other match by its prior.

Scoring every match would take seconds where half of the catalogue matches. The score is text × prior, and the text counts most
in the title. So candidates are the matches with the highest priors, and besides them those among the matches that have all,
two, or one of the words in the title: together they hold practically all that the exact order begins with (docs/benchmarks.md
has the figures). Where there are few matches, all of them are candidates.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from papers.search.engines.base import Engine, Match, Row
from papers.search.scoring import text_score, weight_at
from papers.search.tree import And, Node, Or, Phrase, Word, all_of, any_of

CANDIDATES = 800  # by prior alone
IN_TITLE = 300  # further ones, with all the words in the title, or with two of three or four
ONE_IN_TITLE = 500  # further ones, with one of several words in the title
BEHIND_ALL = 1 << 62  # no rank is as large
NOT_SCORED = 1.0  # in a place: behind the candidates; a candidate has minus its score there


class Source(NamedTuple):
    """Where candidates come from: the first `limit` of `match`."""

    match: Match
    limit: int


def sources(match: Match) -> Iterator[Source]:
    """Beside the matches themselves."""
    parts = match.node.parts if isinstance(match.node, And) else (match.node,)
    titled = [found for part in parts if (found := _in_title(part))]
    if not titled:
        return
    yield Source(match.also(*titled), IN_TITLE)
    if 2 < len(titled) < 5:
        yield Source(match.also(any_of(*(all_of(*pair) for pair in combinations(titled, 2)))), IN_TITLE)
    if len(titled) > 1:
        yield Source(match.also(any_of(*titled)), ONE_IN_TITLE)


def _in_title(node: Node) -> Node | None:
    """The same words in the title; None for what is no word or has a field of its own."""
    if isinstance(node, Word):
        return None if node.field else Word(node.stem, "title")
    if isinstance(node, Phrase):
        return None if node.field else Phrase(node.stems, "title")
    if isinstance(node, Or):
        parts = [_in_title(part) for part in node.parts]
        return any_of(*(part for part in parts if part)) if all(parts) else None
    return None


def titled(match: Match) -> Match:
    """Those of the matches that have every word in the title."""
    return next((source.match for source in sources(match)), match)


class Candidates:
    """`rows` are (minus the score, rank), the best first. `ends` are the ranks where each source ended, the matches' own
    first: with them the same candidates are found again, whatever came or went meanwhile."""

    def __init__(self, engine: Engine, match: Match, *, ends: tuple[int, ...] = ()) -> None:
        self.engine, self.match = engine, match
        ranks, end = self._from(Source(match, CANDIDATES), ends[0] if ends else 0)
        self.ends: tuple[int, ...] = (end,)
        if end < BEHIND_ALL:
            for number, source in enumerate(sources(match), start=1):
                found, end = self._from(source, ends[number] if number < len(ends) else 0)
                ranks |= found
                self.ends += (end,)
        texts = engine.texts(sorted(ranks))
        self.rows = sorted((-text_score(match.node, text) * weight_at(rank), rank) for rank, text in texts)

    def _from(self, source: Source, until: int) -> tuple[set[int], int]:
        """Ranks, and where they end: after the limit, or at `until` if that is given."""
        limit = 2 * source.limit if until else source.limit
        ranks = self.engine.ranks(source.match, after=-1, offset=0, limit=limit)
        if until:
            return {rank for rank in ranks if rank <= until}, until
        return set(ranks), ranks[-1] if ranks and len(ranks) == limit else BEHIND_ALL

    def places(self, *, offset: int, size: int, after: Row | None) -> list[Row]:
        """(…ends, minus the score, rank) of candidates, (…ends, NOT_SCORED, rank) of the other matches."""
        rows = self.rows
        if after is not None:
            rows = [row for row in rows if row > tuple(after[-2:])] if after[-2] < NOT_SCORED else []
        found: list[Row] = [(*self.ends, *row) for row in rows[offset : offset + size]]
        if len(found) < size and self.ends[0] < BEHIND_ALL:
            begin = after[-1] if after is not None and after[-2] == NOT_SCORED else self.ends[0]
            others = self._others(begin, max(0, offset - len(rows)), size - len(found))
            found += [(*self.ends, NOT_SCORED, rank) for rank in others]
        return found

    def _others(self, begin: int, offset: int, size: int) -> list[int]:
        """Matches behind `begin` that are no candidates."""
        passed = sorted(rank for _, rank in self.rows if rank > begin)
        met = set(passed)
        ranks = self.engine.ranks(self.match, after=begin, offset=offset, limit=size + len(passed))
        before = bisect_left(passed, ranks[0]) if ranks else 0
        return [rank for rank in ranks if rank not in met][before : before + size]
