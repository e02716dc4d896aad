"""Records with the number of papers they stand on, and how many papers carry a fact."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from papers.models import Paper

TOP = 12  # how many institutions, venues, people and parts a page names at most


@dataclass(frozen=True)
class Tally:
    """An institution or a person, and how many papers it stands on."""

    record: Any
    papers: int


def tallies(records: dict[Any, Any], rows: Iterable[tuple[Any, int]]) -> list[Tally]:
    return [Tally(records[key], count) for key, count in rows if key in records]


@dataclass(frozen=True)
class Coverage:
    """How many of the published papers carry a fact."""

    fact: str
    papers: int
    of: int


def coverage() -> list[Coverage]:
    """Reads every published paper once: keep the answer for a while."""
    counts = {
        "an abstract": Count("pk", filter=~Q(abstract="")),
        "a primary category": Count("primary_category"),
        "a citation count": Count("cited_by_count"),
        "a date": Count("published"),
        "code": Count("pk", filter=Q(has_code=True)),
        "a complete list of authors": Count("pk", filter=Q(authors_complete=True)),
    }
    names = [f"fact_{number}" for number in range(len(counts))]
    found = Paper.objects.published().order_by().aggregate(of=Count("pk"), **dict(zip(names, counts.values(), strict=True)))
    return [Coverage(fact, found[name], found["of"]) for fact, name in zip(counts, names, strict=True)]
