"""Reading the history of a record: what changed when, by whom, and what became of it between two moments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Prefetch, QuerySet

from authors.curation.changes import Change, ChangedRecord, ChangeSet
from authors.curation.tracking import tracked_as

LONGEST = 300  # characters of a value in a sentence
# Columns that repeat others; whoever reads a history is not helped by them.
REPEATING = frozenset("sort_key search_key short_key name_key fingerprint id digest created_at authors_count".split())

NAMING = ("raw_name", "name", "value", "url", "raw", "source")  # columns by which a reader knows a row


@dataclass(frozen=True)
class Difference:
    """One column of one row, before and after; `row` says which when the record has several such."""

    row: str
    column: str
    before: Any
    after: Any


def latest_change(kind: str, key: int) -> int:
    """The number of the last change set that concerns the record; 0 when there is none."""
    return ChangedRecord.objects.filter(kind=kind, record_id=key).aggregate(last=Max("change_set"))["last"] or 0


def changes_since(kind: str, key: int, change_set: int) -> list[Change]:
    """What later change sets changed of the record's own rows."""
    found = Change.objects.filter(kind=kind, record_id=key, change_set__gt=change_set)
    return [change for change in found.select_related("change_set").order_by("pk")[:50] if differences([change])]


def change_sets_of(kind: str, key: int) -> "QuerySet[ChangeSet]":
    """The newest first, each with `its_changes`: those of its changes that concern the record's own rows."""
    own = Change.objects.filter(kind=kind, record_id=key).order_by("pk")
    sets = ChangeSet.objects.filter(records__kind=kind, records__record_id=key).select_related("undoes", "undone_by", "user")
    return sets.order_by("-pk").prefetch_related(Prefetch("changes", own, to_attr="its_changes"))


def differences(changes: Iterable[Change]) -> list[Difference]:
    """Of several changes of the same rows, the first before and the last after: what changed in all."""
    first: dict[tuple[str, str, str], Any] = {}
    last: dict[tuple[str, str, str], Any] = {}
    for change in changes:
        row = row_called(change)
        for column, (before, after) in change.columns.items():
            if column not in REPEATING:
                first.setdefault((row, column, change.row_id), before)
                last[row, column, change.row_id] = after
    found = [Difference(row, column, before, last[row, column, key]) for (row, column, key), before in first.items()]
    return [one for one in found if _telling(one.before) != _telling(one.after)]


def _telling(value: Any) -> Any:
    return None if value in ("", [], {}) else value


def row_called(change: Change) -> str:
    """Which row of its record a change is about; nothing for the record itself."""
    table = tracked_as(change.model)
    if table.owner == "pk" or not change.kind:
        return ""
    told = {**(change.before or {}), **(change.after or {})}
    name = next((str(told[column]) for column in NAMING if told.get(column)), "")
    return f"{table.model._meta.verbose_name} {name[:60]}".strip()


def sentence(change: Change) -> str:
    """ "Bob, 3 Nov 2026 14:05: title: “A” → “B”"."""
    told = "; ".join(
        f"{one.row} {one.column}: {shown(one.before)} → {shown(one.after)}".strip() for one in differences([change])
    )
    return f"{change.change_set.who}, {change.change_set.made_at:%-d %b %Y %H:%M}: {told}"


def shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"“{text[:LONGEST]}{'…' if len(text) > LONGEST else ''}”"


def between(changes: Sequence[Change]) -> list[Difference]:
    """What changed from the first to the last of these change sets' changes, both included."""
    return differences(sorted(changes, key=lambda change: change.pk))
