"""What the methods page says of the scores: the rules that compute them, the encoder in use, and the last computation."""

from typing import Any

from django.conf import settings

from papers.metrics.scoring import rules
from papers.models import Category, ScoreRun, TextEncoder
from papers.models.metrics import Figure
from papers.profiles.figures import LABELS, SCORES
from papers.profiles.scores import PART_LABELS

MEANS = 12  # categories whose mean is shown


def score_methods() -> dict[str, Any]:
    """Three queries. `run` is None until the first computation is done."""
    encoder = TextEncoder.objects.defer("content").first()
    run = ScoreRun.objects.exclude(finished_at=None).first()
    return {
        "rules": {name: value for name, value in vars(rules).items() if name.isupper()},
        "parts": _parts(),
        "ai_version": rules.version_of(settings.AI_SCORE_WEIGHTS),
        "encoder": encoder,
        "run": run,
        "coverage_of_scores": [_coverage(run, name) for name in SCORES] if run else [],
        "category_means": _means(run) if run else [],
    }


def _parts() -> list[tuple[str, float]]:
    """Each part of the AI Score with its weight in per cent."""
    total = sum(settings.AI_SCORE_WEIGHTS.values()) or 1.0
    return [(PART_LABELS[name], 100 * settings.AI_SCORE_WEIGHTS[name] / total) for name in rules.PARTS]


def _coverage(run: ScoreRun, name: str) -> dict[str, Any]:
    reasons = sorted(run.unscored.get(name, {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return {"label": LABELS[Figure.Name(name)], "scored": run.scored.get(name, 0), "of": run.papers, "reasons": reasons}


def _means(run: ScoreRun) -> list[tuple[Category, float]]:
    """Of the categories with the most papers."""
    listed = Category.objects.filter(pk__in=list(run.category_means), metrics__papers_count__gt=0)
    largest = listed.order_by("-metrics__papers_count", "code")[:MEANS]
    return [(category, run.category_means[category.pk]) for category in largest]
