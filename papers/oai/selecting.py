"""Which papers a list names, those that are gone among them, in the order of their last changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from papers.announced import category_set, institution_set
from papers.models import GonePaper, Paper, PaperInstitution, PaperVersion, VenueIdentifier
from papers.oai.arguments import Selection
from papers.oai.sets import gone_of_set, papers_of_set
from papers.oai.tokens import Place
from papers.querysets import PaperQuerySet


@dataclass(frozen=True)
class Listed:
    """One record of a list. `paper` is none of a paper that is gone."""

    key: int
    at: datetime
    sets: tuple[str, ...]
    paper: Any = None

    @property
    def place(self) -> Place:
        return self.at, self.key


def select(asked: Selection, after: Place | None, most: int, *, whole: bool) -> list[Listed]:
    """The next `most` records after that place; `whole` with all that a format shows."""
    there = _next(_papers(asked), after, most)
    gone = _next(_gone(asked), after, most)
    places = sorted([(at, key, None) for at, key in there] + [(at, key, sets) for at, key, sets in gone], key=_place)[:most]
    papers = {paper.pk: paper for paper in _read([key for _, key, sets in places if sets is None], whole=whole)}
    return [
        Listed(key, at, tuple(sets.split())) if sets is not None else Listed(key, at, sets_of(papers[key]), papers[key])
        for at, key, sets in places
        if sets is not None or key in papers  # taken back between two queries: told of when the list comes to its end
    ]


def find(key: int) -> Listed | None:
    """The record of one paper, whole, or that it is gone; None of what never was public."""
    for paper in _read([key], whole=True):
        return Listed(key, paper.updated_at, sets_of(paper), paper)
    gone = GonePaper.objects.filter(pk=key).first()
    return Listed(key, gone.since, tuple(gone.sets.split())) if gone else None


def count(asked: Selection) -> int:
    return _papers(asked).count() + _gone(asked).count()


def earliest() -> datetime:
    """No record's datestamp is older. Of an empty catalogue: now."""
    first = Paper.objects.published().order_by("updated_at", "pk").values_list("updated_at", flat=True)[:1]
    gone = GonePaper.objects.order_by("since", "pk").values_list("since", flat=True)[:1]
    return min([*first, *gone], default=timezone.now())


def sets_of(paper: Any) -> tuple[str, ...]:
    codes = [paper.primary_category_id, *(row.category_id for row in paper.further_categories.all())]
    places = sorted(row.institution_id for row in paper.record_institutions)
    return (*(category_set(code) for code in dict.fromkeys(codes) if code), *map(institution_set, places))


# --- queries -----------------------------------------------------------------------------------------------------------


def _papers(asked: Selection) -> QuerySet[Any]:
    """(datestamp, key) of papers; an index holds all three columns asked for."""
    papers = papers_of_set(Paper.objects.published(), asked.set)
    return _between(papers.annotate(at=F("updated_at"), key=F("pk")), asked).values_list("at", "key")


def _gone(asked: Selection) -> QuerySet[Any]:
    rows = gone_of_set(GonePaper.objects.all(), asked.set)
    return _between(rows.annotate(at=F("since"), key=F("pk")), asked).values_list("at", "key", "sets")


def _between(rows: QuerySet[Any], asked: Selection) -> QuerySet[Any]:
    since = Q(at__gte=asked.since) if asked.since else Q()
    return rows.filter(since & (Q(at__lte=asked.until) if asked.until else Q()))


def _next(rows: QuerySet[Any], after: Place | None, most: int) -> Sequence[tuple[Any, ...]]:
    """Said so that both databases begin to read their index at the place."""
    if after is not None:
        rows = rows.filter(at__gte=after[0]).exclude(at=after[0], key__lte=after[1])
    return list(rows.order_by("at", "key")[:most])


def _place(row: tuple[Any, ...]) -> Place:
    return row[0], row[1]


def _read(keys: Iterable[int], *, whole: bool) -> PaperQuerySet:
    papers = Paper.objects.published().filter(pk__among=list(keys))
    if not whole:
        places = Prefetch("paper_institutions", PaperInstitution.objects.order_by(), to_attr="record_institutions")
        return papers.only("primary_category").prefetch_related("further_categories", places)
    issns = VenueIdentifier.objects.filter(scheme="issn", disputed=False)
    return papers.with_record().prefetch_related(
        Prefetch("versions", PaperVersion.objects.order_by("position", "id")),
        Prefetch("venue__identifiers", issns, to_attr="issns"),
    )
