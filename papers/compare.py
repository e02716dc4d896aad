"""Up to four people or institutions side by side."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authors.curation.public_ids import LETTERS, parse_public_id
from authors.curation.redirects import find_redirect
from papers.autocomplete import Suggestion, suggestions
from papers.models import Authorship, Category, PaperInstitution, Venue
from papers.people import public_authors, public_institutions
from papers.profiles import ShownFigure, author_figures, institution_figures

MOST = 4
OFFERED = 6  # records that a name may mean
TOP = 3  # categories and venues of each


@dataclass(frozen=True)
class Kind:
    """What is compared: how its records are read, which figures they have, and the rows that tie papers to them."""

    rows: Callable[[], Any]
    figures: Callable[[Any], dict[str, ShownFigure]]
    suggested: str
    ties: Callable[[], Any]
    column: str


def _written() -> Any:
    return Authorship.objects.filter(hidden_on_profile=False, paper__state="published", paper__is_retracted=False)


def _stated() -> Any:
    return PaperInstitution.objects.filter(paper__state="published", paper__is_retracted=False)


KINDS = {
    "A": Kind(public_authors, author_figures, "author", _written, "author"),
    "I": Kind(public_institutions, institution_figures, "institution", _stated, "institution"),
}


@dataclass(frozen=True)
class Line:
    """One row of the table: a label and a cell for each record."""

    label: str
    cells: list[Any]


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """`id` may be given up to four times, `add` is an id or a name to look for."""
    asked = [one.strip() for value in request.GET.getlist("id") for one in value.split(",") if one.strip()]
    typed = request.GET.get("add", "").strip()
    if parse_public_id(typed):
        asked, typed = [*asked, typed], ""
    letter, records, problems = chosen(asked)
    offered = offers(typed, letter, {record.public_id for record in records}) if len(records) < MOST else []
    if typed and not offered and len(records) < MOST:
        problems.append(f"Nobody and nothing here is called “{typed[:80]}”.")
    context = {
        "records": [(record, [other.public_id for other in records if other is not record]) for record in records],
        "problems": problems, "offered": offered, "typed": typed, "full": len(records) >= MOST,
        "kind": LETTERS[letter] if letter else "", "ids": [record.public_id for record in records],
        **(comparison(letter, records) if len(records) > 1 else {}),
    }  # fmt: skip
    return render(request, "papers/compare.html", context)


def chosen(asked: Sequence[str]) -> tuple[str, list[Any], list[str]]:
    """The letter of the kind that the first id says, its records in the order asked for, and what was wrong."""
    letter, keys, problems = "", [], []
    for text in dict.fromkeys(asked):
        parsed = parse_public_id(text)
        if parsed is None or parsed[0] not in KINDS:
            problems.append(f"“{text[:40]}” is no person’s and no institution’s id.")
        elif letter and parsed[0] != letter:
            problems.append(f"{text[:40]} is no {LETTERS[letter]}: people are compared with people.")
        else:
            letter = parsed[0]
            keys.append(_followed(*parsed))
    if not letter:
        return "", [], problems
    found = KINDS[letter].rows().prefetch_related("figures").in_bulk(keys[:20])
    records = [found[key] for key in dict.fromkeys(keys) if key in found]
    problems += [f"No public {LETTERS[letter]} has the id {letter}{key}." for key in keys if key not in found]
    if len(records) > MOST:
        problems.append(f"At most {MOST} stand side by side; the first {MOST} are shown.")
    return letter, records[:MOST], problems


def _followed(letter: str, key: int) -> int:
    """Where a merged record has gone."""
    redirect = find_redirect(kind=letter, old_id=key)
    return redirect.target_id if redirect and redirect.target_id else key


def offers(typed: str, letter: str, taken: set[str]) -> list[Suggestion]:
    """Records that are called so, of the kind that is being compared."""
    kinds = (KINDS[letter].suggested,) if letter else tuple(kind.suggested for kind in KINDS.values())
    found = suggestions(f"{typed} ", kinds=kinds, size=OFFERED) if typed else []
    return [one for one in found if one.id not in taken]


# --- the table -------------------------------------------------------------------------------------------------------------


def comparison(letter: str, records: Sequence[Any]) -> dict[str, Any]:
    """In a fixed number of queries whatever the records."""
    kind = KINDS[letter]
    figures = [kind.figures(record) for record in records]
    names = list(dict.fromkeys(name for found in figures for name in found))
    shown = [Line(_label(figures, name), [found.get(name) for found in figures]) for name in names]
    return {
        "figures": [line for line in shown if any(cell and cell.text for cell in line.cells)],
        "categories": _tops(kind, records, "paper__primary_category", Category),
        "venues": _tops(kind, records, "paper__venue", Venue),
        "years": _years(records),
        "together": _together(kind, records),
    }


def _label(figures: Iterable[dict[str, ShownFigure]], name: str) -> str:
    return next(found[name].label for found in figures if name in found)


def _tops(kind: Kind, records: Sequence[Any], column: str, model: Any) -> list[list[tuple[Any, int]]]:
    """For each record the categories or venues with most of its papers."""
    rows = kind.ties().filter(**{f"{kind.column}__in": records}).exclude(**{column: None}).order_by()
    counts: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for key, value, count in rows.values_list(kind.column, column).annotate(count=Count("paper", distinct=True)):
        counts[key].append((-count, value))
    best = {key: sorted(found)[:TOP] for key, found in counts.items()}
    named = model.objects.in_bulk({value for found in best.values() for _, value in found})
    return [[(named[value], -count) for count, value in best.get(record.pk, [])] for record in records]


def _years(records: Sequence[Any]) -> list[Line]:
    """Papers per year, the newest first; nothing where a record's years are not counted yet."""
    series = [getattr(getattr(record, "metrics", None), "papers_by_year", None) for record in records]
    if any(one is None for one in series):
        return []
    years = sorted({int(year) for one in series for year in one or {}}, reverse=True)
    return [Line(str(year), [(one or {}).get(str(year), 0) for one in series]) for year in years]


def _together(kind: Kind, records: Sequence[Any]) -> list[tuple[Any, Any, int]]:
    """Every two of them with the number of papers that both stand on."""
    papers: dict[int, set[int]] = defaultdict(set)
    rows = kind.ties().filter(**{f"{kind.column}__in": records}).order_by()
    for key, paper in rows.values_list(kind.column, "paper").distinct():
        papers[key].add(paper)
    return [(one, other, len(papers[one.pk] & papers[other.pk])) for one, other in combinations(records, 2)]
