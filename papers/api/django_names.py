"""Filters and orders as Django's clients write them, in the words of this API: `year__gte=2020` is `filter=year:>=2020`."""

from collections.abc import Iterator

from django.http import QueryDict

from papers.api.parameters import error
from papers.api.problems import BadParameters

BETWEEN = "__"
COMPARED = {"gte": ">=", "lte": "<=", "gt": ">", "lt": "<"}
ENDINGS = (*COMPARED, "in", "isnull", "exact", "not")
PATHS = {"authors.orcid": "author.orcid", "authors.id": "author.id", "venue.id": "venue", "categories.id": "category"}


def in_our_words(given: QueryDict) -> QueryDict:
    """Raises BadParameters."""
    theirs = [name for name in given if BETWEEN in name.strip("_")]
    if not theirs and "ordering" not in given:
        return given
    ours = given.copy()
    clauses = [_clause(name, value) for name in theirs for value in ours.pop(name)]
    if clauses:
        ours.setlist("filter", [",".join([*given.getlist("filter"), *clauses])])
    if "ordering" in ours:
        _put_order(ours)
    return ours


def _clause(name: str, value: str) -> str:
    path, _, ending = name.rpartition(BETWEEN)
    if ending not in ENDINGS:
        path, ending = name, "exact"
    field = path.replace(BETWEEN, ".")
    return f"{PATHS.get(field, field)}:{_condition(name, ending, value)}"


def _condition(name: str, ending: str, value: str) -> str:
    if ending == "isnull":
        if value.lower() not in ("true", "false", "1", "0"):
            raise BadParameters([error(name, "invalid", f"“{name}” is true or false.", ["true", "false"])])
        return "null" if value.lower() in ("true", "1") else "!null"
    values = value.split(",") if ending in ("in", "not") else [value]
    bare = "|".join(_quoted(one) for one in values)
    return f"!{bare}" if ending == "not" else f"{COMPARED.get(ending, '')}{bare}"


def _quoted(value: str) -> str:
    bare = value.replace('"', "").strip()
    return f'"{bare}"' if {*bare} & {*",|! +"} else bare


def _put_order(ours: QueryDict) -> None:
    if "sort" in ours:
        told = "“ordering” and “sort” are two ways to say the same: give one of them."
        raise BadParameters([error("ordering", "conflict", told)])
    ours.setlist("sort", [",".join(_orders(value)) for value in ours.pop("ordering")])


def _orders(value: str) -> Iterator[str]:
    for part in value.split(","):
        bare = part.strip()
        yield f"{bare[1:]}:desc" if bare.startswith("-") else bare
