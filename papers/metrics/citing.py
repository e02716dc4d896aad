"""Citation counts of papers whose count no source reports: how many papers of this catalogue are known to cite them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count

from papers.metrics.refreshing import touched_by
from papers.models import Citation, Paper
from papers.search.indexing import index_papers


@transaction.atomic
def count_citations(paper_ids: Iterable[int]) -> int:
    """Count published papers that are not retracted; nobody known to cite a paper leaves its count unknown, not zero.

    An empty `citations_source` marks a count as ours. Figures that the changed counts enter are refreshed. Gives how many
    changed.
    """
    uncounted = dict(Paper.objects.filter(pk__among=list(paper_ids), citations_source="").values_list("pk", "cited_by_count"))
    citing = Citation.objects.filter(cited__among=list(uncounted), citing__state="published", citing__is_retracted=False)
    known = dict(citing.values_list("cited").annotate(count=Count("pk")))
    changed = [pk for pk, count in uncounted.items() if known.get(pk) != count]
    if changed:
        before = touched_by(changed)
        for pk in changed:
            Paper.objects.filter(pk=pk).update(cited_by_count=known.get(pk))
        before.refresh(since=before)
        index_papers(changed)
    return len(changed)
