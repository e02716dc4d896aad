"""The query parameters of an address: which there are, what they take, and what is wrong with those given."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import django_filters as filters
from django.http import QueryDict

from authors.filters import CategoryFilter, IdentifierFilter, PublicIdFilter, TruthFilter
from authors.identifiers import SCHEMES
from papers.api.problems import BadParameters
from papers.filters import MOST_VALUES, CategoriesFilter, RangeFilter, SeveralFilter
from papers.ordering import Sort

LONGEST_SEARCH = 300
LONGEST_ECHO = 60
CONTACT = "mailto"  # clients of OpenAlex and Crossref say with it who they are; nothing is made of it here
TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"  # not blank, without what no database stores
MOST_SORTS = 4
ALONE = {"relevance", "closeness", "created_date:desc", "id"}  # orders without equals


@dataclass(frozen=True)
class Parameter:
    """`schema` is the JSON Schema of its values. Hyphen and underscore are the same in the name."""

    name: str
    description: str
    schema: Mapping[str, Any]
    required: bool = False

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
    """The values by key. Raises BadParameters for whatever is unknown, repeated, missing, empty or not text."""
    by_key = {parameter.key: parameter.name for parameter in known}
    values: dict[str, str] = {}
    errors = []
    for name, texts in given.lists():
        if name == CONTACT:
            continue
        key = key_of(name)
        wrong = _fault(name, texts, by_key, seen=key in values)
        if wrong:
            errors.append(wrong)
        values[key] = texts[-1]
    missing = [parameter.name for parameter in known if parameter.required and parameter.key not in values]
    errors += [error(name, "missing", f"“{name}” must be given.") for name in missing]
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


def sort_in(sorts: Mapping[str, Sort], values: Mapping[str, str], *, usual: str = "") -> tuple[str, list[dict[str, Any]]]:
    """The order that is asked for, or `usual`, or the list's first; and what is wrong. Several have commas between them."""
    given = values.get("sort") or usual or next(iter(sorts))
    names = [name.strip().removesuffix(":asc") for name in given.split(",")]
    unknown = next((name for name in names if name not in sorts), None)
    if unknown is not None:
        told = f"{hint(unknown, list(sorts))} Valid are: {', '.join(sorts)}."
        return given, [error("sort", "unknown_value", f"“{shortened(unknown)}” is not an order of this list.{told}", sorts)]
    if len(names) > MOST_SORTS or len({name.partition(":")[0] for name in names}) < len(names):
        return given, [error("sort", "invalid", f"At most {MOST_SORTS} orders, each of another field.", sorts)]
    alone = next((name for name in names if name in ALONE), None)
    if alone and len(names) > 1:
        return given, [error("sort", "conflict", f"“{alone}” stands alone, for no two rows are equal by it.", sorts)]
    return ",".join(names), []


def search_errors(given: str, longest: int) -> list[dict[str, Any]]:
    if len(given) <= longest:
        return []
    return [error("search", "too_long", f"“search” takes at most {longest} characters.")]


def filter_errors(filterset: filters.FilterSet) -> list[dict[str, Any]]:
    """What the filters' form found wrong."""
    blank = [
        error(name, "invalid", f"“{name}” has an empty place among its values.")
        for name, filter_ in filterset.filters.items()
        if isinstance(filter_, SeveralFilter) and name in filterset.data and not _all_given(filterset.data[name])
    ]
    return blank + [
        error(name, wrong.code or "invalid", _told(filterset, name, str(message)), _choices(filterset.filters[name]))
        for name, wrongs in filterset.form.errors.as_data().items()
        for wrong in wrongs
        for message in wrong.messages
    ]


def _all_given(text: str) -> bool:
    return all(part.strip(" !") for part in text.split("|"))


def _told(filterset: filters.FilterSet, name: str, message: str) -> str:
    given = str(filterset.data.get(name, ""))
    return f"{name}: {message.replace(given, shortened(given))}{hint(given, _choices(filterset.filters[name]))}"


def _choices(filter_: filters.Filter) -> list[str]:
    if isinstance(filter_, CategoryFilter):
        return []
    return [str(value) for value, _ in filter_.extra.get("choices", []) if value]


