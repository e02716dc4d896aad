"""The JSON that a POST brings: an object of known members, neither large nor deep. POST reads here, and never writes."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from papers.api.endpoints import Endpoint
from papers.api.parameters import error, hint, is_text, shortened
from papers.api.problems import BadParameters, NoLength, TooLarge

LARGEST = 64_000  # bytes


class Posted(Endpoint):
    """An address that reads what is asked for from a body; `asks` is its shape."""

    asks: ClassVar[Any]
    problems: ClassVar[tuple[int, ...]] = (*Endpoint.problems, 411, 413, 415)
    methods = "GET, HEAD, POST, OPTIONS"


def check_length(request: Request, largest: int = LARGEST) -> None:
    """Raises what is wrong with it. Of a body without a length Django reads nothing, as if there were none."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and "HTTP_TRANSFER_ENCODING" in request.META:
        raise NoLength("Send the body with Content-Length, not in chunks. Nothing was read.")
    if length in ("", "0"):
        raise BadParameters([error("body", "missing", "There is no body. Send a JSON object.")])
    if int(length) > largest:
        raise TooLarge(f"A body may have {largest:,} bytes.")


def body_of(request: Request, members: Iterable[str], largest: int = LARGEST) -> dict[str, Any]:
    """Raises BadParameters for what is no such object."""
    check_length(request, largest)
    try:
        given = request.data
    except (RecursionError, RequestDataTooBig) as wrong:
        raise ParseError("The body is nested too deeply.") from wrong
    if not isinstance(given, Mapping):
        raise BadParameters([error("body", "invalid", "The body must be a JSON object.")])
    known = list(members)
    unknown = [name for name in given if name not in known]
    if unknown:
        told = f"There is no member “{shortened(unknown[0])}”.{hint(unknown[0], known)} Valid are: {', '.join(known)}."
        raise BadParameters([error(shortened(unknown[0]), "unknown", told, known)])
    return dict(given)


def text_of(body: Mapping[str, Any], name: str) -> str | None:
    """A member that is text, or a number instead of it. Raises BadParameters."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int) or not is_text(str(value)) or not str(value).strip():
        raise BadParameters([error(name, "invalid", f"“{name}” must be text.")])
    return str(value)
