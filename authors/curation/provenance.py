"""Who gave which field of a record, and the marks that editors leave."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from authors.curation.models import Provenance
from authors.curation.recording import Action, recorded


@transaction.atomic
def record_edit(*, kind: str, record_id: int, fields: Iterable[str]) -> None:
    """Mark `fields` as an editor's: from now on no import overwrites them."""
    touched = sorted(set(fields))
    if not touched:
        return
    row, created = Provenance.objects.select_for_update().get_or_create(
        kind=kind,
        record_id=record_id,
        source=Provenance.EDITOR,
        source_key="",
        defaults={"fields": touched, "given_at": timezone.now()},
    )
    if not created:
        row.fields = sorted({*row.fields, *touched})
        row.given_at = timezone.now()
        row.save(update_fields=["fields", "given_at"])


def record_edits(*, kind: str, record_ids: Collection[int], fields: Iterable[str]) -> None:
    """The same for many records, which the caller has locked."""
    touched, now = {*fields}, timezone.now()
    marks = Provenance.objects.filter(kind=kind, record_id__among=list(record_ids), source=Provenance.EDITOR, source_key="")
    known = {row.record_id: row for row in marks}
    widened = [row for row in known.values() if not touched <= {*row.fields}]
    for row in widened:
        row.fields = sorted({*row.fields, *touched})
    marks.update(given_at=now)
    Provenance.objects.bulk_update(widened, ["fields"], batch_size=200)
    Provenance.objects.bulk_create(
        Provenance(kind=kind, record_id=key, source=Provenance.EDITOR, fields=sorted(touched), given_at=now)
        for key in sorted({*record_ids} - known.keys())
    )


@transaction.atomic
def unlock(*, kind: str, record_id: int, fields: Iterable[str]) -> None:
    """Take the editors' mark off these fields: sources may write them again, the next import on."""
    given_up = {*fields}
    with recorded(Action.EDIT, summary=f"Unlocked {', '.join(sorted(given_up))} of {kind}{record_id}") as recording:
        recording.watch(kind, [record_id])
        row = Provenance.objects.filter(kind=kind, record_id=record_id, source=Provenance.EDITOR).first()
        if row is not None:
            row.fields = [name for name in row.fields if name not in given_up]
            row.save(update_fields=["fields"])


def locked_fields(*, kind: str, record_id: int) -> list[str]:
    """Fields that no import overwrites."""
    row = Provenance.objects.filter(kind=kind, record_id=record_id, source=Provenance.EDITOR).first()
    return list(row.fields) if row else []


def provenance_of(*, kind: str, record_id: int) -> list[Provenance]:
    """Every source that speaks of the record, the newest first."""
    return list(Provenance.objects.filter(kind=kind, record_id=record_id).order_by("-given_at", "-id"))
