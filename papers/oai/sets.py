"""Sets: by category, with a set around those whose codes begin alike, and by institution."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from papers.announced import category_set, institution_set
from papers.models import Category, PaperCategory, PaperInstitution
from papers.people import public_institutions
from papers.querysets import PaperQuerySet

Set = tuple[str, str]  # setSpec, setName
CATEGORY, INSTITUTION = "category", "institution"


def papers_of_set(papers: PaperQuerySet, spec: str) -> PaperQuerySet:
    """Those of the papers that are in the set; none for a set that is not there."""
    kind, _, rest = spec.partition(":")
    if not spec:
        return papers
    if kind == CATEGORY:
        codes = _codes(rest)
        further = PaperCategory.objects.all() if codes is None else PaperCategory.objects.filter(category__in=codes)
        primary = ~Q(primary_category=None) if codes is None else Q(primary_category__in=codes)
        return papers.filter(primary | Q(pk__in=further.values("paper"))) if codes != [] else papers.none()
    if kind == INSTITUTION and (not rest or re.fullmatch(r"I[1-9]\d{0,17}", rest)):
        at = PaperInstitution.objects.filter(institution=int(rest[1:])) if rest else PaperInstitution.objects.all()
        return papers.filter(pk__in=at.values("paper"))
    return papers.none()


def gone_of_set(gone: QuerySet[Any], spec: str) -> QuerySet[Any]:
    """The same of papers that are gone, by the sets they were in."""
    kind, _, rest = spec.partition(":")
    full = category_set(rest) if kind == CATEGORY and rest and ":" not in rest else spec
    return gone.filter(Q(sets__contains=f" {full} ") | Q(sets__contains=f" {full}:")) if spec else gone


def _codes(rest: str) -> list[str] | None:
    """The categories of a set, whether called `cs:cs.CL`, `cs.CL` or, with all that begins so, `cs`; None for every one."""
    if not rest:
        return None
    code = rest.rpartition(":")[2]
    if rest not in (code, category_set(code).removeprefix(f"{CATEGORY}:")):
        return []
    found = Category.objects.filter(Q(pk=code) | Q(pk__startswith=f"{code}."))
    return [one for one in found.values_list("pk", flat=True) if one == code or one.startswith(f"{code}.")]


# --- the list of sets ----------------------------------------------------------------------------------------------------


def list_sets(after: int, most: int) -> tuple[list[Set], int]:
    """The sets that follow the institution with that key, and the last one's key if there are more: categories come first."""
    rows = list(_institutions(after)[: most + 1])
    found = [(institution_set(key), name) for key, name in rows[:most]]
    first = [] if after else [*_categories(), *([(INSTITUTION, "By institution")] if rows else [])]
    return first + found, rows[most - 1][0] if len(rows) > most else 0


def _institutions(after: int) -> QuerySet[Any]:
    return public_institutions().filter(pk__gt=after).order_by("pk").values_list("pk", "name")


def _categories() -> Iterator[Set]:
    seen = set[str]()
    for code, name, group in Category.objects.order_by("code").values_list("code", "name", "group"):
        around = category_set(code).rpartition(":")[0]
        if not seen:
            yield CATEGORY, "By category"
        if around not in {CATEGORY, *seen}:
            yield around, f"{group} ({around.partition(':')[2]})" if group else around.partition(":")[2]
        seen |= {around, category_set(code)}
        yield category_set(code), f"{name} ({code})"
