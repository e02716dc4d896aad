"""Answers that a client has already are not sent again: each carries a digest of itself as its ETag."""

from email.utils import format_datetime
from hashlib import blake2b
from typing import Any

from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_datetime
from rest_framework.request import Request
from rest_framework.response import Response

SAFE = ("GET", "HEAD")


def make_conditional(request: Request, response: Any) -> None:
    """Of a whole answer. The digest tells, not the time: figures are computed anew without anybody's edit."""
    if request.method in SAFE and isinstance(response, Response) and response.status_code == 200:
        if isinstance(response.data, dict) and (moment := parse_datetime(str(response.data.get("updated_at") or ""))):
            response["Last-Modified"] = format_datetime(moment, usegmt=True)
        response.add_post_render_callback(lambda rendered: _compared(request, rendered))


def etag_of(content: bytes, row: Any = None) -> str:
    """Writing compares it with If-Match, so of a single record it also tells of changes that the record does not show."""
    changed = str(getattr(row, "__dict__", {}).get("updated_at", ""))
    return f'"{blake2b(content + changed.encode(), digest_size=12).hexdigest()}"'


def _compared(request: Request, response: Any) -> Any:
    etag = etag_of(response.content, getattr(response, "row", None))
    response["ETag"] = etag
    answer = get_conditional_response(request._request, etag=etag, response=response)
    if answer is not response and answer is not None:
        for name, value in response.items():
            if name not in ("Content-Type", "Content-Length"):
                answer[name] = value
        answer.holds = getattr(response, "holds", 0)  # type: ignore[attr-defined]
    return answer
