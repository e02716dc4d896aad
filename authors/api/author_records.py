"""Records of people for the API."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from authors.api.author_parts import AuthorParts
from authors.models import Author
from authors.querysets import AuthorQuerySet
from papers.api.fields import MOST_SELECTIONS, Field, Wanted, plain, with_columns, written
from papers.api.values import brief_category, figure_record, ids_of, instant, scores_of, series_of
from papers.people import public_authors
from papers.prepared import PreparedRecords


def authors_with_record(authors: AuthorQuerySet, *, fields: Wanted = None) -> AuthorQuerySet:
    """With what `fields` of a record read; the rest is fetched for all records together."""
    return with_columns(authors, FIELDS, fields)


@lru_cache(MOST_SELECTIONS)
def public_by_key(fields: frozenset[str] | None = None) -> PreparedRecords:
    """The public people among keys, with their records, in no order."""
    return PreparedRecords(lambda keys: authors_with_record(public_authors().filter(pk__among=keys), fields=fields).order_by())


def author_records(authors: Sequence[Author], site: str, *, fields: Wanted = None) -> list[dict[str, Any]]:
    return written(authors, FIELDS, AuthorParts(authors, site), fields)


# --- the fields ----------------------------------------------------------------------------------------------------------

COUNTS = tuple(f"metrics__{name}" for name in ("papers_count", "citations", "cited_papers", "refreshed_at"))
SERIES = ("metrics__papers_by_year", "metrics__citations_by_year")
CATEGORY = ("code", "short_code", "name")
CATEGORIES = tuple(f"metrics__{which}_category__{name}" for which in ("primary", "reported") for name in CATEGORY)


def _measured(name: str) -> Field:
    def write(author: Any, _parts: AuthorParts) -> Any:
        return getattr(author.metrics, name) if hasattr(author, "metrics") else None

    return Field(write, (f"metrics__{name}",))


def _figure(name: str) -> Callable[[Any, AuthorParts], dict[str, Any]]:
    def write(author: Any, parts: AuthorParts) -> dict[str, Any]:
        refreshed = author.metrics.refreshed_at if hasattr(author, "metrics") else None
        return figure_record(parts.counts[author.pk][name], refreshed)

    return write


def _scores(author: Any, parts: AuthorParts) -> dict[str, Any]:
    return scores_of(author, parts.figures.get(author.pk, ()))


def _main_category(author: Any, _parts: AuthorParts) -> dict[str, Any] | None:
    metrics = getattr(author, "metrics", None)
    if metrics is None:
        return None
    if metrics.primary_category:
        return brief_category(metrics.primary_category, "computed")
    return brief_category(metrics.reported_category, "reported")


def _ids(author: Any, parts: AuthorParts) -> dict[str, str]:
    return ids_of(parts.identifiers.get(author.pk, ()))


def _other_names(author: Any, parts: AuthorParts) -> list[str]:
    return [row.name for row in parts.names.get(author.pk, ()) if row.name != author.display_name]


FIELDS: dict[str, Field] = {
    "id": Field(lambda author, _: author.public_id),
    "html_url": Field(lambda author, parts: parts.site + author.get_absolute_url(), ("display_name",)),
    "display_name": plain("display_name"),
    "alternative_names": Field(_other_names, ("display_name",)),
    "orcid": Field(lambda author, parts: _ids(author, parts).get("orcid")),
    "ids": Field(_ids),
    "affiliations": Field(lambda author, parts: parts.stays.get(author.pk, [])),
    "primary_category": Field(_main_category, CATEGORIES),
    "papers_count": Field(_figure("papers"), COUNTS),
    "works_count": _measured("papers_count"),
    "cited_by_count": _measured("citations"),
    "citations": Field(_figure("citations"), COUNTS),
    "h_index": _measured("h_index"),
    "i10_index": _measured("i10_index"),
    "counts_by_year": Field(lambda author, _: series_of(getattr(author, "metrics", None)), SERIES),
    "scores": Field(_scores, ("scores_hidden", "metrics__papers_count")),
    "papers_api_url": Field(lambda author, parts: parts.papers_address + author.public_id),
    "merged_from": Field(lambda author, parts: parts.merged.get(author.pk, [])),
    "updated_at": Field(lambda author, _: instant(author.updated_at), ("updated_at",)),
}
