"""The services as a server on this machine: real sockets, recorded shapes, and every fault a network knows."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Answer = Callable[[BaseHTTPRequestHandler], None]
ATOM = "application/atom+xml; charset=utf-8"


class Fake(ThreadingHTTPServer):
    """`answers` maps a path to one answer or a list of them, given one after another; `asked` is what came in."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.times: list[float] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def handle_error(self, *_: Any) -> None:
        """Clients that hang up are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Any = self.server
        parts = urlsplit(self.path)
        path, given = unquote(parts.path), {name: values[0] for name, values in parse_qs(parts.query).items()}
        server.asked.append((path, given, {name.title(): value for name, value in self.headers.items()}))
        server.times.append(time.monotonic())
        answer = server.answers.get(path, not_found)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer) and getattr(answer, "takes_parameters", False):
            answer = answer(given)
        (answer if callable(answer) else say(answer))(self)

    do_HEAD = do_GET  # noqa: N815 - http.server calls it so

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
    handler.send_response(status)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **given}.items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def say(value: Any, status: int = 200, **headers: str) -> Answer:
    """JSON, or text as a feed of arXiv's."""
    body, kind = (value.encode(), ATOM) if isinstance(value, str) else (json.dumps(value).encode(), "application/json")
    return lambda handler: send(handler, status, body, **{"kind": kind, **headers})


def not_found(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 404, b"Resource not found.", "text/plain")


def redirect(to: str, status: int = 301) -> Answer:
    return lambda handler: send(handler, status, b"", "text/html", Location=to)


def hang(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)
    handler.close_connection = True


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then: no time-out of a socket ends this."""
    send(handler, 200, b"", Content_Length="100000")
    for _ in range(200):
        handler.wfile.write(b" ")
        time.sleep(0.02)


def cut_gzip(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, gzip.compress(json.dumps({"id": "x" * 5000}).encode())[:40], Content_Encoding="gzip")


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, b'{"id": ', Content_Length="5000")
    handler.close_connection = True


def bomb(handler: BaseHTTPRequestHandler) -> None:
    """Small on the way, 80 MB unpacked."""
    send(handler, 200, gzip.compress(b" " * 80 * 2**20, 1), Content_Encoding="gzip")


def packed(value: Any) -> Answer:
    return lambda handler: send(handler, 200, gzip.compress(json.dumps(value).encode()), Content_Encoding="gzip")


def listed(works: list[dict[str, Any]]) -> Any:
    """A list of works in pages, as OpenAlex gives it."""

    def answer(given: dict[str, str]) -> Answer:
        size, page = int(given["per-page"]), int(given["page"])
        return say({"meta": {"count": len(works), "page": page}, "results": works[(page - 1) * size : page * size]})

    answer.takes_parameters = True  # type: ignore[attr-defined]
    return answer


def by_person(people: dict[str, list[dict[str, Any]]]) -> Any:
    """`/works?filter=…`: each person's works by ORCID iD or OpenAlex id; nobody else has any."""

    def answer(given: dict[str, str]) -> Any:
        person = given["filter"].split(",")[0].partition(":")[2]
        found = people.get(person, [])
        return found if callable(found) else listed(found)(given)

    answer.takes_parameters = True  # type: ignore[attr-defined]
    return answer


def feed(*papers: tuple[str, str]) -> str:
    """An answer of arXiv's with (id, title) of each paper."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{number}v1</id><title>{title}</title><published>2023-01-02T00:00:00Z</published>"
        f"<summary>About examples.</summary><author><name>Ada Testwright</name></author>"
        f'<link href="http://arxiv.org/abs/{number}v1" rel="alternate"/>'
        f'<category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/></entry>'
        for number, title in papers
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>{entries}</feed>'


@contextmanager
def served() -> Iterator[Fake]:
    server = Fake()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
