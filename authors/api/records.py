"""Records of people and institutions for the API, from instances whose parts were fetched before."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.urls import reverse

from authors.curation.models import Redirect
from authors.models import Affiliation, Author, AuthorIdentifier, InstitutionIdentifier
from authors.querysets import AuthorQuerySet, InstitutionQuerySet
from papers.api.values import Fetched, brief_category, figure_record, first_address, ids_of, instant, scores_of, series_of
from papers.models import PaperInstitution
from papers.profiles import Tally, author_figures


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


def authors_with_record(authors: AuthorQuerySet) -> AuthorQuerySet:
    """All that an author's record reads, in five queries whatever the rows."""
    stays = Affiliation.objects.select_related("institution").annotate(has_record=_has_record("institution"))
    kept = AuthorIdentifier.objects.filter(disputed=False).order_by("-verified", "id")
    return authors.prefetch_related(
        "names", "figures",
        Prefetch("identifiers", kept, to_attr="kept_identifiers"),
        Prefetch("affiliations", stays, to_attr="stays"),
        Prefetch("stays__institution__identifiers", _rors(), to_attr="rors"),
    )  # fmt: skip


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


def author_records(authors: Sequence[Fetched], site: str) -> list[dict[str, Any]]:
    """`site` is the address that paths are appended to. One further query whatever the rows."""
    keys = [author.pk for author in authors]
    merged = _merged_into(keys)
    return [_author_record(author, site, merged[author.pk]) for author in authors]


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


def _author_record(author: Fetched, site: str, merged_from: list[str]) -> dict[str, Any]:
    metrics, ids = getattr(author, "metrics", None), ids_of(author.kept_identifiers)
    refreshed = metrics.refreshed_at if metrics else None
    figures = author_figures(author)
    return {
        "id": author.public_id,
        "html_url": site + author.get_absolute_url(),
        "display_name": author.display_name,
        "alternative_names": [n.name for n in author.names.all() if n.public and n.name != author.display_name],
        "orcid": ids.get("orcid"),
        "ids": ids,
        "affiliations": [_stay(stay) for stay in author.stays],
        "primary_category": _main_category(metrics),
        "papers_count": figure_record(figures["papers"], refreshed),
        "works_count": metrics.papers_count if metrics else None,
        "cited_by_count": metrics.citations if metrics else None,
        "citations": figure_record(figures["citations"], refreshed),
        "h_index": metrics.h_index if metrics else None,
        "i10_index": metrics.i10_index if metrics else None,
        "counts_by_year": series_of(metrics),
        "scores": scores_of(author),
        "papers_api_url": f"{site}{reverse('api-papers')}?author={author.public_id}",
        "merged_from": merged_from,
        "updated_at": instant(author.updated_at),
    }


def _stay(stay: Fetched) -> dict[str, Any]:
    institution = brief_institution(stay.institution, has_record=stay.has_record)
    return {"institution": institution, "start_year": stay.start_year, "end_year": stay.end_year}


def _main_category(metrics: Any) -> dict[str, Any] | None:
    if metrics is None:
        return None
    if metrics.primary_category:
        return brief_category(metrics.primary_category, "computed")
    return brief_category(metrics.reported_category, "reported")


def _merged_into(keys: Sequence[int]) -> dict[int, list[str]]:
    """The public ids that once were other records, by the survivor's key."""
    merged: dict[Any, list[str]] = defaultdict(list)
    rows = Redirect.objects.filter(kind=Author.letter, target_id__in=keys).order_by("old_id")
    for target, old in rows.values_list("target_id", "old_id"):
        merged[target].append(f"{Author.letter}{old}")
    return merged


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
        "scores": scores_of(institution),
    }
