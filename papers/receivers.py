"""What papers do when something happens below."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver

from authors.curation.changes import Change, ChangeSet
from authors.curation.created import leaving
from authors.curation.recording import Action, written
from authors.curation.tracking import Tracked
from authors.curation.undoing import restored, restoring
from papers.announced import announce, say_gone
from papers.duplicates.following import follow, forget
from papers.metrics.citing import count_citations
from papers.metrics.refreshing import Touched, touched_by
from papers.models import Citation, Paper, PaperIdentifier, PendingReference
from papers.search.indexing import remove_papers
from papers.settling import before_changes, settle_changes

_left: ContextVar[Touched | None] = ContextVar("left", default=None)
_cited: ContextVar[frozenset[int]] = ContextVar("cited", default=frozenset())


@receiver(leaving)
def remember_what_papers_leave(table: Tracked, keys: Sequence[int], **_: Any) -> None:
    """Whose figures they enter, and whom they cite, cannot be asked once they are gone."""
    if table.owner == "pk":
        forget(table.kind, keys)
    if table.label == Citation._meta.label_lower:
        _cited.set(_cited.get() | _cited_in(Citation.objects.filter(pk__among=keys)))
    if table.label == Paper._meta.label_lower:
        say_gone(keys)
        _left.set(touched_by(keys, facts=False))
        _cited.set(_cited.get() | _cited_in(Citation.objects.filter(citing__among=keys)))
        _wait_for(keys)
        remove_papers(keys)


def _cited_in(citations: "QuerySet[Citation]") -> frozenset[int]:
    return frozenset(citations.order_by().values_list("cited", flat=True))


@receiver(restoring)
def remember_who_wrote(changes: Sequence[Change], **_: Any) -> None:
    _left.set(before_changes(changes))
    _cited.set(frozenset())


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
    left, cited = _left.get(), _cited.get()
    _left.set(None)
    _cited.set(frozenset())
    settle_changes(changes, taken_out, left)
    count_citations(cited)


@receiver(written)
def tell_harvesters(changes: Sequence[Change], created: Sequence[tuple[str, int, int]], **_: Any) -> None:
    announce(changes, created)


@receiver(post_save, sender=ChangeSet)
def compare_afterwards(instance: ChangeSet, created: bool, **_: Any) -> None:
    """Nobody's change waits for the queue or fails with it; an import says itself when it is through."""
    if created and instance.action != Action.IMPORT:
        transaction.on_commit(partial(follow, instance), robust=True)
