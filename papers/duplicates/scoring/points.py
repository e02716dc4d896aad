"""What a pair of records has in common, and what speaks against it: points for and against, their sum the score. Pure.

The weights were tuned on conference papers whose people are known (docs/curation.md has the figures).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from authors.identifiers import label_of

MOST, LEAST_KEPT = 100, 30  # the highest score, and the lowest that is worth an editor's look
LIKELY = 60  # the score from which on an editor who adds a record is told
NAMED = 3  # how many shared co-authors and the like a sentence names


class Point(NamedTuple):
    what: str
    weight: int


def score(points: Iterable[Point]) -> int:
    return max(0, min(MOST, sum(point.weight for point in points)))


def listed(things: Collection[str]) -> str:
    """ "a, b, c and 4 more"; in alphabetical order."""
    shown = sorted(things)[:NAMED]
    more = len(things) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


Identifiers = Mapping[str, Collection[str]]  # values by scheme


@dataclass(frozen=True)
class Weights:
    """Of a scheme: what one value on both records says for, and different values say against."""

    same: int
    different: int


def shared_identifiers(first: Identifiers, second: Identifiers, weights: Mapping[str, Weights]) -> list[Point]:
    """Schemes that are not in `weights` say nothing."""
    points = []
    for scheme in sorted(first.keys() & second.keys() & weights.keys()):
        label, weight = label_of(scheme), weights[scheme]
        if common := {*first[scheme]} & {*second[scheme]}:
            points.append(Point(f"the same {label}, disputed: {listed(common)}", weight.same))
        elif weight.different:
            points.append(Point(f"two different identifiers: {label}", -weight.different))
    return points
