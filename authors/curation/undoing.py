"""Taking change sets back: every row becomes what it was, unless something newer would be lost."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.dispatch import Signal
from django.utils import timezone

from authors.curation.bulk import insert
from authors.curation.changes import Change, ChangeSet
from authors.curation.conflicts import Conflict, by_table, changes_of, conflicts, current_rows, is_mark, standing
from authors.curation.created import take_out_created
from authors.curation.models import ImportRun, Provenance
from authors.curation.recording import Action, Recording, chunks, recorded, records_of
from authors.curation.tracking import UNTOLD, Tracked

restoring = Signal()  # changes: those about to be taken back; within the transaction
restored = Signal()  # changes: those taken back; taken_out: keys by letter of records added by it; within the transaction


def undo(change_set: ChangeSet, *, only: Collection[int] | None = None) -> ChangeSet:
    """Take back the change set, or `only` some of its changes; gives the change set that did so, which can be undone too.

    Raises Conflict, and changes nothing, when a row changed since, or what it points to is gone.
    """
    summary = f"Undone: {change_set}" if only is None else f"Undone in part: {change_set}"
    try:
        with recorded(Action.UNDO, summary=summary, undoes=change_set if only is None else None) as recording:
            if only is None:
                _stop_import(change_set)
            _watch(recording, changes_of(change_set, only))
            if reasons := conflicts(change_set, only=only):
                raise Conflict(reasons)
            changes = standing(changes_of(change_set, only))
            marks: list[Change] = []
            others: list[Change] = []
            for change in changes:
                (marks if is_mark(change) else others).append(change)
            restoring.send(sender=ChangeSet, changes=changes)
            _take_back(others)
            _give_up(marks)
            taken_out = take_out_created(change_set) if only is None else {}
            restored.send(sender=ChangeSet, changes=changes, taken_out=taken_out)
            if taken_out:
                recording.insist()
            if only is None and (changes or taken_out):
                _tell_runs(change_set)
    except (IntegrityError, ProtectedError) as error:
        raise Conflict([f"Something newer depends on it: {str(error).splitlines()[0][:200]}"]) from error
    if recording.change_set is None:
        raise Conflict(["There is nothing to take back: everything is as it was before."])
    return recording.change_set


def _tell_runs(change_set: ChangeSet) -> None:
    """The run of what was taken back says so; one whose undoing was taken back is done as before."""
    ImportRun.objects.filter(change_sets=change_set).update(state=ImportRun.State.UNDONE)
    if change_set.undoes_id:
        ImportRun.objects.filter(change_sets=change_set.undoes_id).update(state=ImportRun.State.DONE)


def _stop_import(change_set: ChangeSet) -> None:
    """An import that is still under way, by whatever process, looks at its run before each batch and writes no more."""
    ImportRun.objects.filter(change_sets=change_set, state=ImportRun.State.RUNNING).update(state=ImportRun.State.UNDONE)


def _watch(recording: Recording, changes: Iterable[Change]) -> None:
    records: dict[str, set[int]] = {}
    for change in changes:
        if change.kind:
            records.setdefault(change.kind, set()).add(change.record_id)
    for kind, keys in sorted(records.items()):
        recording.lock(kind, sorted(keys))
        recording.watch_rows(Provenance.objects.filter(kind=kind, record_id__in=keys, source=Provenance.EDITOR))
    for table, mine in by_table(changes):
        for chunk in chunks([change.row_id for change in mine]):
            recording.watch_rows(table.rows().filter(pk__in=chunk))


def _give_up(marks: Collection[Change]) -> None:
    """Of the fields that imports leave alone those that the change added are free again, and those it freed are marked;
    where nothing else was marked since, the row is exactly what it was.
    """
    rows = {str(row.pk): row for row in Provenance.objects.filter(pk__among=[int(change.row_id) for change in marks])}
    whole = []
    for change in marks:
        row = rows.get(change.row_id)
        as_it_became = change.after is not None and row is not None and row.fields == change.after.get("fields", row.fields)
        if as_it_became or (change.after is None and row is None):
            whole.append(change)
            continue
        was, became = ({*(told or {}).get("fields", ())} for told in (change.before, change.after))
        if row is not None:
            row.fields = sorted(({*row.fields} - (became - was)) | (was - became))
            row.save(update_fields=["fields"])
    _take_back(whole)


def _take_back(changes: Collection[Change]) -> None:
    """Rows that changed leave for a moment and come back as they were: no order of statements could otherwise satisfy what
    must be unique meanwhile. Foreign keys are checked at the end of the transaction, on both databases.
    """
    tables = list(by_table(changes))
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
    staying = [change.row_id for change in changes if change.after is not None]
    current = current_rows(table, staying)
    untold: dict[str, dict[str, Any]] = {}
    for chunk in chunks(staying):
        untold |= table.untold_values(chunk)
    for change in changes:
        if change.before is not None:
            yield untold.get(change.row_id, {}) | current.get(change.row_id, {}) | change.before


def _insert(table: Tracked, rows: list[dict[str, Any]]) -> None:
    fields = {field.attname: field for field in table.model._meta.concrete_fields}
    columns = [name for name in fields if fields[name].name not in UNTOLD]
    now = {name: timezone.now() for name in fields if fields[name].name in UNTOLD}
    values = [tuple(_value(fields[name], row) for name in columns) for row in rows]
    insert(table.model, columns, values, same=now)


def _value(field: Any, row: dict[str, Any]) -> Any:
    """A column younger than the change has what a new row would have."""
    return field.to_python(row[field.attname] if field.attname in row else field.get_default())


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
