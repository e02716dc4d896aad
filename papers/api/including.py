"""`include=`: what stands beside a paper, within its record."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from papers.api.beside_shapes import BriefPaper
from papers.api.parameters import Parameter, error, hint, shortened
from papers.api.records import brief_paper
from papers.api.shapes import Paper as PaperShape
from papers.api.shapes import Shape
from papers.counting import count_of
from papers.models import Paper
from papers.related import CITATION_SORTS, cited_by, references_of

MOST = 25
INCLUDED: dict[str, Callable[[Paper], Any]] = {"references": references_of, "citations": cited_by}
PARAMETER = Parameter(
    "include", f"Besides: the {MOST} newest papers here that it cites (`references`) or that cite it (`citations`), or both"
    " with a comma between them, with their number and the address of them all, in the field `included`.",
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


def included(paper: Paper, names: list[str], site: str) -> dict[str, Any]:
    """The record's further field; two queries for each name."""
    found = {}
    for name in names:
        papers = INCLUDED[name](paper)
        newest = next(iter(CITATION_SORTS.values())).apply(papers)[:MOST]
        address = site + reverse(f"api-paper-{name}", args=[paper.public_id])
        results = [brief_paper(each, site) for each in newest]
        found[name] = {"count": count_of(papers), "url": address, "results": results}
    return {"included": found} if found else {}


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
