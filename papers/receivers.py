"""What papers do when something happens below."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from authors.curation.changes import Change
from authors.curation.undoing import restored
from papers.settling import settle_changes


@receiver(restored)
def settle_what_came_back(changes: Sequence[Change], **_: Any) -> None:
    settle_changes(changes)
