"""Records of venues and categories for the API, and papers in short, from instances whose parts were fetched before."""

from collections.abc import Sequence
from typing import Any

from papers.api.values import day, series_of
from papers.models import Category, Paper, Venue
from papers.related import Related


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
