"""What papers do when something happens below."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from django.dispatch import receiver

from authors.curation.changes import Change
from authors.curation.created import leaving
from authors.curation.undoing import restored
from papers.metrics.refreshing import Touched, touched_by
from papers.search.indexing import remove_papers
from papers.settling import settle_changes

_left: ContextVar[Touched | None] = ContextVar("left", default=None)


@receiver(leaving)
def remember_what_papers_leave(kind: str, keys: Sequence[int], **_: Any) -> None:
    """Whose figures they enter cannot be asked once they are gone."""
    if kind == "P":
        _left.set(touched_by(keys))
        remove_papers(keys)


@receiver(restored)
def settle_what_came_back(changes: Sequence[Change], taken_out: Mapping[str, Sequence[int]], **_: Any) -> None:
    left = _left.get()
    _left.set(None)
    settle_changes(changes, taken_out, left)
