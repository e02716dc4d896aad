"""A run over all scores: distances brought up to date, everything computed, then written.

Figures of an older run stay until this one has computed everything; they are then written in parts of a second each. A run
that was cut off is begun again and finds its distances done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from authors.curation.bulk import upsert
from papers.metrics import score_aggregates
from papers.metrics.distances import encoder_in_use, fit_encoder, update_distances
from papers.metrics.score_aggregates import Aggregate, Scored
from papers.metrics.scores import AI_SCORE, AT_ONCE, COLUMNS, DIGITS, NOVELTY, UNIQUE, Computed, compute, paper_rows
from papers.metrics.scoring.encoder import TooFewTexts
from papers.metrics.scoring.rules import LEAST_PAPERS
from papers.metrics.texts import in_parts
from papers.models import AuthorFigure, InstitutionFigure, PaperFigure, ScoreMark, ScoreRun, TextEncoder
from papers.search.indexing import index_scores

Say = Callable[[str, int, int], None]  # what is being done, how much of it is done, of how much
FEW_SCORED = f"Fewer than {LEAST_PAPERS} of the papers are scored."


def quiet(what: str, done: int, total: int) -> None:
    """For whoever needs no progress."""


def run_scores(*, refit: bool = False, say: Say = quiet, today: date | None = None) -> ScoreRun:
    """Score everything as of today. `refit` learns the words of the texts anew, which is a new version of the method."""
    encoder = _encoder(refit=refit)
    if encoder is not None:
        for progress in update_distances(encoder):
            say("texts compared", progress.done, progress.total)
    as_of = today or timezone.localdate()
    computed = compute(encoder, today=as_of)
    run = _begin(computed)
    scored = with_frozen(computed)
    run.category_means = {
        computed.inputs.codes[place]: round(mean, DIGITS) for place, mean in scored.means.items() if place >= 0
    }
    _write(PaperFigure, paper_rows(computed, as_of=as_of), 2 * len(computed.inputs.papers), say, run)
    _drop_those_of_others(computed)
    index_scores()
    run.people = _write_aggregates(AuthorFigure, score_aggregates.of_people(scored), computed, as_of, say)
    run.institutions = _write_aggregates(InstitutionFigure, score_aggregates.of_institutions(scored), computed, as_of, say)
    run.finished_at = timezone.now()
    run.save()
    return run


def _encoder(*, refit: bool) -> TextEncoder | None:
    """None while there is nothing to learn from."""
    try:
        return (None if refit else encoder_in_use()) or fit_encoder()
    except TooFewTexts:
        return None


def _begin(computed: Computed) -> ScoreRun:
    (novelty, novelty_version), (ai, ai_version) = computed.versions[NOVELTY], computed.versions[AI_SCORE]
    return ScoreRun.objects.create(
        encoder=computed.encoder, novelty_version=f"{novelty} {novelty_version}".strip(), ai_score_version=f"{ai} {ai_version}",
        weights=computed.weights, papers=len(computed.inputs.papers),
    )  # fmt: skip


def with_frozen(computed: Computed) -> Scored:
    """The papers' scores as people and institutions count them: frozen ones as they stand."""
    inputs = computed.inputs
    values = {NOVELTY: computed.novelty.percentiles.copy(), AI_SCORE: computed.ai_score.copy()}
    frozen = [paper for paper, (kind, _) in inputs.marks.items() if kind == ScoreMark.Kind.FROZEN]
    rows = {int(inputs.papers[row]): row for row in np.flatnonzero(np.isin(inputs.papers, np.array(frozen, dtype=np.int64)))}
    kept = PaperFigure.objects.filter(subject__in=list(rows), origin=PaperFigure.Origin.COMPUTED, name__in=list(values))
    for subject, name, value in kept.values_list("subject", "name", "value"):
        values[name][rows[subject]] = np.nan if value is None else value
    return Scored(inputs.papers, inputs.categories, values[NOVELTY], values[AI_SCORE])


# --- writing -----------------------------------------------------------------------------------------------------------------


def _write(model: Any, rows: Iterable[tuple[Any, ...]], total: int, say: Say, run: ScoreRun) -> None:
    scored: Counter[str] = Counter()
    unscored: dict[str, Counter[str]] = {NOVELTY: Counter(), AI_SCORE: Counter()}
    done = 0
    for part in in_parts(rows, AT_ONCE):
        with transaction.atomic():
            upsert(model, COLUMNS, part, unique=UNIQUE)
        for _, name, _, _, value, reason, *_ in part:
            if value is None:
                unscored[name][reason if not reason.startswith("Left out") else "Left out by an editor."] += 1
            else:
                scored[name] += 1
        done += len(part)
        say("figures of papers written", done, total)
    run.scored, run.unscored = dict(scored), {name: dict(counts) for name, counts in unscored.items()}


def _drop_those_of_others(computed: Computed) -> None:
    """Papers that do not count any more, retracted or taken back, have no scores of ours."""
    ours = PaperFigure.objects.filter(origin=PaperFigure.Origin.COMPUTED, name__in=[NOVELTY, AI_SCORE])
    ours.exclude(Q(subject__state="published") & Q(subject__is_retracted=False)).delete()


def _write_aggregates(model: Any, found: Iterable[Aggregate], computed: Computed, as_of: date, say: Say) -> int:
    """Whoever is not among them any more loses the figures of the run before."""
    kept: set[int] = set()
    done = 0
    for part in in_parts(found, AT_ONCE // 2):
        rows = [row for aggregate in part for row in _aggregate_rows(aggregate, computed, as_of)]
        with transaction.atomic():
            upsert(model, COLUMNS, rows, unique=UNIQUE)
        kept.update(aggregate.subject for aggregate in part)
        done += len(part)
        say(f"{model._meta.verbose_name_plural} of {model.subject.field.related_model._meta.verbose_name_plural}", done, done)
    stored = model.objects.filter(origin=model.Origin.COMPUTED, name__in=[NOVELTY, AI_SCORE])
    gone = sorted(set(stored.values_list("subject", flat=True).distinct()) - kept)
    for some in in_parts(gone, 5_000):
        stored.filter(subject__among=some).delete()
    return len(kept)


def _aggregate_rows(aggregate: Aggregate, computed: Computed, as_of: date) -> Iterator[tuple[Any, ...]]:
    told = (
        (NOVELTY, aggregate.novelty, aggregate.novelty_n), (AI_SCORE, aggregate.ai_score, aggregate.ai_score_n),
    )  # fmt: skip
    for name, value, n in told:
        method, version = computed.versions[name]
        reason = FEW_SCORED if value is None else ""
        known = None if value is None else round(value, DIGITS)
        yield (
            aggregate.subject, name, "computed", "", known, reason, method, version, {"papers": aggregate.papers}, n, as_of,
        )  # fmt: skip
