"""Recomputing stored counts for the records that a change touched.

All counts are of published papers that are not retracted. Unknown citation counts are left out of sums, and
`cited_papers` says how many were known.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from authors.curation.bulk import insert, rows_of, upsert
from authors.curation.models import Provenance
from authors.models import Author
from papers.metrics.formulas import h_index, i10_index
from papers.models import (
    AuthorMetrics,
    Authorship,
    AuthorshipAffiliation,
    CategoryMetrics,
    InstitutionMetrics,
    Paper,
    PaperInstitution,
    VenueMetrics,
)
from papers.search.indexing import index_authors, index_institutions

AT_ONCE = 5_000
STANDING, RETRACTED = Q(is_retracted=False), Q(is_retracted=True)
TOTALS = {
    "papers": Count("pk", filter=STANDING),
    "retracted": Count("pk", filter=RETRACTED),
    "total": Sum("cited_by_count", filter=STANDING),
    "known": Count("cited_by_count", filter=STANDING),
}
AUTHOR_COLUMNS = [
    "author", "retracted_count", "papers_count", "citations", "cited_papers", "h_index", "i10_index", "first_year",
    "last_year", "primary_category",
]  # fmt: skip
Written = Sequence[Any]  # author, paper, is it retracted, and the paper's facts
Facts = Sequence[Any]  # year, citation count, primary category
COLUMNS = ["papers_count", "retracted_count", "citations", "cited_papers"]


def _chunks(keys: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    remaining = iter(sorted(set(keys)))
    while chunk := list(islice(remaining, size)):
        yield chunk


@transaction.atomic
def refresh_authors(author_ids: Iterable[int]) -> None:
    for chunk in _chunks(author_ids):
        _refresh_some_authors(chunk)


def _refresh_some_authors(author_ids: Sequence[int]) -> None:
    written = Authorship.objects.filter(author__among=author_ids, paper__state="published").order_by().values_list(
        "author", "paper", "paper__is_retracted", "paper__year", "paper__cited_by_count", "paper__primary_category"
    )  # fmt: skip
    now = timezone.now()
    rows = [(*row, now) for row in _author_rows(author_ids, rows_of(written))]
    upsert(AuthorMetrics, [*AUTHOR_COLUMNS, "refreshed_at"], rows, unique=["author"])


def write_figures_of_new_authors(author_ids: Iterable[int], written: Iterable[Written]) -> None:
    """What `refresh_authors` would write for people who are just being added: the caller knows all that they have
    `written` in published papers, so that nothing needs to be read."""
    insert(AuthorMetrics, AUTHOR_COLUMNS, _author_rows(sorted(author_ids), written), same={"refreshed_at": timezone.now()})


def _author_rows(author_ids: Sequence[int], written: Iterable[Written]) -> list[tuple[Any, ...]]:
    papers: dict[int, dict[int, Facts]] = defaultdict(dict)
    retracted: dict[int, set[int]] = defaultdict(set)
    for author, paper, is_retracted, *facts in written:
        if is_retracted:
            retracted[author].add(paper)
        else:
            papers[author][paper] = facts
    return [
        (author, len(retracted.get(author, ())), *_author_figures(list(papers.get(author, {}).values())))
        for author in author_ids
    ]


def _author_figures(facts: Sequence[Facts]) -> tuple[Any, ...]:
    """Count, citations, known counts, h, i10, first and last year, primary category."""
    if len(facts) == 1:  # as most people have
        return _figures_of_one(*facts[0])
    years = [year for year, _, _ in facts if year]
    counts = [count for _, count, _ in facts if count is not None]
    categories = Counter(category for _, _, category in facts if category)
    # Of categories with equally many papers the first by code is taken, so that a recount changes nothing.
    primary = min(categories, key=lambda code: (-categories[code], code), default=None)
    cited = (sum(counts), len(counts), h_index(counts), i10_index(counts)) if counts else (None, 0, None, None)
    return len(facts), *cited, min(years, default=None), max(years, default=None), primary


def _figures_of_one(year: int | None, count: int | None, category: str | None) -> tuple[Any, ...]:
    cited = (None, 0, None, None) if count is None else (count, 1, h_index([count]), i10_index([count]))
    return 1, *cited, year or None, year or None, category or None


@transaction.atomic
def refresh_institutions(institution_ids: Iterable[int]) -> None:
    for chunk in _chunks(institution_ids):
        totals: dict[Any, Any] = {
            row["institution"]: row
            for row in PaperInstitution.objects.filter(institution__among=chunk, paper__state="published")
            .values("institution")
            .annotate(
                papers=Count("pk", filter=Q(paper__is_retracted=False)),
                retracted=Count("pk", filter=Q(paper__is_retracted=True)),
                total=Sum("paper__cited_by_count", filter=Q(paper__is_retracted=False)),
                known=Count("paper__cited_by_count", filter=Q(paper__is_retracted=False)),
            )
        }
        people = dict(
            AuthorshipAffiliation.objects.filter(
                institution__among=chunk, authorship__paper__state="published", authorship__paper__is_retracted=False
            )
            .exclude(authorship__author__visibility=Author.Visibility.HIDDEN)
            .values_list("institution")
            .annotate(people=Count("authorship__author", distinct=True))
        )
        now = timezone.now()
        rows = [(pk, *_totals(totals.get(pk)), people.get(pk, 0), now) for pk in chunk]
        upsert(InstitutionMetrics, ["institution", *COLUMNS, "authors_count", "refreshed_at"], rows, unique=["institution"])


def refresh_institutions_of(author: Author) -> None:
    """The institutions where the author's papers put them; call when the author is hidden or shown again."""
    stated = AuthorshipAffiliation.objects.filter(authorship__author=author, institution__isnull=False)
    refresh_institutions(stated.values_list("institution", flat=True).distinct())


