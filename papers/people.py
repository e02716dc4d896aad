"""People and institutions as papers see them: whom the public may see, who worked where.

Functions take and return querysets; they stand here because people know nothing of papers.
"""

from typing import Any

from django.db.models import Q

from authors.models import Affiliation, Author, Institution
from authors.querysets import AuthorQuerySet, InstitutionQuerySet
from papers.models import Authorship

NAMED = Q(metrics__papers_count__gt=0) | Q(metrics__retracted_count__gt=0)  # on a published paper, retracted or not


def public_authors() -> AuthorQuerySet:
    """People made public, and everyone not hidden whom a published paper names; with their metrics.

    Whoever makes somebody public counts their papers too: a row of metrics there always is, so that lists follow its indexes.
    """
    public = Q(visibility=Author.Visibility.PUBLIC) | (Q(visibility=Author.Visibility.AUTOMATIC) & NAMED)
    return Author.objects.filter(public, metrics__papers_count__gte=0).select_related(
        "metrics", "metrics__primary_category", "metrics__reported_category"
    )


def authors_at(authors: AuthorQuerySet, institution: Any) -> AuthorQuerySet:
    """People whom a published paper, or an affiliation of their own, puts at the institution."""
    printed = Authorship.objects.filter(
        affiliations__institution=institution, paper__state="published", hidden_on_profile=False
    ).values("author")
    recorded = Affiliation.objects.filter(institution=institution).values("author")
    # Two sets of keys, each from its index: one condition over both joins would read every person.
    return authors.filter(Q(pk__in=printed) | Q(pk__in=recorded))


def public_institutions() -> InstitutionQuerySet:
    """Institutions behind a published paper, with their metrics."""
    return Institution.objects.filter(NAMED).select_related("metrics")
