"""Taking change sets back: every row becomes what it was, unless something newer would be lost."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.dispatch import Signal
from django.utils import timezone

from authors.curation.bulk import insert
from authors.curation.changes import Change, ChangeSet
from authors.curation.created import changed_since, created_ranges, take_out_created
from authors.curation.recording import Action, Recording, chunks, plain, recorded, records_of
from authors.curation.tracking import UNTOLD, Tracked, tracked, tracked_as

restored = Signal()  # changes: those taken back; taken_out: keys by letter of records added by it; within the transaction
MENTIONED = 20  # conflicts named; there may be thousands


class Conflict(Exception):
    """Why a change set cannot be taken back; `reasons` are sentences."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


Rows = dict[str, dict[str, Any]]  # by key, as JSON holds keys


def undo(change_set: ChangeSet, *, only: Collection[int] | None = None) -> ChangeSet:
    """Take back the change set, or `only` some of its changes; gives the change set that did so, which can be undone too.

    Raises Conflict, and changes nothing, when a row changed since, or what it points to is gone.
    """
    summary = f"Undone: {change_set}" if only is None else f"Undone in part: {change_set}"
    try:
        with recorded(Action.UNDO, summary=summary, undoes=change_set if only is None else None) as recording:
            changes = changes_of(change_set, only)
            _watch(recording, changes)
            if reasons := conflicts(change_set, only=only):
                raise Conflict(reasons)
            _take_back(changes)
            taken_out = take_out_created(change_set) if only is None else {}
            restored.send(sender=ChangeSet, changes=changes, taken_out=taken_out)
            if taken_out:
                recording.insist()
    except (IntegrityError, ProtectedError) as error:
        raise Conflict([f"Something newer depends on it: {str(error).splitlines()[0][:200]}"]) from error
    if recording.change_set is None:
        raise Conflict(["There is nothing to take back: everything is as it was before."])
    return recording.change_set


def _watch(recording: Recording, changes: Iterable[Change]) -> None:
    records: dict[str, set[int]] = {}
    for change in changes:
        if change.kind:
            records.setdefault(change.kind, set()).add(change.record_id)
    for kind, keys in sorted(records.items()):
        recording.lock(kind, sorted(keys))
    for table, mine in _by_table(changes):
        for chunk in chunks([change.row_id for change in mine]):
            recording.watch_rows(table.rows().filter(pk__in=chunk))


def _by_table(changes: Iterable[Change]) -> Iterator[tuple[Tracked, list[Change]]]:
    """Records before their rows."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.model, []).append(change)
    return ((table, found[table.label]) for table in tracked() if table.label in found)


# --- what speaks against it ------------------------------------------------------------------------------------------------


def changes_of(change_set: ChangeSet, only: Collection[int] | None = None) -> list[Change]:
    """One change a row: an import may have changed a row in several batches. Rows of records that it added are left out."""
    found: dict[tuple[str, str], Change] = {}
    own = created_ranges(change_set)
    for change in change_set.changes.filter(pk__in=only) if only is not None else change_set.changes.all():
        if change.row_id.isdigit() and any(first <= int(change.row_id) <= last for first, last in own.get(change.model, ())):
            continue
        earlier = found.setdefault((change.model, change.row_id), change)
        if earlier is not change:
            earlier.after = None if change.after is None else {**(earlier.after or {}), **change.after}
            if earlier.before is not None and change.before is not None:
                earlier.before = {**change.before, **earlier.before}
    return list(found.values())


def conflicts(change_set: ChangeSet, *, only: Collection[int] | None = None) -> list[str]:
    """Sentences, at most MENTIONED of them; none when the change set can be taken back."""
    if ChangeSet.objects.filter(undoes=change_set).exists():
        return ["It was undone already."]
    taken = changes_of(change_set, only)
    reasons: list[str] = [] if only is not None else changed_since(change_set)
    for table, mine in _by_table(taken):
        current = _current(table, [change.row_id for change in mine])
        for change in mine:
            if len(reasons) < MENTIONED and (reason := _conflict(table, change, current.get(change.row_id))):
                reasons.append(reason + _since(change_set, change))
    reasons += _missing(taken)
    return reasons[:MENTIONED]


def _conflict(table: Tracked, change: Change, row: dict[str, Any] | None) -> str:
    name = row_name(table, change)
    if change.after is None:
        return f"{name} is there again" if row else ""
    if row is None:
        return f"{name} was deleted since"
    differing = [column for column, value in change.after.items() if row.get(column) != value]
    return f"{name}: {', '.join(column.removesuffix('_id') for column in differing)} changed since" if differing else ""


def row_name(table: Tracked, change: Change) -> str:
    """How a person reads which row it is: the record's public id, and what of it."""
    whose = f"{change.kind}{change.record_id}" if change.kind else change.row_id
    return whose if table.owner == "pk" else f"{table.model._meta.verbose_name} of {whose}"


