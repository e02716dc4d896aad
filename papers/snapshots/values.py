"""How the values of columns stand in a snapshot, there and back, and what its schema says of them."""

import base64
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.db import models

from authors.curation.public_ids import PublicIdModel, parse_public_id

SMALL, LARGE, LARGEST = 2**15 - 1, 2**31 - 1, 2**63 - 1
MOST: Mapping[str, int] = {
    "SmallIntegerField": SMALL, "PositiveSmallIntegerField": SMALL, "IntegerField": LARGE, "PositiveIntegerField": LARGE,
    "BigIntegerField": LARGEST, "PositiveBigIntegerField": LARGEST,
}  # fmt: skip
Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Form:
    """`write` turns what the database gives into JSON, `read` turns it back and raises ValueError; null never comes to them.

    `arrow` names the type in Parquet; "json" is a text there.
    """

    schema: Mapping[str, Any]
    write: Convert
    read: Convert
    arrow: str = "string"


def form_of(field: "models.Field[Any, Any]") -> Form:
    form = _form_of(field)
    if not field.null:
        return form
    return replace(form, schema={"anyOf": [form.schema, {"type": "null"}]})


def _form_of(field: "models.Field[Any, Any]") -> Form:
    model: Any = field.related_model if isinstance(field, models.ForeignKey) else field.model if field.primary_key else None
    if model is not None and issubclass(model, PublicIdModel):
        return public_ids(model.letter)
    if isinstance(field, models.ForeignKey):
        return _form_of(field.target_field)
    kind = field.get_internal_type()
    return numbers(field, MOST[kind]) if kind in MOST else _SIMPLE.get(kind, texts)(field)


def public_ids(letter: str) -> Form:
    def read(value: Any) -> int:
        found = parse_public_id(value) if isinstance(value, str) else None
        if found is None or found[0] != letter:
            raise ValueError(f"{_shown(value)} is no id such as {letter}12")
        return found[1]

    return Form({"type": "string", "pattern": f"^{letter}[1-9][0-9]*$"}, lambda key: f"{letter}{key}", read)


def texts(field: "models.Field[Any, Any]") -> Form:
    longest = field.max_length

    def read(value: Any) -> str:
        if not isinstance(value, str) or "\0" in value or (longest and len(value) > longest):
            raise ValueError(f"{_shown(value)} is no text" + (f" of at most {longest} characters" if longest else ""))
        return _encodable(value)

    return Form({"type": "string"} | ({"maxLength": longest} if longest else {}), _same, read)


def numbers(field: "models.Field[Any, Any]", most: int) -> Form:
    least = 0 if field.get_internal_type().startswith("Positive") else -most - 1

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"{_shown(value)} is no whole number from {least} to {most}")
        return value

    return Form({"type": "integer", "minimum": least, "maximum": most}, _same, read, "int64")


def floats(_: "models.Field[Any, Any]") -> Form:
    def read(value: Any) -> float:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValueError(f"{_shown(value)} is no number")
        return float(value)

    return Form({"type": "number"}, _same, read, "double")


def booleans(_: "models.Field[Any, Any]") -> Form:
    def read(value: Any) -> bool:
        if type(value) is not bool:
            raise ValueError(f"{_shown(value)} is neither true nor false")
        return value

    return Form({"type": "boolean"}, _same, read, "bool")


def dates(_: "models.Field[Any, Any]") -> Form:
    return Form({"type": "string", "format": "date"}, date.isoformat, lambda value: date.fromisoformat(_text(value)), "date")


def moments(_: "models.Field[Any, Any]") -> Form:
    def write(value: datetime) -> str:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def read(value: Any) -> datetime:
        found = datetime.fromisoformat(_text(value))
        if found.tzinfo is None:
            raise ValueError(f"{_shown(value)} names no time zone")
        return found.astimezone(UTC)

    return Form({"type": "string", "format": "date-time"}, write, read, "moment")


def any_json(_: "models.Field[Any, Any]") -> Form:
    return Form({"type": ["object", "array"]}, _same, json_value, "json")


def octets(_: "models.Field[Any, Any]") -> Form:
    return Form(
        {"type": "string", "contentEncoding": "base64"},
        lambda value: base64.b64encode(bytes(value)).decode("ascii"),
        lambda value: base64.b64decode(_text(value), validate=True),
    )


_SIMPLE: Mapping[str, Callable[["models.Field[Any, Any]"], Form]] = {
    "FloatField": floats,
    "BooleanField": booleans,
    "DateField": dates,
    "DateTimeField": moments,
    "JSONField": any_json,
    "BinaryField": octets,
}


def json_value(value: Any) -> Any:
    """A list or an object that both databases store."""
    if not isinstance(value, dict | list):
        raise ValueError(f"{_shown(value)} is neither a list nor an object")  # noqa: TRY004 - as of all bad values
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str):
            _encodable(each)
            if "\0" in each:
                raise ValueError("a text in it holds the character U+0000")
        elif isinstance(each, float) and not math.isfinite(each):
            raise ValueError(f"{each} is no number")
    return value


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is no text")  # noqa: TRY004 - as of all bad values
    return value


def _encodable(value: str) -> str:
    """UnicodeEncodeError, which is a ValueError, for half a character."""
    if not value.isascii():
        value.encode()
    return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else f"{text[:60]}…"
