"""Pages of a list by number. Deeper than DEEPEST rows nobody pages by number: the database would count through them all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from papers.api.parameters import Parameter, error, shortened

DEFAULT_SIZE = 25
LARGEST_SIZE = 200
DEEPEST = 10_000

PARAMETERS = [
    Parameter(
        "page", f"Number of the page, from 1. A page after the last is empty. Pages reach the first {DEEPEST:,} rows.",
        {"type": "integer", "minimum": 1, "maximum": DEEPEST, "default": 1},
    ),
    Parameter(
        "per-page", "Rows of a page; also written `per_page`.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": DEFAULT_SIZE},
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Page:
    number: int
    size: int

    def rows_of(self, queryset: Any) -> list[Any]:
        """The page's rows. The queryset must have an order, or pages would repeat and lose rows."""
        if not queryset.ordered:
            raise ValueError("a list without an order cannot be paged")
        return list(queryset[(self.number - 1) * self.size : self.number * self.size])

    def meta(self, count: int) -> dict[str, Any]:
        return {"count": count, "page": self.number, "per_page": self.size, "next_cursor": None}


def read_page(values: Mapping[str, str]) -> tuple[Page, list[dict[str, Any]]]:
    """The page asked for, and what is wrong with it; with errors the page is the first."""
    errors = []
    numbers = {"page": 1, "per_page": DEFAULT_SIZE}
    for name, most in (("page", DEEPEST), ("per_page", LARGEST_SIZE)):
        given = values.get(name)
        number = _whole(given) if given is not None else numbers[name]
        if number is None or not 1 <= number <= most:
            detail = f"“{name}” takes a whole number from 1 to {most}, not “{shortened(given or '')}”."
            errors.append(error(name, "invalid", detail))
        else:
            numbers[name] = number
    page = Page(numbers["page"], numbers["per_page"])
    if not errors and page.number * page.size > DEEPEST:
        errors.append(_too_deep(page))
    return page, errors


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def _too_deep(page: Page) -> dict[str, Any]:
    last = DEEPEST // page.size
    detail = (
        f"Page {page.number} of {page.size} rows lies beyond the first {DEEPEST:,} rows, where page numbers end:"
        f" {last} is the last page of this size. Narrow the list with filters."
    )
    return error("page", "too_deep", detail)
