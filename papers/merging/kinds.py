"""What a merge moves and compares, by kind of record."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models

from authors.models import (
    Affiliation,
    Author,
    AuthorIdentifier,
    AuthorName,
    Institution,
    InstitutionAlias,
    InstitutionIdentifier,
)
from papers.models import (
    AuthorFigure,
    Authorship,
    AuthorshipAffiliation,
    Citation,
    CitationsInYear,
    InstitutionFigure,
    Paper,
    PaperCategory,
    PaperFigure,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
    PaperVersion,
    PendingReference,
)


@dataclass(frozen=True)
class Part:
    """Rows that hold the record's key in `column`. Two rows of one record differ in `telling`; if that is empty, in nothing."""

    model: type[models.Model]
    column: str
    telling: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """`fields` may be taken from either record; a field that stands for several columns names them all."""

    model: type[models.Model]
    parts: tuple[Part, ...]
    fields: dict[str, tuple[str, ...]]


def _each(*names: str) -> dict[str, tuple[str, ...]]:
    return {name: (name,) for name in names}


KINDS: dict[str, Kind] = {
    "A": Kind(
        Author,
        (
            Part(AuthorName, "author", ("name",)),
            Part(AuthorIdentifier, "author", ("scheme", "value")),
            Part(Affiliation, "author", ("institution_id", "start_year")),
            Part(AuthorFigure, "subject", ("name", "origin", "source")),
            Part(Authorship, "author"),
        ),
        _each("display_name", "homepage", "biography"),
    ),
    "I": Kind(
        Institution,
        (
            Part(InstitutionAlias, "institution", ("name",)),
            Part(InstitutionIdentifier, "institution", ("scheme", "value")),
            Part(InstitutionFigure, "subject", ("name", "origin", "source")),
            Part(Affiliation, "institution", ("author_id", "start_year")),
            Part(AuthorshipAffiliation, "institution", ("authorship_id",)),
            Part(PaperInstitution, "institution", ("paper_id",)),
            Part(Institution, "parent"),
        ),
        _each("name", "tag", "country_code", "city", "kind", "homepage", "parent"),
    ),
    "P": Kind(
        Paper,
        (
            Part(PaperIdentifier, "paper", ("scheme", "value")),
            Part(PaperLink, "paper", ("kind", "url")),
            Part(PaperVersion, "paper", ("url", "kind")),
            Part(PaperCategory, "paper", ("category_id",)),
            Part(PaperInstitution, "paper", ("institution_id",)),
            Part(CitationsInYear, "paper", ("year", "source")),
            Part(PaperFigure, "subject", ("name", "origin", "source")),
            Part(Citation, "citing", ("cited_id",)),
            Part(Citation, "cited", ("citing_id",)),
            Part(PendingReference, "citing", ("scheme", "value")),
        ),
        {
            **_each("title", "abstract", "type", "venue", "volume", "issue", "first_page", "last_page", "publisher", "track",
                    "acceptance", "award", "language", "keywords", "licence", "open_access", "referenced_count"),
            "published": ("published", "date_precision", "year"),
            "primary_category": ("primary_category", "primary_category_origin"),
            "cited_by_count": ("cited_by_count", "citations_source", "citations_as_of"),
        },
    ),
}  # fmt: skip
LISTS = {"P": "authorships"}  # of two lists of authors one is kept


def collection_names(kind: str) -> Collection[str]:
    """By which names provenance and editors' marks know what is brought together rather than chosen."""
    return {
        "A": {"names", "identifiers", "affiliations"},
        "I": {"aliases", "identifiers"},
        "P": {"identifiers", "links", "versions", "categories", "institutions", "counts_by_year", "references"},
    }[kind]
