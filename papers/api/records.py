"""Records of papers, venues and categories for the API, from instances whose parts were fetched before."""

from collections.abc import Sequence
from typing import Any

from authors.api.records import brief_author, brief_institution
from authors.models import Author
from papers.api.values import Fetched, brief_category, day, ids_of, instant, scores_of_paper, series_of
from papers.models import Category, Paper, Venue
from papers.models.metrics import Figure
from papers.querysets import PaperQuerySet
from papers.related import Related

LISTED_AUTHORS = 100  # authorships of a record in a list; the record alone has them all


def papers_with_record(papers: PaperQuerySet, *, authors: int | None = None) -> PaperQuerySet:
    """All that a paper's record reads; what tells whether its scores still hold is joined, without the long lists."""
    told = papers.select_related("distance", "score_mark").defer("distance__nearest", "distance__same_text")
    return told.with_record(authors=authors)


def paper_records(papers: Sequence[Fetched], site: str) -> list[dict[str, Any]]:
    """`site` is the address that paths are appended to; the papers come from `papers_with_record()`."""
    return [_paper_record(paper, site) for paper in papers]


def _paper_record(paper: Fetched, site: str) -> dict[str, Any]:
    institutions = {row.institution_id: brief_institution(row.institution) for row in paper.record_institutions}
    return {
        "id": paper.public_id,
        "html_url": site + paper.get_absolute_url(),
        "title": paper.title or None,
        "display_name": paper.title_or_mark,
        "abstract": paper.abstract or None,
        "type": paper.type or None,
        "publication_date": day(paper.published),
        "date_precision": paper.date_precision or None,
        "publication_year": paper.year,
        "language": paper.language or None,
        "is_retracted": paper.is_retracted,
        "retraction": _retraction(paper),
        "ids": ids_of(paper.kept_identifiers),
        "primary_category": brief_category(paper.primary_category, paper.primary_category_origin),
        "categories": [brief_category(row.category, row.origin) for row in paper.further_categories.all()],
        "venue": {"id": paper.venue.public_id, "display_name": paper.venue.name} if paper.venue else None,
        "biblio": {name: getattr(paper, name) or None for name in ("volume", "issue", "first_page", "last_page")},
        "authorships": [_authorship(row, paper, institutions) for row in paper.record_authorships],
        "authors_count": paper.authors_count,
        "authors_complete": paper.authors_complete,
        "institutions": list(institutions.values()),
        "links": [{"kind": link.kind, "url": link.url, "official": link.official} for link in paper.links.all()],
        "has_code": paper.has_code,
        "cited_by_count": paper.cited_by_count,
        "citations": _citations(paper),
        "counts_by_year": _counts_by_year(paper),
        "referenced_count": paper.referenced_count,
        "scores": scores_of_paper(paper),
        "created_at": instant(paper.created_at),
        "updated_at": instant(paper.updated_at),
    }


def _authorship(row: Fetched, paper: Paper, institutions: dict[int, dict[str, Any]]) -> dict[str, Any]:
    stated = (institutions.get(each.institution_id) for each in row.stated)
    return {
        "position": row.position,
        "author_position": _place(row.position, paper),
        "raw_author_name": row.shown_name or None,
        "is_corresponding": row.is_corresponding,
        "author": brief_author(row.author) if _leads_to_somebody(row) else None,
        "institutions": [institution for institution in stated if institution],
        "raw_affiliation_string": "; ".join(each.raw for each in row.stated if each.raw) or None,
    }


def _leads_to_somebody(row: Fetched) -> bool:
    return bool(row.author) and row.author.visibility != Author.Visibility.HIDDEN and not row.hidden_on_profile


def _place(position: int, paper: Paper) -> str:
    """Nobody is the last of a list that is known to be incomplete."""
    if position == 1:
        return "first"
    return "last" if position == paper.authors_count and paper.authors_complete else "middle"


def _retraction(paper: Paper) -> dict[str, Any] | None:
    if not paper.is_retracted:
        return None
    return {"retracted_on": day(paper.retracted_on), "notice_url": paper.retraction_notice or None}


def _citations(paper: Paper) -> dict[str, Any]:
    known = paper.cited_by_count is not None
    source = paper.citations_source if known else ""
    return {
        "value": paper.cited_by_count,
        "origin": (Figure.Origin.REPORTED.value if source else Figure.Origin.COMPUTED.value) if known else None,
        "source": source or None,
        "as_of": day(paper.citations_as_of) if known else None,
    }


def _counts_by_year(paper: Paper) -> list[dict[str, Any]]:
    return [{"year": year, "cited_by_count": count} for year, count in reversed(paper.citations_by_year)]


def brief_paper(paper: Paper, site: str) -> dict[str, Any]:
    return {
        "id": paper.public_id,
        "html_url": site + paper.get_absolute_url(),
        "display_name": paper.title_or_mark,
        "publication_date": day(paper.published),
        "date_precision": paper.date_precision or None,
        "cited_by_count": paper.cited_by_count,
        "is_retracted": paper.is_retracted,
    }


def related_records(related: Related, site: str) -> list[dict[str, Any]]:
    """The nearest earlier papers by text, then the later ones, then those by references."""
    empty = {"distance": None, "shared_references": None, "cited_together": None}
    by_text = [("earlier", row) for row in related.earlier] + [("later", row) for row in related.later]
    return [
        {"relation": f"text_{when}", "paper": brief_paper(row.paper, site), **empty, "distance": round(row.distance, 6)}
        for when, row in by_text
    ] + [
        {
            "relation": "references", "paper": brief_paper(row.paper, site), **empty,
            "shared_references": row.shared, "cited_together": row.together,
        }
        for row in related.by_references
    ]  # fmt: skip


def venue_records(venues: Sequence[Venue], site: str) -> list[dict[str, Any]]:
    return [
        {
            "id": venue.public_id,
            "html_url": site + venue.get_absolute_url(),
            "display_name": venue.name,
            "type": venue.type or None,
            "default_category": venue.default_category_id,
            "works_count": venue.metrics.papers_count if hasattr(venue, "metrics") else None,
            "counts_by_year": series_of(getattr(venue, "metrics", None)),
        }
        for venue in venues
    ]


def category_records(categories: Sequence[Category], site: str) -> list[dict[str, Any]]:
    return [
        {
            "id": category.code,
            "html_url": site + category.get_absolute_url(),
            "code": category.short_code,
            "display_name": category.name,
            "group": category.group or None,
            "works_count": category.metrics.papers_count if hasattr(category, "metrics") else None,
            "counts_by_year": series_of(getattr(category, "metrics", None)),
        }
        for category in categories
    ]
