"""Columns of tables: what a record's cell says, what a typed cell means, and how it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError

from authors.curation.public_ids import parse_public_id
from papers.dates import DateError, PartialDate, Precision, parse_date
from papers.tables.cells import joined, parts

if TYPE_CHECKING:
    from papers.tables.comparing import Cell

Claims = dict[Any, int]  # what rows of a table take for themselves, and which row does


@dataclass(frozen=True)
class Column:
    """`name` is also the field that provenance speaks of, unless `lock` says another."""

    name: str
    help: str = ""
    lock: str = ""
    required: bool = False
    changeable: ClassVar[bool] = True

    @property
    def field(self) -> str:
        return self.lock or self.name

    @property
    def saved(self) -> Sequence[str]:
        """The columns of the record's own row that `put` writes."""
        return [self.name]

    def current(self, record: Any) -> Any:
        """The record's value, of the kind that `parse` gives."""
        return getattr(record, self.name)

    def shown(self, value: Any) -> str:
        return str(value)

    def text(self, record: Any) -> str:
        return self.shown(self.current(record))

    def parse(self, text: str, record: Any) -> Any:
        """ValidationError when a cell cannot say this."""
        raise NotImplementedError

    def check(self, cells: "Sequence[Cell]", claims: Claims) -> None:
        """Look up what the changed cells of some rows point to, all at once; may set a cell's value or problem."""

    def put(self, record: Any, value: Any) -> None:
        setattr(record, self.name, value)


@dataclass(frozen=True)
class Field(Column):
    """A field of the record's own row; its model says what it can hold. `lines`: line ends are kept. `repeated` names the
    columns that the model fills from it.
    """

    lines: bool = False
    repeated: tuple[str, ...] = ()

    @property
    def saved(self) -> Sequence[str]:
        return [self.name, *self.repeated]

    def parse(self, text: str, record: Any) -> Any:
        typed = text.strip() if self.lines else " ".join(text.split())
        if self.required and not typed:
            raise ValidationError("This may not be empty.")
        stored = record._meta.get_field(self.name)
        allowed = [value for value, _ in stored.flatchoices if value]
        if allowed and typed not in [*allowed, *([""] if stored.blank else [])]:
            raise ValidationError(f"{typed!r} is none of {', '.join(allowed)}.")
        return stored.clean(typed, record)


@dataclass(frozen=True)
class YesNo(Column):
    def shown(self, value: Any) -> str:
        return "yes" if value else "no"

    def parse(self, text: str, record: Any) -> bool:
        typed = text.strip().lower()
        if typed not in ("yes", "no", "true", "false", "1", "0"):
            raise ValidationError("Give yes or no.")
        return typed in ("yes", "true", "1")


@dataclass(frozen=True)
class PartialDay(Column):
    """A paper's date as far as it is known."""

    @property
    def saved(self) -> Sequence[str]:
        return ["published", "date_precision", "year"]

    def current(self, record: Any) -> Any:
        return PartialDate(record.published, Precision(record.date_precision or "day")) if record.published else None

    def shown(self, value: Any) -> str:
        length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}
        return value.first.isoformat()[: length[value.precision]] if value else ""

    def parse(self, text: str, record: Any) -> Any:
        try:
            return parse_date(text) if text.strip() else None
        except DateError as error:
            raise ValidationError(f"{error}.") from error

    def put(self, record: Any, value: Any) -> None:
        record.published, record.date_precision = (value.first, value.precision) if value else (None, "")
        record.year = value.first.year if value else None


@dataclass(frozen=True)
class Day(Column):
    def shown(self, value: Any) -> str:
        return value.isoformat() if value else ""

    def parse(self, text: str, record: Any) -> Any:
        try:
            found = parse_date(text) if text.strip() else None
        except DateError as error:
            raise ValidationError(f"{error}.") from error
        if found and found.precision is not Precision.DAY:
            raise ValidationError(f"{text!r}: give the day too, as in 2023-06-28.")
        return found and found.first


@dataclass(frozen=True)
class Texts(Column):
    """A list of texts in one field of the record."""

    def shown(self, value: Any) -> str:
        return joined(map(str, value))

    def parse(self, text: str, record: Any) -> list[str]:
        return [" ".join(part.split()) for part in parts(text)]


@dataclass(frozen=True)
class Information(Column):
    """What a table tells and does not change; `says` gives it."""

    says: Any = field(default=None)
    changeable: ClassVar[bool] = False

    def text(self, record: Any) -> str:
        return str(self.says(record))


# --- other records -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pointing(Column):
    """A foreign key."""

    @property
    def saved(self) -> Sequence[str]:
        return [f"{self.name}_id"]

    def current(self, record: Any) -> Any:
        return getattr(record, f"{self.name}_id")

    def shown(self, value: Any) -> str:
        return str(value or "")

    def parse(self, text: str, record: Any) -> Any:
        return text.strip() or None

    def put(self, record: Any, value: Any) -> None:
        setattr(record, f"{self.name}_id", value)


def numbers(letter: str, cells: "Sequence[Cell]") -> "dict[int, list[Cell]]":
    """Cells that hold public ids of this letter, by the keys these say."""
    found: dict[int, list[Cell]] = {}
    for cell in cells:
        parsed = parse_public_id(cell.value) if isinstance(cell.value, str) else None
        if parsed and parsed[0] == letter:
            found.setdefault(parsed[1], []).append(cell)
    return found
