"""The order of search results: how well the text fits, times the logarithm of what was known of the paper beforehand.

    score = text × ln(2 + prior),  prior = (1 + citations) × 2^((year − 2000) / 10)

Pure, and the same on both databases. The prior knows the publication date but never today's, so results do not change
overnight; ten years weigh as much as twice the citations.
"""

from dataclasses import dataclass
from datetime import date
from math import log

from papers.search.tree import And, Node, Or, Phrase, Word

EPOCH, DOUBLING = 2000, 10.0  # years
EARLIEST, LATEST = 1950.0, 2050.0
STEPS = 50  # of a rank per unit of ln(2 + prior)
HIGHEST = 1023
ID_BITS = 40
TIER = 25  # ranks in a tier: half a unit of the logarithm

TITLE, ABSTRACT, NAMES, VENUE = 6.0, 1.0, 6.0, 1.0  # what one occurrence weighs
PHRASE = 3.0  # times as much for a phrase
HALF, FULL = 3.0, 1.3  # occurrences of weight x have the strength FULL × x / (x + HALF), at most 1
TITLE_SHARE = 0.8  # of the text score depends on how many of the words asked for stand in the title
FULLY_ASKED = 4  # words from which on somebody looks for a certain paper rather than for a subject
COVERAGE_SHARE = 0.9  # and on how much of the title was asked for


def prior(citations: int | None, published: date | None) -> float:
    """Unknown citations count as none, an unknown date as 2000."""
    year = published.year + published.timetuple().tm_yday / 366 if published else EPOCH
    return (1 + (citations or 0)) * 2 ** ((min(max(year, EARLIEST), LATEST) - EPOCH) / DOUBLING)


def weight(value: float) -> float:
    """What the text score is multiplied by."""
    return log(2 + value)


def rank_of(value: float, key: int) -> int:
    """The place of a record in the order of priors: the smaller, the earlier; records of one step stand by their key."""
    return (HIGHEST - min(HIGHEST, int(weight(value) * STEPS))) << ID_BITS | key


def weight_at(rank: int) -> float:
    """The largest weight that a record of this rank or any later one can have."""
    return (HIGHEST - (rank >> ID_BITS) + 1) / STEPS


def tier_of(rank: int) -> int:
    """0 for the smallest priors."""
    return (HIGHEST - (rank >> ID_BITS)) // TIER


def before_tier(tier: int) -> int:
    """A rank behind all of the tiers above and before all of this one."""
    return (HIGHEST - (tier + 1) * TIER + 1 << ID_BITS) - 1


@dataclass(frozen=True, slots=True)
class Texts:
    """The indexed texts of one paper, as stored."""

    title: str
    abstract: str
    names: str
    venue: str


def _strength(weight_found: float) -> float:
    return min(1.0, FULL * weight_found / (weight_found + HALF))


@dataclass(frozen=True, slots=True)
class _Found:
    """Of some words asked for: the sum of their strengths, how many they are, how many of them stand in the title."""

    strength: float
    asked: int
    in_title: int


def _leaf(words: str, number: int, field: str, texts: Texts) -> _Found:
    """A word, or a phrase of so many words."""
    in_title = texts.title.count(words) if field in ("", "title") else 0
    found = TITLE * in_title
    if field in ("", "abstract"):
        found += ABSTRACT * texts.abstract.count(words)
    if field in ("", "names"):
        found += NAMES * texts.names.count(words)
    if field in ("", "venue"):
        found += VENUE * texts.venue.count(words)
    return _Found(number * _strength(found * (PHRASE if number > 1 else 1)), number, number if in_title else 0)


def _measure(node: Node, texts: Texts) -> _Found | None:
    """None where text says nothing."""
    if isinstance(node, Word):
        return _leaf(f" {node.stem} ", 1, node.field, texts)
    if isinstance(node, Phrase):
        return _leaf(f" {' '.join(node.stems)} ", len(node.stems), node.field, texts)
    parts = [found for part in node.parts if (found := _measure(part, texts))] if isinstance(node, And | Or) else []
    if not parts:
        return None
    if isinstance(node, Or):
        return max(parts, key=lambda part: (part.strength / part.asked, part.in_title))
    return _Found(sum(p.strength for p in parts), sum(p.asked for p in parts), sum(p.in_title for p in parts))


def text_score(node: Node, texts: Texts) -> float:
    """From 0 to 1: the mean strength to the fourth, less where the title lacks words that were asked for, and less where it
    has many that were not; the fewer words were asked for, the less all this counts.

    The powers and shares were chosen by looking for known papers among a million: docs/benchmarks.md."""
    found = _measure(node, texts)
    if found is None:
        return 1.0
    length = texts.title.count(" ") - 1
    coverage = min(1.0, found.in_title / length) if length > 0 else 0.0
    in_title = 1 - TITLE_SHARE + TITLE_SHARE * found.in_title / found.asked
    fit = (found.strength / found.asked) ** 4 * in_title * (1 - COVERAGE_SHARE + COVERAGE_SHARE * coverage**1.5)
    return float(fit ** min(1.0, found.asked / FULLY_ASKED))
