"""Taking out what an import added: records of which ranges of keys tell, with all that hangs on them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.db.models.query import QuerySet
from django.dispatch import Signal
from django.utils import timezone

from authors.curation.bulk import insert
from authors.curation.changes import ChangedRecord, ChangeSet
from authors.curation.models import Provenance, Redirect
from authors.curation.recording import chunks
from authors.curation.tracking import Tracked, tracked

leaving = Signal()  # table, keys: rows that are about to be taken out
WORKS = "P"  # what a file is about: never kept silently; people, institutions and venues stay while others need them
MENTIONED = 10

Ranges = list[tuple[int, int]]


def created_ranges(change_set: ChangeSet) -> dict[str, Ranges]:
    """By table the first and last keys of rows that the change set added, in as few ranges as they make."""
    found: dict[str, Ranges] = {}
    for label, first, last in change_set.created_rows.order_by("first").values_list("model", "first", "last"):
        ranges = found.setdefault(label, [])
        follows = ranges and ranges[-1][1] + 1 == first  # as batches do: a database takes only so many conditions
        ranges.append((ranges.pop()[0] if follows else first, last))
    return found


def created_count(change_set: ChangeSet) -> int:
    """About how many rows it added, of whatever kind."""
    return sum(last - first + 1 for ranges in created_ranges(change_set).values() for first, last in ranges)


def created_records(change_set: ChangeSet) -> "Iterator[tuple[Tracked, QuerySet[Any]]]":
    """The records that it added and that are here still, table by table: works before what they need."""
    found = [(table, ranges) for table, ranges in _tables(change_set) if table.owner == "pk"]
    for table, ranges in sorted(found, key=lambda one: one[0].kind != WORKS):
        yield table, table.rows().filter(_within("pk", ranges))


def _within(column: str, ranges: Ranges) -> Q:
    found = Q(pk__in=[])
    for first, last in ranges:
        found |= Q(**{f"{column}__gte": first, f"{column}__lte": last})
    return found


def _tables(change_set: ChangeSet) -> Iterator[tuple[Tracked, Ranges]]:
    """Those with added rows, records after what hangs on them."""
    ranges = created_ranges(change_set)
    return ((table, ranges[table.label]) for table in reversed(tracked()) if table.label in ranges)


def _changed(change_set: ChangeSet, kind: str, ranges: Ranges) -> "QuerySet[ChangedRecord]":
    """Added records whose own rows a later change set changed that still stands."""
    later = ChangedRecord.objects.filter(kind=kind, change_set__gt=change_set, change_set__undoes=None)
    found = later.filter(_within("record_id", ranges))
    undone = dict(ChangeSet.objects.filter(undoes__isnull=False).values_list("undoes", "pk"))
    return found.exclude(change_set__in=[pk for pk in undone if not _stands(pk, undone)])


def _stands(pk: Any, undone: dict[Any, Any]) -> bool:
    """What was undone stands no more, unless the undoing was undone."""
    by = undone.get(pk)
    return by is None or not _stands(by, undone)


def changed_since(change_set: ChangeSet) -> list[str]:
    """Sentences on the papers it added that somebody changed since."""
    reasons = []
    for table, ranges in _tables(change_set):
        if table.owner == "pk" and table.kind == WORKS:
            rows = _changed(change_set, table.kind, ranges).select_related("change_set").order_by("record_id", "-change_set")
            told = ((f"{row.kind}{row.record_id}", row.change_set) for row in rows[:MENTIONED])
            reasons += [f"{record} was changed since ({later}, {later.who})." for record, later in told]
    return reasons


def take_out_created(change_set: ChangeSet) -> dict[str, list[int]]:
    """Delete them; gives the keys of the records by letter. Their addresses answer "gone", and a new import of the same file
    brings them anew.
    """
    gone: dict[str, list[int]] = {}
    for table, ranges in _tables(change_set):
        keys = list(table.rows().filter(_within("pk", ranges)).order_by("pk").values_list("pk", flat=True))
        if table.owner != "pk":
            leaving.send(sender=ChangeSet, table=table, keys=keys)
            _delete(table, keys)
            continue
        kept = _needed(change_set, table, keys, ranges) if table.kind != WORKS else set()
        keys = [key for key in keys if key not in kept]
        leaving.send(sender=ChangeSet, table=table, keys=keys)
        _delete(table, keys)
        _say_gone(table.kind, keys)
        gone[table.kind] = keys
    return gone


def _needed(change_set: ChangeSet, table: Tracked, keys: list[int], ranges: Ranges) -> set[int]:
    """Records that others point to, or that somebody changed since."""
    kept = set(_changed(change_set, table.kind, ranges).values_list("record_id", flat=True))
    for other in tracked():
        for column, letter in other.points_to.items():
            if letter == table.kind and not (other.kind == table.kind and other.owner != "pk"):
                for chunk in chunks(keys):
                    rows = other.rows().filter(**{f"{column}__in": chunk})
                    kept.update(row[0] for row in rows.values_list(column).distinct())
    return kept


def _delete(table: Tracked, keys: list[int]) -> None:
    for chunk in chunks(keys):
        table.rows().filter(pk__in=chunk).delete()


def _say_gone(kind: str, keys: list[int]) -> None:
    for chunk in chunks(keys):
        Provenance.objects.filter(kind=kind, record_id__in=chunk).delete()
        Redirect.objects.filter(kind=kind, old_id__in=chunk).delete()
    told = {"target_id": None, "reason": Redirect.Reason.WITHDRAWN, "note": "", "created_at": timezone.now()}
    insert(Redirect, ["kind", "old_id"], [(kind, key) for key in keys], same=told)
