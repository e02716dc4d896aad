"""The queue of likely duplicates: found for the whole catalogue chunk by chunk, or for a few records.

What an editor decided stays: such pairs are neither offered again nor removed.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from papers.duplicates import institutions, papers, people
from papers.duplicates.blocks import Pair, cut
from papers.duplicates.deciding import decided
from papers.duplicates.scoring.points import LEAST_KEPT, Point, score
from papers.models import LikelyDuplicate, PairDecision
from papers.models.duplicates import MODELS

FINDERS: dict[str, Any] = {"A": people, "P": papers, "I": institutions}
AT_ONCE = 500  # records whose candidates are looked for together
COMPARED_AT_ONCE = 2_000  # pairs whose facts are held in memory together
TOLD = ["score", "evidence", "decision", "decided_by", "decided_at"]  # of a pair, what may change
Found = dict[Pair, list[Point]]


@dataclass(frozen=True)
class Progress:
    """A run that was interrupted goes on `after` the key that it had reached."""

    reached: int
    records: int
    pairs: int


def find_all(kind: str, *, after: int = 0) -> Iterator[Progress]:
    """Bring the queue of a kind up to date, in the order of the records' keys; each step is a transaction of its own."""
    while keys := _next_keys(kind, after):
        first, after = after, keys[-1]
        # A pair is found with the first of the two; whoever comes between two keys and is gone has no pairs any more.
        found = _found(kind, keys, first_only=True)
        stored = LikelyDuplicate.objects.filter(kind=kind, first_id__gt=first, first_id__lte=after)
        _store(kind, found, stored)
        yield Progress(after, len(keys), len(found))
    with transaction.atomic():
        pairs = LikelyDuplicate.objects.filter(kind=kind).undecided()
        pairs.exclude(pk__in=pairs.standing().values("pk")).delete()


def find_for(kind: str, keys: Sequence[int]) -> list[LikelyDuplicate]:
    """Bring the queue up to date for these records; gives their pairs that nobody keeps apart, the likeliest first."""
    chosen = sorted({*keys})
    for some in cut(chosen, AT_ONCE):
        _store(kind, _found(kind, some), LikelyDuplicate.objects.concerning(kind, some))
    return list(LikelyDuplicate.objects.concerning(kind, chosen).undecided().order_by("-score", "pk"))


def _next_keys(kind: str, after: int) -> list[int]:
    rows = MODELS[kind].objects.filter(pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _found(kind: str, keys: list[int], *, first_only: bool = False) -> Found:
    finder, own = FINDERS[kind], {*keys}
    pairs = sorted(pair for pair in finder.pairs(keys) if not first_only or pair[0] in own)
    found: Found = {}
    for some in cut(pairs, COMPARED_AT_ONCE):
        found |= {pair: points for pair, points in finder.evidence(some).items() if score(points) >= LEAST_KEPT}
    return found


@transaction.atomic
def _store(kind: str, found: Found, stored: Any) -> None:
    """Write what is new or has changed, and drop what is no longer likely."""
    known = {(row.first_id, row.second_id): row for row in stored}
    decisions = decided(kind, {*found, *known})
    gone = [row.pk for pair, row in known.items() if pair not in found and pair not in decisions]
    LikelyDuplicate.objects.filter(pk__among=gone).delete()
    rows = [_row(kind, pair, points, decisions.get(pair)) for pair, points in found.items()]
    rows += [_decided(row, decisions[pair]) for pair, row in known.items() if pair not in found and pair in decisions]
    LikelyDuplicate.objects.bulk_create(
        [row for row in rows if not _is_same(row, known.get((row.first_id, row.second_id)))],
        update_conflicts=True, unique_fields=["kind", "first_id", "second_id"], update_fields=TOLD, batch_size=AT_ONCE,
    )  # fmt: skip


def _row(kind: str, pair: Pair, points: list[Point], decision: PairDecision | None) -> LikelyDuplicate:
    evidence = [point._asdict() for point in points]
    row = LikelyDuplicate(
        kind=kind, first_id=pair[0], second_id=pair[1], score=score(points), evidence=evidence, found_at=timezone.now()
    )
    return _decided(row, decision) if decision else row


def _decided(row: LikelyDuplicate, decision: PairDecision) -> LikelyDuplicate:
    again = copy(row)
    again.pk, again.decision = None, decision.decision
    again.decided_by, again.decided_at = decision.decided_by, decision.given_at
    return again


def _is_same(row: LikelyDuplicate, known: LikelyDuplicate | None) -> bool:
    return known is not None and all(getattr(row, name) == getattr(known, name) for name in TOLD)
