"""Which records some papers enter, and keeping these up to date when the papers change."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from authors.curation.models import Provenance
from papers.metrics.refreshing.differences import GROUPS, Facts, apply_differences, facts_of
from papers.metrics.refreshing.groups import CATEGORIES, INSTITUTIONS, VENUES, Group, refresh_group
from papers.metrics.refreshing.people import refresh_authors
from papers.models import Authorship, Paper, PaperInstitution
from papers.search.indexing import index_authors, index_institutions


class Touched:
    """The records whose figures depend on some papers; `facts` are what the papers added to them when that was asked."""

    def __init__(
        self,
        authors: set[int],
        institutions: set[int],
        venues: set[int],
        categories: set[str],
        facts: Facts | None = None,
    ) -> None:
        self.authors, self.institutions, self.venues, self.categories = authors, institutions, venues, categories
        self.facts = facts

    def __or__(self, other: "Touched") -> "Touched":
        """Of what papers added only the left side's is kept."""
        return Touched(
            self.authors | other.authors,
            self.institutions | other.institutions,
            self.venues | other.venues,
            self.categories | other.categories,
            self.facts,
        )

    @transaction.atomic
    def refresh(self, *, since: "Touched | None" = None) -> None:
        """Their figures, and their places in the search index, which go by the figures; `since` as `count` has it."""
        self.count(since=since)
        index_authors(self.authors)
        index_institutions(self.institutions)

    @transaction.atomic
    def count(self, *, since: "Touched | None" = None) -> None:
        """Their figures. People's are counted anew. Those of the others are changed by the difference that papers make `since`
        they were asked about, if nobody else wrote the figures meanwhile; else they are counted anew too.
        """
        refresh_authors(self.authors)
        right = self._changed_by_papers(since.facts) if since and since.facts else {}
        for group in GROUPS:
            refresh_group(group, self._keys(group) - right.get(group.name, set()))

    def _keys(self, group: Group) -> set[Any]:
        keys: dict[str, set[Any]] = {
            INSTITUTIONS.name: self.institutions,
            VENUES.name: self.venues,
            CATEGORIES.name: self.categories,
        }
        return keys[group.name]

    def _changed_by_papers(self, before: Facts) -> dict[str, set[Any]]:
        """Of papers that were not asked about nobody knows what they added."""
        right = apply_differences(before)
        others = [fact for paper, fact in (self.facts.papers if self.facts else {}).items() if paper not in before.asked]
        return {group.name: right[group.name] - {key for fact in others for key in fact.keys[group.name]} for group in GROUPS}


def touched_by(paper_ids: Collection[int], *, facts: bool = True) -> Touched:
    """Without `facts` it is faster, and a later refresh has to count everything anew."""
    if facts:
        found = facts_of(paper_ids)
        return Touched(found.authors, found.keys(INSTITUTIONS), found.keys(VENUES), found.keys(CATEGORIES), found)
    of_papers = Paper.objects.filter(pk__among=paper_ids)
    return Touched(
        set(Authorship.objects.filter(paper__among=paper_ids, author__isnull=False).values_list("author", flat=True)),
        set(PaperInstitution.objects.filter(paper__among=paper_ids).values_list("institution", flat=True)),
        set(of_papers.filter(venue__isnull=False).values_list("venue", flat=True)),
        set(of_papers.filter(primary_category__isnull=False).values_list("primary_category", flat=True)),
    )


def facts_before(paper_ids: Collection[int]) -> Touched:
    """For a change of who wrote these papers: what they add, and no records to count anew."""
    return Touched(set(), set(), set(), set(), facts_of(paper_ids))


def refresh_paper(paper_id: int, *, also: Touched | None = None) -> None:
    """All whose figures the paper enters; `also` names those it entered before the change."""
    touched = touched_by([paper_id])
    (touched | also if also else touched).refresh(since=also)


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
