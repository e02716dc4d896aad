"""From what a search says to what the index can answer: names become keys, ranges become the words of their steps."""

from dataclasses import dataclass, field
from typing import Any

from papers.models import Category, Paper, PaperEntry
from papers.people import public_authors, public_institutions
from papers.search import tags
from papers.search.engines import engine
from papers.search.engines.base import INSTITUTIONS, Match
from papers.search.people import institution_node
from papers.search.tree import (
    CITATIONS,
    PUBLISHED,
    YEAR,
    And,
    Between,
    Everything,
    Lookup,
    Node,
    Not,
    Nothing,
    Or,
    Prefix,
    Tag,
    all_of,
    any_of,
    not_of,
)
from papers.search.vocabulary import completed

MOST_NAMED = 200  # institutions that one name may mean
MOST_LOOKUPS = 20  # different names and identifiers in one search


@dataclass
class Resolver:
    """`problems` takes a sentence for everything that means nothing in this catalogue."""

    problems: list[str] = field(default_factory=list)
    known: dict[Lookup, "Found"] = field(default_factory=dict)

    def match(self, node: Node) -> Match:
        """The whole search; ranges over columns may stand beside everything else only, not within OR and not."""
        parts = node.parts if isinstance(node, And) else (node,)
        ranges = tuple(part for part in parts if isinstance(part, Between) and part.column != YEAR)
        rest = [self.resolved(part) for part in parts if part not in ranges]
        steps = all_of(*(self.steps(between) for between in ranges))
        return Match(Nothing() if isinstance(steps, Nothing) else all_of(*rest), ranges, steps)

    def resolved(self, node: Node) -> Node:
        if isinstance(node, And):
            return all_of(*(self.resolved(part) for part in node.parts))
        if isinstance(node, Or):
            return any_of(*(self.resolved(part) for part in node.parts))
        if isinstance(node, Not):
            part = self.resolved(node.part)
            return Everything() if isinstance(part, Nothing) else not_of(part)
        if isinstance(node, Lookup):
            return self.looked_up(node)
        if isinstance(node, Between):
            return self.nested(node)
        return completed(node) if isinstance(node, Prefix) else node

    def nested(self, node: Between) -> Node:
        if node.column == YEAR:
            return self.steps(node)
        self.problems.append(f"A range of {node.column} cannot stand beside OR, | or a minus sign; it was left out.")
        return Nothing()

    # --- ranges ------------------------------------------------------------------------------------------------------------

    def steps(self, between: Between) -> Node:
        """What the index knows of the range: its years, or the powers of two that hold it."""
        if between.column == YEAR:
            return _years(between.low, between.high)
        if between.column == PUBLISHED:
            low, high = (int(str(day)[:4]) if day is not None else None for day in (between.low, between.high))
            return _years(low, high)
        if between.column == CITATIONS:
            fewest, most = (float(end) if end is not None else None for end in (between.low, between.high))
            if most is not None and most < max(0, fewest or 0):
                return Nothing()
            return any_of(*(Tag("citations", str(step)) for step in tags.steps_between(fewest, most)))
        return Everything()

    # --- names -------------------------------------------------------------------------------------------------------------

    def looked_up(self, node: Lookup) -> Node:
        if node not in self.known:
            self.known[node] = _LOOKUPS[node.kind](node) if len(self.known) < MOST_LOOKUPS else []
        found = self.known[node]
        if not found:
            self.problems.append(f"Nothing here has the {_CALLED.get(node.kind, node.kind)} “{node.value[:60]}”.")
        return any_of(*(Tag(kind, str(key)) for kind, key in found))


def known_years() -> tuple[int, int]:
    """The first and the last year of which there are papers; 0 and 0 without any."""
    years = PaperEntry.objects.filter(year__gt=0).values_list("year", flat=True)
    first, last = years.order_by("oldest", "paper_id").first(), years.order_by("-published", "-paper_id").first()
    return first or 0, last or 0


def _years(low: float | str | None, high: float | str | None) -> Node:
    """One tag a year, of the years that the catalogue has."""
    first, last = known_years()
    if not first:
        return Nothing()
    begin, end = max(first, int(low) if low is not None else first), min(last, int(high) if high is not None else last)
    return any_of(*(Tag("year", str(year)) for year in range(begin, end + 1)))


Found = list[tuple[str, Any]]


def _category(node: Lookup) -> Found:
    codes = Category.objects.filter(code__iexact=node.value) or Category.objects.named(node.value)[:MOST_NAMED]
    return [("category", category.pk) for category in codes]


def _institution(node: Lookup) -> Found:
    """By name, tag or alias."""
    tagged = public_institutions().filter(tag__iexact=node.value).values_list("pk", flat=True)
    named = engine().people(INSTITUTIONS, institution_node(node.value), MOST_NAMED)
    return [("institution", key) for key in dict.fromkeys([*tagged, *(row[1] for row in named)])]


def _ror(node: Lookup) -> Found:
    return [
        ("institution", key) for key in public_institutions().with_identifier("ror", node.value).values_list("pk", flat=True)
    ]


def _orcid(node: Lookup) -> Found:
    return [("author", key) for key in public_authors().with_identifier("orcid", node.value).values_list("pk", flat=True)]


def _paper(node: Lookup) -> Found:
    found = Paper.objects.published().with_identifier(node.kind, node.value).order_by("pk")
    return [("paper", key) for key in found.values_list("pk", flat=True)[:MOST_NAMED]]


_LOOKUPS = {
    "category": _category, "institution": _institution, "ror": _ror, "orcid": _orcid, "doi": _paper, "arxiv": _paper,
}  # fmt: skip
_CALLED = {"ror": "ROR id", "orcid": "ORCID", "doi": "DOI", "arxiv": "arXiv id"}
