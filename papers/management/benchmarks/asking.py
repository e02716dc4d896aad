"""Asking the site in this process, as a WSGI server would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

ENVIRON = {
    "REQUEST_METHOD": "GET", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
    "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


Application = Callable[..., Answer]


def _keep(told: list[Any], status: str, headers: Any, *_: Any) -> None:
    told += [status, headers]


def application() -> Application:
    """Takes an address and, as WSGI spells them, headers."""
    handler = WSGIHandler()

    def ask(address: str, more: Mapping[str, str] | None = None) -> Answer:
        route, _, query = address.partition("?")
        told: list[Any] = []
        environ = {**ENVIRON, "PATH_INFO": route, "QUERY_STRING": query, "wsgi.input": BytesIO(), **(more or {})}
        start: Any = partial(_keep, told)
        response = handler(environ, start)
        body = b"".join(response)
        response.close()
        return Answer(int(told[0][:3]), dict(told[1]), body)

    return ask
