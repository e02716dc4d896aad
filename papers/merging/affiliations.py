"""Resolving an affiliation as it is printed, on every paper that prints it."""

from collections.abc import Collection

from django.db import transaction

from authors.curation.models import Provenance
from authors.curation.provenance import record_edit
from authors.curation.recording import Action, Recording, chunks, recorded
from authors.models import Institution
from papers.models import AuthorshipAffiliation, Paper, PaperInstitution
from papers.settling import settle


def printed_so(raws: Collection[str], *, unresolved_only: bool = True) -> "list[AuthorshipAffiliation]":
    rows = AuthorshipAffiliation.objects.filter(raw__in=[raw for raw in raws if raw]).select_related("authorship")
    return list(rows.filter(institution=None) if unresolved_only else rows)


@transaction.atomic
def resolve_affiliations(raws: Collection[str], institution: Institution, *, unresolved_only: bool = True) -> Recording:
    """All lines that print one of these texts stand for the institution; imports leave them so.

    A line whose author has the institution already loses the doubled one. With `unresolved_only` what is resolved stays.
    """
    rows = [row for row in printed_so(raws, unresolved_only=unresolved_only) if row.institution_id != institution.pk]
    papers = sorted({row.authorship.paper_id for row in rows})
    former = {row.institution_id for row in rows if row.institution_id}
    summary = f"Resolved {len(rows):,} affiliation{'' if len(rows) == 1 else 's'} to {institution.public_id} ({institution})"
    with recorded(Action.RESOLVE, summary=summary) as recording:
        _watch(recording, [row.pk for row in rows], papers)
        authorships = [row.authorship_id for row in rows]
        there = AuthorshipAffiliation.objects.filter(institution=institution, authorship__among=authorships)
        taken = set(there.values_list("authorship", flat=True))
        doubled = []
        for row in rows:
            if row.authorship_id in taken:
                doubled.append(row.pk)
            taken.add(row.authorship_id)
        AuthorshipAffiliation.objects.filter(pk__among=doubled).delete()
        for chunk in chunks([row.pk for row in rows if row.pk not in doubled]):
            AuthorshipAffiliation.objects.filter(pk__in=chunk).update(institution=institution)
        for paper in papers:
            record_edit(kind=Paper.letter, record_id=paper, fields=["authorships"])
        settle({"P": papers, "I": {institution.pk, *former}})
    return recording


def _watch(recording: Recording, rows: list[int], papers: list[int]) -> None:
    for chunk in chunks(rows):
        recording.watch_rows(AuthorshipAffiliation.objects.filter(pk__in=chunk))
    for chunk in chunks(papers):
        recording.watch_rows(PaperInstitution.objects.filter(paper__in=chunk))
        recording.watch_rows(Provenance.objects.filter(kind=Paper.letter, record_id__in=chunk, source=Provenance.EDITOR))
