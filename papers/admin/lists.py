"""The orders of the list of papers."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from authors.admin.lists import MOST_LISTED, FirstPages, order_of
from papers.models import Paper, PaperEntry
from papers.models.search import NO_DATE

BY_DATE, BY_CITED = Coalesce("published", date.fromisoformat(NO_DATE)), Coalesce("cited_by_count", -1)


class PaperPages(FirstPages):
    """By date and by citations along the indexes of the narrow rows; papers that are not published join in."""

    columns: dict[Any, str] = {BY_DATE: "published", BY_CITED: "citations"}

    def walk(self, first: int, size: int) -> list[Any]:
        rows: Any = self.object_list
        order = order_of(rows)
        column = self.columns.get(order.expression) if order else None
        if order is None or column is None:
            return super().walk(first, size)
        rows, end, sign = rows.order_by(), first + size, "-" if order.descending else ""
        there = PaperEntry.objects.filter(Exists(rows.filter(pk=OuterRef("paper_id"))))
        published = there.order_by(f"{sign}{column}", f"{sign}paper_id").values_list(column, "paper_id")[:end]
        unpublished = Paper.objects.exclude(state=Paper.State.PUBLISHED).order_by().values_list("pk", flat=True)
        others = rows.filter(pk__among=list(unpublished[:MOST_LISTED])).order_by(order, f"{sign}pk")
        both = [*published, *others.values_list(order.expression, "pk")[:end]]
        return [key for _, key in sorted(both, reverse=order.descending)[first:end]]
