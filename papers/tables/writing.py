"""Writing rows of a table: their records' own columns, what hangs on them, the marks against imports, and what follows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from authors.curation.models import Provenance
from authors.curation.recording import Recording
from authors.curation.tracking import tracked_as
from authors.models import Author, Institution, InstitutionAlias
from papers.importers.saving.institutions import free_tags
from papers.tables.comparing import Row
from papers.tables.following import left_by, repeat_facts_of, settle_rows
from papers.tables.kinds import Kind
from papers.tables.lists import Names, Rows


def write(kind: Kind, rows: Sequence[Row], recording: Recording) -> None:
    """Rows that can be taken, of at most some hundred records that nobody else changes meanwhile."""
    if not rows:
        return
    there, new = [row for row in rows if not row.was_new], [row for row in rows if row.was_new]
    _watch(kind, [row.record.pk for row in there], recording.watch_rows)
    left, gone, former = left_by(kind, there), _rows_gone(rows), _former_names(kind, there)
    for row in rows:
        for cell in row.cells:
            cell.column.put(row.record, cell.value)
    repeat_facts_of(kind, rows)
    _save(there, new)
    _write_rows(gone, [*_rows_added(rows), *former])
    mark_edited(kind.letter, {row.record.pk: {cell.column.field for cell in row.cells} for row in rows})
    _watch(kind, [row.record.pk for row in new], recording.watch_new_rows)
    settle_rows(kind, rows, left)


def _watch(kind: Kind, keys: list[int], watch: Any) -> None:
    """Only the tables that a table of this kind writes: others of a paper, its references for one, are many times as long."""
    if not keys:
        return
    relations = {column.relation for column in kind.columns if isinstance(column, Rows)}
    models = [kind.model, *(kind.model._meta.get_field(name).related_model for name in sorted(relations))]
    for model in models:
        watch(tracked_as(model._meta.label_lower).of_records(kind.letter, keys))
    watch(Provenance.objects.filter(kind=kind.letter, record_id__in=keys, source=Provenance.EDITOR))


def _save(there: Sequence[Row], new: Sequence[Row]) -> None:
    for row in there:
        columns = {name for cell in row.cells for name in cell.column.saved}
        also = {"fingerprint", "has_code"} if row.record.letter == "P" else set()
        row.record.save(update_fields=[*sorted(columns | also), "updated_at"])
    for row in new:
        if not (isinstance(row.record, Institution) and not row.record.tag):
            row.record.save()
    untagged = [row.record for row in new if isinstance(row.record, Institution) and not row.record.tag]
    for record, tag in zip(untagged, free_tags([(one.name, one.homepage) for one in untagged]), strict=True):
        record.tag = tag
        record.save()


# --- what hangs on records -----------------------------------------------------------------------------------------------


def _rows_gone(rows: Iterable[Row]) -> list[Any]:
    cells = [cell for row in rows for cell in row.cells]
    return [gone for cell in cells if isinstance(cell.column, Rows) for gone in cell.column.gone(cell)]


def _rows_added(rows: Iterable[Row]) -> list[Any]:
    found: list[Any] = []
    for row in rows:
        for cell in row.cells:
            if isinstance(cell.column, Rows):
                found += cell.column.fresh(cell)
        if isinstance(row.record, Author):
            known = set() if row.was_new else {name.name for name in row.record.names.all()}
            found += [] if row.record.display_name in known else [Names("").make(row.record, row.record.display_name)]
    return found


def _former_names(kind: Kind, rows: Iterable[Row]) -> list[InstitutionAlias]:
    """An institution's former name stays as an alias, so that the next import still finds it."""
    if kind.model is not Institution:
        return []
    found = []
    for row in rows:
        cells = {cell.column.name: cell for cell in row.cells}
        if "name" in cells:
            typed = cells["aliases"].value if "aliases" in cells else ()
            known = {alias.name for alias in row.record.aliases.all()} | {*typed}
            former = cells["name"].was
            found += [kind.by_name["aliases"].make(row.record, former)] if former not in known else []  # type: ignore[attr-defined]
    return found


def _write_rows(gone: Iterable[Any], added: Iterable[Any]) -> None:
    for model, rows in _by_model(gone).items():
        model.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for model, rows in _by_model(added).items():
        model.objects.bulk_create(rows)


def _by_model(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(type(row), []).append(row)
    return found


# --- marks against imports -----------------------------------------------------------------------------------------------


def mark_edited(kind: str, edited: dict[int, set[str]]) -> None:
    """What `authors.curation.provenance.record_edit` does for one record, for many in three queries."""
    now = timezone.now()
    known = Provenance.objects.filter(kind=kind, record_id__among=list(edited), source=Provenance.EDITOR, source_key="")
    marks = {row.record_id: row for row in known}
    for key, row in marks.items():
        row.fields, row.given_at = sorted({*row.fields, *edited[key]}), now
    Provenance.objects.bulk_update(marks.values(), ["fields", "given_at"], batch_size=100)
    Provenance.objects.bulk_create(
        Provenance(kind=kind, record_id=key, source=Provenance.EDITOR, fields=sorted(fields), given_at=now)
        for key, fields in edited.items()
        if key not in marks
    )
