"""What a paper's own page shows beside its title and abstract."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from authors.curation.provenance import provenance_of
from papers.charts import BarChart, bar_chart
from papers.models import Authorship, AuthorshipAffiliation, Paper, PaperInstitution, PaperLink
from papers.querysets import PaperQuerySet, with_shown_name

FIRST_AUTHORS = 20  # how many the page names before the list of all
_BUTTONS = {
    PaperLink.Kind.PDF: "PDF",
    PaperLink.Kind.CODE: "Code",
    PaperLink.Kind.DATA: "Data",
    PaperLink.Kind.MODEL: "Model",
    PaperLink.Kind.PROJECT: "Project page",
    PaperLink.Kind.LANDING: "Landing page",
}
_RESOLVED = ("doi", "arxiv")  # identifiers that get a button of their own


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    note: str = ""


def with_page(papers: PaperQuerySet) -> PaperQuerySet:
    """All that the page shows, in a fixed number of queries."""
    affiliations = AuthorshipAffiliation.objects.select_related("institution").order_by("id")
    authorships = with_shown_name(Authorship.objects.select_related("author").order_by("position"))
    institutions = PaperInstitution.objects.select_related("institution").order_by("institution__tag")
    return papers.select_related("primary_category", "venue").prefetch_related(
        Prefetch("authorships", authorships.prefetch_related(Prefetch("affiliations", affiliations))),
        Prefetch("paper_institutions", institutions, to_attr="tag_rows"),
        "further_categories__category",
        "identifiers",
        "links",
        "versions",
        "counts_by_year",
        "figures",
    )


def page_context(paper: Paper) -> dict[str, Any]:
    """Everything papers/paper_detail.html needs; `paper` is from `with_page()`."""
    authorships = list(paper.authorships.all())
    return {
        "paper": paper,
        "first_authorships": authorships[:FIRST_AUTHORS],
        "authorships": authorships,
        "further_authors": len(authorships[FIRST_AUTHORS:]),
        "states_affiliations": any(authorship.affiliations.all() for authorship in authorships),
        "buttons": buttons(paper),
        "scores": [figure for figure in paper.figures.all() if figure.name in ("novelty", "ai_score")],
        "chart": citations_chart(paper),
        "provenance": provenance_of(kind=Paper.letter, record_id=paper.pk),
    }


def buttons(paper: Paper) -> list[Button]:
    """Where the paper and its companions stand on the web, each address once."""
    found = [
        Button(identifier.label, identifier.url)
        for scheme in _RESOLVED
        for identifier in paper.identifiers.all()
        if identifier.scheme == scheme and not identifier.disputed
    ]
    links = {kind: [link for link in paper.links.all() if link.kind == kind] for kind in _BUTTONS}
    for kind, label in _BUTTONS.items():
        found += [Button(label, link.url, _whose(link.official)) for link in links[kind]]
    seen: dict[str, Button] = {}
    for button in found:
        if button.url.startswith(("https://", "http://")):
            seen.setdefault(button.url, button)
    return list(seen.values())


def _whose(official: bool | None) -> str:
    return {True: "official", False: "by others", None: ""}[official]


def citations_chart(paper: Paper) -> BarChart | None:
    """Per year, by the source of the paper's count; without one, by the source that knows the most years."""
    by_source: dict[str, list[tuple[int, int]]] = {}
    for row in paper.counts_by_year.all():
        by_source.setdefault(row.source, []).append((row.year, row.count))
    if not by_source:
        return None
    source = max(by_source, key=lambda name: (name == paper.citations_source, len(by_source[name]), name))
    return bar_chart(by_source[source], label="Citations per year", unit="Citations", height=110, names=5)