def _since(change_set: ChangeSet, change: Change) -> str:
    newer = Change.objects.filter(model=change.model, row_id=change.row_id, change_set__gt=change_set).order_by("-pk")
    found = newer.select_related("change_set").first()
    return f" ({found.change_set}, {found.change_set.who})." if found else "."


def _current(table: Tracked, keys: list[str]) -> Rows:
    column = table.model._meta.pk.attname
    found: Rows = {}
    for chunk in chunks(keys):
        for _, _, row in table.with_owner(table.rows().filter(pk__in=chunk)):
            found[str(row[column])] = plain(row) or {}
    return found


def _missing(changes: Iterable[Change]) -> list[str]:
    """What rows that come back point to must be there, or come back too."""
    back = {(change.model, change.row_id) for change in changes if change.after is None}
    wanted: dict[type[models.Model], set[str]] = {}
    for change in changes:
        for related, key in _pointed_to(change):
            if (related._meta.label_lower, key) not in back:
                wanted.setdefault(related, set()).add(key)
    reasons = []
    for model, keys in wanted.items():
        gone = keys - {str(key) for key in model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)}
        reasons += [f"{model._meta.verbose_name} {key}, which it pointed to, is gone." for key in sorted(gone)]
    return reasons


def _pointed_to(change: Change) -> Iterator[tuple[type[models.Model], str]]:
    for field in tracked_as(change.model).model._meta.concrete_fields:
        key, related = (change.before or {}).get(field.attname), field.related_model
        if isinstance(field, models.ForeignKey) and isinstance(related, type) and key is not None:
            yield related, str(key)


# --- doing it --------------------------------------------------------------------------------------------------------------


def _take_back(changes: Collection[Change]) -> None:
    """Rows that changed leave for a moment and come back as they were: no order of statements could otherwise satisfy what
    must be unique meanwhile. Foreign keys are checked at the end of the transaction, on both databases.
    """
    tables = list(_by_table(changes))
    coming = [(table, list(_coming_back(table, mine))) for table, mine in tables]
    with transaction.atomic():
        for table, mine in reversed(tables):
            changed = [change.row_id for change in mine if change.before is not None and change.after is not None]
            for chunk in chunks(changed):
                rows = table.rows().filter(pk__in=chunk)
                rows._raw_delete(rows.db)
        for table, mine in reversed(tables):
            for chunk in chunks([change.row_id for change in mine if change.before is None]):
                table.rows().filter(pk__in=chunk).delete()
        for table, full in coming:
            _insert(table, full)


def _coming_back(table: Tracked, changes: list[Change]) -> Iterator[dict[str, Any]]:
    current = _current(table, [change.row_id for change in changes if change.after is not None])
    for change in changes:
        if change.before is not None:
            yield current.get(change.row_id, {}) | change.before


def _insert(table: Tracked, rows: list[dict[str, Any]]) -> None:
    fields = {field.attname: field for field in table.model._meta.concrete_fields}
    columns = [name for name in fields if fields[name].name not in UNTOLD]
    now = {name: timezone.now() for name in fields if fields[name].name in UNTOLD}
    values = [tuple(fields[name].to_python(row.get(name)) for name in columns) for row in rows]
    insert(table.model, columns, values, same=now)


def undoable(change_set: ChangeSet) -> bool:
    """Whether anything of it can be taken back at all; `conflicts` says whether it can be now."""
    done = ChangeSet.objects.filter(undoes=change_set).exists()
    return not done and (change_set.changes.exists() or change_set.created_rows.exists())


def concerned(changes: Iterable[Change]) -> dict[str, set[int]]:
    """The records that these changes concern, by letter."""
    found: dict[str, set[int]] = {letter: set() for letter in "APIV"}
    for change in changes:
        for kind, key in records_of(change):
            found.setdefault(kind, set()).add(key)
    return found
