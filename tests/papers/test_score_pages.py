"""Scores as a visitor meets them: with what made them, when they no longer hold, and why there is none."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from papers.metrics.scoring.rules import version_of
from papers.metrics.texts import text_of
from papers.models import AuthorFigure, Paper, PaperDistance, PaperFigure, PaperLink, ScoreMark, ScoreRun, TextEncoder
from tests.factories import make_author, make_paper

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)


def page_of(client: Client, record: Any) -> str:
    """The page's words, one blank between them."""
    page = client.get(record.get_absolute_url())
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


@pytest.fixture
def scored(settings: Any) -> Paper:
    """Its distance and both scores are as a computation would have left them."""
    paper = make_paper("Of Rivers", authors=(make_author("Ada Testwright"),), abstract="Words of rivers.")
    encoder = TextEncoder.objects.create(version="abc123", method="tfidf-1", texts=3, content=b"")
    text = text_of(paper, first_author="Ada Testwright")
    assert text
    PaperDistance.objects.create(
        paper=paper, encoder=encoder, digest=text.digest("abc123"), distance=0.8471, earlier=3630, computed_at=timezone.now()
    )
    cohort = {"cohort": "category and year", "cohort_size": 120, "year": 2023, "category": "cs.CL"}
    PaperFigure.objects.create(
        subject=paper, name="novelty", origin="computed", value=64.2, method="tfidf-1", version="abc123", n=120, as_of=DAY,
        parts={"distance": 0.8471, "earlier": 3630, **cohort},
    )  # fmt: skip
    parts = {"citations": {"value": 40.0, "weight": 0.6}, "novelty": {"value": 64.2, "weight": 0.4}}
    PaperFigure.objects.create(
        subject=paper, name="ai_score", origin="computed", value=49.7, method="weighted-mean-1", as_of=DAY, n=2,
        version=version_of(settings.AI_SCORE_WEIGHTS), parts={"parts": parts, **cohort},
    )  # fmt: skip
    return paper


def test_a_score_comes_with_everything_it_was_made_of(client: Client, scored: Paper) -> None:
    page = page_of(client, scored)
    assert "64% further from earlier papers than 64% of its kind: among 120 papers of cs.CL in 2023" in page
    assert "Distance 0.847 Earlier papers compared 3,630" in page
    assert "Method tfidf-1, version abc123, 12 Nov 2026" in page
    assert "AI Score 50 automatic index, 0 to 100" in page
    assert "Citations, category and year 40 60%" in page
    assert "Citations, last full year unknown –" in page
    assert "stale" not in page


