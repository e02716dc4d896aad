"""People and institutions as papers see them: whom the public may see, who worked where.

Functions take and return querysets; they stand here because people know nothing of papers.
"""

from typing import Any

from django.db.models import Q

from authors.models import Author, Institution
from authors.querysets import AuthorQuerySet, InstitutionQuerySet


def public_authors() -> AuthorQuerySet:
    """People made public, and everyone not hidden whom a published paper names; with their metrics."""
    named = Q(visibility=Author.Visibility.PUBLIC) | Q(visibility=Author.Visibility.AUTOMATIC, metrics__papers_count__gt=0)
    return Author.objects.filter(named).select_related("metrics", "metrics__primary_category", "metrics__reported_category")


def authors_at(authors: AuthorQuerySet, institution: Any) -> AuthorQuerySet:
    """People whom a published paper, or an affiliation of their own, puts at the institution."""
    stated = Q(
        authorships__affiliations__institution=institution, authorships__paper__state="published"
    ) | Q(affiliations__institution=institution)
    return authors.filter(pk__in=Author.objects.filter(stated).values("pk"))


def public_institutions() -> InstitutionQuerySet:
    """Institutions behind a published paper, with their metrics."""
    return Institution.objects.filter(metrics__papers_count__gt=0).select_related("metrics")
