"""Who gave which field of a record, and the marks that editors leave."""

from collections.abc import Iterable

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
