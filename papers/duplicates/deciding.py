"""What an editor decides about pairs in the queue, and which pair comes next."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from papers.models import LikelyDuplicate

OPEN = LikelyDuplicate.Decision.OPEN


def decide(pairs: "QuerySet[LikelyDuplicate]", decision: str, *, user: Any) -> int:
    """Who decided and when is remembered; a pair that is open again was decided by nobody."""
    is_open = decision == OPEN
    return pairs.update(decision=decision, decided_by=None if is_open else user, decided_at=None if is_open else timezone.now())


def next_after(pair: LikelyDuplicate) -> LikelyDuplicate | None:
    """The open pair that follows in the queue of this kind, else the first of it."""
    waiting = LikelyDuplicate.objects.filter(kind=pair.kind, decision=OPEN).exclude(pk=pair.pk).standing()
    below = waiting.filter(Q(score__lt=pair.score) | Q(score=pair.score, pk__gt=pair.pk))
    found: LikelyDuplicate | None = below.first() or waiting.first()
    return found
