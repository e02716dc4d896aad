"""Ranges of numbers and days as people write them. Pure."""

import re
from datetime import date, timedelta

_RANGE = re.compile(r"(>=|<=|>|<)?\s*(\d[\d,_]{0,40}(?:\.\d+)?)|(\d{1,40}(?:\.\d+)?)?-(\d{1,40}(?:\.\d+)?)?")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def limits_of(text: str) -> tuple[float | None, float | None] | None:
    """`100`, `>100`, `>=100`, `<5`, `2019-2023`, `2019-`, `-2019` as the lowest and highest value; None for anything else."""
    written = text.replace("–", "-").replace("..", "-")
    found = _RANGE.fullmatch(written)
    if not found or written == "-":
        return None
    sign, one, low, high = found.groups()
    if one is None:
        return (float(low) if low else None), (float(high) if high else None)
    value = float(one.replace(",", "").replace("_", ""))
    whole = value.is_integer()
    return {
        None: (value, value),
        ">": (value + 1 if whole else value, None),
        ">=": (value, None),
        "<": (None, value - 1 if whole else value),
        "<=": (None, value),
    }[sign]


def days_of(text: str) -> tuple[str, str] | None:
    """The first and last day of `2021`, `2021-03` or `2021-03-09`, as ISO dates."""
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first.isoformat(), first.isoformat()
        last = date(first.year, 12, 31) if not month else (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    except (ValueError, OverflowError):
        return None
    return first.isoformat(), (last - timedelta(days=1) if month else last).isoformat()
