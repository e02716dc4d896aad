"""Recording what changes: rows are read before and after, whatever path wrote them in between.

    with recorded(Action.MERGE, summary="…") as recording:
        recording.watch("A", [1, 2])
        …                                   # forms, querysets, bulk statements, other recorded functions

The outermost block is one transaction and one change set; blocks inside it add to it. Nothing changed leaves no change set.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.dispatch import Signal

from authors.curation.changes import Change, ChangedRecord, ChangeSet, CreatedRows
from authors.curation.models import ImportRun
from authors.curation.tracking import Tracked, tracked, tracked_as

Channel, Action = ChangeSet.Channel, ChangeSet.Action
AT_ONCE = 500  # keys in one condition, and rows in one statement
written = Signal()  # changes, created (table, first and last key): what a block changed, still within its transaction


@dataclass(frozen=True)
class Actor:
    """Who changes something, on which way, and why."""

    user: Any = None
    channel: str = Channel.COMMAND
    reason: str = ""
    run: ImportRun | None = None
    continues: ChangeSet | None = None


NOBODY = Actor()
_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)
_open: ContextVar["Recording | None"] = ContextVar("recording", default=None)


@contextmanager
def acting(
    *, user: Any = None, channel: str, reason: str = "", run: ImportRun | None = None, continues: ChangeSet | None = None
) -> Iterator[None]:
    """Whoever writes within the block is this actor, and adds to the change set that it `continues`."""
    token = _actor.set(Actor(user, channel, reason[:300], run, continues))
    try:
        yield
    finally:
        _actor.reset(token)


@contextmanager
def importing(run: ImportRun) -> Iterator[None]:
    """Whoever is acting does so by an import."""
    with acting(user=_actor.get().user, channel=Channel.IMPORT, reason=_actor.get().reason, run=run):
        yield


@contextmanager
def recorded(action: str, *, summary: str = "", undoes: ChangeSet | None = None) -> Iterator["Recording"]:
    """A recording to `watch` with. What an inner block says of action and summary goes for the whole."""
    outer = _open.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        outer.describe(action, summary)
        return
    recording = Recording(action, summary, undoes)
    token = _open.set(recording)
    try:
        with transaction.atomic():
            yield recording
            recording.write()
    finally:
        _open.reset(token)


def current() -> "Recording | None":
    """The open recording, for whoever writes within somebody else's block."""
    return _open.get()


def watch(kind: str, keys: Iterable[int]) -> None:
    """Watch the records if anybody is recording: for parts of a larger write that may also be called alone."""
    if recording := _open.get():
        recording.watch(kind, keys)


def watch_rows(rows: "QuerySet[Any]") -> None:
    """The same for some rows."""
    if recording := _open.get():
        recording.watch_rows(rows)


Row = dict[str, Any]
Key = tuple[str, Any]  # table, key of the row


@dataclass(frozen=True)
class Seen:
    """A row, and whose it is."""

    kind: str
    record_id: int
    row: Row


