"""Requests that are sent again do nothing twice: Idempotency-Key, after draft-ietf-httpapi-idempotency-key-header-07."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from authors.models import KeptAnswer
from papers.api.bodies import LARGEST, check_length
from papers.api.parameters import error
from papers.api.problems import BadParameters, Conflict, OtherRequest
from papers.api.writing.base import MEANWHILE, check_may

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,255}")
REPLAYED = "Idempotency-Replayed"
REPEATED = ("ETag", "Location")  # headers that an answer keeps
Answering = Callable[..., Response]


class UnderWay(Conflict):
    wait = 1  # second


def once(post: Answering) -> Answering:
    """For a view's `post`: with a key what it writes and its answer are kept together, or neither.

    Refusals are not kept, for they wrote nothing: the request may be put right and sent with the same key.
    """

    @wraps(post)
    def answered(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = _key_in(request)
        if not key:
            return post(self, request, *args, **kwargs)
        check_may(request)
        check_length(request, getattr(self, "largest_body", LARGEST))
        token: Any = request.auth
        asked = _digest(request)
        with _together(), transaction.atomic():
            if not KeptAnswer.objects.take(token, key):
                raise UnderWay(f"A request with this {HEADER} is still under way. Ask again in a moment.")
            kept = KeptAnswer.objects.of(token, key)
            if kept is not None:
                return _again(kept, asked)
            answer = post(self, request, *args, **kwargs)
            _keep(token, key, asked, answer)
        return answer

    return answered


@contextmanager
def _together() -> Iterator[None]:
    """PostgreSQL looks at foreign keys when all is committed: here, and not where `writing` would hear of it."""
    try:
        yield
    except IntegrityError as wrong:
        raise Conflict(MEANWHILE) from wrong


def _key_in(request: Request) -> str:
    """Raises BadParameters. Quotes around it, which the draft wants and few clients send, are none of it."""
    given = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if given is None:
        return ""
    bare = given.strip()
    key = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
    if not KEY.fullmatch(key):
        raise BadParameters([error(HEADER, "invalid", f"“{HEADER}” takes from 1 to 255 letters, digits and signs.")])
    return str(key)


def _digest(request: Request) -> str:
    asked = [request.method, request.get_full_path(), request.content_type]
    return hashlib.sha256(json.dumps(asked).encode() + request._request.body).hexdigest()


def _again(kept: KeptAnswer, asked: str) -> Response:
    if kept.asked != asked:
        raise OtherRequest(f"This {HEADER} was sent before with another request. Take a new one for each request.")
    headers = {**kept.headers, REPLAYED: "true", "Cache-Control": "no-store"}
    return Response(kept.body, status=kept.status, headers=headers)


def _keep(token: Any, key: str, asked: str, answer: Response) -> None:
    headers = {name: answer[name] for name in REPEATED if name in answer}
    KeptAnswer.objects.keep(token=token, key=key, asked=asked, status=answer.status_code, body=answer.data, headers=headers)
