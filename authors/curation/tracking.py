"""Which tables have a history, and whose each row is. The apps say so when they start: `authors.tracked`, `papers.tracked`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet

from authors.curation.public_ids import PublicIdModel

UNTOLD = frozenset({"updated_at"})  # columns that follow from the change itself


@dataclass(frozen=True)
class Tracked:
    """`owner` is the lookup from a row to the key of its record; `kind` that record's letter, or "" where the rows say it
    themselves, in a column called kind, or belong to none. `only` these rows have a history: others are computed.

    `untold` fields have none, and keep what they hold when something is taken back. Rows that stand `aside` are written by
    others too, so they are watched one by one and not along with their record; what became of them later stays.
    """

    model: type[models.Model]
    kind: str
    owner: str
    only: Q = field(default_factory=Q)
    untold: frozenset[str] = frozenset()
    aside: bool = False

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def columns(self) -> list[str]:
        return [one.attname for one in self.model._meta.concrete_fields if one.name not in UNTOLD | self.untold]

    def untold_values(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        """By key of the row what it holds in the fields that have no history."""
        columns = [one.attname for one in self.model._meta.concrete_fields if one.name in self.untold]
        rows = self.rows().filter(pk__in=keys).values("pk", *columns) if columns else ()
        return {str(row.pop("pk")): row for row in rows}

    @property
    def points_to(self) -> dict[str, str]:
        """By column the letter of the records that it holds keys of."""
        found = {}
        for column in self.model._meta.concrete_fields:
            related: Any = column.related_model
            if isinstance(column, models.ForeignKey) and isinstance(related, type) and issubclass(related, PublicIdModel):
                found[column.attname] = related.letter
        return found

    def columns_to(self, model: type[models.Model]) -> list[str]:
        """The columns that hold keys of `model`."""
        fields = self.model._meta.concrete_fields
        return [one.attname for one in fields if isinstance(one, models.ForeignKey) and one.related_model is model]

    def record_of(self, row: models.Model) -> tuple[str, int]:
        """Letter and key of the record that a row belongs to; "" and 0 where it belongs to none."""
        found: Any = row
        for step in self.owner.split("__") if self.owner else ():
            found = getattr(found, step)
        key = found.pk if isinstance(found, models.Model) and self.owner else found
        return (self.kind or getattr(row, "kind", ""), int(key)) if self.owner else ("", 0)

    def rows(self) -> "QuerySet[Any]":
        return self.model._base_manager.filter(self.only).order_by()

    def with_owner(self, rows: "QuerySet[Any]") -> Iterator[tuple[str, int, dict[str, Any]]]:
        """(letter, key, row) of each."""
        told = {"whose": F(self.owner)} if self.owner else {}
        for row in rows.values(*self.columns, **told):
            whose = row.pop("whose", 0)
            yield self.kind or row.get("kind", ""), int(whose or 0), row

    def of_records(self, kind: str, keys: list[int]) -> "QuerySet[Any] | None":
        """The rows of these records that are watched with them; None where the table has none of such."""
        if self.aside or not self.owner or (self.kind and self.kind != kind):
            return None
        rows = self.rows().filter(**{f"{self.owner}__in": keys})
        return rows if self.kind else rows.filter(kind=kind)


_TRACKED: dict[str, Tracked] = {}


def track(
    model: type[models.Model],
    *,
    kind: str = "",
    owner: str = "",
    only: Q = Q(),  # noqa: B008 - immutable
    untold: Iterable[str] = (),
    aside: bool = False,
) -> None:
    """Keep a history of the table. Records before their rows: that is the order in which rows come back."""
    found = Tracked(model, kind, owner, only, frozenset(untold), aside)
    _TRACKED[found.label] = found


def tracked() -> list[Tracked]:
    return list(_TRACKED.values())


def tracks(model: type[models.Model]) -> bool:
    return model._meta.label_lower in _TRACKED


def tracked_as(label: str) -> Tracked:
    return _TRACKED[label]
