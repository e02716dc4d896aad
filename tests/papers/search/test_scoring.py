"""The order of results: what counts for how much."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from papers.search import words
from papers.search.scoring import Texts, prior, rank_of, text_score, tier_of, weight, weight_at
from papers.search.syntax import parse

COUNTS = st.none() | st.integers(0, 2_000_000)
DAYS = st.none() | st.dates()


def score(typed: str, *, title: str = "", abstract: str = "", names: str = "", venue: str = "") -> float:
    texts = Texts(*(words.indexed(text) for text in (title, abstract, names, venue)))
    return text_score(parse(typed).node, texts)


def test_citations_and_later_dates_raise_the_prior() -> None:
    assert prior(10, date(2020, 1, 1)) > prior(3, date(2020, 1, 1)) > prior(0, date(2020, 1, 1))
    assert prior(10, date(2021, 1, 1)) > prior(10, date(2020, 1, 1))


def test_ten_years_weigh_as_much_as_twice_the_citations() -> None:
    assert abs(prior(99, date(2020, 1, 1)) - prior(199, date(2010, 1, 1))) < 1


def test_unknown_is_counted_as_none_and_2000() -> None:
    assert prior(None, None) == prior(0, None) == 1


@given(COUNTS, DAYS, st.integers(1, 2**39))
def test_a_rank_keeps_the_order_of_priors(citations: int | None, day: date | None, key: int) -> None:
    value = prior(citations, day)
    rank = rank_of(value, key)
    assert 0 < rank < 2**63
    assert rank & (2**40 - 1) == key
    assert weight(value) <= max(weight_at(rank), weight(value) if weight(value) > 20 else 0)
    assert tier_of(rank) >= tier_of(rank_of(value / 2, key))


def test_the_title_counts_more_than_the_abstract() -> None:
    assert score("graph", title="Graph theory") > score("graph", title="Trees", abstract="graph graph graph")


def test_a_title_about_nothing_else_comes_first() -> None:
    assert score("graph neural", title="Graph neural") > score(
        "graph neural", title="Graph neural models of everything there is"
    )


def test_saying_a_word_more_often_helps_ever_less() -> None:
    once, twice, often = (score("graph", title="x", abstract="graph tree " * n) for n in (1, 2, 50))
    assert once < twice < often < 0.5


@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=200))
def test_the_text_score_lies_between_0_and_1(typed: str, title: str, abstract: str) -> None:
    assert 0 <= score(typed, title=title, abstract=abstract) <= 1


def test_what_is_only_filtered_by_has_the_full_score() -> None:
    assert score("year:2020 code:true", title="anything") == 1
