"""Every filter with every order, and the depth of pages, on the database at hand."""

import random
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.test import Client, RequestFactory

from papers.cursors import write_cursor
from papers.management.benchmarks.timing import median_and_p95, percentile, table, timed
from papers.models import AuthorMetrics, CategoryMetrics, InstitutionMetrics, VenueMetrics
from papers.paper_lists import PaperListing
from papers.search.engines.base import Match
from papers.search.finding import ORDERS, RELEVANCE, Search, total
from papers.search.resolving import Resolver
from papers.search.tree import Between, Everything, Node, Not, Tag, all_of, any_of

REPEATS, PAGE = 20, 25
LIMIT = 20  # milliseconds of a first page
DEPTHS = (1, 100, 1_000, 20_000)


def filters() -> dict[str, Node]:
    """Filters by name: what lists are narrowed by, from very few papers to nearly all."""
    found: dict[str, Node] = {"none": Everything()}
    for name, metrics, kind in (
        ("category", CategoryMetrics, "category"), ("venue", VenueMetrics, "venue"),
        ("institution", InstitutionMetrics, "institution"), ("author", AuthorMetrics, "author"),
    ):  # fmt: skip
        sizes = list(
            metrics.objects.filter(papers_count__gt=0).order_by("-papers_count", "pk").values_list("pk", "papers_count")[:2000]
        )
        for size, (key, papers) in {"large": sizes[0], "middling": sizes[len(sizes) // 10], "small": sizes[-1]}.items():
            found[f"{size} {name} ({papers:,})"] = Tag(kind, str(key))
    large = {name.split(" (")[0]: node for name, node in found.items()}
    return found | {
        "one year": Between("year", 2021, 2021),
        "three years": Between("year", 2019, 2021),
        "an early year": Between("year", 1900, 2005),
        "with code": Tag("has", "code"),
        "without code": Not(Tag("has", "code")),
        "citations ≥ 100": Between("citations", 100, None),
        "citations ≥ 1,000": Between("citations", 1000, None),
        "citations 0–2": Between("citations", 0, 2),
        "retracted": Tag("has", "retracted"),
        "all but a category": Not(large["large category"]),
        "two categories": any_of(large["large category"], large["middling category"]),
        "category, years, code, citations": all_of(
            large["large category"], Between("year", 2019, 2021), Tag("has", "code"), Between("citations", 50, None)
        ),
        "institution, category, years": all_of(
            large["large institution"], large["large category"], Between("year", 2019, 2021)
        ),
    }


def measure_lists(*, seed: int) -> Iterator[str]:
    """Lines of Markdown, as they are measured."""
    sorts = [RELEVANCE, *ORDERS]
    yield f"{total():,} papers. First page of {PAGE}, median / 95th percentile of {REPEATS} in milliseconds; limit {LIMIT}"
    yield ""
    slowest: list[tuple[float, str]] = []
    yield from table(["filter", "papers", *sorts], (_row(name, node, sorts, slowest) for name, node in filters().items()))
    yield ""
    worst = max(slowest)
    within = sum(taken <= LIMIT for taken, _ in slowest)
    yield f"Slowest pair: {worst[1]}, 95th percentile {worst[0]:.1f} ms; {within} of {len(slowest)} pairs within {LIMIT} ms"
    yield ""
    yield from _depths(random.Random(seed))  # noqa: S311 - the same pages every time is what is wanted


def _row(name: str, node: Node, sorts: list[str], slowest: list[tuple[float, str]]) -> list[str]:
    match = Resolver().match(node)
    count = Search(match).count
    cells = []
    for sort in sorts:
        Search(match).page(sort, size=PAGE)
        taken = [timed(partial(Search(match).page, sort, size=PAGE))[0] for _ in range(REPEATS)]
        slowest.append((percentile(taken, 0.95), f"{name}, {sort}"))
        cells.append(median_and_p95(taken))
    return [name, f"{'' if count.exact else '~'}{count.value:,}", *cells]


def _cursor(place: tuple[Any, ...]) -> str:
    return write_cursor(place, of=PaperListing(RequestFactory().get("/papers/")).list_id)


def _depths(dice: random.Random) -> Iterator[str]:
    """Pages of the whole list by number and by cursor: in the database, and as a page that a browser gets."""
    deepest = max(1, total() // PAGE)
    depths = sorted({min(depth, deepest) for depth in DEPTHS})
    yield "| page | by number, ms | by cursor, ms | the whole page by number, ms | by cursor, ms |"
    yield "|---|---:|---:|---:|---:|"
    first: list[float] = []
    everything, client, sort = Match(Everything()), Client(headers={"host": "localhost"}), "publication_date:desc"
    for depth in depths:
        offset = (depth - 1) * PAGE
        before = Search(everything).places(sort, offset=max(0, offset - 1), size=1)[0] if offset else None
        numbers = [timed(partial(Search(everything).places, sort, offset=offset, size=PAGE))[0] for _ in range(REPEATS)]
        cursors = [timed(partial(Search(everything).places, sort, size=PAGE, after=before))[0] for _ in range(REPEATS)]
        query = {"page": depth} | ({"after": _cursor(before)} if before else {})
        pages = [timed(partial(client.get, "/papers/", {"page": depth}))[0] for _ in range(REPEATS)]
        led = [timed(partial(client.get, "/papers/", query))[0] for _ in range(REPEATS)]
        medians = [percentile(values, 0.5) for values in (numbers, cursors, pages, led)]
        first = first or medians
        cells = [f"{value:.1f} ({value / start:.1f} ×)" for value, start in zip(medians, first, strict=True)]
        yield f"| {depth:,} | {' | '.join(cells)} |"
