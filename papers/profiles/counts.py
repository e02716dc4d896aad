"""Which categories, years, institutions and venues a list of papers has, in counts.

Each function runs a fixed number of queries whatever the number of papers.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from authors.models import Institution
from papers.models import Category, Paper, PaperCategory, PaperInstitution, Venue

TOP = 12  # how many institutions, venues, people and parts a page names at most


@dataclass(frozen=True)
class Tally:
    """A category, year, institution, venue or person, and how many papers it stands on."""

    record: Any
    papers: int


def categories_of(papers: QuerySet[Any]) -> list[Tally]:
    """Each category with the papers that choosing it would list: primary or further."""
    keys = papers.order_by().values("pk")
    found = Counter(dict(_grouped(Paper.objects.filter(pk__in=keys, primary_category__isnull=False), "primary_category")))
    further = PaperCategory.objects.filter(paper__in=keys).exclude(category=F("paper__primary_category"))
    found.update(dict(_grouped(further, "category")))
    return tallies(Category.objects.in_bulk(list(found)), found.most_common())


def years_of(papers: QuerySet[Any]) -> list[Tally]:
    """The years that have papers, in their order; undated papers are left out."""
    counts = _grouped(Paper.objects.filter(pk__in=papers.order_by().values("pk"), year__isnull=False), "year")
    return [Tally(year, count) for year, count in sorted(counts)]


def institutions_of(papers: QuerySet[Any], *, most: int = TOP) -> list[Tally]:
    rows = _grouped(PaperInstitution.objects.filter(paper__in=papers.order_by().values("pk")), "institution")[:most]
    return tallies(Institution.objects.in_bulk([key for key, _ in rows]), rows)


def venues_of(papers: QuerySet[Any], *, most: int = TOP) -> list[Tally]:
    rows = _grouped(Paper.objects.filter(pk__in=papers.order_by().values("pk"), venue__isnull=False), "venue")[:most]
    return tallies(Venue.objects.in_bulk([key for key, _ in rows]), rows)


def _grouped(rows: Any, field: str) -> Any:
    """(key, count), the largest first and equal ones by key; a lazy queryset."""
    return rows.order_by().values_list(field).annotate(count=Count("pk")).order_by("-count", field)


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
