"""Bars per year: their places, and what is written."""

from papers.charts import bar_chart, short_count


def test_one_year_makes_no_chart() -> None:
    assert bar_chart([], label="Papers", unit="Papers") is None
    assert bar_chart([(2020, 5)], label="Papers", unit="Papers") is None


def test_the_tallest_bar_fills_the_height_and_says_its_figure() -> None:
    chart = bar_chart([(2021, 24_100), (2020, 8_400)], label="Citations per year", unit="Citations", height=136)
    assert chart is not None
    first, second = chart.bars
    assert (first.year, second.year) == (2020, 2021)
    assert (second.height, second.mark) == (100, "24.1k")
    assert round(first.height) == 35
    assert chart.description == "Citations per year, 2020 to 2021: most in 2021, 24,100."


def test_a_year_without_a_figure_leaves_a_gap_and_no_row() -> None:
    chart = bar_chart([(2018, 1), (2021, 1)], label="Papers", unit="Papers")
    assert chart is not None
    assert [bar.x for bar in chart.bars] == [1.75, 76.75]
    assert chart.rows == ((2018, 1), (2021, 1))


def test_zero_has_no_bar_but_its_year_and_row() -> None:
    chart = bar_chart([(2020, 0), (2021, 0)], label="Papers", unit="Papers")
    assert chart is not None
    assert [(bar.height, bar.mark, bar.named) for bar in chart.bars] == [(0, "", True), (0, "", True)]


def test_many_years_are_not_all_written_and_stay_inside() -> None:
    chart = bar_chart([(year, year) for year in range(1980, 2024)], label="Papers", unit="Papers", names=5)
    assert chart is not None
    assert sum(bar.named for bar in chart.bars) == 5
    assert chart.bars[-1].anchor == "end"
    assert all(0 <= bar.x <= bar.x + bar.width <= 100 for bar in chart.bars)


def test_a_stray_early_year_stays_in_the_table() -> None:
    chart = bar_chart([(1400, 1), (2020, 3), (2021, 4)], label="Papers", unit="Papers")
    assert chart is not None
    assert [bar.year for bar in chart.bars] == [2020, 2021]
    assert chart.rows[0] == (1400, 1)


def test_counts_are_shortened() -> None:
    shortened = [short_count(number) for number in (0, 999, 1_000, 24_100, 999_949, 999_950, 1_300_000)]
    assert shortened == ["0", "999", "1k", "24.1k", "999.9k", "1M", "1.3M"]
