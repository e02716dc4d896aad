"""The API against what else could answer: the same SQL without a framework, Datasette, nested ModelSerializers, an empty view.

Everything answers in this process, one request after the other, without a web server; the contestants of a row take turns, so
that what else the machine does touches them alike. Datasette alone is asked through its own server; then CPU time is compared.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.db import connection
from django.http import HttpResponse
from django.test.utils import override_settings
from django.urls import include, path

from papers.management.benchmarks.asking import Application, application
from papers.management.benchmarks.nested import AuthorsNested, PapersNested
from papers.management.benchmarks.rivals import bare_application, cpu_of_datasette
from papers.management.benchmarks.timing import table
from papers.models import AuthorMetrics, Paper

ROUNDS = 150  # turns, of one request each
SELECTED = ("id", "title", "abstract", "year", "cited_by_count")
SELECT = "/api/v1/papers?per-page=25&select=id,title,abstract,publication_year,cited_by_count&sort=created_date:desc"

urlpatterns = [
    path("empty", lambda _request: HttpResponse()),
    path("nested/papers", PapersNested.as_view()),
    path("nested/papers/<int:pk>", PapersNested.as_view()),
    path("nested/authors", AuthorsNested.as_view()),
    path("nested/authors/<int:pk>", AuthorsNested.as_view()),
    path("", include("config.urls")),
]


def measure_api(*, datasette: Path | None) -> Iterator[str]:
    """Lines of Markdown. `datasette` is its program."""
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with override_settings(API_RATE=[], ROOT_URLCONF=__name__):
        ask = application()
        yield f"{Paper.objects.published().count():,} papers; the best of {ROUNDS} turns; × is how many times as fast ours is"
        yield ""
        head = ["ms / CPU ms", "queries", "bytes", "ours", "bare", "nested", "× bare", "× nested"]
        yield from table(head, (_row(what, address, ask) for what, address in _addresses()))
        yield ""
        yield from _unchanged(ask)
        yield from _against_datasette(ask, datasette)


def _addresses() -> Iterator[tuple[str, str]]:
    """The records have as many authors, and papers, as one in a hundred has more."""
    papers = Paper.objects.published().order_by("-authors_count", "pk")
    paper = papers[papers.count() // 100]
    authors = AuthorMetrics.objects.filter(papers_count__gt=0).order_by("-papers_count", "-pk")
    author = authors[authors.count() // 100]
    yield "25 papers", "/papers"
    yield f"a paper of {paper.authors_count} authors", f"/papers/P{paper.pk}"
    yield "25 people", "/authors"
    yield f"a person with {author.papers_count} papers", f"/authors/A{author.pk}"


def _row(what: str, address: str, ask: Application) -> list[str]:
    bare, queries = _bare(ask, f"/api/v1{address}")
    body = ask(f"/api/v1{address}").body
    is_list = "results" in orjson.loads(body)
    nested = "/nested" + (_keys(address, body) if is_list else address.replace("/P", "/").replace("/A", "/"))
    taken = _in_turns([lambda: ask(f"/api/v1{address}"), bare, lambda: ask(nested)])
    cells = [f"{wall:.2f} / {cpu:.2f}" for wall, cpu in taken]
    of = int(connection.vendor == "sqlite")  # SQLite answers within the process: its CPU is all there is
    mine, least, by_serializers = (times[of] for times in taken)
    return [what, str(queries), f"{len(body):,}", *cells, f"{least / mine:.2f}", f"{by_serializers / mine:.1f}"]


def _bare(ask: Application, address: str) -> tuple[Callable[[], bytes], int]:
    """The SQL that our answer takes once counts are cached, and what comes of it."""
    ask(address)
    statements: list[tuple[str, Any]] = []
    with connection.execute_wrapper(_recorder(statements)):
        body = ask(address).body
    return bare_application(statements, body), len(statements)


def _keys(address: str, body: bytes) -> str:
    """The same records."""
    return f"{address}?keys=" + ",".join(record["id"][1:] for record in orjson.loads(body)["results"])


def _recorder(statements: list[tuple[str, Any]]) -> Callable[..., Any]:
    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    return record


def _in_turns(asked: Sequence[Callable[[], Any]]) -> list[tuple[float, float]]:
    """Milliseconds and CPU milliseconds of each, in its best turn: what else the machine does can only add to them."""
    taken: list[list[tuple[float, float]]] = [[] for _ in asked]
    for ask in asked:
        ask()
    for _ in range(ROUNDS):
        for ask, times in zip(asked, taken, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            ask()
            times.append(((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000))
    return [tuple(map(min, zip(*times, strict=True))) for times in taken]


def _unchanged(ask: Application) -> Iterator[str]:
    rows = []
    for what, address in _addresses():
        whole = f"/api/v1{address}"
        etag = {"HTTP_IF_NONE_MATCH": ask(whole).headers["ETag"]}
        status = ask(whole, etag).status
        asked = [lambda whole=whole, etag=etag: ask(whole, etag), lambda: ask("/empty")]  # type: ignore[misc]
        (_, mine), (_, empty) = _in_turns(asked)
        rows.append([what, status, f"{mine:.2f}", f"{empty:.2f}", f"{mine / empty:.2f}"])
    yield from table(["unchanged", "status", "CPU ms", "an empty view, CPU ms", "times"], rows)


def _against_datasette(ask: Application, program: Path | None) -> Iterator[str]:
    yield ""
    if program is None or connection.vendor != "sqlite":
        yield "Datasette was not measured: it reads SQLite, and `--datasette` says where it is installed."
        return
    (_, mine), *_ = _in_turns([lambda: ask(SELECT)])
    theirs = cpu_of_datasette(program, Path(connection.settings_dict["NAME"]), "papers_paper", SELECTED)
    yield f"25 papers with {len(SELECTED)} columns: {mine:.2f} ms of CPU, Datasette {theirs:.2f} ms, {mine / theirs:.2f} times"
