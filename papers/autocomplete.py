"""What is offered while somebody types: people, institutions, categories, venues and papers, each with a telling hint."""

from dataclasses import asdict, dataclass
from typing import Any

from papers.models import Authorship, Category, Paper, Venue
from papers.people import public_authors, public_institutions
from papers.profiles import latest_institutions
from papers.querysets import with_shown_name
from papers.search.finding import Search
from papers.search.people import best_authors, best_institutions
from papers.search.resolving import Resolver
from papers.search.syntax import parse
from papers.typesetting import plain

SHORTEST = 2  # letters
MANY = 300  # papers of a person: where somebody with more was last takes too long to find out, and the number tells enough
KINDS = ("author", "institution", "category", "venue", "paper")
EACH = {"author": 4, "institution": 2, "category": 2, "venue": 1, "paper": 4}


@dataclass(frozen=True)
class Suggestion:
    """`hint` tells namesakes apart: where the person was last, how many papers, the year."""

    kind: str
    id: str
    display_name: str
    hint: str
    url: str
    works_count: int | None = None
    cited_by_count: int | None = None

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def suggestions(typed: str, *, kinds: tuple[str, ...] = KINDS, size: int = 0) -> list[Suggestion]:
    """The best of each of `kinds`, `size` of each or as many as suit a small menu."""
    text = typed.strip()
    if len(text) < SHORTEST:
        return []
    return [found for kind in kinds for found in _FINDERS[kind](typed, size or EACH[kind])]


def _authors(typed: str, size: int) -> list[Suggestion]:
    keys = best_authors(typed, size=size, typing=not typed.endswith(" "))
    people = public_authors().in_bulk(keys)
    seen_at = latest_institutions([person for person in people.values() if person.metrics.papers_count <= MANY])
    found = []
    for person in (people[key] for key in keys if key in people):
        where, category = seen_at.get(person.pk), person.metrics.primary_category
        hints = (where.name if where else "", category.short_code if category else "")
        found.append(_counted("author", person, person.public_id, person.display_name, *hints))
    return found


def _institutions(typed: str, size: int) -> list[Suggestion]:
    keys = best_institutions(typed, size=size, typing=not typed.endswith(" "))
    rows = public_institutions().in_bulk(keys)
    found = (rows[key] for key in keys if key in rows)
    return [_counted("institution", row, row.public_id, row.name, row.city or row.country_code) for row in found]


def _categories(typed: str, size: int) -> list[Suggestion]:
    rows = Category.objects.listed().named(typed).order_by("-metrics__papers_count", "code")[:size]
    return [_counted("category", row, row.code, row.name, row.code) for row in rows]


def _venues(typed: str, size: int) -> list[Suggestion]:
    rows = Venue.objects.listed().named(typed).order_by("-metrics__papers_count", "pk")[:size]
    return [_counted("venue", row, row.public_id, row.name) for row in rows]


def _counted(kind: str, record: Any, key: str, name: str, *hints: str) -> Suggestion:
    """A record with stored figures; its number of papers is the last hint."""
    papers, url = record.metrics.papers_count, record.get_absolute_url()
    hint = " · ".join(part for part in (*hints, _papers(papers)) if part)
    return Suggestion(kind, key, name, hint, url, papers, record.metrics.citations)


def _found_papers(typed: str, size: int) -> list[Suggestion]:
    match = Resolver().match(parse(typed, typing=True).node)
    keys = Search(match).first_by_title(size)
    first = with_shown_name(Authorship.objects.filter(paper__in=keys, position=1)).select_related("author")
    names = {row.paper_id: row.shown_name for row in first}
    papers = Paper.objects.published().in_bulk(keys)
    return [
        Suggestion(
            "paper",
            paper.public_id,
            plain(paper.title_or_mark),
            " · ".join(part for part in (names.get(paper.pk, ""), str(paper.year or "")) if part),
            paper.get_absolute_url(),
            None,
            paper.cited_by_count,
        )
        for paper in (papers[key] for key in keys if key in papers)
    ]


def _papers(count: int) -> str:
    return f"{count:,} paper{'' if count == 1 else 's'}"


_FINDERS = {
    "author": _authors,
    "institution": _institutions,
    "category": _categories,
    "venue": _venues,
    "paper": _found_papers,
}
