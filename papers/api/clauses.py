"""The grammar of `filter=`, as clients of OpenAlex write it: `publication_year:2020-2023,author:A1|A2,type:!article`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CLAUSES = 20
MOST_VALUES = 100
LONGEST = 6_000
NULL = "null"
_KEY = re.compile(r"\s*([A-Za-z][\w.-]*)\s*:(.*)", re.DOTALL)
_BOTH = re.compile(r"[+\s]+")  # a plus sign between ids: all of them; in an address it may stand for a blank


class BadClause(ValueError):
    """The message is for whoever wrote the filter."""


@dataclass(frozen=True)
class Clause:
    """A field with values, of which any will do; `negated`: none of them."""

    key: str
    values: tuple[str, ...]
    negated: bool = False

    @property
    def is_null(self) -> bool:
        return self.values == (NULL,)


def clauses_of(text: str) -> list[Clause]:
    """Raises BadClause."""
    if len(text) > LONGEST:
        raise BadClause(f"A filter has at most {LONGEST:,} characters.")
    written = [part for part in _split(text, ",") if part.strip()]
    if not written:
        raise BadClause("There is no field in this filter.")
    if len(written) > MOST_CLAUSES:
        raise BadClause(f"A filter has at most {MOST_CLAUSES} parts with commas between them.")
    return [clause for part in written for clause in _clauses(part)]


def name_of(key: str) -> str:
    """Case, and the difference of hyphen and underscore, do not matter."""
    return key.lower().replace("-", "_")


def _clauses(text: str) -> Iterator[Clause]:
    found = _KEY.fullmatch(text)
    if not found:
        raise BadClause(f"“{text.strip()[:60]}” is not a field, a colon and a value.")
    key, rest = name_of(found[1]), found[2].strip()
    for part in _BOTH.split(rest) if key.endswith("id") and "|" not in rest else [rest]:
        yield _clause(key, part)


def _clause(key: str, text: str) -> Clause:
    negated = text.startswith("!")
    values = [part.strip() for part in _split(text.removeprefix("!"), "|")]
    if not negated and any(value.startswith("!") for value in values):
        raise BadClause(f"{key}: the sign “!” stands before the first value, and holds for all of them.")
    bare = [value.removeprefix("!").strip().strip('"').strip() for value in values]
    if not all(bare):
        raise BadClause(f"{key}: there is an empty place among the values.")
    if len(bare) > MOST_VALUES:
        raise BadClause(f"{key}: at most {MOST_VALUES} values at once.")
    if NULL in bare and len(bare) > 1:
        raise BadClause(f"{key}: “null” stands alone.")
    return Clause(key, tuple(dict.fromkeys(bare)), negated)


def _split(text: str, sign: str) -> list[str]:
    """At every `sign` that is not between quotation marks."""
    parts, quoted = [""], False
    for character in text:
        quoted ^= character == '"'
        if character == sign and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts
