"""`include=`: what stands beside papers, within their records."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from rest_framework import serializers

from papers.api.beside_shapes import BriefPaper
from papers.api.parameters import Parameter, error, hint, shortened
from papers.api.records import brief_paper
from papers.api.shapes import Paper as PaperShape
from papers.api.shapes import Shape
from papers.models import Citation, Paper

MOST = 25
BRIEF = ("title", "published", "date_precision", "year", "cited_by_count", "is_retracted")
INCLUDED = {"references": ("citing", "cited"), "citations": ("cited", "citing")}  # whose they are, and which papers they are
PARAMETER = Parameter(
    "include", f"Besides, in the field `included` of each paper: the {MOST} newest papers here that it cites (`references`) or"
    " that cite it (`citations`), or both with a comma between them, with their number and the address of them all.",
    {"type": "string", "enum": ["references", "citations", "references,citations"]},
)  # fmt: skip


def wanted_in(values: Mapping[str, str]) -> tuple[list[str], list[dict[str, Any]]]:
    """What to include, and what is wrong with it."""
    names = [name.strip() for name in values["include"].split(",")] if "include" in values else []
    unknown = next((name for name in names if name not in INCLUDED), None)
    if unknown is None:
        return names, []
    told = f"“{shortened(unknown)}” cannot be included.{hint(unknown, list(INCLUDED))} Valid are: {', '.join(INCLUDED)}."
    return [], [error("include", "unknown_value", told, INCLUDED)]


def included(papers: Sequence[Paper], names: Sequence[str], site: str) -> list[dict[str, Any]]:
    """Of each paper its further field, or none when no names are given; two queries for each name."""
    if not names:
        return [{} for _ in papers]
    found = {name: _beside([paper.pk for paper in papers], *INCLUDED[name]) for name in names}
    return [{"included": {name: _written(paper, name, found[name][paper.pk], site) for name in names}} for paper in papers]


def _beside(keys: Sequence[int], of: str, side: str) -> Mapping[int, tuple[int, list[Paper]]]:
    """By paper how many stand beside it, and the newest of them."""
    newest = [F(f"{side}__published").desc(nulls_last=True), F(side).desc()]
    rows = Citation.objects.filter(**{f"{of}__in": keys, f"{side}__state": Paper.State.PUBLISHED}).annotate(
        place=Window(RowNumber(), partition_by=[F(of)], order_by=newest), number=Window(Count("*"), partition_by=[F(of)])
    )
    pairs = list(rows.filter(place__lte=MOST).order_by(of, "place").values_list(of, side, "number"))
    papers = Paper.objects.only(*BRIEF).in_bulk({key for _, key, _ in pairs})
    found: dict[int, tuple[int, list[Paper]]] = defaultdict(lambda: (0, []))
    for owner, key, number in pairs:
        found[owner] = (number, [*found[owner][1], papers[key]])
    return found


def _written(paper: Paper, name: str, beside: tuple[int, list[Paper]], site: str) -> dict[str, Any]:
    count, papers = beside
    address = site + reverse(f"api-paper-{name}", args=[paper.public_id])
    return {"count": count, "url": address, "results": [brief_paper(each, site) for each in papers]}


class IncludedPapers(Shape):
    count = serializers.IntegerField(min_value=0)
    url = serializers.URLField()
    results = BriefPaper(many=True)


class Included(Shape):
    references = IncludedPapers(required=False)
    citations = IncludedPapers(required=False)


class PaperIncluding(PaperShape):
    """A paper with `included`."""

    included = Included()
