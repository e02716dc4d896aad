"""The figures of a profile's header: each with its meaning, its origin, and what stands beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from authors.models import Author, Institution
from papers.models import Venue
from papers.models.metrics import Figure

CHANGED = "papers have come or gone since"
MEASURES = {Figure.Name.NOVELTY.value: "median", Figure.Name.AI_SCORE.value: "automatic index"}
SCORES = (Figure.Name.NOVELTY.value, Figure.Name.AI_SCORE.value)
LABELS = {**dict(Figure.Name.choices), "people": "People"}


@dataclass(frozen=True)
class ShownFigure:
    """A number with its meaning. `value` None is unknown, never 0.

    `n` of `of` papers carry a computed figure; `stale` when papers have come or gone since.
    `beside` is what the catalogue computes where a reported value is shown
    and the two differ.
    """

    name: str
    value: float | None = None
    origin: str = Figure.Origin.COMPUTED
    source: str = ""
    as_of: date | None = None
    n: int | None = None
    of: int | None = None
    detail: str = ""
    reason: str = ""
    stale: bool = False
    beside: "ShownFigure | None" = None

    @property
    def is_score(self) -> bool:
        return self.name in SCORES

    @property
    def is_reported(self) -> bool:
        return self.origin == Figure.Origin.REPORTED

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def text(self) -> str:
        """`93,653`, `59%`, or nothing when unknown."""
        if self.value is None:
            return ""
        return f"{int(self.value + 0.5):,}" + ("%" if self.name == Figure.Name.NOVELTY else "")

    @property
    def note(self) -> str:
        """Where the number comes from, in a few words."""
        if self.is_reported:
            when = f", {_day(self.as_of)}" if self.as_of else ""
            return _sentence(f"reported by {self.source or 'a source'}{when}", self._beside_note())
        unscored = "not scored yet" if self.is_score and self.value is None else ""
        when = _day(self.as_of) if self.is_score and self.as_of else ""
        return _sentence(self.detail, self.reason or unscored, self._coverage(), when, CHANGED if self.stale else "")

    def _coverage(self) -> str:
        if self.is_score and self.of is not None:
            scored = f"{self.n or 0:,} of {_papers(self.of)}"
            return f"{MEASURES[self.name]} over {scored}" if self.value is not None else f"{scored} scored"
        if self.of is None:
            return f"over {_papers(self.n)}" if self.n and self.value is not None else ""
        if self.value is None:
            return f"no count is known for {'its' if self.of == 1 else 'any of'} {_papers(self.of)}" if self.of else ""
        return f"over {self.n:,} of {_papers(self.of)}"

    def _beside_note(self) -> str:
        here = self.beside
        if here is None or (here.value is None and here.of is None):
            return ""
        if self.name == Figure.Name.PAPERS:
            return (
                f"{here.text} of {self.text} known here" if (here.value or 0) < (self.value or 0) else f"{here.text} known here"
            )
        return (
            "no paper’s count is known here" if here.value is None else f"computed here: {here.text} {here._coverage()}".strip()
        )


def shown_figure(rows: Iterable[Figure], computed: ShownFigure) -> ShownFigure:
    """The rule of all header figures: what a source reported comes first, else what the catalogue computes.

    Of several reports the newest is taken, of equally new ones the first by source. A report without a value says
    nothing. Lists sort and filter by computed figures only: a report is for display.
    """
    reports = [
        row for row in rows if row.name == computed.name and row.origin == Figure.Origin.REPORTED and row.value is not None
    ]
    if not reports:
        return computed
    row = min(reports, key=lambda row: (-(row.as_of or date.min).toordinal(), row.source))
    shown = ShownFigure(computed.name, row.value, origin=row.origin, source=row.source, as_of=row.as_of, n=row.n)
    return replace(shown, beside=computed) if computed.value != row.value else shown


def author_figures(author: Author) -> dict[str, ShownFigure]:
    """Papers, citations, h-index and scores by name, in the header's order. Reads `metrics` and `figures` of the author.

    Scores that the person does not want shown are left out.
    """
    metrics = getattr(author, "metrics", None)
    computed = [*_counted(metrics), *([] if author.scores_hidden else _scored(author.figures.all(), metrics))]
    if metrics:
        years = span(metrics.first_year, metrics.last_year, to=" to ")
        computed[0] = replace(computed[0], detail=years)
        i10 = f"i10 {metrics.i10_index:,}" if metrics.i10_index is not None else ""
        h_index = ShownFigure("h_index", metrics.h_index, n=metrics.cited_papers, of=metrics.papers_count, detail=i10)
    else:
        h_index = ShownFigure("h_index")
    return _shown(author.figures.all(), [*computed[:2], h_index, *computed[2:]])


def counts_shown(metrics: Any, rows: Iterable[Figure]) -> dict[str, ShownFigure]:
    """Papers and citations by name, from what is computed and from figures."""
    return _shown(rows, _counted(metrics))


def institution_figures(institution: Institution) -> dict[str, ShownFigure]:
    """Papers, citations and people; scores only where there is something to say of them."""
    metrics = getattr(institution, "metrics", None)
    rows = list(institution.figures.all())
    named = {row.name for row in rows}
    # Papers that name the institution without saying whose it is leave its people unknown, not zero.
    number = metrics.authors_count or None if metrics else None
    people = ShownFigure("people", number, detail="named on its papers" if number else "its papers do not say whose it is")
    return _shown(rows, [*_counted(metrics), people, *(score for score in _scored(rows, metrics) if score.name in named)])


def venue_figures(venue: Venue) -> dict[str, ShownFigure]:
    """Papers and citations."""
    return {figure.name: figure for figure in _counted(getattr(venue, "metrics", None))}


def _shown(rows: Iterable[Figure], computed: Iterable[ShownFigure]) -> dict[str, ShownFigure]:
    return {figure.name: shown_figure(rows, figure) for figure in computed}


def _counted(metrics: Any) -> list[ShownFigure]:
    if metrics is None:
        return [ShownFigure("papers"), ShownFigure("citations")]
    citations = ShownFigure("citations", metrics.citations, n=metrics.cited_papers, of=metrics.papers_count)
    return [ShownFigure("papers", metrics.papers_count), citations]


def _scored(rows: Iterable[Figure], metrics: Any) -> list[ShownFigure]:
    """The catalogue's own scores, where a method left a value or said why it has none."""
    own = {row.name: row for row in rows if row.origin == Figure.Origin.COMPUTED}
    return [computed_score(own[name], metrics) if name in own else ShownFigure(name) for name in SCORES]


def computed_score(row: Figure, metrics: Any) -> ShownFigure:
    """Of a person or institution, over `n` of as many papers as there were; stale when there are more or fewer by now."""
    of = row.parts.get("papers") if isinstance(row.parts, dict) else None
    stale = of is not None and metrics is not None and of != metrics.papers_count
    return ShownFigure(row.name, row.value, as_of=row.as_of, n=row.n, of=of, reason=row.reason, stale=stale)


def _day(when: date) -> str:
    return f"{when.day} {when:%b %Y}"


def _papers(number: int | None) -> str:
    return "1 paper" if number == 1 else f"{number:,} papers"


def _sentence(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def span(first: int | None, last: int | None, *, to: str = "–") -> str:
    """`2018–2020`, `2018`, or nothing when no year is known."""
    return str(first or "") if first == last else f"{first}{to}{last}"
