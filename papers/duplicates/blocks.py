"""Which records are compared at all: those that share a value, unless too many do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from authors.curation.bulk import rows_of

CROWDED = 200  # a name that more records bear says nothing, and comparing each with each would take for ever
Pair = tuple[int, int]  # keys, the smaller first


def ordered(first: int, second: int) -> Pair:
    return (first, second) if first < second else (second, first)


def sharing(rows: "QuerySet[Any]", column: str, owner: str, values: Iterable[str]) -> dict[str, set[int]]:
    """By value the keys of the records that have it in `column`; crowded values are left out."""
    found = rows.order_by().filter(**{f"{column}__among": sorted({*values} - {""})})
    counts = rows_of(found.values_list(column).annotate(count=Count("*")).filter(count__lte=CROWDED))
    holders: dict[str, set[int]] = defaultdict(set)
    for value, key in rows_of(found.filter(**{f"{column}__among": [value for value, _ in counts]}).values_list(column, owner)):
        holders[value].add(key)
    return holders


def pairs_of(own: Iterable[tuple[int, str]], holders: dict[str, set[int]]) -> Iterator[Pair]:
    """Each of `own` (key, value) with everyone else who has the value."""
    for key, value in own:
        yield from (ordered(key, other) for other in holders.get(value, ()) if other != key)


def meeting(own: Sequence[tuple[int, str]], rows: "QuerySet[Any]", column: str, owner: str) -> Iterator[Pair]:
    """The same, with everyone else among `rows`."""
    return pairs_of(own, sharing(rows, column, owner, (value for _, value in own)))


def cut(things: Sequence[Any], size: int) -> Iterator[list[Any]]:
    return (list(things[start : start + size]) for start in range(0, len(things), size))
