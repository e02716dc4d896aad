"""Pages of a list: by number down to DEEPEST rows, by cursor without an end."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from papers.api.exact_counts import LONGEST, exact_count
from papers.api.parameters import Parameter, error, shortened
from papers.api.problems import BadParameters
from papers.api.rows import Rows
from papers.cursors import BadCursor, read_cursor, write_cursor
from papers.search.finding import Count

DEFAULT_SIZE = 25
LARGEST_SIZE = 200
DEEPEST = 10_000
BEGIN = "*"
EXACT, NONE = "exact", "none"
CURSOR = r"^(\*|[.A-Za-z0-9_:-]+)$"
OF_THE_PAGE = {
    "page",
    "per_page",
    "cursor",
    "select",
    "omit",
    "include",
    "facets",
    "count",
}  # what one walk may say differently from page to page

# Usual values are told in words: a client made from the schema would send a `default`, beside what it excludes too.
PARAMETERS = [
    Parameter(
        "page", f"Number of the page, from 1. A page after the last is empty. Pages reach the first {DEEPEST:,} rows.",
        {"type": "integer", "minimum": 1, "maximum": DEEPEST},
    ),
    Parameter(
        "per-page", f"Rows of a page, {DEFAULT_SIZE} when not given; also written `per_page`.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE},
    ),
    Parameter(
        "cursor", "Instead of `page`, to walk a list of any length: `*`, then each answer's `meta.next_cursor` with all else as"
        " it was, until that is null. What is added or removed meanwhile makes no other row come twice or not at all.",
        {"type": "string", "pattern": CURSOR},
    ),
    Parameter(
        "count", f"`exact`: all rows are counted to the end, however many; where that takes longer than {LONGEST} seconds"
        " `meta.count_relation` stays `approx`. `none`: none are counted, and `meta.count` is null.",
        {"type": "string", "enum": ["exact", "none"]},
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Page:
    """`number` is None when the page is asked for by `cursor`."""

    number: int | None
    size: int
    cursor: str = ""
    counting: str = ""

    def answer(self, rows: Rows, *, of: str) -> tuple[list[Any], dict[str, Any]]:
        """The page's rows and the answer's `meta`. `of` names the list, order and filters: a cursor serves for no other."""
        if self.number is None:
            after = self._place(of)
            found, last = rows.part(size=self.size, after=after)
        else:
            found, last = rows.part(size=self.size, offset=(self.number - 1) * self.size)
        following = write_cursor(last, of=of) if last else None
        return found, {**self._counted(rows), "page": self.number, "per_page": self.size, "next_cursor": following}

    def _counted(self, rows: Rows) -> dict[str, Any]:
        if self.counting == NONE:
            return {"count": None, "count_relation": None}
        return counted(exact_count(rows) if self.counting == EXACT else rows.count)

    def _place(self, of: str) -> tuple[Any, ...] | None:
        try:
            return None if self.cursor == BEGIN else read_cursor(self.cursor, of=of)
        except BadCursor as wrong:
            told = f"{wrong} Begin with “*”, then give each answer's “next_cursor” with the same search, filters and sort."
            raise BadParameters([error("cursor", "invalid", told)]) from wrong


def counted(count: Count) -> dict[str, Any]:
    return {"count": count.value, "count_relation": "eq" if count.exact else "approx"}


def link_to_next(request: Any, values: Mapping[str, str], meta: Mapping[str, Any]) -> dict[str, str]:
    """The header that leads a program to the next page (RFC 8288), whatever it knows of this API."""
    if not meta.get("next_cursor"):
        return {}
    asked = {name: value for name, value in values.items() if name != "page"} | {"cursor": meta["next_cursor"]}
    return {"Link": f'<{request.build_absolute_uri(request.path)}?{urlencode(asked)}>; rel="next"'}


def scope_of(name: str, sort: str, values: Mapping[str, str]) -> str:
    """A short word for a list in one order with all that it is asked for."""
    asked = sorted((key, value) for key, value in values.items() if key not in OF_THE_PAGE | {"sort"})
    return hashlib.sha256(json.dumps([name, sort, asked]).encode()).hexdigest()[:16]


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
    counting = values.get("count", "")
    if counting not in ("", EXACT, NONE):
        errors.append(error("count", "unknown_value", f"“count” is {EXACT} or {NONE}.", [EXACT, NONE]))
    if "cursor" in values:
        if "page" in values:
            errors.append(error("cursor", "conflict", "“page” and “cursor” are two ways to page: give one of them."))
        return Page(None, numbers["per_page"], values["cursor"], counting), errors
    page = Page(numbers["page"], numbers["per_page"], counting=counting)
    if not errors and numbers["page"] * page.size > DEEPEST:
        errors.append(_too_deep(numbers["page"], page.size))
    return page, errors


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def _too_deep(number: int, size: int) -> dict[str, Any]:
    detail = (
        f"Page {number} of {size} rows lies beyond the first {DEEPEST:,} rows, where page numbers end:"
        f" {DEEPEST // size} is the last page of this size. Use “cursor=*” to walk through all rows."
    )
    return error("page", "too_deep", detail)
