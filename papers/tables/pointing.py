"""Columns that name other records: a category by its code, a venue by its name, an institution by its id."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authors import names
from authors.models import Institution
from papers.models import Category, Venue
from papers.models.paper import CategoryOrigin
from papers.tables.columns import Claims, Pointing, numbers

if TYPE_CHECKING:
    from papers.tables.comparing import Cell

NAMED = 5  # namesakes that an error names


@dataclass(frozen=True)
class PrimaryCategory(Pointing):
    @property
    def saved(self) -> Sequence[str]:
        return [*super().saved, "primary_category_origin"]

    def check(self, cells: "Sequence[Cell]", claims: Claims) -> None:
        codes = category_codes([cell.value for cell in cells])
        for cell in cells:
            if cell.value and cell.value.lower() not in codes:
                cell.problem = f"There is no category {cell.value}."
            cell.value = cell.value and codes.get(cell.value.lower())

    def put(self, record: Any, value: Any) -> None:
        super().put(record, value)
        record.primary_category_origin = CategoryOrigin.EDITOR if value else ""


def category_codes(wanted: Sequence[Any]) -> dict[str, str]:
    """The site's codes by how they read in small letters; there are few, so all of them."""
    if not any(wanted):
        return {}
    return {code.lower(): code for code in Category.objects.order_by().values_list("pk", flat=True)}


@dataclass(frozen=True)
class VenueByName(Pointing):
    """A name that several venues share says none of them: its id does."""

    def text(self, record: Any) -> str:
        return record.venue.name if record.venue_id else ""

    def check(self, cells: "Sequence[Cell]", claims: Claims) -> None:
        by_id = numbers("V", cells)
        there = set(Venue.objects.filter(pk__among=list(by_id)).order_by().values_list("pk", flat=True))
        for key, its_cells in by_id.items():
            for cell in its_cells:
                cell.value, cell.problem = key, "" if key in there else f"There is no venue V{key}."
        self._by_name([cell for cell in cells if isinstance(cell.value, str)])

    @staticmethod
    def _by_name(cells: "Sequence[Cell]") -> None:
        keys = {names.fold(cell.value)[:400] for cell in cells}
        found: dict[str, list[int]] = {}
        for key, pk in Venue.objects.filter(name_key__among=list(keys)).order_by("pk").values_list("name_key", "pk"):
            found.setdefault(key, []).append(pk)
        for cell in cells:
            those = found.get(names.fold(cell.value)[:400], [])
            if len(those) > 1:
                named = ", ".join(f"V{pk}" for pk in those[:NAMED])
                cell.problem = f"{len(those)} venues have this name; give the id of one: {named}."
            elif not those:
                cell.problem = "There is no venue of this name; add it first."
            cell.value = those[0] if len(those) == 1 else None


@dataclass(frozen=True)
class Parent(Pointing):
    """The institution that this one is part of, by its public id."""

    def shown(self, value: Any) -> str:
        return f"I{value}" if value else ""

    def check(self, cells: "Sequence[Cell]", claims: Claims) -> None:
        by_id = numbers("I", cells)
        there = set(Institution.objects.filter(pk__among=list(by_id)).order_by().values_list("pk", flat=True))
        for key, its_cells in by_id.items():
            for cell in its_cells:
                cell.value, cell.problem = key, "" if key in there else f"There is no institution I{key}."
        above = dict(Institution.objects.exclude(parent=None).order_by().values_list("pk", "parent")) if by_id else {}
        above |= {own: parent for (what, own), parent in claims.items() if what == "parent"}
        for cell in cells:
            if isinstance(cell.value, str):
                cell.problem = f"{cell.value!r} is not the id of an institution, such as I5."
            elif not cell.problem and cell.record.pk:
                self._climb(cell, above, claims)

    @staticmethod
    def _climb(cell: "Cell", above: dict[int, int | None], claims: Claims) -> None:
        """Refuse a parent that is part of the institution, however many steps away; earlier rows of the table count."""
        own, at, seen = cell.record.pk, cell.value, set[int]()
        while at is not None and at not in seen:
            if at == own:
                cell.problem = "The institution would become part of itself."
                return
            seen.add(at)
            at = above.get(at)
        above[own] = claims["parent", own] = cell.value
