"""Queries and milliseconds of every public page and list endpoint, on the database at hand."""

import logging
import statistics
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from papers.models import AuthorMetrics, InstitutionMetrics, Paper, VenueMetrics

REPEATS = 15
LISTS = {
    "home": "/",
    "papers": "/papers/",
    "papers, compact": "/papers/?view=compact",
    "papers, page 100": "/papers/?page=100",
    "papers, most cited": "/papers/?sort=cited_by_count:desc",
    "papers, filtered": "/papers/?category=cs.CL&year_from=2020&has_code=true",
    "papers, by title": "/papers/?title=language+model",
    "people": "/authors/",
    "people, by name": "/authors/?sort=display_name",
    "people, named": "/authors/?name=wei+wang",
    "institutions": "/institutions/",
    "categories": "/categories/",
    "venues": "/venues/",
    "methods": "/methods/",
    "page not found": "/nowhere/",
}
SUBJECTS = (("author", AuthorMetrics), ("institution", InstitutionMetrics), ("venue", VenueMetrics))


def addresses() -> Iterator[tuple[str, str]]:
    """(what, address): lists, and the smallest and largest of what has a page of its own."""
    yield from LISTS.items()
    for size, order in (("largest", "-papers_count"), ("smallest", "papers_count")):
        for name, metrics in SUBJECTS:
            found = metrics.objects.filter(papers_count__gt=0).order_by(order, "pk").values_list("pk", "papers_count").first()
            if found:
                address = f"{name}s/{name[0].upper()}{found[0]}"
                yield f"{size} {name} ({found[1]} papers)", f"/{address}/"
                yield f"API: {size} {name}", f"/api/v1/{address}"
        paper = Paper.objects.published().order_by(order.replace("papers_count", "authors_count"), "pk").first()
        if paper:
            yield f"paper of {paper.authors_count} authors", f"/papers/{paper.public_id}/"
            yield f"API: paper of {paper.authors_count} authors", f"/api/v1/papers/{paper.public_id}"
    yield "category cs.CL", "/categories/cs.CL/"
    yield from ((f"API: {name}", f"/api/v1/{name}") for name in ("papers", "authors", "institutions", "venues", "categories"))
    yield "API: papers, 200 a page", "/api/v1/papers?per-page=200"


def measure_pages() -> list[str]:
    """Lines of a Markdown table; the median of 15 requests after one that warms up."""
    client = Client(headers={"host": "localhost"})
    logging.getLogger("django.request").setLevel(logging.ERROR)  # a page that is not found is among the measured
    lines = ["| page | status | queries | median ms |", "|---|---:|---:|---:|"]
    for what, address in addresses():
        answer = client.get(address, follow=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(answer.request["PATH_INFO"] + _query(address))
            count = len(queries)  # now: the next request empties the log
        times = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            client.get(answer.request["PATH_INFO"] + _query(address))
            times.append((time.perf_counter() - began) * 1000)
        lines.append(f"| {what} | {answer.status_code} | {count} | {statistics.median(times):.1f} |")
    return lines


def _query(address: str) -> str:
    return f"?{address.partition('?')[2]}" if "?" in address else ""
