"""Citation counts of papers that no source counts."""

import pytest

from papers.editing import after_edit
from papers.metrics.citing import count_citations
from papers.models import Citation, Paper
from tests.factories import make_author, make_paper

pytestmark = pytest.mark.django_db


def test_published_papers_here_are_counted_where_no_source_reports() -> None:
    ada = make_author()
    cited = make_paper(authors=(ada,))
    citing = [make_paper(), make_paper(), make_paper(state="draft"), make_paper(is_retracted=True)]
    Citation.objects.bulk_create(Citation(citing=paper, cited=cited) for paper in citing)
    count_citations([cited.pk])
    cited.refresh_from_db()
    ada.metrics.refresh_from_db()
    assert (cited.cited_by_count, cited.citations_source) == (2, "")
    assert ada.metrics.citations == 2


def test_what_a_source_reports_is_left_and_nobody_citing_is_unknown() -> None:
    reported = make_paper(cited_by_count=40, citations_source="openalex")
    alone = make_paper()
    Citation.objects.create(citing=alone, cited=reported)
    count_citations([reported.pk, alone.pk])
    assert set(Paper.objects.values_list("cited_by_count", flat=True)) == {40, None}


def test_withdrawing_the_citing_paper_takes_its_citation_back() -> None:
    cited, citing = make_paper(), make_paper()
    Citation.objects.create(citing=citing, cited=cited)
    count_citations([cited.pk])
    citing.state = Paper.State.WITHDRAWN
    citing.save()
    after_edit(paper=citing, changed=["state"])
    cited.refresh_from_db()
    assert cited.cited_by_count is None