@dataclass
class Recording:
    """`change_set` is the one that was written, once the block has ended and if anything changed."""

    action: str
    summary: str = ""
    undoes: ChangeSet | None = None
    change_set: ChangeSet | None = None
    _before: dict[Key, Seen] = field(default_factory=dict)
    _watched: "list[tuple[Tracked, QuerySet[Any]]]" = field(default_factory=list)
    _records: set[tuple[str, int]] = field(default_factory=set)
    _created: list[tuple[str, int, int]] = field(default_factory=list)
    _described: bool = False
    _insisted: bool = False

    def describe(self, action: str, summary: str) -> None:
        if summary and not self._described:
            self.action, self.summary, self._described = action, summary, True

    # --- watching ------------------------------------------------------------------------------------------------------

    def watch(self, kind: str, keys: Iterable[int]) -> None:
        """These records with all that belongs to them."""
        fresh = sorted({*keys} - {key for known, key in self._records if known == kind})
        self._records.update((kind, key) for key in fresh)
        for chunk in chunks(fresh):
            self.lock(kind, chunk)
            for table in tracked():
                if (rows := table.of_records(kind, chunk)) is not None:
                    self._watch(table, rows)

    def watch_new(self, kind: str, key: int) -> None:
        """A record that was added just now: all of it is new."""
        self._records.add((kind, key))
        for table in tracked():
            if (rows := table.of_records(kind, [key])) is not None:
                self._watched.append((table, rows))

    def watch_new_rows(self, rows: "QuerySet[Any]") -> None:
        """Rows that were added just now."""
        self._watched.append((tracked_as(rows.model._meta.label_lower), rows.order_by()))

    def watch_referring(self, model: type[Model], keys: Iterable[Any]) -> None:
        """Rows of every table whose foreign key holds one of these keys."""
        for chunk in chunks(sorted({*keys})):
            for table in tracked():
                for column in table.columns_to(model):
                    self._watch(table, table.rows().filter(**{f"{column}__in": chunk}))

    def watch_rows(self, rows: "QuerySet[Any]") -> None:
        self._watch(tracked_as(rows.model._meta.label_lower), rows.order_by())

    def _watch(self, table: Tracked, rows: "QuerySet[Any]") -> None:
        self._watched.append((table, rows))
        for key, seen in _read(table, rows):
            self._before.setdefault(key, seen)

    @staticmethod
    def lock(kind: str, keys: list[int]) -> None:
        """Nobody else changes the records meanwhile; on SQLite nobody can."""
        if connection.vendor == "postgresql":
            table = next(table for table in tracked() if table.kind == kind and table.owner == "pk")
            list(table.rows().filter(pk__in=keys).order_by("pk").select_for_update().values_list("pk"))

    def insist(self) -> None:
        """Leave a change set even if no watched row changed."""
        self._insisted = True

    def created(self, model: type[Model], keys: Sequence[int]) -> None:
        """Rows that are being added in bulk; their keys were reserved and follow each other, or nearly so."""
        for first, last in _runs(sorted(keys)):
            self._created.append((model._meta.label_lower, first, last))

    # --- writing -------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Compare the watched rows with what they were, and write the change set."""
        changes = list(_differences(self._before, self._after()))
        if not changes and not self._created and not self._insisted:
            return
        self.change_set = self._open_change_set()
        for change in changes:
            change.change_set = self.change_set
        Change.objects.bulk_create(changes, batch_size=AT_ONCE)
        concerned = sorted({record for change in changes for record in records_of(change)})
        ChangedRecord.objects.bulk_create(
            (ChangedRecord(change_set=self.change_set, kind=kind, record_id=key) for kind, key in concerned),
            batch_size=AT_ONCE,
            ignore_conflicts=True,  # an import's batches come to one change set
        )
        CreatedRows.objects.bulk_create(
            CreatedRows(change_set=self.change_set, model=label, first=first, last=last) for label, first, last in self._created
        )
        written.send(sender=ChangeSet, changes=changes, created=self._created)

    def _open_change_set(self) -> ChangeSet:
        """A new one, or that of the run or job whose next batch this is."""
        actor = _actor.get()
        if actor.continues is not None:
            return actor.continues
        told = {
            "user": actor.user, "user_name": actor.user.get_username() if actor.user else "", "channel": actor.channel,
            "action": self.action, "summary": self.summary[:300], "reason": actor.reason, "undoes": self.undoes,
        }  # fmt: skip
        if actor.run is not None and self.action == Action.IMPORT:
            return ChangeSet.objects.get_or_create(run=actor.run, action=self.action, defaults=told)[0]
        return ChangeSet.objects.create(run=actor.run, **told)

    def _after(self) -> dict[Key, Seen]:
        found: dict[Key, Seen] = {}
        for table, rows in self._watched:
            found |= _read(table, rows.all())
        for table in tracked():
            missing = [key for label, key in self._before.keys() - found.keys() if label == table.label]
            for chunk in chunks(sorted(missing)):
                found |= _read(table, table.rows().filter(pk__in=chunk))
        return found


def _runs(keys: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of keys that follow each other."""
    start = 0
    for place in range(1, len(keys) + 1):
        if place == len(keys) or keys[place] != keys[place - 1] + 1:
            yield keys[start], keys[place - 1]
            start = place


def chunks(keys: Sequence[Any]) -> Iterator[list[Any]]:
    return (list(keys[start : start + AT_ONCE]) for start in range(0, len(keys), AT_ONCE))


def _read(table: Tracked, rows: "QuerySet[Any]") -> Iterator[tuple[Key, Seen]]:
    column = table.model._meta.pk.attname
    for kind, record_id, row in table.with_owner(rows):
        yield (table.label, row[column]), Seen(kind, record_id, row)


def _differences(before: dict[Key, Seen], after: dict[Key, Seen]) -> Iterator[Change]:
    """In the order of the tables, so that a reader meets the record before its rows."""
    places = {table.label: place for place, table in enumerate(tracked())}
    for key in sorted(before.keys() | after.keys(), key=lambda key: (places[key[0]], str(key[1]).zfill(20))):
        was, became = before.get(key), after.get(key)
        if was and became and was.row == became.row:
            continue
        whose = became or was
        assert whose is not None  # noqa: S101 - a key is of one of the two
        old, new = (was.row if was else None), (became.row if became else None)
        if old is not None and new is not None:
            names = [name for name in old if old[name] != new[name]]
            old, new = {name: old[name] for name in names}, {name: new[name] for name in names}
        yield Change(
            model=key[0], row_id=str(key[1]), kind=whose.kind, record_id=whose.record_id, before=plain(old), after=plain(new)
        )


def plain(row: Row | None) -> Row | None:
    """As JSON holds it; dates and moments to the microsecond."""
    return None if row is None else json.loads(json.dumps(row, default=lambda moment: moment.isoformat()))


def records_of(change: Change) -> Iterator[tuple[str, int]]:
    """The records that a change concerns: the row's own, before and after, and those it points or pointed to."""
    if change.kind:
        yield change.kind, change.record_id
    pointing = tracked_as(change.model).points_to
    for values in (change.before, change.after):
        for column, letter in pointing.items():
            if values and values.get(column):
                yield letter, values[column]
