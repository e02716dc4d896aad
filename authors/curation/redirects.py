"""Old addresses answer for ever: a merged record's by pointing to its survivor, a withdrawn one's by saying so."""

from authors.curation.models import Redirect
from authors.curation.recording import Action, recorded


def leave_redirect(*, kind: str, old_id: int, target_id: int | None, reason: str, note: str = "") -> Redirect:
    """Record where `old_id` went. Redirects that pointed to it now point to its target, so none ever needs two steps."""
    with recorded(Action.EDIT) as recording:
        recording.watch_rows(Redirect.objects.filter(kind=kind, target_id=old_id))
        recording.watch_rows(Redirect.objects.filter(kind=kind, old_id=old_id))
        Redirect.objects.filter(kind=kind, target_id=old_id).update(target_id=target_id)
        redirect, _ = Redirect.objects.update_or_create(
            kind=kind, old_id=old_id, defaults={"target_id": target_id, "reason": reason, "note": note}
        )
    return redirect


def find_redirect(*, kind: str, old_id: int) -> Redirect | None:
    return Redirect.objects.filter(kind=kind, old_id=old_id).first()
