"""Sitemaps for crawlers: an index, and one file for each range of public numbers, so that a record never changes its file.

The work for a file is bounded by its range, and finding the ranges takes one look at an index for each.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from authors import sitemaps as people
from papers.conditional import kept
from papers.models import Category, Paper
from papers.profiles import venues_with_page

RANGE = 10_000  # numbers in one file; the protocol allows 50,000 addresses
CHUNK = 2_000
SECONDS = 3600
PAGES = ("home", "papers", "categories", "venues", "methods", *people.PAGES)
XML = "application/xml; charset=utf-8"
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _papers() -> Any:
    return Paper.objects.published().only("title", "updated_at")


def _venues() -> Any:
    return venues_with_page().select_related(None).only("name", "updated_at")


KINDS: dict[str, Callable[[], Any]] = {
    "papers": _papers,
    "authors": people.authors,
    "institutions": people.institutions,
    "venues": _venues,
}


@kept(SECONDS)
def index(request: HttpRequest) -> HttpResponse:
    """The files there are; new ranges appear within the hour."""
    files = cache.get_or_set("sitemaps", _files, SECONDS) or []
    paths = [reverse("sitemap-pages"), *(reverse("sitemap-part", args=file) for file in files)]
    return _xml("sitemapindex", (_entry("sitemap", request.build_absolute_uri(path)) for path in paths))


def _files() -> list[tuple[str, int]]:
    return [(kind, number) for kind, rows in KINDS.items() for number in _ranges(rows())]


def _ranges(rows: Any) -> Iterator[int]:
    """The ranges that hold a record: from each on to the next, whatever stands between."""
    first = 0
    while (found := rows.filter(pk__gte=first).order_by("pk").values_list("pk", flat=True).first()) is not None:
        yield found // RANGE
        first = (found // RANGE + 1) * RANGE


@kept(SECONDS)
def pages(request: HttpRequest) -> HttpResponse:
    """Pages that are no record's, and those of the categories."""
    codes = Category.objects.listed().order_by("code").values_list("code", flat=True)
    paths = [*map(reverse, PAGES), *(reverse("category", args=[code]) for code in codes)]
    return _xml("urlset", (_entry("url", request.build_absolute_uri(path)) for path in paths))


@kept(SECONDS)
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The records of a kind whose numbers stand in one range."""
    rows = KINDS[kind]() if kind in KINDS and number * RANGE < 2**62 else Paper.objects.none()
    found = rows.filter(pk__gte=number * RANGE, pk__lt=(number + 1) * RANGE).order_by("pk").iterator(chunk_size=CHUNK)
    site = request.build_absolute_uri("/").rstrip("/")
    entries = [_entry("url", site + record.get_absolute_url(), record.updated_at) for record in found]
    if not entries:
        raise Http404("No sitemap stands at this address.")
    return _xml("urlset", entries)


def _entry(tag: str, address: str, changed: datetime | None = None) -> str:
    lastmod = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<{tag}><loc>{escape(address)}</loc>{lastmod}</{tag}>\n"


def _xml(root: str, entries: Iterable[str]) -> HttpResponse:
    body = "".join(entries)
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SCHEMA}">\n{body}</{root}>\n', content_type=XML
    )


@kept(SECONDS)
def robots(request: HttpRequest) -> HttpResponse:
    """Every record has one address to be read at; the endless ways of filtering and sorting lists are nobody's to crawl."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return render(request, "robots.txt", {"sitemap": sitemap}, content_type="text/plain; charset=utf-8")
