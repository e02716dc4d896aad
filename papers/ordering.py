"""The orders that lists know: the same words for pages and API, `key` or `key:desc`.

Every order ends in the key, so that no list ever repeats or loses a row between pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

Order = Callable[[Any], QuerySet[Any]]


class UnknownSort(ValueError):
    """The message names the orders there are."""


@dataclass(frozen=True)
class Sort:
    """`label` is what the page's menu says."""

    label: str
    apply: Order


def _by(*fields: Any) -> Order:
    return lambda queryset: queryset.order_by(*fields)


def _largest(field: str) -> Order:
    """Largest first; records without the figure come last."""
    return lambda queryset: queryset.order_by(F(field).desc(nulls_last=True), "-pk")


PAPERS = {
    "publication_date:desc": Sort("Newest first", lambda papers: papers.newest_first()),
    "publication_date": Sort("Oldest first", lambda papers: papers.oldest_first()),
    "cited_by_count:desc": Sort("Most cited", lambda papers: papers.most_cited_first()),
    "created_date:desc": Sort("Added last", _by("-pk")),
}
AUTHORS = {
    "works_count:desc": Sort("Most papers", _largest("metrics__papers_count")),
    "cited_by_count:desc": Sort("Most cited", _largest("metrics__citations")),
    "display_name": Sort("Name", _by("sort_key", "pk")),
}
INSTITUTIONS = {
    "works_count:desc": Sort("Most papers", _largest("metrics__papers_count")),
    "cited_by_count:desc": Sort("Most cited", _largest("metrics__citations")),
    "display_name": Sort("Name", _by("name_key", "pk")),
}
VENUES = INSTITUTIONS
CATEGORIES = {
    "id": Sort("Code", _by("code")),
    "works_count:desc": Sort("Most papers", _largest("metrics__papers_count")),
    "display_name": Sort("Name", _by("name", "pk")),
}


def in_order(queryset: QuerySet[Any], sorts: dict[str, Sort], wanted: str | None) -> QuerySet[Any]:
    """`queryset` in the order `wanted`, or in the first of `sorts`. Raises UnknownSort."""
    name = (wanted or next(iter(sorts))).removesuffix(":asc")
    if name not in sorts:
        raise UnknownSort(f"“{name}” is not an order of this list. Known are {', '.join(sorts)}.")
    return sorts[name].apply(queryset)