def refresh_venues(venue_ids: Iterable[int]) -> None:
    _refresh_by_paper_field("venue", VenueMetrics, venue_ids)


def refresh_categories(codes: Iterable[str]) -> None:
    """By primary category."""
    _refresh_by_paper_field("primary_category", CategoryMetrics, codes)


@transaction.atomic
def _refresh_by_paper_field(field: str, metrics: type[models.Model], keys: Iterable[Any]) -> None:
    subject = "venue" if metrics is VenueMetrics else "category"
    for chunk in _chunks(keys):
        found = Paper.objects.published().filter(**{f"{field}__among": chunk}).order_by().values(field).annotate(**TOTALS)
        totals: dict[Any, Any] = {row[field]: row for row in found}
        now = timezone.now()
        rows = [(key, *_totals(totals.get(key)), now) for key in chunk]
        upsert(metrics, [subject, *COLUMNS, "refreshed_at"], rows, unique=[subject])


def _totals(row: dict[str, Any] | None) -> tuple[Any, ...]:
    return (row["papers"], row["retracted"], row["total"], row["known"]) if row else (0, 0, None, 0)


def refresh_paper(paper_id: int, *, also: "Touched | None" = None) -> None:
    """All whose figures the paper enters; `also` names those it entered before the change."""
    touched = touched_by([paper_id])
    (touched | also if also else touched).refresh()


class Touched:
    """The records whose figures depend on some papers."""

    def __init__(self, authors: set[int], institutions: set[int], venues: set[int], categories: set[str]) -> None:
        self.authors, self.institutions, self.venues, self.categories = authors, institutions, venues, categories

    def __or__(self, other: "Touched") -> "Touched":
        return Touched(
            self.authors | other.authors,
            self.institutions | other.institutions,
            self.venues | other.venues,
            self.categories | other.categories,
        )

    @transaction.atomic
    def refresh(self) -> None:
        """Their figures, and their places in the search index, which go by the figures."""
        refresh_authors(self.authors)
        refresh_institutions(self.institutions)
        refresh_venues(self.venues)
        refresh_categories(self.categories)
        index_authors(self.authors)
        index_institutions(self.institutions)


def touched_by(paper_ids: Sequence[int]) -> Touched:
    of_papers = Paper.objects.filter(pk__among=paper_ids)
    return Touched(
        set(Authorship.objects.filter(paper__among=paper_ids, author__isnull=False).values_list("author", flat=True)),
        set(PaperInstitution.objects.filter(paper__among=paper_ids).values_list("institution", flat=True)),
        set(of_papers.filter(venue__isnull=False).values_list("venue", flat=True)),
        set(of_papers.filter(primary_category__isnull=False).values_list("primary_category", flat=True)),
    )


def touched_by_run(run_id: int) -> Touched:
    """What an import run's papers enter; people are left out, for batches refresh them."""
    papers = Provenance.objects.filter(run=run_id, kind="P").values("record_id")
    of_papers = Paper.objects.filter(pk__in=papers).order_by()
    return Touched(
        set(),
        set(PaperInstitution.objects.filter(paper__in=papers).values_list("institution", flat=True).distinct()),
        set(of_papers.filter(venue__isnull=False).values_list("venue", flat=True).distinct()),
        set(of_papers.filter(primary_category__isnull=False).values_list("primary_category", flat=True).distinct()),
    )
