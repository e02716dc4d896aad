"""`ids=` of a list: of its records only those that are named, in the list's own order."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from papers.api.naming import keys_of, meant_by, survivors
from papers.api.parameters import Parameter, error

MOST = 200
PARAMETER = Parameter(
    "ids", f"Only these records, by ids with `,` or `|` between them, at most {MOST}: ours, or those of others with their"
    " prefix or as an address. What nobody has is left out in silence; `/batch` says of each id what became of it.",
    {"type": "string", "pattern": r"[^,|\s\x00]"},
)  # fmt: skip
_BETWEEN = re.compile(r"[,|]")


def ids_in(text: str) -> list[str]:
    return [each.strip() for each in _BETWEEN.split(text) if each.strip()]


def keys_asked(letter: str, values: Mapping[str, str], errors: list[dict[str, Any]]) -> Sequence[int] | None:
    """Of the records that `ids` names, those of merged ids too; None where it is not given. At most three queries."""
    if "ids" not in values:
        return None
    given = list(dict.fromkeys(ids_in(values["ids"])))
    if not 0 < len(given) <= MOST:
        errors.append(error("ids", "too_many", f"“ids” takes from 1 to {MOST} ids, not {len(given):,}."))
        return None
    meant = meant_by(letter, given).values()
    own = [each for each in meant if isinstance(each, int)]
    moved = survivors(letter, own)
    others = keys_of(letter, [each for each in meant if isinstance(each, tuple)])
    return [*(moved.get(each, each) for each in own), *others.values()]
