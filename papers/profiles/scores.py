"""A paper's scores with all that makes them: parts, cohort, method, version, date, and whether they still hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from papers.charts import ShareBar, share_bars
from papers.metrics.scoring import rules
from papers.metrics.texts import text_of
from papers.models import Paper, PaperFigure, PaperLink, ScoreMark
from papers.models.metrics import Figure
from papers.profiles.figures import SCORES, ShownFigure, shown_figure

RETRACTED = "Retracted papers are not scored."
PART_LABELS = {
    "citations": "Citations, category and year",
    "novelty": "Novelty",
    "recent": "Citations, last full year",
    "openness": "Openness",
}


@dataclass(frozen=True)
class PaperScore:
    """`shown` is what the page says first, perhaps a source's report; all else is about the value computed here.

    `stale` says what changed since the computation, `kept` what an editor said who froze the value. `bars` are the AI Score's
    parts, `weights` in per cent beside them; a part that is not known has neither.
    """

    name: str
    shown: ShownFigure
    computed: float | None
    method: str
    version: str
    as_of: date | None
    parts: dict[str, Any]
    stale: str
    kept: str

    @property
    def label(self) -> str:
        return self.shown.label

    @property
    def cohort(self) -> str:
        return cohort_of(self.parts)

    @property
    def bars(self) -> list[ShareBar]:
        parts = self.parts.get("parts", {})
        values = ((PART_LABELS[name], (parts.get(name) or {}).get("value")) for name in rules.PARTS)
        return share_bars(values, top=100) if parts else []

    @property
    def rows(self) -> list[tuple[ShareBar, float | None]]:
        """Each bar with its weight in per cent."""
        parts = self.parts.get("parts", {})
        weights = ((parts.get(name) or {}).get("weight") for name in rules.PARTS)
        told = [None if weight is None else 100 * weight for weight in weights]
        return list(zip(self.bars, told, strict=True)) if self.bars else []


def paper_scores(paper: Paper, figures: Iterable[PaperFigure], *, first_author: str) -> list[PaperScore]:
    """Both scores, none while they are hidden. Reads `distance`, `score_mark` and `links` of the paper; `first_author` is the
    name as printed."""
    if paper.scores_hidden:
        return []
    rows = list(figures)
    return [_paper_score(paper, name, rows, first_author) for name in SCORES]


def _paper_score(paper: Paper, name: str, rows: list[PaperFigure], first_author: str) -> PaperScore:
    row = next((row for row in rows if row.name == name and row.origin == Figure.Origin.COMPUTED), None)
    mark = mark_of(paper)
    kept = mark.reason if mark and mark.kind == ScoreMark.Kind.FROZEN else ""
    if row is None or paper.is_retracted:
        reason = RETRACTED if paper.is_retracted else "not scored yet"
        shown = shown_figure(rows, ShownFigure(name, reason=reason))
        return PaperScore(name, shown, None, "", "", None, {}, "", "")
    computed = ShownFigure(name, row.value, as_of=row.as_of, reason=row.reason)
    stale = stale_reason(paper, row, first_author=first_author)
    return PaperScore(
        name, shown_figure(rows, computed), row.value, row.method, row.version, row.as_of, row.parts or {}, stale, kept
    )


def mark_of(paper: Paper) -> ScoreMark | None:
    """What an editor said about the paper's scores; from `select_related("score_mark")`."""
    return getattr(paper, "score_mark", None)


def cohort_of(parts: dict[str, Any]) -> str:
    """`among 120 papers of cs.CL in 2020`, or nothing where a percentile has no cohort."""
    size, year = parts.get("cohort_size"), parts.get("year")
    if not size or not year:
        return ""
    category, around = parts.get("category") or "no category", f"{year - 1} to {year + 1}"
    return f"among {size:,} papers " + {
        rules.SAME_YEAR: f"of {category} in {year}",
        rules.YEARS_AROUND: f"of {category}, {around}",
        rules.PARENT: f"of the field of {category}, {around}",
    }.get(parts.get("cohort", ""), f"of all categories, {around}")


# --- does it still hold ------------------------------------------------------------------------------------------------------


def stale_reason(paper: Paper, row: PaperFigure, *, first_author: str) -> str:
    """What changed since the computation, as far as the paper's own rows tell; "" when nothing did.

    Cheap on purpose: other papers that came in between move a percentile too, and the date beside it says so.
    """
    mark = mark_of(paper)
    if mark and mark.kind == ScoreMark.Kind.FROZEN:
        return ""
    changed = _text_changed(paper, first_author) if row.name == Figure.Name.NOVELTY or _uses_text(row) else ""
    return changed or _place_changed(paper, row) or (_inputs_changed(paper, row) if row.name == Figure.Name.AI_SCORE else "")


def _uses_text(row: PaperFigure) -> bool:
    return "novelty" in row.parts.get("parts", {})


def _text_changed(paper: Paper, first_author: str) -> str:
    """By the digest under which the distance is stored: of the text, the dates, the first author and the encoder."""
    text, distance = text_of(paper, first_author=first_author), getattr(paper, "distance", None)
    same = text.digest(distance.encoder_id) == distance.digest if text and distance else text is None and distance is None
    return "" if same else "Its text, date or first author has changed since this was computed."


def _place_changed(paper: Paper, row: PaperFigure) -> str:
    known = {name: row.parts[name] for name in ("category", "year") if name in row.parts}
    now = {"category": paper.primary_category_id, "year": paper.year}
    changed = [name for name, value in known.items() if value != now[name]]
    return f"Its {' and '.join(changed)} {'have' if changed[1:] else 'has'} changed since this was computed." if changed else ""


def _inputs_changed(paper: Paper, row: PaperFigure) -> str:
    if row.version != rules.version_of(settings.AI_SCORE_WEIGHTS):
        return "The weights of the parts have changed since this was computed."
    told = row.parts.get("parts", {}).get("openness", {}).get("value")
    if told is not None and told != rules.openness(has_code=paper.has_code, official=_has_official_code(paper.links.all())):
        return "What is known of its code has changed since this was computed."
    if row.as_of and paper.citations_as_of and paper.citations_as_of > row.as_of:
        return "Its citations have been counted anew since this was computed."
    return ""


def _has_official_code(links: Iterable[PaperLink]) -> bool:
    return any(link.kind == PaperLink.Kind.CODE and link.official for link in links)
