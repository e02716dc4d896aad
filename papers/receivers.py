"""What papers do when something happens below."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from authors.curation.changes import Change, ChangeSet
from authors.curation.created import leaving
from authors.curation.recording import Action, written
from authors.curation.undoing import restored
from papers.announced import announce, say_gone
from papers.duplicates.following import follow, forget
from papers.metrics.refreshing import Touched, touched_by
from papers.models import Citation, PaperIdentifier, PendingReference
from papers.search.indexing import remove_papers
from papers.settling import settle_changes

_left: ContextVar[Touched | None] = ContextVar("left", default=None)


@receiver(leaving)
def remember_what_papers_leave(kind: str, keys: Sequence[int], **_: Any) -> None:
    """Whose figures they enter cannot be asked once they are gone."""
    forget(kind, keys)
    if kind == "P":
        say_gone(keys)
        _left.set(touched_by(keys, facts=False))
        _wait_for(keys)
        remove_papers(keys)


def _wait_for(keys: Sequence[int]) -> None:
    """Papers that stay and cite these will cite them again once they come back."""
    citing = Citation.objects.filter(cited__among=list(keys)).values_list("citing", "cited")
    staying = [pair for pair in citing if pair[0] not in {*keys}]
    identifiers = PaperIdentifier.objects.filter(paper__among=[cited for _, cited in staying], disputed=False).order_by(
        "-scheme"
    )
    known = {paper: (scheme, value) for paper, scheme, value in identifiers.values_list("paper", "scheme", "value")}
    rows = [(paper, *known[cited]) for paper, cited in staying if cited in known]
    PendingReference.objects.bulk_create(
        (PendingReference(citing_id=paper, scheme=scheme, value=value) for paper, scheme, value in rows), ignore_conflicts=True
    )


@receiver(restored)
def settle_what_came_back(changes: Sequence[Change], taken_out: Mapping[str, Sequence[int]], **_: Any) -> None:
    left = _left.get()
    _left.set(None)
    settle_changes(changes, taken_out, left)


@receiver(written)
def tell_harvesters(changes: Sequence[Change], created: Sequence[tuple[str, int, int]], **_: Any) -> None:
    announce(changes, created)


@receiver(post_save, sender=ChangeSet)
def compare_afterwards(instance: ChangeSet, created: bool, **_: Any) -> None:
    """Nobody's change waits for the queue or fails with it; an import says itself when it is through."""
    if created and instance.action != Action.IMPORT:
        transaction.on_commit(partial(follow, instance), robust=True)
