"""What follows an editor's change of a person or an institution: marks, names kept findable, addresses that answer."""

from collections.abc import Iterable

from django.db import transaction

from authors.curation.provenance import record_edit
from authors.curation.public_ids import PublicIdModel
from authors.curation.recording import Action, recorded
from authors.curation.redirects import leave_redirect
from authors.models import Author, AuthorName, Institution, InstitutionAlias, Redirect


@transaction.atomic
def author_edited(*, author: Author, changed: Iterable[str]) -> None:
    """`changed` names the fields, inlines by their relation. The displayed name is always among the person's names."""
    AuthorName.objects.get_or_create(author=author, name=author.display_name)
    record_edit(kind=author.letter, record_id=author.pk, fields=changed)


@transaction.atomic
def institution_edited(*, institution: Institution, changed: Iterable[str], former_name: str = "") -> None:
    """A former name stays as an alias, so that the next import still finds the institution by it."""
    if former_name and former_name != institution.name:
        InstitutionAlias.objects.get_or_create(institution=institution, name=former_name)
    record_edit(kind=institution.letter, record_id=institution.pk, fields=changed)


def delete_record(record: PublicIdModel, *, note: str = "") -> None:
    """Delete the record; its address answers "gone" from now on, with the `note` for visitors if there is one."""
    letter, key = record.letter, record.pk
    with recorded(Action.DELETE, summary=f"Deleted {record.public_id} ({record})") as recording:
        recording.watch(letter, [key])
        recording.watch_referring(type(record), [key])
        record.delete()
        leave_redirect(kind=letter, old_id=key, target_id=None, reason=Redirect.Reason.WITHDRAWN, note=note)
