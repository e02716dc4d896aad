"""The nearest earlier papers by text. Pure.

Dates are intervals of days: a paper is earlier than another if its interval ends before the other's begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from papers.metrics.scoring.percentiles import Floats, Ints
from papers.metrics.scoring.rules import LEAST_EARLIER, NEAREST

ROWS = 256  # papers that are compared together
COLUMNS = 40_000  # earlier papers that they are compared with at a time


@dataclass(frozen=True)
class Texts:
    """Vectors of unit length, the days on which each paper's date begins and ends, and a number for each work: versions
    of one work have the same."""

    vectors: sparse.csr_matrix
    begins: Ints
    ends: Ints
    works: Ints

    @cached_property
    def by_end(self) -> Ints:
        return np.argsort(self.ends, kind="stable")

    @cached_property
    def ordered(self) -> sparse.csr_matrix:
        return self.vectors[self.by_end]

    def earlier(self, rows: Ints) -> Ints:
        """How many papers are earlier than each of these."""
        return np.searchsorted(self.ends[self.by_end], self.begins[rows], "left")


@dataclass(frozen=True)
class Nearest:
    """For each row its NEAREST earlier papers, the nearest first, with their cosine similarity (-1 where there are fewer),
    and how many earlier papers there were, versions of itself left out."""

    rows: Ints
    papers: Ints
    similarities: Floats
    earlier: Ints


def nearest_earlier(texts: Texts, rows: Ints) -> Iterator[Nearest]:
    """In steps of ROWS papers, the papers in the order in which they began, whatever the order of `rows`."""
    in_order = rows[np.argsort(texts.begins[rows], kind="stable")]
    for start in range(0, len(in_order), ROWS):
        yield _nearest(texts, in_order[start : start + ROWS])


def _nearest(texts: Texts, rows: Ints) -> Nearest:
    earlier = texts.earlier(rows)
    best = np.full((len(rows), NEAREST), -1.0)
    who = np.full((len(rows), NEAREST), -1, dtype=np.int64)
    own = np.zeros(len(rows), dtype=np.int64)
    vectors = texts.vectors[rows]
    for first in range(0, int(earlier.max(initial=0)), COLUMNS):
        last = min(first + COLUMNS, int(earlier.max()))
        columns = texts.by_end[first:last]
        found = (vectors @ texts.ordered[first:last].T).toarray().astype(np.float64)
        same = texts.works[rows][:, None] == texts.works[columns][None, :]
        is_earlier = np.arange(first, last)[None, :] < earlier[:, None]
        own += (same & is_earlier).sum(axis=1)
        found[same | ~is_earlier] = -1.0
        best, who = _best_of(best, who, found, columns)
    return Nearest(rows, who, best, earlier - own)


def _best_of(best: Floats, who: Ints, found: Floats, columns: Ints) -> tuple[Floats, Ints]:
    """The NEAREST of what was found before and now; equally near ones in the order of their rows."""
    some = min(NEAREST, found.shape[1])
    places = np.argpartition(-found, some - 1, axis=1)[:, :some]
    merged = np.hstack([best, np.take_along_axis(found, places, axis=1)])
    papers = np.hstack([who, columns[places]])
    papers[merged < 0] = -1
    order = np.lexsort((papers, -merged), axis=1)[:, :NEAREST]
    return np.take_along_axis(merged, order, axis=1), np.take_along_axis(papers, order, axis=1)


def distances(nearest: Nearest) -> Floats:
    """The mean of 1 − similarity over the ten; NaN with fewer than LEAST_EARLIER earlier papers."""
    means = 1.0 - nearest.similarities.clip(0.0, 1.0).mean(axis=1)
    return np.where(nearest.earlier >= LEAST_EARLIER, means, np.nan)
