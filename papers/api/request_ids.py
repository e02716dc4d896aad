"""Every answer has a name, by which whoever asked and whoever reads the log speak of the same one."""

import re
from typing import Any
from uuid import uuid4

HEADER = "X-Request-Id"
_GIVEN = re.compile(r"[A-Za-z0-9._~-]{1,100}")


def id_of(request: Any) -> str:
    """The one that the request brought, if it is one; else a new one, the same throughout the request."""
    http = getattr(request, "_request", request)
    found = getattr(http, "request_id", "")
    if not found:
        given = http.META.get("HTTP_X_REQUEST_ID", "")
        found = http.request_id = given if _GIVEN.fullmatch(given) else uuid4().hex
    return str(found)
