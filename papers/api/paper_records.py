"""Records of papers for the API."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from papers.api.fields import MOST_SELECTIONS, Field, Wanted, plain, with_columns, written
from papers.api.paper_parts import PaperParts, leads_to_somebody
from papers.api.values import brief_category, day, ids_of, instant, scores_of_paper
from papers.author_lists import in_one_text
from papers.models import Paper
from papers.models.metrics import Figure
from papers.prepared import PreparedRecords
from papers.querysets import PaperQuerySet

LISTED_AUTHORS = 100  # authorships of a record in a list; the record alone has them all


def papers_with_record(papers: PaperQuerySet, *, fields: Wanted = None) -> PaperQuerySet:
    """With what `fields` of a record read; the rest is fetched for all records together."""
    return with_columns(papers, ALL_FIELDS, fields or FIELDS)


@lru_cache(MOST_SELECTIONS)
def published_by_key(fields: frozenset[str] | None = None) -> PreparedRecords:
    """The public papers among keys, with their records, in no order."""
    return PreparedRecords(
        lambda keys: papers_with_record(Paper.objects.published().filter(pk__among=keys), fields=fields).order_by()
    )


def paper_records(
    papers: Sequence[Paper], site: str, *, authors: int | None = None, fields: Wanted = None
) -> list[dict[str, Any]]:
    """Of papers from `papers_with_record`, each with at most so many `authors`."""
    return written(papers, ALL_FIELDS, PaperParts(papers, site, most=authors), fields or FIELDS)


# --- the fields ----------------------------------------------------------------------------------------------------------


def _categories(paper: Paper, parts: PaperParts) -> list[Any]:
    return [
        {"id": row.code, "code": row.short_code, "display_name": row.name, "origin": row.origin or None}
        for row in parts.categories.get(paper.pk, ())
    ]


def _venue(paper: Paper, _parts: PaperParts) -> dict[str, Any] | None:
    return {"id": paper.venue.public_id, "display_name": paper.venue.name} if paper.venue else None


def _authorships(paper: Paper, parts: PaperParts) -> list[dict[str, Any]]:
    institutions = parts.institutions.get(paper.pk, {})
    return [_authorship(row, paper, parts, institutions) for row in parts.authorships.get(paper.pk, ())]


def _authorship(row: Any, paper: Paper, parts: PaperParts, institutions: dict[int, dict[str, Any]]) -> dict[str, Any]:
    stated = parts.affiliations.get(row.id, ())
    shown = row.display_name if row.author and row.left_out else row.raw_name
    return {
        "position": row.position,
        "author_position": _place(row.position, paper),
        "raw_author_name": shown or None,
        "is_corresponding": row.is_corresponding,
        "author": parts.authors[row.author] if leads_to_somebody(row) else None,
        "institutions": [institutions[each.institution] for each in stated if each.institution in institutions],
        "raw_affiliation_string": in_one_text(each.raw for each in stated) or None,
    }


def _place(position: int, paper: Paper) -> str:
    """Nobody is the last of a list that is known to be incomplete."""
    if position == 1:
        return "first"
    return "last" if position == paper.authors_count and paper.authors_complete else "middle"


def _links(paper: Paper, parts: PaperParts) -> list[dict[str, Any]]:
    return [{"kind": link.kind, "url": link.url, "official": link.official} for link in parts.links.get(paper.pk, ())]


def _retraction(paper: Paper, _parts: PaperParts) -> dict[str, Any] | None:
    if not paper.is_retracted:
        return None
    return {"retracted_on": day(paper.retracted_on), "notice_url": paper.retraction_notice or None}


def _citations(paper: Paper, _parts: PaperParts) -> dict[str, Any]:
    known = paper.cited_by_count is not None
    source = paper.citations_source if known else ""
    return {
        "value": paper.cited_by_count,
        "origin": (Figure.Origin.REPORTED.value if source else Figure.Origin.COMPUTED.value) if known else None,
        "source": source or None,
        "as_of": day(paper.citations_as_of) if known else None,
    }


def _counts_by_year(paper: Paper, parts: PaperParts) -> list[dict[str, Any]]:
    if paper.pk not in parts.counts_by_year:
        return []
    return [{"year": year, "cited_by_count": count} for year, count in reversed(paper.citations_by_year)]


def _scores(paper: Paper, parts: PaperParts) -> dict[str, Any]:
    _ = parts.links  # which the paper itself looks at
    first = next((row.raw_name for row in parts.authorships.get(paper.pk, ()) if row.position == 1), "")
    return scores_of_paper(paper, parts.figures.get(paper.pk, ()), first_author=first)


def _places_of_words(text: str) -> dict[str, list[int]] | None:
    """How OpenAlex gives abstracts, and its clients read them."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(text.split()):
        places[word].append(place)
    return places or None


BIBLIO = ("volume", "issue", "first_page", "last_page")
CATEGORY = tuple(f"primary_category__{name}" for name in ("code", "short_code", "name"))
# What tells whether the scores still hold.
SCORED = (
    "scores_hidden", "is_retracted", "title", "abstract", "published", "date_precision", "year", "primary_category_id",
    "has_code", "citations_as_of", "distance__digest", "distance__encoder_id", "score_mark__kind", "score_mark__reason",
)  # fmt: skip

FIELDS: dict[str, Field] = {
    "id": Field(lambda paper, _: paper.public_id),
    "html_url": Field(lambda paper, parts: parts.site + paper.get_absolute_url(), ("title",)),
    "title": plain("title"),
    "display_name": Field(lambda paper, _: paper.title_or_mark, ("title",)),
    "abstract": plain("abstract"),
    "type": plain("type"),
    "publication_date": Field(lambda paper, _: day(paper.published), ("published",)),
    "date_precision": plain("date_precision"),
    "publication_year": plain("year"),
    "language": plain("language"),
    "is_retracted": plain("is_retracted"),
    "retraction": Field(_retraction, ("is_retracted", "retracted_on", "retraction_notice")),
    "ids": Field(lambda paper, parts: ids_of(parts.identifiers.get(paper.pk, ()))),
    "primary_category": Field(
        lambda paper, _: brief_category(paper.primary_category, paper.primary_category_origin),
        (*CATEGORY, "primary_category_origin"),
    ),
    "categories": Field(_categories),
    "venue": Field(_venue, ("venue__name",)),
    "biblio": Field(lambda paper, _: {name: getattr(paper, name) or None for name in BIBLIO}, BIBLIO),
    "authorships": Field(_authorships, ("authors_count", "authors_complete")),
    "authors_count": plain("authors_count"),
    "authors_complete": plain("authors_complete"),
    "institutions": Field(lambda paper, parts: list(parts.institutions.get(paper.pk, {}).values())),
    "links": Field(_links),
    "has_code": plain("has_code"),
    "cited_by_count": plain("cited_by_count"),
    "citations": Field(_citations, ("cited_by_count", "citations_source", "citations_as_of")),
    "counts_by_year": Field(_counts_by_year, ("citations_source",)),
    "referenced_count": plain("referenced_count"),
    "scores": Field(_scores, SCORED),
    "created_at": Field(lambda paper, _: instant(paper.created_at), ("created_at",)),
    "updated_at": Field(lambda paper, _: instant(paper.updated_at), ("updated_at",)),
}
ALL_FIELDS = FIELDS | {"abstract_inverted_index": Field(lambda paper, _: _places_of_words(paper.abstract), ("abstract",))}
FOR_OPENALEX = frozenset(ALL_FIELDS)
