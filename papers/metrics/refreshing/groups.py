"""The figures of institutions, venues and categories counted anew from all of their papers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from authors.curation.bulk import upsert
from authors.models import Author
from papers.metrics.refreshing.reading import chunks, is_told, yearly_citations_by
from papers.metrics.refreshing.sums import FIGURES, Counted, Sums, series
from papers.models import (
    AuthorshipAffiliation,
    CategoryMetrics,
    CategoryTally,
    InstitutionMetrics,
    InstitutionTally,
    Paper,
    PaperInstitution,
    VenueMetrics,
    VenueTally,
)

AT_ONCE = 200


@dataclass(frozen=True)
class Group:
    """What papers enter: `field` of `rows` says which, `path` leads from these to the paper."""

    name: str
    metrics: type[models.Model]
    tally: type[models.Model]
    rows: type[models.Model]
    field: str
    path: str = ""

    def papers(self, keys: Sequence[Any], **conditions: Any) -> "QuerySet[Any]":
        published = {f"{self.path}state": "published"} | {f"{self.path}{name}": value for name, value in conditions.items()}
        return self.rows._base_manager.filter(**{f"{self.field}__among": keys}, **published).order_by()


INSTITUTIONS = Group("institution", InstitutionMetrics, InstitutionTally, PaperInstitution, "institution", "paper__")
VENUES = Group("venue", VenueMetrics, VenueTally, Paper, "venue")
CATEGORIES = Group("category", CategoryMetrics, CategoryTally, Paper, "primary_category")


def refresh_institutions(institution_ids: Iterable[int]) -> None:
    refresh_group(INSTITUTIONS, institution_ids)


def refresh_venues(venue_ids: Iterable[int]) -> None:
    refresh_group(VENUES, venue_ids)


def refresh_categories(codes: Iterable[str]) -> None:
    """By primary category."""
    refresh_group(CATEGORIES, codes)


def refresh_institutions_of(author: Author) -> None:
    """The institutions where the author's papers put them; call when the author is hidden or shown again."""
    stated = AuthorshipAffiliation.objects.filter(authorship__author=author, institution__isnull=False)
    refresh_institutions(stated.values_list("institution", flat=True).distinct())


@transaction.atomic
def refresh_group(group: Group, keys: Iterable[Any]) -> None:
    for chunk in chunks(keys, AT_ONCE):
        locked(group, chunk)
        people = _people(chunk) if group is INSTITUTIONS else {}
        write(group, _sums(group, chunk), people)


def locked(group: Group, keys: Sequence[Any]) -> list[Any]:
    """The stored metrics, which nobody else writes until the transaction ends; on SQLite nobody can."""
    rows = group.metrics._base_manager.filter(pk__among=keys).order_by("pk")
    return list(rows.select_for_update() if connection.vendor == "postgresql" else rows)


def write(group: Group, sums: Mapping[Any, Sums], people: Mapping[int, int]) -> None:
    rows: list[tuple[Any, ...]] = [(key, *found.figures()) for key, found in sums.items()]
    columns = [group.name, *FIGURES]
    if group is INSTITUTIONS:
        columns.append("authors_count")
        rows = [(*row, people.get(row[0], 0)) for row in rows]
    upsert(group.metrics, columns, rows, unique=[group.name], same={"refreshed_at": timezone.now()})
    tallies = [(key, series(found.by_count)) for key, found in sums.items()]
    upsert(group.tally, [group.name, "papers_by_count"], tallies, unique=[group.name])


def _sums(group: Group, keys: Sequence[Any]) -> dict[Any, Sums]:
    sums = {key: Sums() for key in keys}
    told = [group.field, *(f"{group.path}{name}" for name in ("is_retracted", "year", "cited_by_count"))]
    alike = group.papers(keys).values_list(*told).annotate(papers=Count("pk"))
    for key, retracted, year, cited, papers in alike.iterator(chunk_size=5_000):
        sums[key].add(Counted(retracted, year, cited), papers)
    if is_told():
        for key, years in yearly_citations_by(group.papers(keys, is_retracted=False), group.field, group.path):
            sums[key].cited_by_year.update(years)
    return sums


def lines_that_count() -> "QuerySet[Any]":
    """Affiliations that put somebody at an institution."""
    lines = AuthorshipAffiliation.objects.filter(
        authorship__paper__state="published", authorship__paper__is_retracted=False, authorship__hidden_on_profile=False
    )
    return lines.exclude(authorship__author__visibility=Author.Visibility.HIDDEN).order_by()


def _people(institutions: Sequence[int]) -> dict[int, int]:
    lines = lines_that_count().filter(institution__among=institutions).values_list("institution")
    return dict(lines.annotate(people=Count("authorship__author", distinct=True)))
