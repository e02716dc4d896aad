"""The pages of categories and venues, and the methods page."""

import re
from itertools import groupby

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from papers import profiles
from papers.filters import CategoryListFilter, VenueFilter
from papers.models import Category, Venue
from papers.ordering import CATEGORIES, VENUES
from papers.pages import Listing
from papers.record_pages import papers_context, record_page
from papers.search import relevance, scoring
from papers.search.tree import Tag

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
MOST_CATEGORIES = 1_000  # all of arXiv's taxonomy and much more: the list has one page
COVERAGE_SECONDS = 600


@require_safe
def category_list(request: HttpRequest) -> HttpResponse:
    """All categories with a paper, by group."""
    listing = Listing(request, CategoryListFilter, Category.objects.listed(), CATEGORIES, shown=("name",), size=MOST_CATEGORIES)
    context = listing.context()
    by_group = sorted(context["page"], key=lambda category: category.group)
    groups = [(name, list(rows)) for name, rows in groupby(by_group, key=lambda category: category.group)]
    return render(request, "papers/category_list.html", context | {"groups": groups})


@require_safe
def category(request: HttpRequest, code: str) -> HttpResponse:
    found = Category.objects.filter(pk=code).select_related("parent", "metrics").first() if CODE.fullmatch(code) else None
    if found is None:
        raise Http404("No category has this code.")
    context = papers_context(request, Tag("category", found.pk), fixed="category") | {"category": found}
    return render(request, "papers/category_detail.html", context)


@require_safe
def venue_list(request: HttpRequest) -> HttpResponse:
    listing = Listing(request, VenueFilter, Venue.objects.listed(), VENUES, shown=("name", "type"))
    return render(request, "papers/venue_list.html", listing.context())


@record_page(profiles.venues_with_page)
def venue(request: HttpRequest, found: Venue) -> HttpResponse:
    context = {"venue": found, "identifiers": found.identifiers.all()[:20], "figures": profiles.venue_figures(found).values()}
    return render(
        request, "papers/venue_detail.html", papers_context(request, Tag("venue", str(found.pk)), fixed="venue") | context
    )


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """What every figure means. The coverage is counted anew every ten minutes."""
    coverage = cache.get_or_set("coverage", profiles.coverage, COVERAGE_SECONDS)
    ranking = {name: value for module in (scoring, relevance) for name, value in vars(module).items() if name.isupper()}
    ranking |= {"OUTSIDE": round(1 - scoring.TITLE_SHARE, 2), "UNCOVERED": round(1 - scoring.COVERAGE_SHARE, 2)}
    return render(request, "papers/methods.html", {"coverage": coverage, "ranking": ranking})
