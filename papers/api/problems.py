"""Every failure of the API as a problem (RFC 9457), never as HTML and never with internals."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, JsonResponse
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from papers.api.request_ids import id_of

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
LONGEST_DETAIL = 500


@dataclass(frozen=True)
class Problem:
    """What a status means here; `slug` is its anchor on the documentation page, which the member `type` points to."""

    slug: str
    title: str
    meaning: str


PROBLEMS = {
    400: Problem(
        "parameters", "Invalid query parameters",
        "A parameter is unknown, stands twice or has a value that cannot be. The member “errors” names each one, the valid"
        " ones and the closest match.",
    ),
    401: Problem(
        "token", "Unauthorized",
        "A token is missing, wrong, expired or revoked. Reading needs none; the admin makes them for editors.",
    ),
    403: Problem("forbidden", "Forbidden", "The token only reads, or its owner's role does not allow this."),
    404: Problem("not-found", "Not found", "There is nothing at this address, or nothing that the public may see."),
    405: Problem("method", "Method not allowed", "This address does not know the method; the header Allow lists its own."),
    406: Problem("format", "Not acceptable", "The header Accept asks for a format that this address does not have."),
    409: Problem(
        "conflict", "Conflict",
        "The catalogue is not in a state in which this can be done; “detail” says why, and “records” which records stand"
        " against it.",
    ),
    410: Problem("withdrawn", "Gone", "The record was withdrawn from the catalogue. Its id will not be given to another one."),
    411: Problem(
        "length", "Length required", "The request does not say by Content-Length how long its body is; none is read in chunks.",
    ),
    412: Problem(
        "changed", "Precondition failed",
        "The record was changed since you read it, so its ETag is not the one in If-Match. Read it again before you write.",
    ),
    413: Problem("too-large", "Content too large", "The body is larger than this address reads."),
    415: Problem("media-type", "Unsupported media type", "A body must be JSON and say so by Content-Type: application/json."),
    422: Problem(
        "idempotency-key", "Unprocessable content",
        "The Idempotency-Key was sent before with another request. A key stands for one request, repeated as it was.",
    ),
    428: Problem(
        "if-match", "Precondition required",
        "A change must say by If-Match which version of the record it is of: the ETag of the answer that you read.",
    ),
    429: Problem(
        "too-many", "Too many requests",
        "One address or token has asked too often. The header Retry-After says after how many seconds to ask again.",
    ),
    500: Problem("server", "Internal server error", "A fault of ours. It has been logged."),
    503: Problem(
        "unavailable", "Service unavailable",
        "The database cannot be reached now. The header Retry-After says after how many seconds to ask again.",
    ),
}  # fmt: skip
OTHER = Problem("other", "Request refused", "The request was refused; “detail” says why.")


CROSSED = ("40P01", "40001")  # deadlock detected, serialization failure


class BadParameters(APIException):
    """`errors` are made by `papers.api.parameters.error`."""

    status_code = 400

    def __init__(self, errors: Iterable[dict[str, Any]]) -> None:
        self.errors = list(errors)
        super().__init__(" ".join(each["detail"] for each in self.errors))


class NoLength(APIException):
    status_code = 411


class TooLarge(APIException):
    status_code = 413


class Busy(APIException):
    """`wait` is in seconds."""

    status_code = 503
    wait = 5


class Conflict(APIException):
    """`records` are the addresses of those that stand against it."""

    status_code = 409

    def __init__(self, detail: str, records: Iterable[str] = ()) -> None:
        self.records = list(records)
        super().__init__(detail)


class OtherRequest(APIException):
    status_code = 422


class Gone(APIException):
    status_code = 410


class Changed(APIException):
    status_code = 412


class NoVersion(APIException):
    status_code = 428


def answer(exc: Exception, context: dict[str, Any]) -> JsonResponse:
    """Django REST framework's exception handler: turns whatever went wrong into a problem.

    Written here and not by the address's renderer: that one may speak YAML or HTML.
    """
    exc = _told_apart(exc)
    request, status = context["request"], _status_of(exc)
    if status >= 500 and not isinstance(exc, Busy):
        logger.error("The API failed at %s (request %s)", request.path, id_of(request), exc_info=exc)
        got_request_exception.send(sender=type(context.get("view")), request=request._request)
    detail = "" if status >= 500 and not isinstance(exc, Busy) else _detail_of(exc)
    wait = getattr(exc, "wait", 5 if status == 503 else None)
    headers = {"Retry-After": str(wait)} if wait else {}
    if status == 401:
        headers["WWW-Authenticate"] = getattr(exc, "auth_header", "Bearer")
    body = problem(request, status, detail, getattr(exc, "errors", []))
    if status == 409:
        body["records"] = getattr(exc, "records", [])
    return JsonResponse(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def _told_apart(exc: Exception) -> Exception:
    """Of two who wait for each other PostgreSQL ends one; the database is there."""
    if isinstance(exc, OperationalError) and getattr(exc.__cause__, "sqlstate", "") in CROSSED:
        crossed = Busy("Somebody else was changing the same records, and nothing of this was done. Send it again.")
        crossed.wait = 1
        return crossed
    return exc


def problem(request: Request, status: int, detail: str, errors: list[dict[str, Any]]) -> dict[str, Any]:
    """The body. `error` and `message` repeat title and detail for clients of OpenAlex, which read those two."""
    known = PROBLEMS.get(status, OTHER)
    told = detail[:LONGEST_DETAIL] or known.meaning
    return {
        "type": request.build_absolute_uri(reverse("api-docs")) + f"#problem-{known.slug}",
        "title": known.title,
        "status": status,
        "detail": told,
        "instance": escape_uri_path(request.path),
        "request_id": id_of(request),
        "errors": errors,
        "error": known.title,
        "message": told,
    }


def _status_of(exc: Exception) -> int:
    if isinstance(exc, APIException):
        return exc.status_code
    causes: tuple[tuple[Any, int], ...] = (
        (Http404, 404), (PermissionDenied, 403), (SuspiciousOperation, 400), ((OperationalError, InterfaceError), 503),
    )  # fmt: skip
    return next((status for kind, status in causes if isinstance(exc, kind)), 500)


def _detail_of(exc: Exception) -> str:
    if isinstance(exc, APIException):
        return str(exc.detail)
    return "The request was refused as malformed." if isinstance(exc, SuspiciousOperation) else ""