def test_its_parts_can_be_had_as_a_file(client: Client, scored: Paper) -> None:
    answer = client.get(scored.get_absolute_url() + "charts/ai-score.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{scored.public_id}-ai-score.csv"'
    assert answer.text.splitlines()[1:3] == ['"Citations, category and year",40.0,60.0', "Novelty,64.2,40.0"]
    assert client.get(scored.get_absolute_url() + "charts/nonsense.csv").status_code == 404


@pytest.mark.parametrize(("cohort", "said"), [
    ("category, three years", "among 120 papers of cs.CL, 2022 to 2024"),
    ("field, three years", "among 120 papers of the field of cs.CL, 2022 to 2024"),
    ("three years", "among 120 papers of all categories, 2022 to 2024"),
])  # fmt: skip
def test_the_page_says_with_which_papers_it_was_compared(client: Client, scored: Paper, cohort: str, said: str) -> None:
    row = PaperFigure.objects.get(subject=scored, name="novelty")
    row.parts["cohort"] = cohort
    row.save()
    assert said in page_of(client, scored)


@pytest.mark.parametrize(("change", "said"), [
    ({"abstract": "Words of rivers and lakes."}, "Its text, date or first author has changed"),
    ({"abstract": ""}, "Its text, date or first author has changed"),
    ({"title": "Of Lakes"}, "Its text, date or first author has changed"),
    ({"published": date(2023, 6, 29)}, "Its text, date or first author has changed"),
    ({"primary_category_id": "cs.LG"}, "Its category has changed"),
])  # fmt: skip
def test_a_score_is_stale_when_its_inputs_changed(client: Client, scored: Paper, change: dict[str, Any], said: str) -> None:
    Paper.objects.filter(pk=scored.pk).update(**change)
    page = page_of(client, Paper.objects.get(pk=scored.pk))
    assert page.count(said) == 2
    assert "64% stale" in page
    record = client.get(f"/api/v1/papers/{scored.public_id}").json()
    assert [record["scores"][name]["stale"] for name in ("novelty", "ai_score")] == [True, True]


def test_an_ai_score_is_stale_when_its_own_inputs_changed(client: Client, scored: Paper, settings: Any) -> None:
    Paper.objects.filter(pk=scored.pk).update(citations_as_of=date(2026, 11, 20), cited_by_count=9)
    page = page_of(client, scored)
    assert page.count("Its citations have been counted anew") == 1
    assert "64% stale" not in page
    settings.AI_SCORE_WEIGHTS = {**settings.AI_SCORE_WEIGHTS, "openness": 99.0}
    assert "The weights of the parts have changed" in page_of(client, scored)


def test_code_that_came_to_be_known_makes_it_stale(client: Client, scored: Paper) -> None:
    row = PaperFigure.objects.get(subject=scored, name="ai_score")
    row.parts["parts"]["openness"] = {"value": 0.0, "weight": 0.1}
    row.save()
    assert "stale" not in page_of(client, scored)
    PaperLink.objects.create(paper=scored, kind="code", url="https://example.org/code", official=True)
    Paper.objects.filter(pk=scored.pk).update(has_code=True)
    assert "What is known of its code has changed" in page_of(client, scored)


def test_a_frozen_score_is_not_stale_but_says_who_kept_it(client: Client, scored: Paper) -> None:
    ScoreMark.objects.create(paper=scored, kind="frozen", reason="Under review by the board.")
    Paper.objects.filter(pk=scored.pk).update(abstract="Other words.")
    page = page_of(client, scored)
    assert "stale" not in page
    assert "Kept as it was by an editor: Under review by the board." in page


def test_a_paper_without_a_score_says_why(client: Client) -> None:
    new, reasoned, retracted = make_paper(), make_paper(), make_paper(is_retracted=True)
    PaperFigure.objects.create(subject=reasoned, name="novelty", origin="computed", reason="No abstract is known.")
    assert page_of(client, new).count("not scored yet what it means") == 2
    assert "Novelty not scored No abstract is known." in page_of(client, reasoned)
    assert page_of(client, retracted).count("Retracted papers are not scored.") == 2
    scores = client.get(f"/api/v1/papers/{retracted.public_id}").json()["scores"]
    assert (scores["novelty"]["value"], scores["novelty"]["reason"]) == (None, "Retracted papers are not scored.")


def test_people_show_n_of_m_and_when_that_changed(client: Client) -> None:
    ada = make_author()
    papers = [make_paper(authors=(ada,)) for _ in range(4)]
    figure = {"origin": "computed", "as_of": DAY, "parts": {"papers": 4}}
    AuthorFigure.objects.create(subject=ada, name="novelty", value=58.6, n=3, **figure)
    AuthorFigure.objects.create(subject=ada, name="ai_score", n=2, reason="Fewer than 3 of the papers are scored.", **figure)
    page = page_of(client, ada)
    assert "59% median over 3 of 4 papers · 12 Nov 2026" in page
    assert "Fewer than 3 of the papers are scored. · 2 of 4 papers scored" in page
    assert client.get(f"/api/v1/authors/{ada.public_id}").json()["scores"]["novelty"]["stale"] is False
    papers.append(make_paper(authors=(ada,)))
    assert "papers have come or gone since" in page_of(client, ada)
    assert client.get(f"/api/v1/authors/{ada.public_id}").json()["scores"]["novelty"]["stale"] is True


def test_the_methods_page_says_what_the_code_does(client: Client, settings: Any) -> None:
    settings.AI_SCORE_WEIGHTS = {"citations": 10.0, "novelty": 70.0, "recent": 10.0, "openness": 10.0}
    make_paper()
    ScoreRun.objects.create(
        novelty_version="tfidf-1 abc", ai_score_version="weighted-mean-1 def", papers=40, finished_at=timezone.now(),
        scored={"novelty": 30}, unscored={"novelty": {"No abstract is known.": 10}}, category_means={"cs.CL": 47.5},
    )  # fmt: skip
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", client.get("/methods/").text))
    for said in (
        "over the 10 nearest earlier papers", "fewer than 50 earlier papers", "fewer than 30", "70%", "365 days",
        "Novelty: 30 of 40 papers", "No abstract is known. 10", "Computation and Language cs.CL 47.5",
        version_of(settings.AI_SCORE_WEIGHTS),
        "Novelty therefore says nothing about acceptance or later citations", "manage.py benchmark scores",
    ):  # fmt: skip
        assert said in page, said
