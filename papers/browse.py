"""The pages of categories and venues, and the methods page."""

import re
from itertools import groupby

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from papers import profiles, related
from papers.export_pages import listing_file, negotiated
from papers.filters import CategoryListFilter, VenueFilter
from papers.heads import category_head, venue_head
from papers.models import Category, Venue
from papers.ordering import CATEGORIES, VENUES
from papers.pages import Listing
from papers.paper_lists import PaperListing
from papers.record_charts import RecordCharts, chart_file
from papers.record_pages import papers_context, record_page
from papers.search import relevance, scoring
from papers.search.tree import Tag
from papers.tidying import tidied

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
MOST_CATEGORIES = 1_000  # all of arXiv's taxonomy and much more: the list has one page
COVERAGE_SECONDS = 600
PRIMARY = "as primary category"


@require_safe
def category_list(request: HttpRequest) -> HttpResponse:
    """All categories with a paper, by group."""
    listing = Listing(request, CategoryListFilter, Category.objects.listed(), CATEGORIES, shown=("name",), size=MOST_CATEGORIES)
    context = listing.context()
    by_group = sorted(context["page"], key=lambda category: category.group)
    groups = [(name, list(rows)) for name, rows in groupby(by_group, key=lambda category: category.group)]
    return render(request, "papers/category_list.html", context | {"groups": groups})


def category_file(request: HttpRequest, code: str, suffix: str) -> HttpResponseBase:
    found = _category(code)
    listing = PaperListing(request, scope=Tag("category", found.pk), fixed="category")
    return listing_file(listing, suffix, name=f"{found.pk}-papers")


@require_safe
@tidied
@negotiated(category_file)
def category(request: HttpRequest, code: str) -> HttpResponse:
    found = _category(code)
    metrics = getattr(found, "metrics", None)
    context = papers_context(request, Tag("category", found.pk), fixed="category", metrics=metrics, covers=PRIMARY)
    return render(request, "papers/category_detail.html", context | {"category": found, "head": category_head(request, found)})


@require_safe
def category_chart(request: HttpRequest, code: str, chart: str) -> HttpResponse:
    found = _category(code)
    table = RecordCharts(Tag("category", found.pk), getattr(found, "metrics", None)).table(chart)
    return chart_file(table, name=f"{found.pk}-{chart}")


def _category(code: str) -> Category:
    found = Category.objects.filter(pk=code).select_related("parent", "metrics").first() if CODE.fullmatch(code) else None
    if found is None:
        raise Http404("No category has this code.")
    return found


@require_safe
def venue_list(request: HttpRequest) -> HttpResponse:
    listing = Listing(request, VenueFilter, Venue.objects.listed(), VENUES, shown=("name", "type"))
    return render(request, "papers/venue_list.html", listing.context())


def venue_file(request: HttpRequest, found: Venue, suffix: str) -> HttpResponseBase:
    listing = PaperListing(request, scope=Tag("venue", str(found.pk)), fixed="venue")
    return listing_file(listing, suffix, name=f"{found.public_id}-papers")


@record_page(profiles.venues_with_page)
@tidied
@negotiated(venue_file)
def venue(request: HttpRequest, found: Venue) -> HttpResponse:
    identifiers = found.identifiers.all()[:20]
    about = {"venue": found, "identifiers": identifiers, "figures": profiles.venue_figures(found).values()}
    metrics = getattr(found, "metrics", None)
    context = papers_context(request, Tag("venue", str(found.pk)), fixed="venue", metrics=metrics) | about
    head = venue_head(request, found, identifiers=identifiers)
    return render(request, "papers/venue_detail.html", context | {"head": head})


@record_page(profiles.venues_with_page, part="charts/{chart}.csv")
def venue_chart(request: HttpRequest, found: Venue, chart: str) -> HttpResponse:
    table = RecordCharts(Tag("venue", str(found.pk)), getattr(found, "metrics", None)).table(chart)
    return chart_file(table, name=f"{found.public_id}-{chart}")


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """What every figure means. The coverage is counted anew every ten minutes."""
    coverage = cache.get_or_set("coverage", profiles.coverage, COVERAGE_SECONDS)
    ranking = {name: value for module in (scoring, relevance) for name, value in vars(module).items() if name.isupper()}
    ranking |= {"OUTSIDE": round(1 - scoring.TITLE_SHARE, 2), "UNCOVERED": round(1 - scoring.COVERAGE_SHARE, 2)}
    return render(
        request,
        "papers/methods.html",
        {"coverage": coverage, "ranking": ranking, "followed": vars(related)} | profiles.score_methods(),
    )
