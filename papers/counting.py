"""Counting the rows of a list without making its reader wait."""

from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

FEW = 10_000  # rows that are counted each time
SECONDS = 600  # for which the count of a longer list is kept
DIGITS = 9  # of a page number
FARTHEST = 3  # times as many pages as an estimate says


def count_key(rows: QuerySet[Any]) -> str:
    """What a long list's count is kept under; "" for a list that cannot have rows."""
    try:
        return "count-" + blake2b(str(rows.order_by().query).encode(errors="replace"), digest_size=16).hexdigest()
    except EmptyResultSet:
        return ""


def count_of(rows: QuerySet[Any], key: str | None = None) -> int:
    """How many rows there are: of a short list now, of a long one within the last ten minutes. `key` is that of
    `count_key`, for a list that is always the same."""
    bare, key = rows.order_by(), count_key(rows) if key is None else key
    if not key:
        return 0
    if known := cache.get(key):
        return int(known)
    counted = bare[: FEW + 1].count()
    return counted if counted <= FEW else int(cache.get_or_set(key, bare.count, SECONDS) or 0)


class PatientPaginator(Paginator):
    """Counts by `count_of` where there is a queryset to count."""

    @cached_property
    def count(self) -> int:
        return count_of(self.object_list) if isinstance(self.object_list, QuerySet) else super().count


class OpenPage(Page):
    def has_next(self) -> bool:
        return len(self.object_list) == self.paginator.per_page

    def next_page_number(self) -> int:
        return self.number + 1


class OpenPaginator(PatientPaginator):
    """For lists whose length is an estimate: as long as pages are full there is a next one, whatever the estimate."""

    def validate_number(self, number: Any) -> int:
        text = str(number)
        if not (text.isascii() and text.isdecimal() and len(text) < DIGITS):
            raise PageNotAnInteger("not a page number")
        if not 1 <= int(text) <= FARTHEST * self.num_pages:
            raise EmptyPage("there are not as many pages by far")
        return int(text)

    def page(self, number: Any) -> OpenPage:
        checked = self.validate_number(number)
        return OpenPage(self.object_list[(checked - 1) * self.per_page : checked * self.per_page], checked, self)
