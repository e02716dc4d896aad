"""Values that records of several kinds share. An unknown one is None: never 0, never ""."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from authors.identifiers import SCHEMES, address_of
from authors.models.identifier import Identifier
from papers.models import Category, PaperFigure
from papers.models.metrics import Figure
from papers.profiles import ShownFigure, paper_scores, shown_figure
from papers.profiles.figures import SCORES, computed_score

BARE_SCHEMES = frozenset({"arxiv"})  # written without their address, as clients of OpenAlex expect
UNSCORED = "not scored yet"
HIDDEN_SCORES = {"A": "hidden at the author's request", "P": "hidden by the editors"}  # by the record's letter
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


def scores_of(record: Any, figures: Iterable[Figure]) -> dict[str, Any]:
    """Of a person or institution with its figures. Reads `metrics`. Where scores are hidden the reason says so."""
    hidden = getattr(record, "scores_hidden", False)
    rows = [] if hidden else list(figures)
    unscored = HIDDEN_SCORES[record.letter] if hidden else UNSCORED
    metrics = getattr(record, "metrics", None)
    computed = {row.name: row for row in rows if row.origin == Figure.Origin.COMPUTED}
    found = {}
    for name in SCORES:
        own = computed_score(computed[name], metrics) if name in computed else ShownFigure(name)
        found[name] = _score(shown_figure(rows, own), computed.get(name), stale=own.stale, unscored=unscored)
    return found


def scores_of_paper(paper: Fetched, figures: Collection[PaperFigure], *, first_author: str) -> dict[str, Any]:
    """Reads what `papers.profiles.paper_scores` does."""
    if paper.scores_hidden:
        return {name: _score(ShownFigure(name), None, stale=False, unscored=HIDDEN_SCORES["P"]) for name in SCORES}
    rows = {row.name: row for row in figures if row.origin == Figure.Origin.COMPUTED}
    return {
        score.name: _score(score.shown, rows.get(score.name), stale=bool(score.stale), unscored=UNSCORED)
        for score in paper_scores(paper, figures, first_author=first_author)
    }


def _score(shown: ShownFigure, row: Figure | None, *, stale: bool, unscored: str) -> dict[str, Any]:
    """`row` is what was computed; a report comes without method and parts."""
    known = shown.value is not None
    method = row if known and not shown.is_reported else None
    return {
        "value": number(shown.value),
        "reason": None if known else shown.reason or unscored,
        "origin": shown.origin if known else None,
        "source": (shown.source or None) if known else None,
        "method": (method.method or None) if method else None,
        "version": (method.version or None) if method else None,
        "parts": method.parts if method else {},
        "n": (method.n if method else shown.n) if known else None,
        "computed_at": day(shown.as_of) if known else None,
        "stale": stale if method else None,
    }


def series_of(metrics: Any) -> list[dict[str, Any]] | None:
    """Papers and citations by year from stored counts, the newest year first; None while they are not computed."""
    papers, cited = getattr(metrics, "papers_by_year", None), getattr(metrics, "citations_by_year", None)
    if papers is None:
        return None
    years = sorted({*map(int, papers), *map(int, cited or {})}, reverse=True)
    return [
        {"year": year, "works_count": papers.get(str(year), 0), "cited_by_count": (cited or {}).get(str(year))}
        for year in years
    ]
