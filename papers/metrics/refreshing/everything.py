"""All stored figures computed anew, in the order of keys and in bounded memory; a run that was cut off goes on where it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from authors.curation.bulk import rows_of
from authors.models import Author, Institution
from papers.metrics.citing import count_citations
from papers.metrics.refreshing.groups import refresh_categories, refresh_institutions, refresh_venues
from papers.metrics.refreshing.people import refresh_neighbours
from papers.models import Category, Paper, Venue

FIRST = {"C": ""}  # what all keys come after; of the others it is 0


@dataclass(frozen=True)
class Refresher:
    """`at_once` records are counted in one transaction."""

    name: str
    model: type[models.Model]
    refresh: Callable[[list[Any]], Any]
    at_once: int


@dataclass(frozen=True)
class Progress:
    reached: Any
    records: int


REFRESHERS = {  # papers first, for the others' figures are made of theirs
    "P": Refresher("papers", Paper, count_citations, 5_000),
    "A": Refresher("people", Author, refresh_neighbours, 20_000),
    "I": Refresher("institutions", Institution, refresh_institutions, 100),
    "V": Refresher("venues", Venue, refresh_venues, 20),
    "C": Refresher("categories", Category, refresh_categories, 20),
}


def refresh_all(kind: str, *, after: Any = None) -> Iterator[Progress]:
    """Each step is a transaction of its own; `after` is the key that a run had reached."""
    refresher = REFRESHERS[kind]
    after = FIRST.get(kind, 0) if after is None else after
    while keys := _next_keys(refresher, after):
        refresher.refresh(keys)
        after = keys[-1]
        yield Progress(after, len(keys))


def _next_keys(refresher: Refresher, after: Any) -> list[Any]:
    rows = refresher.model._base_manager.filter(pk__gt=after).order_by("pk").values_list("pk")
    return [key for (key,) in rows_of(rows[: refresher.at_once])]
