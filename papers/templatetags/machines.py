"""What the head of a page says to programs; see templates/partials/head.html. Formatting only: no query is made here."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from authors.filters import AuthorFilter, InstitutionFilter
from papers.filters import CategoryListFilter, PaperFilter, VenueFilter
from papers.structured import writing

register = template.Library()
FILTERS = {
    name
    for kind in (PaperFilter, AuthorFilter, InstitutionFilter, CategoryListFilter, VenueFilter)
    for name in kind.base_filters
}


@register.simple_tag
def canonical_address(request: HttpRequest) -> str:
    """The page's one address: filters and the page's number choose what is on it, orders and views only how it looks."""
    given = [(name, value) for name, values in request.GET.lists() for value in values if value and _matters(name, value)]
    return request.build_absolute_uri(request.path) + (f"?{urlencode(given)}" if given else "")


def _matters(name: str, value: str) -> bool:
    return name == "q" or name in FILTERS or (name == "page" and value != "1")


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    return mark_safe(writing.json_ld(data))  # noqa: S308 - it leaves no sign that HTML would read
