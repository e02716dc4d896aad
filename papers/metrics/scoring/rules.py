"""What the scores go by: numbers, names and versions. Pure and without numpy, so that pages can say them."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

# The encoder: what scikit-learn's TfidfVectorizer is told.
ENCODER = "tfidf-1"
ENCODER_SETTINGS: dict[str, Any] = {
    "ngram_range": [1, 2], "sublinear_tf": True, "min_df": 2, "max_features": 200_000, "strip_accents": "unicode",
}  # fmt: skip

# Novelty: the nearest earlier papers, and whom a percentile compares with.
NEAREST = 10
LEAST_EARLIER = 50  # earlier papers below which a distance says nothing
LEAST = 30  # papers that a cohort must have
SAME_YEAR, YEARS_AROUND, PARENT, CATALOGUE = "category and year", "category, three years", "field, three years", "three years"
COHORTS = (SAME_YEAR, YEARS_AROUND, PARENT, CATALOGUE)  # in the order in which they are tried

# The AI Score.
WEIGHTED_MEAN = "weighted-mean-1"
PARTS = ("citations", "novelty", "recent", "openness")
LEAST_PARTS = 2
OFFICIAL_CODE, OTHER_CODE, NO_CODE = 100.0, 60.0, 0.0
TOO_YOUNG = 365  # days since the end of its date, before which a paper's citations are no part of its score

# People and institutions.
DRAWN = 5  # papers of average score that everybody starts with
LEAST_PAPERS = 3  # scored papers below which a person or institution has no score


def openness(*, has_code: bool, official: bool) -> float:
    return OFFICIAL_CODE if official else OTHER_CODE if has_code else NO_CODE


def version_of(weights: Mapping[str, float]) -> str:
    """Of the AI Score: other weights are another version."""
    told = json.dumps({name: float(weights[name]) for name in PARTS}, sort_keys=True)
    return blake2b(told.encode(), digest_size=4).hexdigest()
