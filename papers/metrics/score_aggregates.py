"""Scores of people and institutions from those of their papers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import models

from papers.metrics.scoring.ai_score import drawn_to_mean
from papers.metrics.scoring.percentiles import Floats, Ints
from papers.metrics.scoring.rules import LEAST_PAPERS
from papers.models import Authorship, PaperInstitution


@dataclass(frozen=True)
class Aggregate:
    """Of one person or institution: the median Novelty and the drawn AI Score, with how many of its `papers` each is over."""

    subject: int
    papers: int
    novelty: float | None
    novelty_n: int
    ai_score: float | None
    ai_score_n: int


@dataclass(frozen=True)
class Scored:
    """Papers in the order of their keys, with their scores (NaN for none) and categories by number (-1 for none)."""

    papers: Ints
    categories: Ints
    novelty: Floats
    ai_score: Floats

    @cached_property
    def means(self) -> dict[int, float]:
        """The mean AI Score by category."""
        known = ~np.isnan(self.ai_score)
        return {
            int(category): float(self.ai_score[known & (self.categories == category)].mean())
            for category in np.unique(self.categories[known]).tolist()
        }

    @cached_property
    def mean(self) -> float:
        """Over everything; 50 where nothing is scored."""
        known = ~np.isnan(self.ai_score)
        return float(self.ai_score[known].mean()) if known.any() else 50.0


def of_people(scored: Scored) -> Iterator[Aggregate]:
    """Everybody with at least LEAST_PAPERS papers that count, over those that their profile shows."""
    shown = Authorship.objects.filter(
        author__isnull=False, hidden_on_profile=False, paper__state="published", paper__is_retracted=False,
        author__metrics__papers_count__gte=LEAST_PAPERS,
    )  # fmt: skip
    return _aggregates(scored, shown.order_by("author", "paper_id").values_list("author", "paper"))


def of_institutions(scored: Scored) -> Iterator[Aggregate]:
    stated = PaperInstitution.objects.filter(
        paper__state="published", paper__is_retracted=False, institution__metrics__papers_count__gte=LEAST_PAPERS
    )
    return _aggregates(scored, stated.order_by("institution", "paper_id").values_list("institution", "paper"))


def _aggregates(scored: Scored, rows: "models.QuerySet[Any, Any]") -> Iterator[Aggregate]:
    pairs = np.array(list(rows.iterator(20_000)), dtype=np.int64).reshape(-1, 2)
    pairs = np.unique(pairs, axis=0)
    places = np.searchsorted(scored.papers, pairs[:, 1])
    places = places.clip(max=max(len(scored.papers) - 1, 0))
    there = scored.papers[places] == pairs[:, 1] if len(scored.papers) else np.zeros(len(pairs), dtype=bool)
    subjects, places = pairs[there, 0], places[there]
    starts = np.flatnonzero(np.diff(subjects, prepend=-1))
    for first, last in pairwise([*starts.tolist(), len(subjects)]):
        yield _aggregate(scored, int(subjects[first]), places[first:last])


def _aggregate(scored: Scored, subject: int, rows: Ints) -> Aggregate:
    novelty, ai = scored.novelty[rows], scored.ai_score[rows]
    novelty, ai = novelty[~np.isnan(novelty)], ai[~np.isnan(ai)]
    median = float(np.median(novelty)) if len(novelty) >= LEAST_PAPERS else None
    drawn = drawn_to_mean(float(ai.sum()), len(ai), scored.means.get(_most_common(scored.categories[rows]), scored.mean))
    return Aggregate(subject, len(rows), median, len(novelty), drawn, len(ai))


def _most_common(categories: Ints) -> int:
    """Of categories with equally many papers the first by code."""
    known = categories[categories >= 0]
    if not len(known):
        return -1
    found, counts = np.unique(known, return_counts=True)
    return int(found[counts.argmax()])
