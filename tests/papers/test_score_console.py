"""The score console: coverage, computing anew in the background, leaving out and freezing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.curation.jobs.models import Job
from authors.curation.undoing import undo
from papers.metrics.score_runs import run_scores
from papers.models import Paper, PaperFigure, ScoreMark, ScoreRun
from tests.admin_forms import logged_in, offered_by
from tests.factories import make_paper
from tests.papers.test_scores import TODAY, made, score

pytestmark = pytest.mark.django_db
CONSOLE, MARKS = "admin:papers_scorerun_changelist", "admin:papers_scoremark_add"


def test_nothing_is_scored_until_somebody_asks_and_the_worker_does_it() -> None:
    made(80)
    client = logged_in("Editors")
    assert "Nothing has been scored yet. 80 published papers could be." in client.get(reverse(CONSOLE)).text
    page = client.post(reverse("admin:papers_scorerun_compute"), follow=True)
    job = Job.objects.get()
    assert page.redirect_chain[-1][0] == reverse("admin:authors_job_change", args=[job.pk])
    client.post(reverse("admin:papers_scorerun_compute"))
    assert Job.objects.count() == 1
    call_command("work", once=True, verbosity=0)
    job.refresh_from_db()
    assert (job.state, job.message) == ("done", "80 papers, 0 people and 0 institutions.")
    page = client.get(reverse(CONSOLE)).text
    assert "Novelty: 30 of 80 papers" in page
    assert "There are fewer than 50 earlier papers to compare it with." in page
    make_paper("Newer")
    assert "1 paper came since and is not scored." in client.get(reverse(CONSOLE)).text


def test_the_console_shows_how_values_spread_in_a_fixed_number_of_queries(django_assert_max_num_queries: object) -> None:
    made(110)
    run_scores(today=TODAY)
    client = logged_in("Viewers")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page = client.get(reverse(CONSOLE)).text
    values = PaperFigure.objects.filter(name="novelty", value__gte=90).count()
    assert f"<title>90 to 100: {values}</title>" in page
    assert "Compute now" not in page
    assert client.post(reverse("admin:papers_scorerun_compute")).status_code == 403


def test_an_editor_leaves_a_paper_out_and_takes_it_back() -> None:
    papers = made(110)
    run_scores(today=TODAY)
    client = logged_in("Editors")
    page = client.get(reverse(MARKS), {"paper": papers[100].pk})
    answer = client.post(reverse(MARKS), offered_by(page) | {"kind": "excluded", "reason": "An erratum."})
    assert answer.status_code == 302
    run_scores(today=TODAY)
    assert score(papers[100], "ai_score").reason == "Left out by an editor: An erratum."
    change_set = ChangeSet.objects.get(records__kind="P", records__record_id=papers[100].pk)
    undo(change_set)
    assert not ScoreMark.objects.exists()
    run_scores(today=TODAY)
    assert score(papers[100], "ai_score").value is not None


def test_computing_scores_stands_in_nobodys_way() -> None:
    """Figures that are computed have no history, so that what was done before them can still be undone."""
    client = logged_in("Senior editors")
    papers = made(110)
    page = client.get(reverse("admin:papers_paper_change", args=[papers[100].pk]))
    client.post(
        reverse("admin:papers_paper_change", args=[papers[100].pk]), offered_by(page) | {"title": "Another Title of It"}
    )
    run_scores(today=TODAY)
    undo(ChangeSet.objects.get())
    papers[100].refresh_from_db()
    assert papers[100].title.startswith("Study of")


def test_papers_that_cannot_be_scored_are_listed() -> None:
    made(60)
    make_paper("Without an abstract")
    run_scores(today=TODAY)
    client = logged_in("Editors")
    listed = client.get(reverse("admin:papers_paper_changelist"), {"missing": "novelty"}).context["cl"]
    assert listed.result_count == 61 == PaperFigure.objects.filter(name="novelty", value=None).count()
    assert "<strong>61</strong> papers that cannot be scored" in client.get("/admin/").text


def test_the_worker_computes_scores_once_a_day_if_something_changed(settings: Any) -> None:
    settings.SCORES_HOURS = 24
    make_paper("Too few")
    call_command("work", once=True, verbosity=0)
    assert not Job.objects.exists()
    papers = made(80)
    call_command("work", once=True, verbosity=0)
    call_command("work", once=True, verbosity=0)
    assert Job.objects.get().state == "done"
    ScoreRun.objects.update(started_at=timezone.now() - timedelta(hours=25))
    Paper.objects.update(updated_at=timezone.now() - timedelta(hours=30))
    call_command("work", once=True, verbosity=0)
    assert Job.objects.count() == 1
    papers[3].save()
    call_command("work", once=True, verbosity=0)
    assert Job.objects.count() == 2
