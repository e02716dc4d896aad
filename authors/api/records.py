"""Records of people and institutions for the API, from instances whose parts were fetched before."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from authors.models import AuthorIdentifier, InstitutionIdentifier
from authors.querysets import InstitutionQuerySet
from papers.api.values import Fetched, first_address, instant, scores_of, series_of
from papers.models import PaperInstitution
from papers.profiles import Tally


def brief_author(author: Fetched) -> dict[str, Any]:
    return {"id": author.public_id, "display_name": author.display_name, "orcid": first_address(author.orcids)}


def brief_institution(institution: Fetched, *, has_record: bool = True) -> dict[str, Any]:
    """Without an id where the catalogue has no record to show: an id in an answer can always be asked for."""
    return {
        "id": institution.public_id if has_record else None,
        "display_name": institution.name,
        "tag": institution.tag,
        "country_code": institution.country_code or None,
        "ror": first_address(institution.rors),
    }


def institutions_with_record(institutions: InstitutionQuerySet) -> InstitutionQuerySet:
    """All that an institution's record reads, in four queries whatever the rows."""
    return institutions.select_related("metrics", "parent").annotate(parent_has_record=_has_record("parent")).prefetch_related(
        Prefetch("identifiers", _rors(), to_attr="rors"),
        Prefetch("parent__identifiers", _rors(), to_attr="rors"),
        "figures",
    )  # fmt: skip


def _has_record(field: str) -> Exists:
    return Exists(PaperInstitution.objects.filter(institution=OuterRef(field), paper__state="published"))


def _rors() -> Any:
    return InstitutionIdentifier.objects.filter(scheme="ror", disputed=False).order_by("id")


def coauthor_records(tallies: Sequence[Tally], site: str) -> list[dict[str, Any]]:
    orcids = AuthorIdentifier.objects.filter(scheme="orcid", disputed=False).order_by("id")
    prefetch_related_objects([tally.record for tally in tallies], Prefetch("identifiers", orcids, to_attr="orcids"))
    return [
        {
            "author": brief_author(tally.record),
            "html_url": site + tally.record.get_absolute_url(),
            "papers_together": tally.papers,
        }
        for tally in tallies
    ]


def institution_records(institutions: Sequence[Fetched], site: str) -> list[dict[str, Any]]:
    return [_institution_record(institution, site) for institution in institutions]


def _institution_record(institution: Fetched, site: str) -> dict[str, Any]:
    metrics = getattr(institution, "metrics", None)
    parent = institution.parent
    return {
        "id": institution.public_id,
        "html_url": site + institution.get_absolute_url(),
        "display_name": institution.name,
        "tag": institution.tag,
        "ror": first_address(institution.rors),
        "country_code": institution.country_code or None,
        "type": institution.kind or None,
        "parent": brief_institution(parent, has_record=institution.parent_has_record) if parent else None,
        "works_count": metrics.papers_count if metrics else None,
        "cited_by_count": metrics.citations if metrics else None,
        "counts_by_year": series_of(metrics),
        "scores": scores_of(institution, institution.figures.all()),
        "updated_at": instant(institution.updated_at),
    }
