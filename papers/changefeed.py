"""What changed in the catalogue since a place in its history, so that nobody who goes on from there misses anything.

The history has two tables: rows that changed, and ranges of rows that imports added. Keys grow, but transactions do not end
in the order of their keys, so the highest key that can be seen is no place to go on from: a lower one may yet appear. On
PostgreSQL a place therefore carries, beside the keys read so far, the highest keys seen and the transactions that were
writing to it just after they were seen. Whoever holds a lower key was writing then, so once these have ended, whatever was to
appear has appeared, and only then it is read. SQLite has one writer, and keys appear in their order.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from authors.curation.changes import Change, CreatedRows
from authors.curation.recording import records_of

RECORDS = {"papers.paper": "P", "authors.author": "A", "authors.institution": "I", "papers.venue": "V"}
PATIENCE, STEP = 2.0, 0.05  # seconds
SCOPE = "changes"  # of cursors that hold a place


class Unsettled(Exception):
    """Somebody is writing, and has been for longer than a reader should wait."""


@dataclass(frozen=True)
class Place:
    """Read so far: changes to the key `changes`, ranges before the key `ranges`, and of that one to `within`.

    Seen, and to be read once every one of the `writers` has ended: the keys `seen_changes` and `seen_ranges`.
    """

    changes: int = 0
    ranges: int = 0
    within: int = 0
    seen_changes: int = 0
    seen_ranges: int = 0
    writers: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[int | str, ...]:
        """What `Place.of` takes."""
        return self.changes, self.ranges, self.within, self.seen_changes, self.seen_ranges, *self.writers

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Place":
        changes, ranges, within, seen_changes, seen_ranges, *writers = values
        return cls(changes, ranges, within, seen_changes, seen_ranges, tuple(writers))


@dataclass(frozen=True)
class Changed:
    """A record; `is_new` where it was added."""

    kind: str
    key: int
    at: datetime
    is_new: bool = False


def changes_after(place: Place, most: int) -> tuple[list[Changed], Place, bool]:
    """About `most` changes, where to go on, and whether more are known: additions first, then changes, each record once."""
    highest = _highest_keys()
    writers = _writers()  # after the keys: whoever holds a lower one writes still, or has ended
    if not writers:
        place = replace(place, **highest, writers=())
    elif not writers.isdisjoint(place.writers):
        return [], place, False
    added, after = _added(place, most)
    changed, after = _changed(after, most - len(added)) if len(added) < most else ([], after)
    more = len(added) + len(changed) >= most
    return _once(added + changed), after if more else replace(after, **highest, writers=tuple(sorted(writers))), more


def _once(found: list[Changed]) -> list[Changed]:
    by_record: dict[tuple[str, int], Changed] = {}
    for each in found:
        known = by_record.get((each.kind, each.key))
        by_record[each.kind, each.key] = replace(each, is_new=each.is_new or bool(known and known.is_new))
    return list(by_record.values())


def place_now() -> Place:
    """The end of the history. Waits for those who are writing; raises Unsettled if that takes long."""
    highest = _highest_keys()
    writers = _writers()
    until = time.monotonic() + PATIENCE
    while not writers.isdisjoint(_writers()):
        if time.monotonic() > until:
            raise Unsettled
        time.sleep(STEP)
    return Place(highest["seen_changes"], highest["seen_ranges"] + 1, 0, **highest)


def _highest_keys() -> dict[str, Any]:
    changes, ranges = (model.objects.aggregate(highest=Max("pk"))["highest"] or 0 for model in (Change, CreatedRows))
    return {"seen_changes": changes, "seen_ranges": ranges}


def _writers() -> set[str]:
    """The other transactions that have written to the history: each keeps its lock on the table until it ends."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
            " AND granted AND pid IS DISTINCT FROM pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation IN (%s::regclass, %s::regclass)",
            [Change._meta.db_table, CreatedRows._meta.db_table],
        )
        return {row[0] for row in cursor.fetchall()}


def _added(place: Place, most: int) -> tuple[list[Changed], Place]:
    """Records that imports added."""
    rows = CreatedRows.objects.filter(id__gte=place.ranges, id__lte=place.seen_ranges).order_by("id")
    found: list[Changed] = []
    columns = ("id", "model", "first", "last", "change_set__made_at")
    for range_id, model, first, last, at in rows.values_list(*columns).iterator():
        if model in RECORDS:
            begin = max(first, place.within + 1) if range_id == place.ranges else first
            end = min(last, begin + most - len(found) - 1)
            found += (Changed(RECORDS[model], key, at, is_new=True) for key in range(begin, end + 1))
            if len(found) >= most:
                return found, replace(place, ranges=range_id, within=end)
    return found, replace(place, ranges=place.seen_ranges + 1, within=0)


def _changed(place: Place, most: int) -> tuple[list[Changed], Place]:
    """Records whose rows were changed, or that changed rows point or pointed to."""
    rows = Change.objects.filter(id__gt=place.changes, id__lte=place.seen_changes).order_by("id").select_related("change_set")
    read = list(rows[:most])
    found = [
        Changed(kind, key, change.change_set.made_at, is_new=_is_new(change, kind, key))
        for change in read
        for kind, key in dict.fromkeys(records_of(change))
    ]
    reached = read[-1].pk if len(read) == most else place.seen_changes
    return found, replace(place, changes=max(reached, place.changes))


def _is_new(change: Change, kind: str, key: int) -> bool:
    return change.before is None and RECORDS.get(change.model) == kind and change.row_id == str(key)
