"""Lists that answer at once however long they are: they count and page through so many rows and no further."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OrderBy, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from papers.expressions import known_count
from papers.models import AuthorMetrics

MOST_LISTED = 5_000  # rows of a list that are counted and paged through; as many as a search finds
BY_PAPERS, BY_CITATIONS = known_count("metrics__papers_count"), known_count("metrics__citations")


class MoreThan(int):
    """A number that says of itself that it is not all."""

    def __str__(self) -> str:
        return f"more than {int(self):,}"


class FirstPages(Paginator):
    """Pages of the first MOST_LISTED rows.

    Where there are hardly more, the filter's own index finds them and only they are sorted; else the list walks along its
    order. What else a row shows is read for the page alone.
    """

    @cached_property
    def found(self) -> list[Any]:
        """The keys of all rows, in no order; of a longer list a few more than are listed."""
        rows: Any = self.object_list
        return list(rows.order_by().values_list("pk", flat=True)[: MOST_LISTED + 2])

    @cached_property
    def count(self) -> int:
        return len(self.found) if len(self.found) <= MOST_LISTED else MoreThan(MOST_LISTED)

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self._keys(first, min(self.per_page, MOST_LISTED - first))
        by_key = {row.pk: row for row in self.rows(keys).order_by()}
        return Page([by_key[key] for key in keys if key in by_key], number, self)

    def rows(self, keys: Sequence[Any]) -> Any:
        """The keys say all; asked for the filters as well, a database may read every row that was found."""
        every: Any = self.object_list
        rows = every.all()
        rows.query.clear_where()
        return rows.filter(pk__among=keys)

    def _keys(self, first: int, size: int) -> list[Any]:
        """A search of the index finds at most one more than are listed: these are sorted."""
        if len(self.found) > MOST_LISTED + 1:
            return self.walk(first, size)
        rows: Any = self.object_list
        few = rows.model._base_manager.filter(pk__among=self.found).order_by(*rows.query.order_by)
        return list(few.values_list("pk", flat=True)[first : first + size])

    def walk(self, first: int, size: int) -> list[Any]:
        """Keys of a page of more rows than one would sort."""
        rows: Any = self.object_list
        return list(rows.values_list("pk", flat=True)[first : first + size])


class FirstPagesList(ChangeList):
    """A list of one page, too, is sorted after it is found."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        pages: Any = self.paginator
        if isinstance(pages, FirstPages) and not self.multi_page:
            self.result_list = pages.rows(pages.found)


def order_of(rows: "QuerySet[Any]") -> OrderBy | None:
    """The first expression that the rows are ordered by; none where that is a field or nothing."""
    first: Any = next(iter(rows.query.order_by), None)
    return first if isinstance(first, OrderBy) else None


class PeoplePages(FirstPages):
    """By their figures along the indexes of these; everybody who was ever counted has some."""

    columns: dict[Any, str] = {BY_PAPERS: "papers_count", BY_CITATIONS: "citations"}

    def walk(self, first: int, size: int) -> list[Any]:
        rows: Any = self.object_list
        order = order_of(rows)
        if order is None or order.expression not in self.columns:
            return super().walk(first, size)
        them = Exists(rows.order_by().filter(pk=OuterRef("author_id")))
        along = OrderBy(known_count(self.columns[order.expression]), descending=order.descending)
        key = OrderBy(F("author_id"), descending=order.descending)
        counted = AuthorMetrics.objects.filter(them).order_by(along, key)
        return list(counted.values_list("author_id", flat=True)[first : first + size])
