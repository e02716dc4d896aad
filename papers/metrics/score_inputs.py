"""What scores are computed from, for all papers that count, as arrays in the order of the papers' keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q

from papers.dates import PartialDate, Precision
from papers.metrics.refreshing.reading import chosen
from papers.metrics.scoring.percentiles import Floats, Ints
from papers.metrics.scoring.rules import LEAST_EARLIER, TOO_YOUNG, openness
from papers.models import Category, CitationsInYear, Paper, PaperDistance, PaperLink, ScoreMark, TextEncoder

NO_ABSTRACT, NO_DATE = "No abstract is known.", "No date is known."
FEW_EARLIER = f"There are fewer than {LEAST_EARLIER} earlier papers to compare it with."
NOT_COMPARED = "Its text has not been compared yet."


@dataclass(frozen=True)
class Inputs:
    """Row by row. `categories` are numbers of `codes`, -1 for none; `parents` gives a category's field by numbers. NaN is
    unknown. `unscored` is why a paper has no distance, `marks` what editors said, `digests` are of the inputs.
    """

    papers: Ints
    categories: Ints
    years: Ints
    codes: list[str]
    parents: dict[int, int]
    citations: Floats
    recent: Floats
    openness: Floats
    distance: Floats
    earlier: Ints
    unscored: dict[int, str]
    marks: dict[int, tuple[str, str]]

    @property
    def excluded(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        left_out = [paper for paper, (kind, _) in self.marks.items() if kind == ScoreMark.Kind.EXCLUDED]
        return np.isin(self.papers, np.array(left_out, dtype=np.int64))


def read_inputs(encoder: TextEncoder | None, *, today: date) -> Inputs:
    rows = list(_rows())
    papers = np.array([row[0] for row in rows], dtype=np.int64)
    codes, parents = _categories()
    places = {code: place for place, code in enumerate(codes)}
    old_enough = np.array(
        [_is_old_enough(published, precision, today) for _, _, _, published, precision, *_ in rows], dtype=bool
    )
    distance, earlier, unscored = _distances(rows, encoder)
    counts = _floats(row[5] for row in rows)
    return Inputs(
        papers=papers,
        categories=np.array([places.get(row[1], -1) for row in rows], dtype=np.int64),
        years=np.array([row[2] or -1 for row in rows], dtype=np.int64),
        codes=codes, parents=parents,
        citations=np.where(old_enough, counts, np.nan),
        recent=np.where(old_enough, _recent(papers, today.year - 1), np.nan),
        openness=np.array([openness(has_code=has_code, official=official) for *_, has_code, official, _ in rows]),
        distance=distance, earlier=earlier, unscored=unscored,
        marks={paper: (kind, reason) for paper, kind, reason in ScoreMark.objects.values_list("paper", "kind", "reason")},
    )  # fmt: skip


def _rows() -> Iterable[tuple[Any, ...]]:
    official = PaperLink.objects.filter(paper=OuterRef("pk"), kind=PaperLink.Kind.CODE, official=True)
    papers = Paper.objects.counted().order_by("pk").annotate(official=Exists(official), told=~Q(abstract=""))
    return papers.values_list(
        "pk", "primary_category", "year", "published", "date_precision", "cited_by_count", "has_code", "official", "told"
    ).iterator(5_000)


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _categories() -> tuple[list[str], dict[int, int]]:
    """Codes in a fixed order, and the number of each one's field: its parent, or the group that it belongs to."""
    rows = list(Category.objects.order_by("code").values_list("code", "parent", "archive"))
    names = [parent or archive or code for code, parent, archive in rows]
    fields = {name: len(rows) + place for place, name in enumerate(sorted(set(names)))}
    return [code for code, *_ in rows], {place: fields[name] for place, name in enumerate(names)}


def _is_old_enough(published: date | None, precision: str, today: date) -> bool:
    return published is not None and (today - PartialDate(published, Precision(precision)).last).days >= TOO_YOUNG


def _recent(papers: Ints, year: int) -> Floats:
    """Citations in the last complete calendar year. A source that lists years leaves out those without citations, so that a
    paper with counts of other years had none."""
    rows = CitationsInYear.objects.order_by("paper").values_list("paper", "paper__citations_source", "source", "year", "count")
    found = {paper: float(years.get(year, 0)) for (paper,), years in chosen(rows.iterator(5_000), keys=1)}
    return _floats(found.get(paper) for paper in papers.tolist())


def _distances(rows: list[tuple[Any, ...]], encoder: TextEncoder | None) -> tuple[Floats, Ints, dict[int, str]]:
    stored = PaperDistance.objects.filter(encoder=encoder).values_list("pk", "distance", "earlier") if encoder else []
    known = {paper: (distance, earlier) for paper, distance, earlier in stored}
    unscored = {}
    for paper, _, _, published, *_, told in rows:
        if paper not in known:
            unscored[paper] = NO_ABSTRACT if not told else NO_DATE if published is None else NOT_COMPARED
        elif known[paper][0] is None:
            unscored[paper] = FEW_EARLIER
    values = [known.get(row[0], (None, 0)) for row in rows]
    return _floats(value for value, _ in values), np.array([count for _, count in values], dtype=np.int64), unscored
