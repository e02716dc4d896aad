"""What an editor decides about pairs in the queue, and which pair comes next."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from authors.curation.recording import Action, Recording, chunks, recorded
from papers.duplicates.blocks import Pair
from papers.models import LikelyDuplicate, PairDecision

Decision = LikelyDuplicate.Decision
MOST_COUNTED = 1_000  # pairs; of more it is said that there are more
DONE = {Decision.APART: "Kept apart: {}", Decision.LATER: "Put off: {}", Decision.OPEN: "Back in the queue: {}"}


def decide(pairs: Collection[LikelyDuplicate], decision: str, *, user: Any) -> Recording:
    """One change set for all of them. A pair that is open again was decided by nobody."""
    named = str(next(iter(pairs))) if len(pairs) == 1 else f"{len(pairs):,} pairs"
    with recorded(Action.EDIT, summary=DONE[Decision(decision)].format(named)) as recording:
        for keys in chunks(sorted(pair.pk for pair in pairs)):
            rows = LikelyDuplicate.objects.select_for_update().filter(pk__in=keys).order_by("pk")
            _decide(recording, [pair for pair in rows if pair.decision != decision], decision, user)
    return recording


def _decide(recording: Recording, pairs: list[LikelyDuplicate], decision: str, user: Any) -> None:
    told = {"decision": decision, "decided_by": user.get_username() if user and decision else ""}
    at, ends = timezone.now(), {end for pair in pairs for end in _ends(pair)}
    among = PairDecision.objects.filter(record_id__among=sorted({mine for _, mine, _ in ends}))
    there = {end: row.pk for row in among if (end := (row.kind, row.record_id, row.other_id)) in ends}
    standing = PairDecision.objects.filter(pk__among=list(there.values()))
    recording.watch_rows(standing)
    if decision:
        standing.update(**told, given_at=at)
        new = (PairDecision(kind=kind, record_id=mine, other_id=other, **told, given_at=at)
               for kind, mine, other in sorted(ends - there.keys()))  # fmt: skip
        made = [row.pk for row in PairDecision.objects.bulk_create(new)]
        recording.watch_new_rows(PairDecision.objects.filter(pk__among=made))
    else:
        standing.delete()
    keys = [pair.pk for pair in pairs]
    LikelyDuplicate.objects.filter(pk__in=keys).update(**told, decided_at=at if decision else None)


def _ends(pair: LikelyDuplicate) -> Iterable[tuple[str, int, int]]:
    """(kind, record, other record), for either of the two."""
    return (pair.kind, pair.first_id, pair.second_id), (pair.kind, pair.second_id, pair.first_id)


def decided(kind: str, pairs: Iterable[Pair]) -> dict[Pair, PairDecision]:
    """What was decided about those of these pairs that somebody decided about."""
    wanted = {*pairs}
    rows = PairDecision.objects.filter(kind=kind, record_id__among=sorted({first for first, _ in wanted}))
    return {pair: row for row in rows if (pair := (row.record_id, row.other_id)) in wanted}


# --- the next one --------------------------------------------------------------------------------------------------------


def waiting(kind: str) -> "QuerySet[LikelyDuplicate]":
    found: QuerySet[LikelyDuplicate] = LikelyDuplicate.objects.filter(kind=kind, decision=Decision.OPEN).standing()
    return found


def next_after(pair: LikelyDuplicate) -> LikelyDuplicate | None:
    """The open pair that follows in the queue of this kind, else the first of it."""
    others = waiting(pair.kind).exclude(pk=pair.pk)
    return others.filter(Q(score__lt=pair.score) | Q(score=pair.score, pk__gt=pair.pk)).first() or others.first()


def next_after_merge(pair: LikelyDuplicate, survivor: int) -> LikelyDuplicate | None:
    """What else may be the same as the one that is left comes first: three records of one person go one after the other."""
    own = waiting(pair.kind).filter(Q(first_id=survivor) | Q(second_id=survivor))
    return own.first() or next_after(pair)


def count_waiting(kind: str, *, beside: LikelyDuplicate) -> int:
    """How many open pairs there are beside this one, up to one more than MOST_COUNTED."""
    return waiting(kind).exclude(pk=beside.pk).order_by()[: MOST_COUNTED + 1].count()
