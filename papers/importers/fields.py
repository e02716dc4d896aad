"""Reading one JSON object field by field: what has the wrong type or range is left out and noted, never trusted. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from authors.identifiers import SCHEMES, normalise, recognise
from papers.dates import DateError, PartialDate, parse_date
from papers.importers.cleaning import clean_line, clean_text
from papers.importers.records import Identifier, Note, RecordError

_ADDRESS = re.compile(r"https?://[^\s<>\"'\\{}|^`\x00-\x20]+", re.IGNORECASE)
_COUNTRY = re.compile("[A-Z]{2}")
LARGEST_COUNT = 2**31 - 1
LONGEST_ID = 400
LONG_TEXT = 100_000


class Fields:
    """One object of a source. `notes` collects what was wrong, for the report."""

    __slots__ = ("_above", "_name", "notes", "value")

    def __init__(self, value: Any, notes: list[Note], above: "Fields | None" = None, name: str = "") -> None:
        if not isinstance(value, dict):
            raise RecordError(name or "record", f"is not an object but {_kind(value)}")
        self.value, self.notes, self._above, self._name = value, notes, above, name

    @property
    def path(self) -> str:
        """Names the object in the report; put together only when there is something to say."""
        return f"{self._above.path}{self._name}." if self._above else ""

    def note(self, name: str, reason: str) -> None:
        self.notes.append(Note(f"{self.path}{name}", reason))

    def line(self, name: str, limit: int = 300) -> str:
        """One line of text of at most `limit` characters."""
        given = self.value.get(name)
        if given is None or given == "":
            return ""
        if not isinstance(given, str):
            self.note(name, f"is not text but {_kind(given)}; left out")
            return ""
        line = clean_line(given)
        return line if len(line) <= limit else self._cut(name, line, limit)

    def text(self, name: str) -> str:
        """Running text of any length."""
        given = self.value.get(name)
        if given is None:
            return ""
        if not isinstance(given, str):
            self.note(name, f"is not text but {_kind(given)}; left out")
            return ""
        if len(given) > LONG_TEXT:
            self.note(name, f"is {len(given):,} characters long; kept whole")
        return clean_text(given)

    def count(self, name: str) -> int | None:
        given = self.value.get(name)
        if given is None:
            return None
        whole = int(given) if isinstance(given, float) and given.is_integer() else given
        if not isinstance(whole, int) or isinstance(whole, bool):
            self.note(name, f"{short(given)} is not a whole number; left out")
        elif whole < 0:
            self.note(name, f"{whole} is negative; left out")
        elif whole > LARGEST_COUNT:
            self.note(name, f"{short(whole)} is larger than any count; left out")
        else:
            return whole
        return None

    def flag(self, name: str) -> bool | None:
        given = self.value.get(name)
        if given is None or isinstance(given, bool):
            return given
        self.note(name, f"{short(given)} is neither true nor false; left out")
        return None

    def part(self, name: str) -> "Fields | None":
        given = self.value.get(name)
        if given is None:
            return None
        if not isinstance(given, dict):
            self.note(name, f"is not an object but {_kind(given)}; left out")
            return None
        return Fields(given, self.notes, self, name)

    def items(self, name: str) -> list[Any]:
        given = self.value.get(name)
        if given is None:
            return []
        if not isinstance(given, list):
            self.note(name, f"is not a list but {_kind(given)}; left out")
            return []
        return given

    def parts(self, name: str) -> Iterator["Fields"]:
        for number, given in enumerate(self.items(name), start=1):
            if isinstance(given, dict):
                yield Fields(given, self.notes, self, f"{name}[{number}]")
            else:
                self.note(f"{name}[{number}]", f"is not an object but {_kind(given)}; left out")

    def lines(self, name: str, limit: int = 300) -> list[str]:
        """A list of texts; objects with a `display_name` count as their name."""
        found = []
        for number, given in enumerate(self.items(name), start=1):
            text = given.get("display_name") if isinstance(given, dict) else given
            if isinstance(text, str):
                found.append(self._cut(f"{name}[{number}]", clean_line(text), limit))
            elif text is not None:
                self.note(f"{name}[{number}]", f"is not text but {_kind(text)}; left out")
        return list(dict.fromkeys(filter(None, found)))

    def _cut(self, name: str, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self.note(name, f"is {len(text):,} characters long; cut to {limit:,}")
        return text[:limit].rstrip()

    def address(self, name: str, limit: int = 1000) -> str:
        """An http or https address; anything else is noted and left out."""
        given = self.line(name, limit=5000)
        if not given:
            return ""
        # The limit holds for bytes too: PostgreSQL cannot index longer values.
        if len(given.encode()) > limit or not _ADDRESS.fullmatch(given):
            self.note(name, f"{short(given)} is not a web address; left out")
            return ""
        return given

    def country(self, name: str) -> str:
        """A country code of two letters."""
        given = self.line(name, limit=100).upper()
        if not given or _COUNTRY.fullmatch(given):
            return given
        self.note(name, f"{short(given)} is not a country code of two letters; left out")
        return ""

    def partial_date(self, name: str) -> PartialDate | None:
        given = self.line(name, limit=40)
        if not given:
            return None
        try:
            return parse_date(given)
        except DateError as error:
            self.note(name, f"{error}; left out")
            return None

    def day(self, name: str) -> date | None:
        """The day of a time stamp."""
        found = self.partial_date(name)
        return found.first if found else None

    def identifier(self, name: str, scheme: str) -> Identifier | None:
        """A value of `scheme`; one of the wrong shape or check digit is noted and left out."""
        text = self._id_text(name)
        if not text:
            return None
        if value := normalise(scheme, text):
            return scheme, value
        self.note(name, f"{short(text)} is not a valid {SCHEMES[scheme].label} identifier; left out")
        return None

    def own_identifier(self, source: str) -> Identifier | None:
        """`id`: in the scheme whose address it is, else the source's own scheme."""
        text = self._id_text("id")
        if len(text) > LONGEST_ID:  # a part of it could be another record's
            self.note("id", f"is {len(text):,} characters long, more than {LONGEST_ID}; left out")
            return None
        return recognise(text) or (f"source:{source}", text) if text else None

    def _id_text(self, name: str) -> str:
        """Identifiers are text or, where a source counts its records, whole numbers."""
        given = self.value.get(name)
        if given is None:
            return ""
        if isinstance(given, str):
            return clean_line(given)
        if isinstance(given, int) and not isinstance(given, bool):
            return _digits(given)
        self.note(name, f"is not text but {_kind(given)}; left out")
        return ""


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)


def short(value: Any) -> str:
    if isinstance(value, list | dict):
        return _kind(value)
    text = _digits(value) if isinstance(value, int) else str(value)
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _digits(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # Python refuses to write out whole numbers of thousands of digits
        return "a huge number"
