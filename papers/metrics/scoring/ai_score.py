"""The AI Score's formula. Pure.

A weighted mean of the parts that are known, at least two of the four; people and institutions are drawn towards the mean
of their category (an empirical-Bayes shrinkage with the weight of five papers).
"""

from collections.abc import Mapping

import numpy as np

from papers.metrics.scoring.percentiles import Floats
from papers.metrics.scoring.rules import DRAWN, LEAST_PAPERS, LEAST_PARTS, PARTS


def ai_scores(parts: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """From 0 to 100 each, NaN where fewer than LEAST_PARTS parts are known. Unknown parts are NaN."""
    values = np.vstack([parts[name] for name in PARTS])
    share = np.array([[weights[name]] for name in PARTS]) * ~np.isnan(values)
    known = (~np.isnan(values)).sum(axis=0)
    total = share.sum(axis=0)
    enough = (known >= LEAST_PARTS) & (total > 0)
    means = np.full(values.shape[1], np.nan)
    means[enough] = (np.nan_to_num(values) * share).sum(axis=0)[enough] / total[enough]
    return means


def drawn_to_mean(total: float, n: int, mean: float) -> float | None:
    """The score of somebody whose `n` scored papers sum to `total`; None below LEAST_PAPERS."""
    return (total + DRAWN * mean) / (n + DRAWN) if n >= LEAST_PAPERS else None
