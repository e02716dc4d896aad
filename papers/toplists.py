"""Top lists of people, institutions and papers, for sites whose owner switches them on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authors.models import SiteIdentity
from papers.models import AuthorFigure, InstitutionFigure, Paper, PaperFigure
from papers.people import public_authors, public_institutions
from papers.typesetting import plain

LONG, SECONDS = 50, 3600  # records of a list, and for how long it is kept: ordering everybody takes a second or more
Ranked = list[tuple[int, float]]  # keys with their figures, the highest first


@dataclass(frozen=True)
class TopList:
    """A list by its address: what it shows, by which figure, and how its keys are found."""

    label: str
    unit: str
    rows: Callable[[], Any]
    ranked: Callable[[], Ranked]


def _by_count(rows: "QuerySet[Any]", column: str) -> Ranked:
    ordered = rows.exclude(**{column: None}).order_by(F(column).desc(), "pk")
    return list(ordered.values_list("pk", column)[:LONG])


def _by_score(figures: Any, name: str, **shown: Any) -> Ranked:
    scored = figures.objects.filter(name=name, origin="computed", value__isnull=False, **shown)
    return list(scored.order_by("-value", "subject").values_list("subject", "value")[:LONG])


def _people_by(figure: str, column: str) -> TopList:
    return TopList("People", figure, public_authors, lambda: _by_count(public_authors(), column))


def _papers() -> Any:
    return Paper.objects.counted()


LISTS = {
    "people-by-citations": _people_by("citations", "metrics__citations"),
    "people-by-papers": _people_by("papers", "metrics__papers_count"),
    "people-by-h-index": _people_by("h-index", "metrics__h_index"),
    "people-by-ai-score": TopList(
        "People", "AI Score", public_authors, lambda: _by_score(AuthorFigure, "ai_score", subject__scores_hidden=False)
    ),
    "institutions-by-citations": TopList(
        "Institutions", "citations", public_institutions, lambda: _by_count(public_institutions(), "metrics__citations")
    ),
    "institutions-by-ai-score": TopList(
        "Institutions", "AI Score", public_institutions, lambda: _by_score(InstitutionFigure, "ai_score")
    ),
    "papers-by-citations": TopList("Papers", "citations", _papers, lambda: _by_count(_papers(), "cited_by_count")),
    "papers-by-ai-score": TopList(
        "Papers", "AI Score", _papers, lambda: _by_score(PaperFigure, "ai_score", subject__scores_hidden=False)
    ),
}


@require_safe
def top_list(request: HttpRequest, name: str = "") -> HttpResponse:
    """404 for everything while the owner does not want top lists."""
    chosen = LISTS.get(name or "people-by-citations")
    if chosen is None or not SiteIdentity.current().top_lists:
        raise Http404("This site has no such list.")
    key = name or "people-by-citations"
    ranked: Ranked = cache.get_or_set(f"top-{key}", chosen.ranked, SECONDS) or []
    found = chosen.rows().in_bulk([pk for pk, _ in ranked])
    rows = [(found[pk], _name(found[pk]), round(figure)) for pk, figure in ranked if pk in found]
    others = [(other, one.label, one.unit) for other, one in LISTS.items()]
    return render(request, "papers/top_list.html", {"list": chosen, "rows": rows, "lists": others, "current": key})


def _name(record: Any) -> str:
    return plain(record.title_or_mark) if isinstance(record, Paper) else str(record)
