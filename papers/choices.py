"""What the menus of list pages offer: the categories there are, and the institutions and venues with the most papers."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from authors.curation.public_ids import parse_public_id
from papers.models import Category, Venue
from papers.people import public_institutions

OFFERED = 60
YES_OR_NO = [("", "With or without"), ("true", "Yes"), ("false", "No")]
Choices = list[tuple[str, str]]


def categories() -> Choices:
    offered = Category.objects.listed().order_by("code").values_list("code", "name")
    return [("", "Any category"), *((code, f"{code} {name}") for code, name in offered)]


def institutions(given: str = "") -> Choices:
    """`given` is the public id in use: it is offered however few papers the institution has."""
    return [("", "Any institution"), *_largest(public_institutions(), given)]


def venues(given: str = "") -> Choices:
    return [("", "Any venue"), *_largest(Venue.objects.listed(), given)]


def _largest(records: QuerySet[Any], given: str) -> Choices:
    largest = list(records.order_by("-metrics__papers_count", "-pk")[:OFFERED])
    asked = parse_public_id(given)
    if asked and asked[0] == records.model.letter and asked[1] not in {record.pk for record in largest}:
        largest += records.filter(pk=asked[1])
    names = labels(largest)
    return [(record.public_id, names[record.pk]) for record in sorted(largest, key=lambda record: (record.name_key, record.pk))]


def labels(records: Sequence[Any]) -> dict[int, str]:
    """Names by key; with the country's code where others of `records` have the same name."""
    times = Counter(record.name for record in records)
    return {record.pk: record.name + (_country(record) if times[record.name] > 1 else "") for record in records}


def _country(record: Any) -> str:
    code = getattr(record, "country_code", "")
    return f" ({code})" if code else ""
