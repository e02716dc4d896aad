"""What every write shares: who may, which version, how it is recorded, what is answered."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError
from django.http import Http404
from django.urls import reverse
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from authors.curation.changes import ChangeSet
from authors.curation.recording import Channel, Recording, acting, recorded
from authors.curation.redirects import find_redirect
from papers.api.bodies import LARGEST, body_of
from papers.api.conditional import etag_of
from papers.api.naming import keys_of, meant_by
from papers.api.parameters import error, is_text
from papers.api.problems import BadParameters, Changed, Conflict, Gone, NoVersion
from papers.api.writing.values import BadMember

LONGEST_ID = 500
LONGEST_REASON = 300
PROBLEMS = (400, 401, 403, 404, 405, 406, 409, 410, 411, 413, 415, 429, 500, 503)
MEANWHILE = "Somebody wrote at the same moment what does not go together with this. Nothing was changed."


def check_may(request: Request, permission: str = "") -> None:
    """Raises what the asker is to hear who may not write, or not this."""
    token: Any = request.auth
    if token is None:
        raise NotAuthenticated("Writing needs a token that an editor made in the admin: Authorization: Bearer …")
    if not token.may_write:
        raise PermissionDenied("This token only reads. Make one in the admin that may write.")
    if permission and not request.user.has_perm(permission):
        raise PermissionDenied("The role of the token's owner does not allow this.")


def asked_in(request: Request, members: Iterable[str], largest: int = LARGEST) -> dict[str, Any]:
    """The body of a request that writes, its reason looked at before anything is done. Raises BadParameters."""
    body = body_of(request, [*members, "reason"], largest)
    reason_in(body)
    return body


def reason_in(body: Mapping[str, Any]) -> str:
    reason = body.get("reason")
    if reason is None:
        return ""
    if not isinstance(reason, str) or not is_text(reason) or len(reason) > LONGEST_REASON:
        raise BadParameters([error("reason", "invalid", f"“reason” is text of at most {LONGEST_REASON} characters.")])
    return " ".join(reason.split())


@contextmanager
def writing(request: Request, action: str, body: Mapping[str, Any]) -> Iterator[Recording]:
    """One transaction and one change set of the token's owner."""
    try:
        with acting(user=request.user, channel=Channel.API, reason=reason_in(body)), recorded(action) as recording:
            yield recording
    except IntegrityError as wrong:
        raise Conflict(MEANWHILE) from wrong


@contextmanager
def told_of_members() -> Iterator[None]:
    """What is wrong with a member becomes the answer."""
    try:
        yield
    except BadMember as wrong:
        raise BadParameters([error(wrong.path, "invalid", str(wrong), wrong.allowed)]) from wrong


def check_row(editable: Any, row: Any) -> None:
    """Raises what the columns of a record's table found wrong, in the names of its members."""
    if row.problems:
        paths = [(editable.path_of(column), told) for column, told in row.problems]
        raise BadParameters([error(path, "invalid", f"{path}: {told}") for path, told in paths])


def called(record: Any) -> str:
    """How a summary calls a record: "paper P5 (Scaling laws)"."""
    return f"{record._meta.verbose_name} {record.public_id} ({str(record)[:120]})"


# --- which record, which version -----------------------------------------------------------------------------------------


def key_in(letter: str, given: str) -> int:
    """Of the record that an id in an address or a body means, ours or one of others."""
    if len(given) > LONGEST_ID or not is_text(given):
        raise Http404
    meant = meant_by(letter, [given])[given]
    key = keys_of(letter, [meant]).get(meant) if isinstance(meant, tuple) else meant
    if not key:
        raise Http404
    return key


def record_of(model: Any, key: int) -> Any:
    """Whatever its state: editors change drafts too. Raises what became of it when it is not there any more."""
    record = model.objects.filter(pk=key).first()
    if record is not None:
        return record
    redirect = find_redirect(kind=model.letter, old_id=key)
    if redirect is None:
        raise Http404
    if redirect.target_id:
        raise Conflict(f"{model.letter}{key} was merged into {model.letter}{redirect.target_id}: change that one.")
    raise Gone(f"{model.letter}{key} was deleted.")


def written_record(view: Any, model: Any, key: int) -> tuple[dict[str, Any], str]:
    """As a GET answers it, with its ETag; what is not public, as it would be."""
    shown = list(view.with_parts(view.visible().filter(pk=key))[:1])
    rows = shown or list(view.with_parts(model.objects.filter(pk=key))[:1])
    record: dict[str, Any] = view.written(rows)[0]
    return record, etag_of(view.get_renderers()[0].render(record), rows[0])


def check_version(view: Any, model: Any, key: int, *, needed: bool = True) -> None:
    """Against If-Match, once the record is locked. `*` is any version; a compressed answer's ETag is marked as weak."""
    given = view.request.META.get("HTTP_IF_MATCH", "").strip()
    if not given and needed:
        raise NoVersion("Send If-Match with the ETag of the record as you read it, or “*” for whatever it is now.")
    if given in ("", "*"):
        return
    known = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    if written_record(view, model, key)[1] not in known:
        raise Changed(f"{model.letter}{key} is not as you read it. Read it again, and write what is still to change.")


# --- what is answered ----------------------------------------------------------------------------------------------------


def answered(view: Any, model: Any, key: int, change_set: ChangeSet | None, status: int = 200) -> Response:
    """The change, if anything had to be changed, and the record as it is now with its new ETag, so that one may go on."""
    record, etag = written_record(view, model, key)
    change = None if change_set is None else change_told(change_set, view.site)
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    if status == 201:
        headers["Location"] = address_of(view, model, key)
    return Response({"change": change, "record": record}, status=status, headers=headers)


def address_of(view: Any, model: Any, key: int) -> str:
    return str(view.site + reverse(view.url_name, args=[f"{model.letter}{key}"]))


def change_told(change_set: ChangeSet, site: str) -> dict[str, Any]:
    return {
        "id": change_set.pk,
        "action": change_set.action,
        "summary": change_set.summary,
        "reason": change_set.reason or None,
        "made_at": change_set.made_at.isoformat().replace("+00:00", "Z"),
        "undo_url": site + reverse("api-undo", args=[change_set.pk]),
    }
