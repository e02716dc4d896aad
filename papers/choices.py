"""What the menus of list pages offer, and how chosen values are called."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from authors.curation.public_ids import parse_public_id
from papers.models import Category, Venue
from papers.people import public_authors, public_institutions

OFFERED = 60
YES_OR_NO = [("", "With or without"), ("true", "Yes"), ("false", "No")]
Choices = list[tuple[str, str]]


def categories() -> Choices:
    offered = Category.objects.listed().order_by("code").values_list("code", "name")
    return [("", "Any category"), *((code, f"{code} {name}") for code, name in offered)]


def institutions(given: str = "") -> Choices:
    """`given` is the public id in use: it is offered however few papers the institution has."""
    return [("", "Any institution"), *_largest(public_institutions(), given)]


def _largest(records: QuerySet[Any], given: str) -> Choices:
    largest = list(records.order_by("-metrics__papers_count", "-pk")[:OFFERED])
    asked = parse_public_id(given)
    if asked and asked[0] == records.model.letter and asked[1] not in {record.pk for record in largest}:
        largest += records.filter(pk=asked[1])
    names = labels(largest)
    return [(record.public_id, names[record.pk]) for record in sorted(largest, key=lambda record: (record.name_key, record.pk))]


def labels(records: Sequence[Any]) -> dict[Any, str]:
    """Names by key; with the country's code where others of `records` have the same name."""
    names = {record.pk: getattr(record, "display_name", None) or record.name for record in records}
    times = Counter(names.values())
    return {record.pk: names[record.pk] + (_country(record) if times[names[record.pk]] > 1 else "") for record in records}


def _country(record: Any) -> str:
    code = getattr(record, "country_code", "")
    return f" ({code})" if code else ""


def called(kind: str, keys: Iterable[Any]) -> dict[Any, Any]:
    """The records of a kind of filter (category, institution, venue, author) by key, as far as the public may see them."""
    wanted = list(keys)
    if kind == "category":
        return Category.objects.in_bulk(wanted)
    if kind == "author":
        return public_authors().in_bulk(wanted)
    return public_institutions().in_bulk(wanted) if kind == "institution" else Venue.objects.listed().in_bulk(wanted)


def names_of(kind: str, keys: Iterable[Any]) -> dict[str, str]:
    """What is shown for chosen values, by public id."""
    return {record.public_id: getattr(record, _SHOWN[kind]) for record in called(kind, keys).values()}


_SHOWN = {"category": "short_code", "institution": "tag", "venue": "name", "author": "display_name"}
