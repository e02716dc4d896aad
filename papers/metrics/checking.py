"""A second opinion on the stored metrics: the definitions of docs/metrics.md, computed in the plainest way.

Nothing is shared with `papers.metrics.refreshing` or its formulas: a mistake there must not hide here. Slow, in bounded memory.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models

from authors.models import Author, Institution
from papers.models import (
    AuthorMetrics,
    Authorship,
    AuthorshipAffiliation,
    Category,
    CategoryMetrics,
    CategoryTally,
    Citation,
    CitationsInYear,
    InstitutionMetrics,
    InstitutionTally,
    Paper,
    PaperInstitution,
    Venue,
    VenueMetrics,
    VenueTally,
)

PAPERS_AT_ONCE = 500
Figures = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    record: str
    figure: str
    stored: Any
    right: Any

    def __str__(self) -> str:
        return f"{self.record}: {self.figure} is {self.stored}, should be {self.right}"


@dataclass(frozen=True)
class Step:
    reached: Any
    records: int
    differences: list[Difference]


@dataclass(frozen=True)
class Check:
    """`right` gives the figures of each of some keys as they should be, `stored` as they are; none where there are none."""

    letter: str
    model: type[models.Model]
    right: Callable[[list[Any]], dict[Any, Figures]]
    stored: Callable[[list[Any]], dict[Any, Figures]]
    at_once: int


def check_all(check: Check, *, after: Any = None) -> Iterator[Step]:
    every = check.model._base_manager.order_by("pk").values_list("pk", flat=True)
    while keys := list((every.filter(pk__gt=after) if after is not None else every)[: check.at_once]):
        after = keys[-1]
        yield Step(after, len(keys), list(_compared(check, keys)))


def _compared(check: Check, keys: list[Any]) -> Iterator[Difference]:
    right, stored = check.right(keys), check.stored(keys)
    for key in keys:
        there = stored.get(key)
        if there is None and not any(right[key].values()):
            continue  # nothing is written of who has nothing
        for name, value in right[key].items():
            found = there.get(name) if there else None
            if found != value or (found is None) != (value is None):
                yield Difference(f"{check.letter}{key}", name, "missing" if there is None else found, value)


# --- papers ----------------------------------------------------------------------------------------------------------------


def _citing(keys: list[int]) -> dict[int, Figures]:
    """How many published papers that are not retracted cite each paper, where no source says so; nobody is unknown."""
    counts: Counter[int] = Counter()
    for pair in Citation.objects.filter(cited__in=keys).select_related("citing"):
        if pair.citing.state == "published" and not pair.citing.is_retracted:
            counts[pair.cited_id] += 1
    own = Paper.objects.filter(pk__in=keys).values_list("pk", "citations_source", "cited_by_count")
    return {key: {"citations": count if source else counts.get(key)} for key, source, count in own}


def _counts(keys: list[int]) -> dict[int, Figures]:
    return {key: {"citations": count} for key, count in Paper.objects.filter(pk__in=keys).values_list("pk", "cited_by_count")}


# --- what papers add up to -------------------------------------------------------------------------------------------------


class One(NamedTuple):
    """A published paper."""

    retracted: bool
    year: int | None
    cited: int | None
    category: str | None
    years: dict[str, int]


def _papers(keys: Iterable[int]) -> dict[int, One]:
    found, wanted = {}, sorted({*keys})
    for begin in range(0, len(wanted), PAPERS_AT_ONCE):
        some = wanted[begin : begin + PAPERS_AT_ONCE]
        told: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for row in CitationsInYear.objects.filter(paper__in=some).order_by():
            told[row.paper_id][row.source][str(row.year)] = row.count
        columns = ("pk", "citations_source", "is_retracted", "year", "cited_by_count", "primary_category")
        for pk, source, retracted, year, cited, category in _published(some).values_list(*columns):
            found[pk] = One(retracted, year, cited, category, _of_one_source(told.get(pk, {}), source))
    return found


def _published(keys: list[int]) -> Any:
    return Paper.objects.filter(pk__in=keys, state="published").order_by()


def _of_one_source(told: dict[str, dict[str, int]], preferred: str) -> dict[str, int]:
    """The source of the count; else who tells most years; of these the last by name."""
    if preferred in told:
        return told[preferred]
    names = sorted(told, key=lambda name: (len(told[name]), name))
    return told[names[-1]] if names else {}


def _figures(papers: list[One]) -> Figures:
    standing = [paper for paper in papers if not paper.retracted]
    counts = sorted((paper.cited for paper in standing if paper.cited is not None), reverse=True)
    h = 0
    while h < len(counts) and counts[h] > h:
        h += 1
    cited: Counter[str] = Counter()
    for paper in standing:
        cited.update(paper.years)
    return {
        "papers_count": len(standing),
        "retracted_count": len(papers) - len(standing),
        "citations": sum(counts) if counts else None,
        "cited_papers": len(counts),
        "h_index": h if counts else None,
        "i10_index": len([count for count in counts if count >= 10]) if counts else None,
        "papers_by_year": dict(Counter(str(paper.year) for paper in standing if paper.year is not None)),
        "citations_by_year": {year: count for year, count in cited.items() if count},
    }


def _authors(keys: list[int]) -> dict[int, Figures]:
    wrote: dict[Any, list[int]] = defaultdict(list)
    for line in Authorship.objects.filter(author__in=keys).order_by().only("author_id", "paper_id", "hidden_on_profile"):
        if not line.hidden_on_profile:
            wrote[line.author_id].append(line.paper_id)
    known, found = _papers(paper for papers in wrote.values() for paper in papers), {}
    for key in keys:
        papers = [known[paper] for paper in sorted({*wrote[key]}) if paper in known]
        found[key] = _figures(papers) | _span([paper for paper in papers if not paper.retracted])
    return found


def _span(papers: list[One]) -> Figures:
    """First and last year, and the category of most papers, of several the first."""
    years = sorted(paper.year for paper in papers if paper.year is not None)
    codes = sorted(paper.category for paper in papers if paper.category)
    usual = max(codes, key=codes.count) if codes else None
    return {
        "first_year": years[0] if years else None,
        "last_year": years[-1] if years else None,
        "primary_category_id": usual,
    }


def _tallied(keys: Iterable[int]) -> Figures:
    papers = list(_papers(keys).values())
    counts = Counter(str(paper.cited) for paper in papers if not paper.retracted and paper.cited is not None)
    return _figures(papers) | {"papers_by_count": dict(counts)}


def _institutions(keys: list[int]) -> dict[int, Figures]:
    found = {}
    for key in keys:
        papers = list(PaperInstitution.objects.filter(institution=key).values_list("paper", flat=True))
        found[key] = _tallied(papers) | {"authors_count": _people_at(key)}
    return found


def _people_at(institution: int) -> int:
    people = set()
    lines = AuthorshipAffiliation.objects.filter(institution=institution).select_related(
        "authorship__paper", "authorship__author"
    )
    lines = lines.only("authorship__hidden_on_profile", "authorship__paper__state", "authorship__paper__is_retracted",
                       "authorship__author__visibility").order_by()  # fmt: skip
    for line in lines.iterator(chunk_size=1_000):
        authorship = line.authorship
        counts = authorship.paper.state == "published" and not authorship.paper.is_retracted
        if counts and authorship.author and authorship.author.visibility != "hidden" and not authorship.hidden_on_profile:
            people.add(authorship.author.pk)
    return len(people)


def _venues(keys: list[int]) -> dict[int, Figures]:
    return {key: _tallied(list(Paper.objects.filter(venue=key).order_by().values_list("pk", flat=True))) for key in keys}


def _categories(codes: list[str]) -> dict[str, Figures]:
    papers = Paper.objects.order_by().values_list("pk", flat=True)
    return {code: _tallied(list(papers.filter(primary_category=code))) for code in codes}


def _stored(metrics: type[models.Model], tally: type[models.Model] | None = None) -> Callable[[list[Any]], dict[Any, Figures]]:
    def read(keys: list[Any]) -> dict[Any, Figures]:
        found = {row["pk"]: row for row in metrics._base_manager.filter(pk__in=keys).values("pk", *_columns(metrics))}
        if tally:
            counts = dict(tally._base_manager.filter(pk__in=keys).values_list("pk", "papers_by_count"))
            for key, row in found.items():
                row["papers_by_count"] = counts.get(key)
        return found

    return read


def _columns(metrics: type[models.Model]) -> list[str]:
    return [field.attname for field in metrics._meta.concrete_fields]


CHECKS = {
    "P": Check("P", Paper, _citing, _counts, 500),
    "A": Check("A", Author, _authors, _stored(AuthorMetrics), 500),
    "I": Check("I", Institution, _institutions, _stored(InstitutionMetrics, InstitutionTally), 50),
    "V": Check("V", Venue, _venues, _stored(VenueMetrics, VenueTally), 20),
    "C": Check("category ", Category, _categories, _stored(CategoryMetrics, CategoryTally), 20),
}
