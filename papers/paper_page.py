"""What a paper's own page shows beside its title and abstract."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from authors.curation.provenance import provenance_of
from papers.charts import BarChart, bar_chart
from papers.counting import count_of
from papers.models import Authorship, AuthorshipAffiliation, Paper, PaperInstitution, PaperLink
from papers.profiles import PaperScore, paper_scores
from papers.querysets import PaperQuerySet, with_shown_name
from papers.record_charts import CITATIONS, Table
from papers.related import SORTS, cited_by, references_of, related_to

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
    return papers.select_related("primary_category", "venue", "distance", "score_mark").prefetch_related(
        Prefetch("authorships", authorships.prefetch_related(Prefetch("affiliations", affiliations))),
        Prefetch("paper_institutions", institutions, to_attr="tag_rows"),
        "further_categories__category",
        "identifiers",
        "links",
        "versions",
        "counts_by_year",
        "figures",
    )


def page_context(paper: Paper, sort: str) -> dict[str, Any]:
    """Everything papers/paper_detail.html needs; `paper` is from `with_page()`, related papers come in the order `sort`."""
    authorships = list(paper.authorships.all())
    return {
        "paper": paper,
        "first_authorships": authorships[:FIRST_AUTHORS],
        "authorships": authorships,
        "further_authors": len(authorships[FIRST_AUTHORS:]),
        "states_affiliations": any(authorship.affiliations.all() for authorship in authorships),
        "buttons": buttons(paper),
        "scores": scores_of(paper),
        "chart": citations_chart(paper),
        "known": known_citations(paper),
        **related_context(paper, sort),
        "provenance": provenance_of(kind=Paper.letter, record_id=paper.pk),
    }


def scores_of(paper: Paper) -> list[PaperScore]:
    """`paper` is from `with_page()`."""
    first = next((row.raw_name for row in paper.authorships.all() if row.position == 1), "")
    return paper_scores(paper, paper.figures.all(), first_author=first)


def related_context(paper: Paper, sort: str) -> dict[str, Any]:
    """An order that does not exist shows nothing and says so."""
    known = sort in SORTS
    return {"related": related_to(paper, sort) if known else None, "sorts": SORTS, "sort": sort if known else ""}


def known_citations(paper: Paper) -> dict[str, int]:
    """How many papers here it cites and is cited by, and how many references lead to papers that are not here."""
    return {
        "references": references_of(paper).count(),
        "citing": count_of(cited_by(paper)),
        "elsewhere": paper.pending_references.count(),
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
        found += [Button(label, link.url, _note(link)) for link in links[kind]]
    seen: dict[str, Button] = {}
    for button in found:
        if button.url.startswith(("https://", "http://")):
            seen.setdefault(button.url, button)
    return list(seen.values())


def _note(link: PaperLink) -> str:
    """Whose it is; of a dead link since when one knows. It is not hidden: what it led to may be kept in an archive."""
    whose = {True: "official", False: "by others", None: ""}[link.official]
    dead = link.status == PaperLink.Status.DEAD and link.checked_at
    return ", ".join(filter(None, [whose, f"not found on {link.checked_at:%-d %b %Y}" if dead else ""]))


def citations_chart(paper: Paper) -> BarChart | None:
    return bar_chart(paper.citations_by_year, label="Citations per year", unit="Citations", height=110, names=5)


def chart_table(paper: Paper, chart: str) -> Table | None:
    """The figures of one of the page's charts."""
    if chart == CITATIONS:
        return Table(["year", "citations"], paper.citations_by_year)
    score = next((score for score in scores_of(paper) if score.name.replace("_", "-") == chart and score.rows), None)
    rows = [(bar.label, bar.value, weight) for bar, weight in score.rows] if score else []
    return Table(["part", "value", "weight in per cent"], rows)
