"""What papers add to the institutions, venues and categories that they enter, and the difference that a change of theirs makes.

So a category of hundreds of thousands of papers need not be read again because one of them was edited.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from authors.models import Author
from papers.metrics.refreshing.groups import CATEGORIES, INSTITUTIONS, VENUES, Group, lines_that_count, locked, write
from papers.metrics.refreshing.reading import yearly_citations
from papers.metrics.refreshing.sums import NO_YEARS, Counted, Sums, counter_of
from papers.models import Authorship, Paper, PaperInstitution

GROUPS = (INSTITUTIONS, VENUES, CATEGORIES)
Person = tuple[int, int]  # institution, and who worked there
Added = list[tuple[Counted, int]]  # what is to be added, and how often


@dataclass
class Fact:
    """What one paper adds, where, and whom; `counted` is none while it is not published."""

    counted: Counted | None
    keys: dict[str, set[Any]]
    people: set[Person] = field(default_factory=set)

    def added_to(self, group: Group, key: Any) -> Counted | None:
        return self.counted if key in self.keys[group.name] else None


@dataclass
class Facts:
    """Of papers, at one moment; papers that were not there are left out."""

    asked: set[int]
    papers: dict[int, Fact]
    authors: set[int]
    taken_at: datetime

    def keys(self, group: Group) -> set[Any]:
        return {key for fact in self.papers.values() for key in fact.keys[group.name]}

    def people(self) -> set[Person]:
        return {
            person for fact in self.papers.values() if fact.counted and not fact.counted.retracted for person in fact.people
        }


def facts_of(papers: Collection[int]) -> Facts:
    """In five queries."""
    found = Facts({*papers}, _papers(papers), set(), timezone.now())
    for paper, institution in PaperInstitution.objects.filter(paper__among=papers).values_list("paper", "institution"):
        found.papers[paper].keys[INSTITUTIONS.name].add(institution)
    lines = Authorship.objects.filter(paper__among=papers, author__isnull=False).order_by()
    told = ("paper", "author", "hidden_on_profile", "author__visibility", "affiliations__institution")
    for paper, author, hidden, visibility, institution in lines.values_list(*told):
        found.authors.add(author)
        if institution and not hidden and visibility != Author.Visibility.HIDDEN:
            found.papers[paper].people.add((institution, author))
    return found


def _papers(papers: Collection[int]) -> dict[int, Fact]:
    told = ("pk", "state", "is_retracted", "year", "cited_by_count", "venue", "primary_category")
    rows = Paper.objects.filter(pk__among=papers).order_by().values_list(*told)
    yearly, found = yearly_citations(papers), {}
    for pk, state, retracted, year, cited, venue, category in rows:
        counted = Counted(retracted, year, cited, yearly.get(pk, NO_YEARS)) if state == "published" else None
        keys = {INSTITUTIONS.name: set(), VENUES.name: {venue} - {None}, CATEGORIES.name: {category} - {None}}
        found[pk] = Fact(counted, keys)
    return found


def apply_differences(before: Facts) -> dict[str, set[Any]]:
    """Bring the figures up to date by what `before` says of papers and what they say now. Gives, by group, the keys of which
    the figures are right then."""
    after = facts_of(before.asked)
    return {group.name: _apply(group, before, after) for group in GROUPS}


def _apply(group: Group, before: Facts, after: Facts) -> set[Any]:
    added, people = _differences(group, before, after), _more_people(before, after) if group is INSTITUTIONS else {}
    changed, all_keys = {*added, *people}, before.keys(group) | after.keys(group)
    if not changed:
        return all_keys
    sums, counts = {}, {}
    for row in locked(group, sorted(changed)):
        if row.refreshed_at <= before.taken_at and (found := _sums_of(group, row)):
            for counted, times in added.get(row.pk, []):
                found.add(counted, times)
            if found.possible:
                sums[row.pk], counts[row.pk] = found, people.get(row.pk, 0) + getattr(row, "authors_count", 0)
    write(group, sums, counts)
    return all_keys - (changed - sums.keys())


def _sums_of(group: Group, row: Any) -> Sums | None:
    """What the stored figures were made of."""
    tally = group.tally._base_manager.filter(pk=row.pk).values_list("papers_by_count", flat=True).first()
    if tally is None or row.papers_by_year is None or row.citations_by_year is None:
        return None
    by_year, cited = counter_of(row.papers_by_year), counter_of(row.citations_by_year)
    return Sums(row.papers_count, row.retracted_count, counter_of(tally), by_year, cited)


def _differences(group: Group, before: Facts, after: Facts) -> dict[Any, Added]:
    found: dict[Any, Added] = defaultdict(list)
    for paper in before.asked:
        told = [facts.papers[paper] for facts in (before, after) if paper in facts.papers]
        for key in {key for fact in told for key in fact.keys[group.name]}:
            was, is_now = (_added(facts.papers.get(paper), group, key) for facts in (before, after))
            if was != is_now:
                found[key] += [(counted, times) for counted, times in ((was, -1), (is_now, 1)) if counted]
    return found


def _added(fact: Fact | None, group: Group, key: Any) -> Counted | None:
    return fact.added_to(group, key) if fact else None


def _more_people(before: Facts, after: Facts) -> dict[int, int]:
    """By institution, how many more people have a paper from there; whom other papers put there were and are counted."""
    were, are = before.people(), after.people()
    others = _on_other_papers(were ^ are, before.asked)
    found: dict[int, int] = defaultdict(int)
    for institution, author in (were ^ are) - others:
        found[institution] += 1 if (institution, author) in are else -1
    return found


def _on_other_papers(people: Iterable[Person], papers: Iterable[int]) -> set[Person]:
    wanted = {*people}
    if not wanted:
        return set()
    lines = lines_that_count().filter(authorship__author__among={author for _, author in wanted}, institution__isnull=False)
    found = lines.values_list("institution", "authorship__author", "authorship__paper")
    excluded = {*papers}
    return {(institution, author) for institution, author, paper in found if paper not in excluded} & wanted
