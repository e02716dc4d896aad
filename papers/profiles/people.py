"""Who writes with whom and where: co-authors, affiliations, namesakes, and which records have a page.

Each function runs a fixed number of queries whatever the number of papers.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef

from authors.models import Affiliation, Author, AuthorName, Institution
from authors.querysets import AuthorQuerySet, InstitutionQuerySet
from papers.charts import Graph, ring_graph
from papers.models import Authorship, AuthorshipAffiliation, Paper, Venue
from papers.people import public_authors, public_institutions
from papers.profiles.counts import TOP, Tally, tallies
from papers.profiles.figures import span
from papers.querysets import VenueQuerySet

COAUTHORS, SIMILAR, STAYS = 200, 10, 20  # how many of each a page lists at most
CLOSEST = 20  # co-authors that are drawn


@dataclass(frozen=True)
class TopList:
    """The first of `total` people or institutions, those with the most papers first."""

    rows: list[Tally]
    total: int


@dataclass(frozen=True)
class Stay:
    """A person's time at an institution, in words; `from_papers` when only affiliations printed on papers say so.

    `has_page` is false for an institution that no public paper names.
    """

    institution: Institution
    years: str
    from_papers: bool = False
    has_page: bool = True


def authors_with_page() -> AuthorQuerySet:
    return public_authors()


def institutions_with_page() -> InstitutionQuerySet:
    return public_institutions().select_related("metrics", "parent__metrics")


def venues_with_page() -> VenueQuerySet:
    """Venues of a published paper, retracted or not. For one record at a time."""
    seen = Paper.objects.published().filter(venue=OuterRef("pk"))
    return Venue.objects.filter(Exists(seen)).select_related("metrics", "default_category")


def coauthors_of(author: Author, *, most: int = COAUTHORS) -> TopList:
    """With the number of papers written together; retracted ones count nowhere, hidden people are left out."""
    together = Authorship.objects.filter(paper__in=Paper.objects.counted().by(author).values("pk"), hidden_on_profile=False)
    return _people(together.exclude(author=author), "author", "paper", most)


def coauthor_graph(author: Author, coauthors: TopList) -> Graph | None:
    """The closest of them, tied by the papers that they wrote together with the author. One query."""
    closest = [(tally.record, tally.papers) for tally in coauthors.rows[:CLOSEST]]
    joint = Authorship.objects.filter(
        paper__in=Paper.objects.counted().by(author).values("pk"), author__in=[person.pk for person, _ in closest],
        hidden_on_profile=False,
    )  # fmt: skip
    on_paper: dict[int, set[int]] = defaultdict(set)
    for paper, person in joint.order_by().values_list("paper", "author"):
        on_paper[paper].add(person)
    ties = Counter(pair for people in on_paper.values() for pair in combinations(sorted(people), 2))
    return ring_graph(closest, ties)


def people_at(institution: Institution, *, most: int = TOP) -> TopList:
    """Those whose papers name the institution as theirs, with the number of such papers."""
    mentions = AuthorshipAffiliation.objects.filter(
        institution=institution, authorship__paper__state=Paper.State.PUBLISHED, authorship__paper__is_retracted=False,
        authorship__hidden_on_profile=False,
    )  # fmt: skip
    return _people(mentions, "authorship__author", "authorship__paper", most)


def _people(rows: Any, author: str, paper: str, most: int) -> TopList:
    seen = rows.filter(**{f"{author}__isnull": False}).exclude(**{f"{author}__visibility": Author.Visibility.HIDDEN})
    counts = seen.order_by().values_list(author).annotate(count=Count(paper, distinct=True))
    top = list(counts.order_by("-count", f"{author}__sort_key", author)[:most])
    total = len(top) if len(top) < most else seen.aggregate(total=Count(author, distinct=True))["total"]
    return TopList(tallies(Author.objects.in_bulk([key for key, _ in top]), top), total)


def people_with_similar_names(author: Author, *, most: int = SIMILAR) -> list[Author]:
    """Public people with the same family name and first initial, those with the most papers first."""
    keys = AuthorName.objects.filter(author=author, public=True).values("short_key")
    alike = AuthorName.objects.filter(short_key__in=keys, public=True).exclude(short_key="").values("author")
    others = public_authors().filter(pk__in=alike).exclude(pk=author.pk)
    return list(others.order_by(F("metrics__papers_count").desc(nulls_last=True), "sort_key", "pk")[:most])


def latest_institutions(authors: Sequence[Author]) -> dict[int, Institution]:
    """For telling people apart in lists: the current affiliation, else that of the newest papers, where known."""
    latest: dict[int, int] = {}
    for author, institution in Affiliation.objects.filter(author__in=authors).values_list("author", "institution"):
        latest.setdefault(author, institution)
    printed = _printed_affiliations(authors).values_list("authorship__author", "institution")
    for author, institution, *_ in printed.annotate(last=Max("authorship__paper__year"), count=Count("pk")).order_by(
        F("last").desc(nulls_last=True), "-count", "institution"
    ):
        latest.setdefault(author, institution)
    institutions = Institution.objects.in_bulk(set(latest.values()))
    return {author: institutions[institution] for author, institution in latest.items()}


def affiliations_of(author: Author) -> list[Stay]:
    """What is recorded of the person; without that, what their papers print."""
    recorded = author.affiliations.select_related("institution__metrics")[:STAYS]
    stays = [Stay(row.institution, _recorded_years(row), has_page=has_page(row.institution)) for row in recorded]
    return stays or _stays_from_papers(author)


def _recorded_years(row: Affiliation) -> str:
    if row.is_current:
        return f"since {row.start_year}" if row.start_year else "current"
    return f"until {row.end_year}" if row.end_year and not row.start_year else row.years


def _stays_from_papers(author: Author) -> list[Stay]:
    years = {"first": Min("authorship__paper__year"), "last": Max("authorship__paper__year"), "count": Count("pk")}
    rows = list(
        _printed_affiliations([author]).values("institution").annotate(**years)
        .order_by(F("last").desc(nulls_last=True), "-count", "institution")[:STAYS]
    )  # fmt: skip
    institutions = Institution.objects.in_bulk([row["institution"] for row in rows])
    return [Stay(institutions[row["institution"]], span(row["first"], row["last"]), from_papers=True) for row in rows]


def _printed_affiliations(authors: Sequence[Author]) -> Any:
    return AuthorshipAffiliation.objects.filter(
        authorship__author__in=authors, authorship__paper__state=Paper.State.PUBLISHED, institution__isnull=False,
        authorship__hidden_on_profile=False,
    ).order_by()  # fmt: skip


def has_page(institution: Institution) -> bool:
    """Whether a published paper names it, retracted or not. Reads `metrics`."""
    metrics = getattr(institution, "metrics", None)
    return metrics is not None and metrics.papers_count + metrics.retracted_count > 0


def parts_of(institution: Institution, *, most: int = TOP) -> TopList:
    """The institution's public parts, those with the most papers first."""
    parts = public_institutions().filter(parent=institution)
    rows = [
        Tally(part, part.metrics.papers_count) for part in parts.order_by("-metrics__papers_count", "name_key", "pk")[:most]
    ]
    return TopList(rows, len(rows) if len(rows) < most else parts.count())
