"""How many of the papers asked for have each value of one field."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from papers import choices
from papers.api.pagination import LARGEST_SIZE, counted, read_page
from papers.api.parameters import Parameter, error, hint, shortened
from papers.api.searching import search_in
from papers.search.finding import Facets, Search

Names = dict[Any, tuple[str, str]]  # what filters take, and what people read

GROUPS: dict[str, tuple[str, Callable[[Facets], Counter[Any]]]] = {
    "publication_year": ("year", lambda facets: facets.years),
    "category": ("category", lambda facets: facets.categories),
    "primary_category": ("category", lambda facets: facets.categories),
    "venue": ("venue", lambda facets: facets.venues),
    "institution": ("institution", lambda facets: facets.institutions),
    "author": ("author", lambda facets: facets.authors),
    "has_code": ("code", lambda facets: facets.code),
    # what clients of OpenAlex call some of them
    "primary_topic.id": ("category", lambda facets: facets.categories),
    "primary_location.source.id": ("venue", lambda facets: facets.venues),
    "authorships.institutions.id": ("institution", lambda facets: facets.institutions),
    "authorships.author.id": ("author", lambda facets: facets.authors),
}
MOST_OF_FACET = 25
_NAMES_OF_GROUPS = "|".join(re.escape(name) for name in GROUPS)
PARAMETER = Parameter(
    "group_by", "Instead of records: how many of them have each value, the largest groups first, at most `per-page` (200 when"
    " not given). A paper counts in each of its categories, institutions and authors; `primary_category` is the same as"
    " `category`. Takes every filter and `search`.",
    {"type": "string", "enum": list(GROUPS)},
)  # fmt: skip
FACETS = Parameter(
    "facets", "Beside the records, in the member `facets`: how many of all papers asked for have each value of these fields,"
    f" with commas between them; the largest {MOST_OF_FACET} groups of each. The fields are those of `group_by`.",
    {"type": "string", "pattern": f"^({_NAMES_OF_GROUPS})(,({_NAMES_OF_GROUPS}))*$"},
)  # fmt: skip
NOT_WITH_GROUPS = ("page", "cursor", "sort", "include", "facets", "count")


def groups_in(values: Mapping[str, str]) -> dict[str, Any]:
    """The answer with the groups that an address asks for. Raises BadParameters."""
    page, errors = read_page({"per_page": str(LARGEST_SIZE), **values})
    errors += _faults(values)
    search, _ = search_in(values, errors)
    found = _facet(search.facets, values["group_by"], page.size)
    meta = counted(search.count) | {"count_relation": found["count_relation"], "groups_count": found["groups_count"]}
    return {"meta": meta | {"per_page": page.size}, "group_by": found["groups"]}


def facets_wanted(values: Mapping[str, str]) -> tuple[list[str], list[dict[str, Any]]]:
    """The fields of `facets=`, and what is wrong with it."""
    names = [name.strip() for name in values["facets"].split(",")] if "facets" in values else []
    return names, [wrong for name in names for wrong in _unknown("facets", name)]


def facets_of(search: Search, names: Sequence[str]) -> dict[str, Any]:
    return {name: _facet(search.facets, name, MOST_OF_FACET) for name in names}


def _facet(facets: Facets, name: str, most: int) -> dict[str, Any]:
    """The largest groups of one field."""
    kind, counts_of = GROUPS[name]
    counts = counts_of(facets)
    largest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    relation = "eq" if facets.exact else "approx"
    return {"count_relation": relation, "groups_count": len(counts), "groups": _groups(kind, dict(largest))}


def _faults(values: Mapping[str, str]) -> list[dict[str, Any]]:
    wrong = [
        error(name, "conflict", f"“{name}” means nothing beside “group_by”; leave it out.")
        for name in NOT_WITH_GROUPS
        if name in values
    ]
    return [*wrong, *_unknown("group_by", values["group_by"])]


def _unknown(parameter: str, given: str) -> list[dict[str, Any]]:
    if given in GROUPS:
        return []
    told = f"“{shortened(given)}” is not a field to group by.{hint(given, list(GROUPS))} Valid are: {', '.join(GROUPS)}."
    return [error(parameter, "unknown_value", told, GROUPS)]


def _groups(kind: str, counts: dict[Any, int]) -> list[dict[str, Any]]:
    names = _NAMES[kind](counts) if kind in _NAMES else _names_of_records(kind, counts)
    return [
        {"key": names[key][0], "key_display_name": names[key][1], "count": count}
        for key, count in counts.items()
        if key in names
    ]


def _names_of_records(kind: str, keys: Iterable[Any]) -> Names:
    shown = "display_name" if kind == "author" else "name"
    return {key: (record.public_id, getattr(record, shown)) for key, record in choices.called(kind, keys).items()}


_NAMES: dict[str, Callable[[Iterable[Any]], Names]] = {
    "year": lambda years: {year: (str(year), str(year)) for year in years},
    "code": lambda present: {each: (str(each).lower(), "With code" if each else "Without code") for each in present},
}
