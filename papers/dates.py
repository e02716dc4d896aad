"""Dates as sources give them: a year, a month or a day. Pure: no database."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EARLIEST_YEAR, LATEST_YEAR = 1400, 2200
_SHAPE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")


class Precision(StrEnum):
    YEAR = "year"
    MONTH = "month"
    DAY = "day"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(item.value, item.value) for item in cls]


class DateError(ValueError):
    """Not a date; the message says why."""


@dataclass(frozen=True)
class PartialDate:
    """`first` is the first day of the interval: 2021 begins on 1 January 2021."""

    first: date
    precision: Precision

    @property
    def last(self) -> date:
        """The last day of the interval."""
        if self.precision is Precision.DAY:
            return self.first
        if self.precision is Precision.MONTH:
            return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
        return date(self.first.year, 12, 31)


def parse_date(text: str) -> PartialDate:
    """Read `2023`, `2023-06`, `2023-06-28` or an ISO date and time; raise DateError for anything else.

    >>> parse_date("2023-06").last
    datetime.date(2023, 6, 30)
    """
    found = _SHAPE.fullmatch(text.strip())
    if not found:
        raise DateError(f"{text!r} is not a date like 2023, 2023-06 or 2023-06-28")
    year, month, day = (int(part) if part else None for part in found.groups())
    if not EARLIEST_YEAR <= (year or 0) <= LATEST_YEAR:
        raise DateError(f"{text!r}: the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        raise DateError(f"{text!r}: there is no such day") from None
    return PartialDate(first, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR)


def display_date(first: date | None, precision: str) -> str:
    """`Jun 28, 2023`, `Jun 2023`, `2023`, or nothing for an unknown date."""
    if first is None:
        return ""
    if precision == Precision.DAY:
        return f"{first:%b} {first.day}, {first.year}"
    return f"{first:%b %Y}" if precision == Precision.MONTH else str(first.year)
