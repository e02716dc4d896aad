"""Percentiles among papers of the same category and year. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from papers.metrics.scoring.rules import LEAST

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ranked:
    """Percentiles from 0 to 100, NaN where a value is unknown or nothing is there to compare with; the place in COHORTS of
    the cohort that was used (-1 for none) and how many papers it has."""

    percentiles: Floats
    cohorts: Ints
    sizes: Ints


def mid_ranks(values: Floats, among: Floats) -> Floats:
    """The percentage of `among` that is smaller, equal ones counted half (the mid-rank or "mean" percentile).

    >>> mid_ranks(np.array([1.0, 2.0]), np.array([1.0, 2.0])).tolist()
    [25.0, 75.0]
    """
    ranked = np.sort(among)
    below, up_to = np.searchsorted(ranked, values, "left"), np.searchsorted(ranked, values, "right")
    return 50.0 * (below + up_to) / len(ranked)


def rank_in_cohorts(values: Floats, categories: Ints, years: Ints, parents: Mapping[int, int]) -> Ranked:
    """The percentile of each value in the narrowest cohort that has LEAST known values.

    Categories and years are numbers, -1 where unknown; `parents` gives a category's field. A paper without a year is
    compared with nothing; one without a category with all papers of the years around.
    """
    ranked = Ranked(np.full(len(values), np.nan), np.full(len(values), -1), np.zeros(len(values), np.int64))
    fields = np.array([parents.get(int(code), int(code)) for code in categories], dtype=np.int64)
    everything = np.zeros_like(categories)
    steps = ((categories, 0), (categories, 1), (fields, 1), (everything, 1))
    waiting = ~np.isnan(values) & (years >= 0)
    known = waiting.copy()
    for place, (groups, around) in enumerate(steps):
        for group, year in {*zip(groups[waiting].tolist(), years[waiting].tolist(), strict=True)}:
            if group < 0:
                continue
            cohort = known & (groups == group) & (np.abs(years - year) <= around)
            own = waiting & (groups == group) & (years == year)
            _rank(ranked, values, own, cohort, place)
        waiting &= ranked.cohorts < 0
    return ranked


def _rank(ranked: Ranked, values: Floats, own: NDArray[np.bool_], cohort: NDArray[np.bool_], place: int) -> None:
    size = int(cohort.sum())
    if size >= LEAST:
        ranked.percentiles[own] = mid_ranks(values[own], values[cohort])
        ranked.cohorts[own], ranked.sizes[own] = place, size
