"""The arithmetic of the scores, against naive definitions and for what must always hold."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.metrics.formulas import h_index, i10_index
from papers.metrics.scoring.ai_score import ai_scores, drawn_to_mean
from papers.metrics.scoring.encoder import Encoder, TooFewTexts, fit
from papers.metrics.scoring.nearest import Texts, distances, nearest_earlier
from papers.metrics.scoring.percentiles import mid_ranks, rank_in_cohorts
from papers.metrics.scoring.rules import (
    CATALOGUE,
    COHORTS,
    LEAST_EARLIER,
    NEAREST,
    PARENT,
    PARTS,
    SAME_YEAR,
    YEARS_AROUND,
)

WEIGHTS = {"citations": 40.0, "novelty": 25.0, "recent": 20.0, "openness": 15.0}
counts = st.lists(st.integers(0, 3_000), max_size=60)
part = st.one_of(st.none(), st.floats(0, 100))


@given(counts)
def test_h_index_by_its_definition(citations: list[int]) -> None:
    naive = max((h for h in range(len(citations) + 1) if sum(count >= h for count in citations) >= h), default=0)
    assert h_index(citations) == naive
    assert h_index(citations[::-1]) == naive
    assert i10_index(citations) == len([count for count in citations if count >= 10])


# --- percentiles -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 20), min_size=1, max_size=80))
def test_the_mean_of_mid_ranks_is_fifty_whatever_is_equal(values: list[int]) -> None:
    found = np.array(values, dtype=float)
    ranks = mid_ranks(found, found)
    assert math.isclose(ranks.mean(), 50.0, abs_tol=1e-9)
    for value, rank in zip(values, ranks, strict=True):
        below, equal = sum(other < value for other in values), sum(other == value for other in values)
        assert math.isclose(rank, 100 * (below + equal / 2) / len(values))


def cohort_of(sizes: dict[tuple[int, int], int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = [(category, year) for (category, year), size in sizes.items() for _ in range(size)]
    values = np.array([random.Random(place).random() for place in range(len(rows))])
    return values, np.array([category for category, _ in rows]), np.array([year for _, year in rows])


@pytest.mark.parametrize(
    ("sizes", "cohort", "size"),
    [
        ({(0, 2020): 30}, SAME_YEAR, 30),
        ({(0, 2020): 29, (0, 2021): 5, (0, 2019): 4, (0, 2018): 50}, YEARS_AROUND, 38),
        ({(0, 2020): 3, (1, 2021): 40, (2, 2020): 99}, PARENT, 43),
        ({(0, 2020): 3, (2, 2020): 99}, CATALOGUE, 102),
        ({(-1, 2020): 3, (2, 2020): 99}, CATALOGUE, 102),
    ],
)
def test_a_cohort_widens_until_there_are_thirty(sizes: dict[tuple[int, int], int], cohort: str, size: int) -> None:
    values, categories, years = cohort_of(sizes)
    ranked = rank_in_cohorts(values, categories, years, {0: 10, 1: 10, 2: 11})
    assert (COHORTS[ranked.cohorts[0]], ranked.sizes[0]) == (cohort, size)
    assert 0 <= ranked.percentiles[0] <= 100


def test_too_small_a_catalogue_ranks_nobody_and_unknown_stays_unknown() -> None:
    values, categories, years = cohort_of({(0, 2020): 29})
    assert np.isnan(rank_in_cohorts(values, categories, years, {}).percentiles).all()
    values, categories, years = cohort_of({(0, 2020): 40, (0, -1): 1})
    values[0] = np.nan
    ranked = rank_in_cohorts(values, categories, years, {})
    assert np.isnan(ranked.percentiles[[0, 40]]).all()
    assert ranked.sizes[1] == 39


# --- the AI Score ------------------------------------------------------------------------------------------------------------


def score(parts: dict[str, float | None]) -> float:
    arrays = {name: np.array([np.nan if parts[name] is None else parts[name]]) for name in PARTS}
    return float(ai_scores(arrays, WEIGHTS)[0])


@given(st.fixed_dictionaries(dict.fromkeys(PARTS, part)), st.sampled_from(PARTS), st.floats(0, 100))
def test_a_higher_part_never_lowers_the_score(parts: dict[str, float | None], name: str, more: float) -> None:
    before = score(parts)
    if parts[name] is None:
        return
    after = score({**parts, name: max(parts[name], more)})
    known = [value for value in parts.values() if value is not None]
    assert math.isnan(before) == (len(known) < 2)
    if len(known) >= 2:
        assert after >= before - 1e-9
        assert min(known) - 1e-9 <= before <= max(known) + 1e-9


def test_the_weights_of_what_is_known_are_shared_out() -> None:
    assert score({"citations": 80.0, "novelty": 40.0, "recent": 60.0, "openness": 100.0}) == pytest.approx(69.0)
    assert score({"citations": None, "novelty": 40.0, "recent": None, "openness": 0.0}) == pytest.approx(25.0)
    assert math.isnan(score({"citations": None, "novelty": None, "recent": None, "openness": 100.0}))


def test_people_with_few_papers_are_drawn_to_the_mean_and_below_three_hidden() -> None:
    assert drawn_to_mean(2 * 90.0, 2, 50.0) is None
    assert drawn_to_mean(3 * 90.0, 3, 50.0) == pytest.approx(65.0)
    assert drawn_to_mean(300 * 90.0, 300, 50.0) == pytest.approx(89.34, abs=0.01)


# --- texts ----------------------------------------------------------------------------------------------------------------

WORDS = "beam lattice river mosaic kernel falcon amber quartz willow signal anchor meadow copper ribbon harbour".split()


def sentences(number: int, seed: int = 0) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=12)) for _ in range(number)]


def compared(
    texts: list[str], days: list[int], works: list[int] | None = None
) -> tuple[Texts, dict[int, tuple[list, list, int]]]:
    encoder = fit(sentences(80))
    begins = np.array(days)
    catalogue = Texts(encoder.vectors(texts), begins, begins, np.array(works or range(len(texts))))
    found = {}
    for step in nearest_earlier(catalogue, np.arange(len(texts))):
        for place, row in enumerate(step.rows.tolist()):
            found[row] = (step.papers[place].tolist(), step.similarities[place].tolist(), int(step.earlier[place]))
    return catalogue, found


def naive(catalogue: Texts, row: int) -> list[float]:
    vectors = catalogue.vectors.toarray().astype(float)
    earlier = [
        other
        for other in range(len(vectors))
        if catalogue.ends[other] < catalogue.begins[row] and catalogue.works[other] != catalogue.works[row]
    ]
    return sorted((float(vectors[row] @ vectors[other]) for other in earlier), reverse=True)[:NEAREST]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 400))
def test_the_ten_nearest_earlier_papers_are_those_that_an_exact_search_finds(seed: int, number: int) -> None:
    chance = random.Random(seed)
    days = [chance.randrange(40) for _ in range(number)]
    works = [chance.randrange(number) for _ in range(number)]
    catalogue, found = compared(sentences(number, seed), days, works)
    for row in chance.sample(range(number), min(number, 20)):
        papers, similarities, _ = found[row]
        expected = naive(catalogue, row)
        assert [one for one in similarities if one >= 0] == pytest.approx(expected, abs=1e-5)
        assert all(days[other] < days[row] and works[other] != works[row] for other in papers if other >= 0)


def test_a_copied_text_is_nearest_to_its_original_and_new_words_are_far_from_everything() -> None:
    texts = [*sentences(LEAST_EARLIER + 10), sentences(1)[0], "beam entirely unheard vocabulary"]
    _, found = compared(texts, [*range(len(texts) - 2), 1_000, 1_000])
    copy, new = found[len(texts) - 2], found[len(texts) - 1]
    assert (copy[0][0], copy[1][0]) == (0, pytest.approx(1.0, abs=1e-5))
    assert max(new[1]) < min(copy[1][:3])


def test_a_distance_needs_fifty_earlier_papers() -> None:
    encoder = fit(sentences(80))
    texts = sentences(LEAST_EARLIER + 1)
    catalogue = Texts(encoder.vectors(texts), np.arange(51), np.arange(51), np.arange(51))
    (step,) = nearest_earlier(catalogue, np.arange(51))
    assert np.isnan(distances(step))[:50].all()
    assert 0 <= distances(step)[50] <= 1


def test_a_kept_encoder_gives_the_same_vectors_and_other_texts_another_version() -> None:
    first = fit(sentences(80))
    kept = Encoder.from_bytes(first.as_bytes())
    texts = [*sentences(20, seed=5), "nothing that was learnt"]
    assert kept.version == first.version
    assert abs(kept.vectors(texts) - first.vectors(texts)).max() == 0
    assert fit(sentences(80, seed=1)).version != first.version
    assert kept.vectors(["unheard"]).nnz == 0


@pytest.mark.parametrize("texts", [[], ["", ""], ["every word once"]])
def test_nothing_is_learnt_from_too_little(texts: list[str]) -> None:
    with pytest.raises(TooFewTexts):
        fit(texts)
