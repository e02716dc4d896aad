"""Dates as bibliographies write them: "2019/08/01/", "Aug 1 2019", "10~jan", "2004-21", "in press". Pure."""

import re

from papers.dates import DateError, PartialDate, parse_date

_WRITTEN = re.compile(r"(?<!\d)(1[4-9]\d\d|2[01]\d\d)(?!\d)(?:[-/.](\d{1,2})(?!\d)(?:[-/.](\d{1,2})(?!\d))?)?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12,
}  # fmt: skip


def date_in(year: str, month: str = "", day: str = "") -> PartialDate | None:
    """The beginning of the date that the texts name, as precisely as they do; None where they name no year.

    >>> date_in("1998/99").precision.value, date_in("2019", "10~aug").first.isoformat()
    ('year', '2019-08-10')
    """
    found = _WRITTEN.search(year)
    if not found:
        return None
    number, its_month, its_day = found.groups()
    if not its_month:
        words = month or (year[: found.start()] + " " + year[found.end() :])
        its_month, its_day = _month(words, bare=bool(month)), day.strip() or _only_number(words)
    return _most_precise(number, its_month or "", its_day or "")


def _month(text: str, *, bare: bool) -> str:
    """The first month named; a `bare` number counts as one too."""
    named = (_MONTHS[key] for word in _WORD.findall(text.lower()) if (key := word[:3]) in _MONTHS)
    if first := next(named, None):
        return str(first)
    return text.strip() if bare and _NUMBER.fullmatch(text.strip()) else ""


def _only_number(text: str) -> str:
    numbers = _NUMBER.findall(text) if _WORD.search(text) else []
    return numbers[0] if len(numbers) == 1 else ""


def _most_precise(*parts: str) -> PartialDate | None:
    """2004-21 is the spring of 2004 and 1998-99 two years: what is no day or month leaves the year."""
    for length in (3, 2, 1):
        if all(parts[:length]):
            try:
                return parse_date("-".join(parts[:length]))
            except DateError:
                continue
    return None
