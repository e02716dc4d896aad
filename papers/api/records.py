"""Records of papers, venues and categories for the API, from instances whose parts were fetched before."""

from collections.abc import Sequence
from typing import Any

from authors.api.records import brief_author, brief_institution
from authors.models import Author
from papers.api.values import Fetched, brief_category, day, ids_of, instant, scores_of
from papers.models import Category, Paper, Venue
from papers.models.metrics import Figure

LISTED_AUTHORS = 100  # authorships of a record in a list; the record alone has them all


def paper_records(papers: Sequence[Fetched], site: str) -> list[dict[str, Any]]:
    """`site` is the address that paths are appended to; the papers come from `with_record()`."""
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
        "scores": scores_of(paper.figures.all()),
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
        "author": brief_author(row.author) if row.author and row.author.visibility != Author.Visibility.HIDDEN else None,
        "institutions": [institution for institution in stated if institution],
        "raw_affiliation_string": "; ".join(each.raw for each in row.stated if each.raw) or None,
    }


def _place(position: int, paper: Paper) -> str:
    """Nobody is the last of a list that is known to be incomplete."""
    if position == 1:
        return "first"
    return "last" if position == paper.authors_count and paper.authors_complete else "middle"


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
    """As the source of the paper's count says; other sources count by other rules and are not mixed in."""
    rows = [row for row in paper.counts_by_year.all() if row.source == paper.citations_source]
    return [{"year": row.year, "cited_by_count": row.count} for row in reversed(rows)]


def venue_records(venues: Sequence[Venue], site: str) -> list[dict[str, Any]]:
    return [
        {
            "id": venue.public_id,
            "html_url": site + venue.get_absolute_url(),
            "display_name": venue.name,
            "type": venue.type or None,
            "default_category": venue.default_category_id,
            "works_count": venue.metrics.papers_count if hasattr(venue, "metrics") else None,
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
        }
        for category in categories
    ]
