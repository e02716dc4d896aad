"""Values that records of several kinds share. An unknown one is None: never 0, never ""."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from authors.identifiers import SCHEMES, address_of
from authors.models.identifier import Identifier
from papers.models import Category
from papers.models.metrics import Figure
from papers.profiles import ShownFigure, shown_figure

BARE_SCHEMES = frozenset({"arxiv"})  # written without their address, as clients of OpenAlex expect
UNSCORED = "not scored yet"
Fetched = Any  # a model's instance with the parts that the kind's `with_record` has put on it


def instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def day(when: date | None) -> str | None:
    return when.isoformat() if when else None


def number(value: float | None) -> float | int | None:
    """A whole number without its `.0`."""
    return int(value) if value is not None and value == int(value) else value


def ids_of(identifiers: Iterable[Identifier]) -> dict[str, str]:
    """The first identifier of each scheme, as an address where the scheme has one."""
    ids: dict[str, str] = {}
    for each in identifiers:
        if each.scheme not in ids:
            ids[each.scheme] = written_id(each.scheme, each.value)
    return ids


def written_id(scheme: str, value: str) -> str:
    address = "" if scheme in BARE_SCHEMES or scheme not in SCHEMES else address_of(scheme, value)
    return address or value


def first_address(identifiers: Iterable[Identifier]) -> str | None:
    return next((written_id(each.scheme, each.value) for each in identifiers), None)


def brief_category(category: Category | None, origin: str) -> dict[str, Any] | None:
    if category is None:
        return None
    return {"id": category.code, "code": category.short_code, "display_name": category.name, "origin": origin or None}


def figure_record(figure: ShownFigure, computed_at: datetime | None) -> dict[str, Any]:
    """A count with where it comes from. A computed one is a sum over `n` of `of` papers, where that is said."""
    reported = figure.is_reported
    as_of = figure.as_of if reported else computed_at and computed_at.date()
    known = figure.value is not None
    return {
        "value": number(figure.value),
        "origin": figure.origin if known else None,
        "source": (figure.source or None) if known else None,
        "as_of": day(as_of) if known else None,
        "n": None if reported else figure.n,
        "of": None if reported else figure.of,
    }


def scores_of(figures: Iterable[Figure]) -> dict[str, Any]:
    rows = list(figures)
    return {"novelty": _score(rows, "novelty"), "ai_score": _score(rows, "ai_score")}


def _score(rows: list[Figure], name: str) -> dict[str, Any]:
    computed = next((row for row in rows if row.name == name and row.origin == Figure.Origin.COMPUTED), None)
    own = ShownFigure(name, computed.value, as_of=computed.as_of, n=computed.n, reason=computed.reason) if computed else None
    shown = shown_figure(rows, own or ShownFigure(name))
    known = shown.value is not None
    method = computed if known and not shown.is_reported else None
    return {
        "value": number(shown.value),
        "reason": None if known else shown.reason or UNSCORED,
        "origin": shown.origin if known else None,
        "source": (shown.source or None) if known else None,
        "method": (method.method or None) if method else None,
        "version": (method.version or None) if method else None,
        "parts": method.parts if method else {},
        "n": shown.n if known else None,
        "computed_at": day(shown.as_of) if known else None,
    }
