"""Scores of a whole small catalogue: computed, explained, kept up to date, left out, frozen."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from papers.metrics.distances import encoder_in_use, read_catalogue, update_distances
from papers.metrics.refreshing import refresh_authors, refresh_institutions
from papers.metrics.score_inputs import FEW_EARLIER, NO_ABSTRACT, NO_DATE
from papers.metrics.score_runs import FEW_SCORED, run_scores
from papers.models import (
    AuthorFigure,
    CitationsInYear,
    InstitutionFigure,
    Paper,
    PaperDistance,
    PaperFigure,
    PaperLink,
    ScoreMark,
    TextEncoder,
)
from tests.factories import make_author, make_authorship, make_institution, make_paper

pytestmark = pytest.mark.django_db

WORDS = "beam lattice river mosaic kernel falcon amber quartz willow signal anchor meadow copper ribbon harbour".split()
TODAY = date(2026, 6, 1)
FIRST = date(2019, 1, 1)


def sentence(seed: int, words: int = 12) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words)) + "."


def made(number: int, **fields: Any) -> list[Paper]:
    """Papers of one category, one after the other within two years, with texts of a few common words."""
    rows = [
        Paper(
            title=f"Study of {sentence(place, 3)} {place}", abstract=sentence(place), published=day, year=day.year,
            date_precision="day", primary_category_id="cs.CL", state="published", cited_by_count=place % 17, **fields,
        )
        for place, day in enumerate(FIRST + timedelta(days=6 * place) for place in range(number))
    ]  # fmt: skip
    return Paper.objects.bulk_create(rows)


def score(paper: Paper, name: str) -> PaperFigure:
    return PaperFigure.objects.get(subject=paper, name=name, origin="computed")


def values(name: str) -> dict[int, float | None]:
    return dict(PaperFigure.objects.filter(name=name, origin="computed").values_list("subject", "value"))


def test_every_paper_has_a_value_or_a_reason_and_the_parts_it_was_made_of() -> None:
    papers = made(110)
    bare = make_paper("Without an abstract", cited_by_count=3)
    undated = make_paper("Undated", abstract=sentence(900), published=None)
    retracted = make_paper("Retracted", abstract=sentence(901), is_retracted=True)
    draft = make_paper("Draft", abstract=sentence(902), state="draft")
    run = run_scores(today=TODAY)
    assert run.papers == 112
    novelty = score(papers[100], "novelty")
    assert 0 <= novelty.value <= 100
    assert (novelty.method, novelty.version) == ("tfidf-1", TextEncoder.objects.get().version)
    assert novelty.parts["earlier"] == 100
    assert (novelty.parts["cohort"], novelty.parts["category"], novelty.parts["year"]) == ("category and year", "cs.CL", 2020)
    ai = score(papers[100], "ai_score")
    assert set(ai.parts["parts"]) == {"citations", "novelty", "openness"}
    assert sum(part["weight"] for part in ai.parts["parts"].values()) == pytest.approx(1, abs=1e-3)
    assert ai.value == pytest.approx(sum(p["value"] * p["weight"] for p in ai.parts["parts"].values()), abs=0.1)
    assert (ai.as_of, novelty.as_of) == (TODAY, TODAY)
    assert [score(one, "novelty").reason for one in (papers[3], bare, undated)] == [FEW_EARLIER, NO_ABSTRACT, NO_DATE]
    assert not PaperFigure.objects.filter(subject__in=[retracted, draft]).exists()
    assert run.unscored["novelty"] == {FEW_EARLIER: 50, NO_ABSTRACT: 1, NO_DATE: 1}


def test_percentiles_of_a_category_and_year_have_a_mean_of_fifty() -> None:
    papers = made(120)
    run_scores(today=TODAY)
    of_year = [score(paper, "novelty").value for paper in papers if paper.year == 2020]
    assert len(of_year) >= 30
    assert sum(of_year) / len(of_year) == pytest.approx(50, abs=1)


def test_the_order_in_which_papers_came_in_changes_nothing() -> None:
    made(110)
    run_scores(today=TODAY)
    before = {Paper.objects.get(pk=pk).title: value for pk, value in values("ai_score").items()}
    kept = [(row.title, row) for row in Paper.objects.all()]
    Paper.objects.all().delete()
    TextEncoder.objects.all().delete()
    random.Random(3).shuffle(kept)
    for _, paper in kept:
        paper.pk = None
        paper.save(force_insert=True)
    run_scores(today=TODAY)
    assert {Paper.objects.get(pk=pk).title: value for pk, value in values("ai_score").items()} == before


def test_a_retracted_paper_changes_nothing() -> None:
    papers = made(110)
    run_scores(today=TODAY)
    before = (values("novelty"), values("ai_score"))
    copy = make_paper("Copy", abstract=papers[109].abstract, is_retracted=True, published=date(2020, 1, 1), cited_by_count=999)
    run_scores(today=TODAY)
    assert (values("novelty"), values("ai_score")) == before
    Paper.objects.filter(pk=copy.pk).update(is_retracted=False)
    run_scores(today=TODAY)
    assert values("novelty") != before[0]


def stored() -> dict[tuple[int, int], float]:
    """By paper and one of its nearest the similarity, and under 0 the distance, -1 for none."""
    found = {}
    for paper, distance, nearest in PaperDistance.objects.order_by("pk").values_list("pk", "distance", "nearest"):
        found[paper, 0] = -1.0 if distance is None else distance
        found |= {(paper, other): similarity for other, similarity in nearest}
    return found


def test_what_is_new_changed_or_gone_is_brought_up_to_date_as_if_all_were_computed_anew() -> None:
    papers = made(130)
    run_scores(today=TODAY)
    Paper.objects.filter(pk=papers[60].pk).update(abstract=sentence(5_000))
    Paper.objects.filter(pk=papers[61].pk).update(published=date(2019, 2, 3), date_precision="month")
    Paper.objects.filter(pk=papers[20].pk).update(state="withdrawn")
    papers[30].delete()
    make_paper("Came late, dated early", abstract=sentence(0), published=date(2019, 3, 1))
    make_paper("Newest", abstract=sentence(77), published=date(2026, 3, 1))
    encoder = encoder_in_use()
    (*_, last) = update_distances(encoder)
    assert 0 < last.total < 130
    after = stored()
    PaperDistance.objects.all().delete()
    list(update_distances(encoder))
    anew = stored()
    assert after.keys() == anew.keys()
    assert list(after.values()) == pytest.approx(list(anew.values()), abs=2e-6)
    assert list(update_distances(encoder)) == []


def test_a_new_paper_leaves_the_neighbours_of_earlier_ones_alone() -> None:
    made(90)
    run_scores(today=TODAY)
    before = dict(PaperDistance.objects.values_list("pk", "computed_at"))
    make_paper("Newest", abstract=sentence(1), published=date(2026, 1, 1))
    (last,) = update_distances(encoder_in_use())
    assert (last.done, last.total) == (1, 1)
    assert {pk: PaperDistance.objects.get(pk=pk).computed_at for pk in before} == before


def test_a_run_that_was_cut_off_goes_on() -> None:
    made(600)
    run_scores(today=TODAY)
    encoder = encoder_in_use()
    PaperDistance.objects.all().delete()
    steps = update_distances(encoder)
    first = next(steps)
    steps.close()
    (*_, last) = update_distances(encoder)
    assert (first.total, last.total) == (600, 600 - first.done)


def test_copies_of_unknown_order_are_named_and_versions_of_one_work_are_no_neighbours() -> None:
    made(60)
    author = make_author("Ada Testwright")
    first, second = (
        make_paper("A Fable", abstract=sentence(800), authors=(author,), published=date(2024, 1, day)) for day in (1, 9)
    )
    copies = [make_paper("Twin", abstract=sentence(801), published=date(2025, 1, 1), date_precision="year") for _ in "ab"]
    run_scores(today=TODAY)
    assert first.pk not in [pk for pk, _ in second.distance.nearest]
    assert copies[0].distance.same_text == [copies[1].pk]
    assert copies[1].pk not in [pk for pk, _ in copies[0].distance.nearest]


def test_citations_of_the_last_year_and_code_are_parts() -> None:
    papers = made(110)
    for place, paper in enumerate(papers):
        CitationsInYear.objects.create(paper=paper, year=2025 if place != 100 else 2024, count=place, source="openalex")
    PaperLink.objects.create(paper=papers[101], kind="code", url="https://code.example/1", official=True)
    Paper.objects.filter(pk__in=[papers[101].pk, papers[102].pk]).update(has_code=True)
    young = make_paper("Young", abstract=sentence(3), published=date(2026, 1, 1), cited_by_count=5)
    run_scores(today=TODAY)
    parts = [score(papers[place], "ai_score").parts["parts"] for place in (100, 101, 102)]
    assert [part["openness"]["value"] for part in parts] == [0, 100, 60]
    assert parts[0]["recent"]["value"] == pytest.approx(
        100 * 0.5 / score(papers[100], "ai_score").parts["cohort_size"], abs=0.1
    )
    assert not {"citations", "recent"} & set(score(young, "ai_score").parts["parts"])


def test_an_editor_leaves_a_paper_out_or_keeps_its_scores() -> None:
    author = make_author("Ada Testwright")
    papers = made(110)
    for paper in papers[100:103]:
        make_authorship(paper, author, position=1)
    refresh_authors([author.pk])
    run_scores(today=TODAY)
    frozen_value = score(papers[100], "novelty").value
    ScoreMark.objects.create(paper=papers[100], kind="frozen", reason="Its abstract is being corrected.")
    ScoreMark.objects.create(paper=papers[101], kind="excluded", reason="An erratum.")
    Paper.objects.filter(pk=papers[100].pk).update(abstract="Entirely unheard vocabulary.")
    run_scores(today=TODAY)
    assert score(papers[100], "novelty").value == frozen_value
    left_out = score(papers[101], "novelty")
    assert (left_out.value, left_out.reason) == (None, "Left out by an editor: An erratum.")
    figure = AuthorFigure.objects.get(subject=author, name="novelty")
    assert (figure.value, figure.n, figure.reason, figure.parts) == (None, 2, FEW_SCORED, {"papers": 3})


def test_people_and_institutions_have_the_median_and_the_drawn_mean_of_their_papers() -> None:
    author, other, institution = (
        make_author("Ada Testwright"),
        make_author("Ben Testwright"),
        make_institution("Example Institute"),
    )
    papers = made(110)
    chosen = papers[100:105]
    for place, paper in enumerate(chosen):
        make_paper_of(paper, author, hidden=place == 4)
        if place < 2:
            make_paper_of(paper, other, position=2)
        paper.paper_institutions.create(institution=institution, of_whole_paper=True)
    refresh_authors([author.pk, other.pk])
    refresh_institutions([institution.pk])
    run_scores(today=TODAY)
    novelty = AuthorFigure.objects.get(subject=author, name="novelty")
    shown = sorted(score(paper, "novelty").value for paper in chosen[:4])
    assert (novelty.value, novelty.n) == (pytest.approx((shown[1] + shown[2]) / 2, abs=0.01), 4)
    everything = [value for value in values("ai_score").values() if value is not None]
    mean = sum(everything) / len(everything)
    own = sum(score(paper, "ai_score").value for paper in chosen[:4])
    ai = AuthorFigure.objects.get(subject=author, name="ai_score")
    assert ai.value == pytest.approx((own + 5 * mean) / 9, abs=0.02)
    assert not AuthorFigure.objects.filter(subject=other).exists()
    assert InstitutionFigure.objects.get(subject=institution, name="novelty").n == 5
    Paper.objects.filter(pk__in=[paper.pk for paper in chosen]).delete()
    refresh_authors([author.pk])
    run_scores(today=TODAY)
    assert not AuthorFigure.objects.filter(subject=author).exists()


def make_paper_of(paper: Paper, author: Any, *, position: int = 1, hidden: bool = False) -> None:
    make_authorship(paper, author, position=position, hidden_on_profile=hidden)


def test_other_weights_and_a_refit_are_other_versions(settings: Any) -> None:
    made(80)
    first = run_scores(today=TODAY)
    settings.AI_SCORE_WEIGHTS = {"citations": 50.0, "novelty": 50.0, "recent": 0.0, "openness": 0.0}
    make_paper("More", abstract=sentence(3_000, words=40) + " Unheard vocabulary. Unheard vocabulary.")
    make_paper("More still", abstract="Unheard vocabulary " + sentence(3_001))
    second = run_scores(today=TODAY, refit=True)
    assert first.ai_score_version != second.ai_score_version
    assert first.novelty_version != second.novelty_version
    assert set(PaperFigure.objects.filter(name="novelty").values_list("version", flat=True)) == {encoder_in_use().version}


def test_an_empty_catalogue_is_scored_without_ado(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("compute_scores")
    assert "0 papers: nothing" in capsys.readouterr().out
    make_paper("Only one", abstract="Nothing is like it.")
    call_command("compute_scores")
    assert "no novelty: 1." in capsys.readouterr().out


def test_a_catalogue_is_read_in_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    encoder = (made(60), run_scores(today=TODAY))[1].encoder
    with django_assert_num_queries(3):  # papers, their first authors, and that there are no more
        read_catalogue(encoder)
    made(3)
    with django_assert_num_queries(3):
        read_catalogue(encoder)