def of_filters(filterset: type[filters.FilterSet]) -> list[Parameter]:
    return [Parameter(name, _description(filter_), _schema(filter_)) for name, filter_ in filterset.base_filters.items()]


def of_sorts(sorts: Mapping[str, Sort], *, usual: str) -> Parameter:
    labels = "; ".join(f"`{name}` {sort.label.lower()}" for name, sort in sorts.items())
    several = "|".join(re.escape(name) for name in sorts if name not in ALONE)
    one = {"type": "string", "enum": list(sorts)}
    more = {"type": "string", "pattern": f"^({several})(,({several})){{1,{MOST_SORTS - 1}}}$"}
    about = f"Order, `{usual}` when not given: {labels}. Several with commas between them: among equals the next one decides."
    return Parameter("sort", about, {"type": "string", "anyOf": [one, more]})


def _description(filter_: filters.Filter) -> str:
    more = next((text for kind, text in _HINTS if isinstance(filter_, kind)), "")
    return f"{filter_.label}. {more.format(**filter_.extra)}".strip()


def _schema(filter_: filters.Filter) -> dict[str, Any]:
    described = next((make for kind, make in _SCHEMAS if isinstance(filter_, kind)), _text)
    return described(filter_.extra)


def _text(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "string", "pattern": TEXT, "maxLength": extra.get("max_length", LONGEST_SEARCH)}


def _public_id(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{_id_pattern(extra['letter'])}$"}


def _id_pattern(letter: str) -> str:
    return f"[{letter}{letter.lower()}][1-9][0-9]{{0,17}}"


def _several(one: str) -> dict[str, Any]:
    """Values of the pattern `one`."""
    return {"type": "string", "pattern": rf"^!?{one}(\|!?{one})*$"}


SEVERAL = f"Several with `|` between them: any of them; with `!` before the first: none of them. At most {MOST_VALUES}."
CODE = "[A-Za-z0-9][A-Za-z0-9.-]*"
NUMBER = r"[0-9]{1,12}(\.[0-9]{1,6})?"
_HINTS: tuple[tuple[type[filters.Filter], str], ...] = (
    (TruthFilter, "`true` or `false`."),
    (PublicIdFilter, "A public id such as {letter}12."),
    (CategoryFilter, "The code of a category, such as cs.CL."),
    (CategoriesFilter, f"Codes such as cs.CL, of the primary or a further category. {SEVERAL}"),
    (SeveralFilter, f"Public ids such as {{letter}}12. {SEVERAL}"),
    (RangeFilter, "A number or a range: `100`, `>100`, `>=100`, `<5`, `10-50`. Unknown counts are in no range."),
    (IdentifierFilter, "Bare, with its prefix or as an address."),
)
# The first kind that fits counts: a category's filter is a choice too, of more codes than a schema should list.
_SCHEMAS: tuple[tuple[type[filters.Filter], Callable[[Mapping[str, Any]], dict[str, Any]]], ...] = (
    (TruthFilter, lambda _extra: {"type": "boolean"}),
    (filters.NumberFilter, lambda extra: {"type": "integer", "minimum": extra["min_value"], "maximum": extra["max_value"]}),
    (PublicIdFilter, _public_id),
    (CategoryFilter, lambda _extra: {"type": "string", "pattern": f"^{CODE}$", "maxLength": 40}),
    (CategoriesFilter, lambda _extra: _several(CODE)),
    (SeveralFilter, lambda extra: _several(_id_pattern(extra["letter"]))),
    (RangeFilter, lambda _extra: {"type": "string", "pattern": rf"^((>=|<=|>|<)?{NUMBER}|{NUMBER}-({NUMBER})?|-{NUMBER})$"}),
    (IdentifierFilter, lambda extra: _text(extra) | {"pattern": SCHEMES[extra["scheme"]].shape}),
    (filters.ChoiceFilter, lambda extra: {"type": "string", "enum": [value for value, _ in extra["choices"] if value]}),
)

SEARCH_SCHEMA = {"type": "string", "pattern": TEXT, "maxLength": LONGEST_SEARCH}
