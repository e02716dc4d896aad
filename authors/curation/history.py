"""Reading the history of a record: what changed when, by whom, and what became of it between two moments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Max, Prefetch, QuerySet, When

from authors.curation.changes import Change, ChangedRecord, ChangeSet
from authors.curation.models import Provenance
from authors.curation.tracking import Tracked, tracked, tracked_as

LONGEST = 300  # characters of a value in a sentence
# Columns that repeat others; whoever reads a history is not helped by them.
REPEATING = frozenset(
    "sort_key search_key short_key name_key fingerprint id digest created_at authors_count given_at run_id kind record_id"
    " old_id year primary_category_origin".split()
)

NAMING = ("raw_name", "name", "value", "url", "raw", "source")  # columns by which a reader knows a row


@dataclass(frozen=True)
class Difference:
    """One column of one row, before and after; `row` says which when the record has several such.

    `points_to` is the letter of the records whose keys the column holds.
    """

    row: str
    column: str
    before: Any
    after: Any
    points_to: str = ""


def latest_change(kind: str, key: int) -> int:
    """The number of the last change set that concerns the record; 0 when there is none."""
    return ChangedRecord.objects.filter(kind=kind, record_id=key).aggregate(last=Max("change_set"))["last"] or 0


def changes_since(kind: str, key: int, change_set: int) -> list[Change]:
    """What later change sets changed of the record's own rows; rows aside are nothing that a form of the record shows."""
    found = Change.objects.filter(kind=kind, record_id=key, change_set__gt=change_set)
    newer = found.exclude(model__in=[table.label for table in tracked() if table.aside])
    return [change for change in newer.select_related("change_set").order_by("pk")[:50] if differences([change])]


def change_sets_of(kind: str, key: int) -> "QuerySet[ChangeSet]":
    """The newest first, each with `its_changes`: those of its changes that concern the record's own rows."""
    own = plainest_first(Change.objects.filter(kind=kind, record_id=key))
    sets = ChangeSet.objects.filter(records__kind=kind, records__record_id=key).select_related("undoes", "undone_by", "user")
    return sets.order_by("-pk").prefetch_related(Prefetch("changes", own, to_attr="its_changes"))


def plainest_first(changes: "QuerySet[Change]") -> "QuerySet[Change]":
    """What became of the records before the notes on who gave which field."""
    return changes.order_by(Case(When(model=Provenance._meta.label_lower, then=1), default=0), "pk")


def differences(changes: Iterable[Change]) -> list[Difference]:
    """Of several changes of the same rows, the first before and the last after: what changed in all."""
    found: dict[tuple[str, str, str], Difference] = {}
    for change in changes:
        table, row = tracked_as(change.model), row_called(change)
        own = {table.owner.partition("__")[0], f"{table.owner.partition('__')[0]}_id"}
        for column, (before, after) in change.columns.items():
            if column in REPEATING or column in own:
                continue
            earlier = found.get((change.model, change.row_id, column))
            found[change.model, change.row_id, column] = Difference(
                row, _label(table, column), earlier.before if earlier else before, after, table.points_to.get(column, "")
            )
    return [one for one in found.values() if _telling(one.before) != _telling(one.after)]


def _label(table: Tracked, column: str) -> str:
    field = next(field for field in table.model._meta.concrete_fields if field.attname == column)
    return str(getattr(field, "verbose_name", column))


def _telling(value: Any) -> Any:
    """Nothing is the same as nothing, and so is no."""
    return None if value in ("", [], {}, False) else value


def row_called(change: Change) -> str:
    """Which row of its record a change is about; nothing for the record itself."""
    table = tracked_as(change.model)
    if table.owner == "pk" or not change.kind:
        return ""
    told = {**(change.before or {}), **(change.after or {})}
    if table.model is Provenance:
        return "fields that imports leave alone" if told.get("source") == Provenance.EDITOR else "source"
    name = next((str(told[column]) for column in NAMING if told.get(column)), "")
    return f"{table.model._meta.verbose_name} {name[:60]}".strip()


def sentence(change: Change) -> str:
    """ "Bob, 3 Nov 2026 14:05: title: “A” → “B”"."""
    told = "; ".join(
        f"{one.row} {one.column}: {shown(one.before)} → {shown(one.after)}".strip() for one in differences([change])
    )
    return f"{change.change_set.who}, {change.change_set.made_at:%-d %b %Y %H:%M}: {told}"


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", [], {}):
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"“{text[:LONGEST]}{'…' if len(text) > LONGEST else ''}”"


def between(changes: Sequence[Change]) -> list[Difference]:
    """What changed from the first to the last of these change sets' changes, both included."""
    return differences(sorted(changes, key=lambda change: change.pk))
