"""What stands against taking a change set back: rows that changed since, or that something newer needs."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import models

from authors.curation.changes import Change, ChangeSet
from authors.curation.created import changed_since, created_ranges
from authors.curation.jobs.models import Job
from authors.curation.models import Provenance
from authors.curation.recording import chunks, plain
from authors.curation.tracking import Tracked, tracked, tracked_as

MENTIONED = 20  # conflicts named; there may be thousands
MARKS = Provenance._meta.label_lower


class Conflict(Exception):
    """Why a change set cannot be taken back; `reasons` are sentences."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(" ".join(self.reasons))


Row = dict[str, Any]
Rows = dict[str, Row]  # by key, as JSON holds keys


def changes_of(change_set: ChangeSet, only: Collection[int] | None = None) -> list[Change]:
    """One change a row: an import may have changed a row in several batches. Rows of records that it added are left out."""
    found: dict[tuple[str, str], Change] = {}
    own = created_ranges(change_set)
    for change in change_set.changes.filter(pk__in=only) if only is not None else change_set.changes.all():
        if change.row_id.isdecimal() and any(first <= int(change.row_id) <= last for first, last in own.get(change.model, ())):
            continue
        earlier = found.setdefault((change.model, change.row_id), change)
        if earlier is not change:
            earlier.after = None if change.after is None else {**(earlier.after or {}), **change.after}
            if earlier.before is not None and change.before is not None:
                earlier.before = {**change.before, **earlier.before}
    return list(found.values())


def by_table(changes: Iterable[Change]) -> Iterator[tuple[Tracked, list[Change]]]:
    """Records before their rows."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.model, []).append(change)
    return ((table, found[table.label]) for table in tracked() if table.label in found)


def current_rows(table: Tracked, keys: list[str]) -> Rows:
    column = table.model._meta.pk.attname
    found: Rows = {}
    for chunk in chunks(keys):
        for _, _, row in table.with_owner(table.rows().filter(pk__in=chunk)):
            found[str(row[column])] = plain(row) or {}
    return found


def standing(changes: Iterable[Change]) -> list[Change]:
    """Those that are not as they were before already: taken back one by one, or by another way. What became of rows aside
    since then stays.
    """
    found = []
    for table, mine in by_table(changes):
        current = current_rows(table, [change.row_id for change in mine])
        left = [change for change in mine if not _is_back(change, current.get(change.row_id))]
        found += [change for change in left if not (table.aside and _conflict(table, change, current.get(change.row_id)))]
    return found


def _is_back(change: Change, row: Row | None) -> bool:
    if change.before is None:
        return row is None
    return row is not None and all(row.get(column) == value for column, value in change.before.items())


def conflicts(change_set: ChangeSet, *, only: Collection[int] | None = None) -> list[str]:
    """Sentences, at most MENTIONED of them; none when the change set can be taken back."""
    if ChangeSet.objects.filter(undoes=change_set).exists():
        return ["It was undone already."]
    writes_it = models.Q(change_set=change_set) | models.Q(run__isnull=False, run=change_set.run)
    if Job.objects.unfinished().filter(writes_it).exists():
        return ["The work in the background that writes it is not finished: wait for it, or cancel it first."]
    taken = changes_of(change_set, only)
    reasons: list[str] = _whole_records(taken) if only is not None else changed_since(change_set)
    taken = standing(taken)
    for table, mine in by_table(taken):
        current = current_rows(table, [change.row_id for change in mine])
        for change in mine:
            if len(reasons) < MENTIONED and (reason := _conflict(table, change, current.get(change.row_id))):
                reasons.append(reason + _since(change_set, change))
    return [*reasons, *_missing(taken), *_attached(taken)][:MENTIONED]


def _whole_records(changes: Iterable[Change]) -> list[str]:
    """A record comes and goes with all that belongs to it."""
    alone = [change for change in changes if tracked_as(change.model).owner == "pk" and None in (change.before, change.after)]
    named = ", ".join(f"{change.kind}{change.record_id}" for change in alone[:MENTIONED])
    return [f"{named} comes or goes with its whole change set only."] if alone else []


def _conflict(table: Tracked, change: Change, row: Row | None) -> str:
    name = row_name(table, change)
    if is_mark(change):  # marks of later edits stay, whatever is taken back
        return ""
    if change.after is None:
        return f"{name} is there again" if row else ""
    if row is None:
        return f"{name} was deleted since"
    differing = [column for column, value in change.after.items() if row.get(column) != value]
    return f"{name}: {', '.join(column.removesuffix('_id') for column in differing)} changed since" if differing else ""


def is_mark(change: Change) -> bool:
    """Of the fields that imports leave alone."""
    told = {**(change.before or {}), **(change.after or {})}
    if change.model != MARKS or None in (change.before, change.after):
        return change.model == MARKS and told.get("source") == Provenance.EDITOR
    return Provenance.objects.filter(pk=change.row_id, source=Provenance.EDITOR).exists()


def row_name(table: Tracked, change: Change) -> str:
    """How a person reads which row it is: the record's public id, and what of it."""
    whose = f"{change.kind}{change.record_id}" if change.kind else change.row_id
    return whose if table.owner == "pk" else f"{table.model._meta.verbose_name} of {whose}"


def _since(change_set: ChangeSet, change: Change) -> str:
    newer = Change.objects.filter(model=change.model, row_id=change.row_id, change_set__gt=change_set).order_by("-pk")
    found = newer.select_related("change_set").first()
    return f" ({found.change_set}, {found.change_set.who})." if found else "."


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


def _attached(changes: Collection[Change]) -> list[str]:
    """Rows that hang by now on what would go: they would go along, or lose what they point to."""
    touched = {(change.model, change.row_id) for change in changes}
    reasons = []
    for table, mine in by_table([change for change in changes if change.before is None]):
        going = [change.row_id for change in mine]
        for other, rows in rows_pointing_to(table.model, going):
            found = [
                key
                for key in rows.values_list("pk", flat=True)[: MENTIONED + len(touched)]
                if (other.label, str(key)) not in touched
            ]
            reasons += [f"{other.model._meta.verbose_name} {key} belongs or points to it by now." for key in found[:MENTIONED]]
        if table.owner == "pk":
            kept = Provenance.objects.filter(kind=table.kind, record_id__in=going)
            found = [key for key in kept.values_list("pk", flat=True) if (MARKS, str(key)) not in touched]
            reasons += [f"{table.kind}{', '.join(going[:3])}: another source speaks of it by now." for _ in found[:1]]
    return reasons


def rows_pointing_to(model: type[models.Model], keys: Collection[Any]) -> Iterator[tuple[Tracked, "models.QuerySet[Any]"]]:
    """Of every table with a history the rows whose foreign key holds one of these keys."""
    for table in tracked():
        for column in table.columns_to(model):
            yield table, table.rows().filter(**{f"{column}__in": list(keys)})
