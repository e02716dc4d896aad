"""Dates as intervals."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.dates import DateError, PartialDate, Precision, display_date, parse_date


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("2023-06", date(2023, 6, 1), date(2023, 6, 30), "month"),
        ("2024-2", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31), "month"),
        ("2023-06-28", date(2023, 6, 28), date(2023, 6, 28), "day"),
        (" 2023-6-8 ", date(2023, 6, 8), date(2023, 6, 8), "day"),
        ("2023-06-28T23:59:59.9Z", date(2023, 6, 28), date(2023, 6, 28), "day"),
        ("1400", date(1400, 1, 1), date(1400, 12, 31), "year"),
        ("2200", date(2200, 1, 1), date(2200, 12, 31), "year"),
    ],
)
def test_parse(text: str, first: date, last: date, precision: str) -> None:
    found = parse_date(text)
    assert (found.first, found.last, found.precision) == (first, last, precision)


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-31",
        "2023-13",
        "2023-00",
        "2023-01-00",
        "0000",
        "0",
        "99999",
        "1399",
        "2201",
        "",
        "June 2023",
        "28.6.2023",
        "2023-",
    ],
)
def test_what_is_no_date_is_refused_with_the_text_named(text: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(text)
    assert repr(text) in str(caught.value)


def test_the_reason_is_clear() -> None:
    with pytest.raises(DateError, match="there is no such day"):
        parse_date("2023-02-31")
    with pytest.raises(DateError, match="the year must lie between 1400 and 2200"):
        parse_date("0001-01-01")


@given(st.text(max_size=20))
def test_only_a_date_error_is_raised(text: str) -> None:
    try:
        found = parse_date(text)
    except DateError:
        return
    assert found.first <= found.last


@given(st.dates(date(1400, 1, 1), date(2199, 12, 31)), st.sampled_from(Precision))
def test_what_is_shown_can_be_told_apart(day: date, precision: Precision) -> None:
    assert str(day.year) in display_date(day, precision)
    assert PartialDate(day, Precision.DAY).last == day


def test_display() -> None:
    assert display_date(date(2023, 6, 8), "day") == "Jun 8, 2023"
    assert display_date(date(2023, 6, 1), "month") == "Jun 2023"
    assert display_date(date(2023, 1, 1), "year") == "2023"
    assert display_date(None, "") == ""
