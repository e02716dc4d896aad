"""Two records side by side: what an editor looks at to tell whether they are one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from authors.admin.records import UNKNOWN, counted, metric
from authors.models import Author, Institution
from papers.admin.columns import shortened
from papers.dates import display_date
from papers.models import Authorship, AuthorshipAffiliation, Paper

SHOWN = 8  # of each list


@dataclass(frozen=True)
class Line:
    label: str
    sides: tuple[list[str], list[str]]

    @property
    def agrees(self) -> bool:
        return bool(self.sides[0]) and self.sides[0] == self.sides[1]


def hint(record: Any) -> str:
    """What tells the record from others of its name, in half a line."""
    if isinstance(record, Paper):
        told = [str(record.year or ""), record.venue.name if record.venue else "", _number(record.authors_count, "author")]
    elif isinstance(record, Author):
        told = [_number(metric(record, "papers_count"), "paper"), years(record), metric(record, "primary_category_id") or ""]
    else:
        told = [record.country_code, record.city, _number(metric(record, "papers_count"), "paper")]
    return " · ".join(filter(None, [record.public_id, *told]))


def _number(count: int | None, what: str) -> str:
    return "" if count is None else f"{count:,} {what}{'' if count == 1 else 's'}"


def years(author: Author) -> str:
    found = {metric(author, "first_year"), metric(author, "last_year")} - {None}
    return "–".join(map(str, sorted(found)))


def side_by_side(first: Any, second: Any) -> list[Line]:
    """What either of the two has to say."""
    both = [FACTS[record.letter](record) for record in (first, second)]
    lines = [Line(label, (both[0][label], both[1][label])) for label in both[0]]
    return [line for line in lines if any(line.sides)]


def _some(rows: Iterable[Any]) -> list[str]:
    return [text for row in rows if (text := str(row).strip())]


def _of_person(author: Author) -> dict[str, list[str]]:
    stated = AuthorshipAffiliation.objects.filter(authorship__author=author, institution__isnull=False).order_by()
    stays = author.affiliations.select_related("institution")[:SHOWN]
    own = Authorship.objects.filter(author=author).select_related("paper").order_by("paper__year", "paper")[:SHOWN]
    return {
        "names": _some(author.names.order_by("pk")[:SHOWN]),
        "identifiers": _some(author.identifiers.all()[:SHOWN]),
        "stays": [f"{stay.institution} {stay.years}".strip() for stay in stays],
        "institutions on papers": sorted(_some(stated.values_list("institution__name", flat=True).distinct()[:SHOWN])),
        "years": _some([years(author)]),
        "papers": [counted(metric(author, "papers_count"))],
        "first papers": [f"{shortened(line.paper.title_or_mark)} ({line.paper.year or UNKNOWN})" for line in own],
        "home page": _some([author.homepage]),
    }


def _of_paper(paper: Paper) -> dict[str, list[str]]:
    return {
        "title": [paper.title_or_mark],
        "authors": _some(paper.authorships.order_by("position")[:SHOWN]),
        "number of authors": [str(paper.authors_count)],
        "identifiers": _some(paper.identifiers.all()[:SHOWN]),
        "date": _some([display_date(paper.published, paper.date_precision)]),
        "venue": _some([paper.venue or ""]),
        "type": _some([paper.type]),
        "state": [paper.get_state_display()],
        "citations": [counted(paper.cited_by_count)],
        "abstract": _some([shortened(paper.abstract, 400)]),
    }


def _of_institution(institution: Institution) -> dict[str, list[str]]:
    return {
        "name": [institution.name],
        "further names": _some(institution.aliases.order_by("pk")[:SHOWN]),
        "identifiers": _some(institution.identifiers.all()[:SHOWN]),
        "country": _some([institution.country_code]),
        "city": _some([institution.city]),
        "kind": _some([institution.get_kind_display()]),
        "home page": _some([institution.homepage]),
        "part of": _some([institution.parent or ""]),
        "papers": [counted(metric(institution, "papers_count"))],
    }


FACTS: dict[str, Callable[[Any], dict[str, list[str]]]] = {"A": _of_person, "P": _of_paper, "I": _of_institution}
