"""Novelty and the AI Score of all papers, in memory: from distances and counts to values with their parts and reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.conf import settings
from django.utils import timezone

from papers.metrics.score_inputs import Inputs, read_inputs
from papers.metrics.scoring.ai_score import ai_scores
from papers.metrics.scoring.percentiles import Floats, Ranked, rank_in_cohorts
from papers.metrics.scoring.rules import COHORTS, ENCODER, LEAST, LEAST_PARTS, WEIGHTED_MEAN, version_of
from papers.models import PaperFigure, ScoreMark, TextEncoder

NOVELTY, AI_SCORE = PaperFigure.Name.NOVELTY.value, PaperFigure.Name.AI_SCORE.value
COLUMNS = ["subject", "name", "origin", "source", "value", "reason", "method", "version", "parts", "n", "as_of"]
UNIQUE = ["subject", "name", "origin", "source"]
FEW_COMPARED = f"There are fewer than {LEAST} papers of its years to compare it with."
FEW_PARTS = f"Fewer than {LEAST_PARTS} of its parts are known."
DIGITS = 2
AT_ONCE = 1_000


@dataclass(frozen=True)
class Computed:
    """All papers' scores, and what they were made of."""

    inputs: Inputs
    novelty: Ranked
    citations: Ranked
    recent: Ranked
    ai_score: Floats
    weights: dict[str, float]
    encoder: TextEncoder | None

    @property
    def versions(self) -> dict[str, tuple[str, str]]:
        """By score the method and its version."""
        return {
            NOVELTY: (ENCODER, self.encoder.version if self.encoder else ""),
            AI_SCORE: (WEIGHTED_MEAN, version_of(self.weights)),
        }

    def parts(self) -> dict[str, Floats]:
        return {
            "citations": self.citations.percentiles, "novelty": self.novelty.percentiles,
            "recent": self.recent.percentiles, "openness": self.inputs.openness,
        }  # fmt: skip


def compute(encoder: TextEncoder | None, *, today: date | None = None) -> Computed:
    """Everything in memory; nothing is written."""
    inputs = read_inputs(encoder, today=today or timezone.localdate())
    stays = ~inputs.excluded
    novelty, citations, recent = (
        rank_in_cohorts(np.where(stays, values, np.nan), inputs.categories, inputs.years, inputs.parents)
        for values in (inputs.distance, inputs.citations, inputs.recent)
    )
    weights = dict(settings.AI_SCORE_WEIGHTS)
    parts = {
        "citations": citations.percentiles, "novelty": novelty.percentiles, "recent": recent.percentiles,
        "openness": inputs.openness,
    }  # fmt: skip
    scores = np.where(stays, ai_scores(parts, weights), np.nan)
    return Computed(inputs, novelty, citations, recent, scores, weights, encoder)


# --- papers -----------------------------------------------------------------------------------------------------------------


def paper_rows(computed: Computed, *, as_of: date) -> Iterator[tuple[Any, ...]]:
    """Two rows of PaperFigure for each paper that no editor froze: a value, or the reason why there is none."""
    frozen = {paper for paper, (kind, _) in computed.inputs.marks.items() if kind == ScoreMark.Kind.FROZEN}
    for row, paper in enumerate(computed.inputs.papers.tolist()):
        if paper not in frozen:
            yield _row(computed, paper, NOVELTY, computed.novelty.percentiles[row], _novelty_parts(computed, row), as_of)
            yield _row(computed, paper, AI_SCORE, computed.ai_score[row], _ai_parts(computed, row), as_of)


def _row(computed: Computed, paper: int, name: str, value: float, parts: dict[str, Any], as_of: date) -> tuple[Any, ...]:
    method, version = computed.versions[name]
    known = not np.isnan(value)
    reason = "" if known else _reason(computed, paper, name)
    n = parts.get("cohort_size") if name == NOVELTY else len(parts["parts"])
    told = round(float(value), DIGITS) if known else None
    return paper, name, "computed", "", told, reason, method, version, parts, n, as_of


def _reason(computed: Computed, paper: int, name: str) -> str:
    kind, said = computed.inputs.marks.get(paper, ("", ""))
    if kind == ScoreMark.Kind.EXCLUDED:
        return f"Left out by an editor: {said}"[:200]
    if name == AI_SCORE:
        return FEW_PARTS
    return computed.inputs.unscored.get(paper, FEW_COMPARED)


def _novelty_parts(computed: Computed, row: int) -> dict[str, Any]:
    distance = computed.inputs.distance[row]
    if np.isnan(distance):
        return {}
    compared = {"distance": round(float(distance), 4), "earlier": int(computed.inputs.earlier[row])}
    return compared | _cohort(computed, computed.novelty, row)


def _cohort(computed: Computed, ranked: Ranked, row: int) -> dict[str, Any]:
    place, category = int(ranked.cohorts[row]), int(computed.inputs.categories[row])
    if place < 0:
        return {}
    return {
        "cohort": COHORTS[place], "cohort_size": int(ranked.sizes[row]), "year": int(computed.inputs.years[row]),
        "category": computed.inputs.codes[category] if category >= 0 else None,
    }  # fmt: skip


def _ai_parts(computed: Computed, row: int) -> dict[str, Any]:
    values = {name: values[row] for name, values in computed.parts().items()}
    known = {name: round(float(value), DIGITS) for name, value in values.items() if not np.isnan(value)}
    total = sum(computed.weights[name] for name in known) or 1.0
    parts = {name: {"value": value, "weight": round(computed.weights[name] / total, 4)} for name, value in known.items()}
    return {"parts": parts, **_cohort(computed, computed.citations, row)}
