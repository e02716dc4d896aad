"""Keeping a paper's institutions equal to what its authorships state, beside those named for the whole paper."""

from collections.abc import Iterable

from django.db import transaction

from papers.models import AuthorshipAffiliation, PaperInstitution


@transaction.atomic
def keep_paper_institutions(paper_ids: Iterable[int]) -> None:
    """Call after any change of the affiliations of these papers' authorships."""
    papers = list(paper_ids)
    stated = set(
        AuthorshipAffiliation.objects.filter(authorship__paper__in=papers, institution__isnull=False)
        .values_list("authorship__paper", "institution")
        .distinct()
    )
    known = {(row.paper_id, row.institution_id): row for row in PaperInstitution.objects.filter(paper__in=papers)}
    stale = [row.pk for pair, row in known.items() if pair not in stated and not row.of_whole_paper]
    PaperInstitution.objects.filter(pk__in=stale).delete()
    PaperInstitution.objects.bulk_create(
        PaperInstitution(paper_id=paper, institution_id=institution)
        for paper, institution in sorted(stated)
        if (paper, institution) not in known
    )
