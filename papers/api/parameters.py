"""The query parameters of an address: which there are, what they take, and what is wrong with those given."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import django_filters as filters
from django.http import QueryDict

from authors.filters import CategoryFilter, IdentifierFilter, PublicIdFilter, TruthFilter
from authors.identifiers import SCHEMES
from papers.api.problems import BadParameters
from papers.ordering import Sort

LONGEST_SEARCH = 300
LONGEST_ECHO = 60


@dataclass(frozen=True)
class Parameter:
    """`schema` is the JSON Schema of its values. Hyphen and underscore are the same in the name."""

    name: str
    description: str
    schema: Mapping[str, Any]

    @property
    def key(self) -> str:
        return key_of(self.name)


def key_of(name: str) -> str:
    return name.replace("-", "_")


def error(parameter: str, code: str, detail: str, allowed: Iterable[str] = ()) -> dict[str, Any]:
    """One member of a problem's `errors`; `allowed` is empty where the values cannot be listed."""
    return {"parameter": parameter, "code": code, "detail": detail, "allowed": list(allowed)}


def shortened(value: str) -> str:
    return value if len(value) <= LONGEST_ECHO else value[:LONGEST_ECHO] + "…"


def hint(given: str, known: Sequence[str]) -> str:
    """` Did you mean “sort”?`, or nothing when no known word is close."""
    started = [word for word in known if given and word.startswith(given)]
    close = started or get_close_matches(given[:LONGEST_ECHO], known, n=1, cutoff=0.5)
    return f" Did you mean “{close[0]}”?" if close else ""


def is_text(value: str) -> bool:
    """PostgreSQL stores no NUL, and neither database a lone surrogate."""
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def read(given: QueryDict, known: Sequence[Parameter]) -> dict[str, str]:
    """The values by key. Raises BadParameters for whatever is unknown, repeated, empty or not text."""
    by_key = {parameter.key: parameter.name for parameter in known}
    values: dict[str, str] = {}
    errors = []
    for name, texts in given.lists():
        key = key_of(name)
        wrong = _fault(name, texts, by_key, seen=key in values)
        if wrong:
            errors.append(wrong)
        values[key] = texts[-1]
    if errors:
        raise BadParameters(errors)
    return values


def _fault(name: str, texts: Sequence[str], by_key: Mapping[str, str], *, seen: bool) -> dict[str, Any] | None:
    shown = shortened(name)
    if key_of(name) not in by_key:
        allowed = list(by_key.values())
        rest = f" Valid are: {', '.join(allowed)}." if allowed else " This address takes no parameters."
        return error(shown, "unknown", f"There is no parameter “{shown}”.{hint(name, allowed)}{rest}", allowed)
    if seen or len(texts) > 1:
        return error(shown, "repeated", f"“{shown}” may be given once only.")
    if not is_text(texts[0]):
        return error(shown, "invalid", f"“{shown}” holds characters that are not text.")
    if not texts[0].strip():
        return error(shown, "empty", f"“{shown}” has no value; leave it out instead.")
    return None


def sort_error(given: str, sorts: Mapping[str, Sort]) -> dict[str, Any]:
    detail = f"“{shortened(given)}” is not an order of this list.{hint(given, list(sorts))} Valid are: {', '.join(sorts)}."
    return error("sort", "unknown_value", detail, sorts)


def search_error(given: str) -> dict[str, Any] | None:
    if len(given) <= LONGEST_SEARCH:
        return None
    return error("search", "too_long", f"“search” takes at most {LONGEST_SEARCH} characters.")


def filter_errors(filterset: filters.FilterSet) -> list[dict[str, Any]]:
    """What the filters' form found wrong."""
    return [
        error(name, wrong.code or "invalid", _told(filterset, name, str(message)), _choices(filterset.filters[name]))
        for name, wrongs in filterset.form.errors.as_data().items()
        for wrong in wrongs
        for message in wrong.messages
    ]


def _told(filterset: filters.FilterSet, name: str, message: str) -> str:
    given = str(filterset.data.get(name, ""))
    return f"{name}: {message.replace(given, shortened(given))}{hint(given, _choices(filterset.filters[name]))}"


def _choices(filter_: filters.Filter) -> list[str]:
    if isinstance(filter_, CategoryFilter):
        return []
    return [str(value) for value, _ in filter_.extra.get("choices", []) if value]


def of_filters(filterset: type[filters.FilterSet]) -> list[Parameter]:
    return [Parameter(name, _description(filter_), _schema(filter_)) for name, filter_ in filterset.base_filters.items()]


def of_sorts(sorts: Mapping[str, Sort]) -> Parameter:
    labels = "; ".join(f"`{name}` {sort.label.lower()}" for name, sort in sorts.items())
    return Parameter("sort", f"Order: {labels}.", {"type": "string", "enum": list(sorts), "default": next(iter(sorts))})


def _description(filter_: filters.Filter) -> str:
    more = next((text for kind, text in _HINTS if isinstance(filter_, kind)), "")
    return f"{filter_.label}. {more.format(**filter_.extra)}".strip()


def _schema(filter_: filters.Filter) -> dict[str, Any]:
    described = next((make for kind, make in _SCHEMAS if isinstance(filter_, kind)), _text)
    return described(filter_.extra)


def _text(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "string", "pattern": "\\S", "maxLength": extra.get("max_length", LONGEST_SEARCH)}


def _public_id(extra: Mapping[str, Any]) -> dict[str, Any]:
    letter = extra["letter"]
    return {"type": "string", "pattern": f"^[{letter}{letter.lower()}][1-9][0-9]{{0,17}}$"}


_HINTS: tuple[tuple[type[filters.Filter], str], ...] = (
    (TruthFilter, "`true` or `false`."),
    (PublicIdFilter, "A public id such as {letter}12."),
    (CategoryFilter, "The code of a category, such as cs.CL."),
    (IdentifierFilter, "Bare, with its prefix or as an address."),
)
# The first kind that fits counts: a category's filter is a choice too, of more codes than a schema should list.
_SCHEMAS: tuple[tuple[type[filters.Filter], Callable[[Mapping[str, Any]], dict[str, Any]]], ...] = (
    (TruthFilter, lambda _extra: {"type": "boolean"}),
    (filters.NumberFilter, lambda extra: {"type": "integer", "minimum": extra["min_value"], "maximum": extra["max_value"]}),
    (PublicIdFilter, _public_id),
    (CategoryFilter, lambda _extra: {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9.-]*$", "maxLength": 40}),
    (IdentifierFilter, lambda extra: _text(extra) | {"pattern": SCHEMES[extra["scheme"]].shape}),
    (filters.ChoiceFilter, lambda extra: {"type": "string", "enum": [value for value, _ in extra["choices"] if value]}),
)

SEARCH_SCHEMA = {"type": "string", "pattern": "\\S", "maxLength": LONGEST_SEARCH}
