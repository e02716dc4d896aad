"""Lists are ordered and filtered by the scores that were computed last."""

import pytest
from django.core.management import call_command

from papers.metrics.score_runs import run_scores
from papers.models import Paper, PaperEntry, PaperFigure
from papers.search.indexing import index_papers
from tests.papers.test_scores import TODAY, made

pytestmark = pytest.mark.django_db


def _by_list(name: str) -> list[int]:
    """As lists order them, from the index as it stands."""
    return list(PaperEntry.objects.filter(**{f"{name}__gte": 0}).order_by(f"-{name}", "-paper").values_list("paper", flat=True))


def _by_score(name: str) -> list[int]:
    rows = PaperFigure.objects.filter(name=name, origin="computed", value__isnull=False, subject__scores_hidden=False)
    return list(rows.order_by("-value", "-subject").values_list("subject", flat=True))


@pytest.mark.parametrize("name", ["novelty", "ai_score"])
def test_a_run_over_all_scores_puts_the_papers_into_their_new_order(name: str) -> None:
    papers = made(110)
    Paper.objects.filter(pk=papers[3].pk).update(scores_hidden=True)
    index_papers(paper.pk for paper in papers)
    assert _by_list(name) == []
    run_scores(today=TODAY)
    assert _by_list(name) == _by_score(name) != []
    Paper.objects.filter(pk__in=[paper.pk for paper in papers[50:80]]).update(state=Paper.State.DRAFT)
    Paper.objects.filter(pk=papers[9].pk).update(cited_by_count=500)
    index_papers(paper.pk for paper in papers)
    before = _by_list(name)
    run_scores(today=TODAY)
    assert before != _by_list(name) == _by_score(name)
    call_command("check_search")
