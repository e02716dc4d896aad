"""From lines of a snapshot to rows of the database: values read and checked, references to what is not there left out."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from authors.curation.bulk import column_of, insert, reserve_ids
from papers.models import AuthorMetrics, Category, NearestEarlier, PaperDistance, TextEncoder
from papers.snapshots.checking import Line
from papers.snapshots.kinds import LETTERED
from papers.snapshots.tables import Record, Table

AT_ONCE = 500
NAMED = (*LETTERED.values(), Category, TextEncoder)  # whom other rows name
Item = tuple[Any, Record, Line]  # key of the record it hangs on, itself, where it stands


@dataclass
class Keys:
    """The keys that came in: of records with numbers a byte each, so that a million take a megabyte."""

    numbers: bytearray = field(default_factory=bytearray)
    texts: set[str] = field(default_factory=set)

    def add(self, key: Any) -> None:
        if isinstance(key, str):
            self.texts.add(key)
            return
        if key >= len(self.numbers):
            self.numbers.extend(bytes(key - len(self.numbers) + 100_000))
        self.numbers[key] = 1

    def __contains__(self, key: Any) -> bool:
        return key in self.texts if isinstance(key, str) else key < len(self.numbers) and bool(self.numbers[key])


@dataclass
class Rows:
    """`left_out` counts what named a record that is not in the snapshot, or an identifier that another record has: the
    catalogue may have changed while it was written."""

    highest: dict[str, int]
    known: dict[Any, Keys] = field(default_factory=lambda: defaultdict(Keys))
    left_out: Counter[str] = field(default_factory=Counter)
    _later: list[tuple[Any, str, Any]] = field(default_factory=list)

    def insert(self, table: Table, lines: Sequence[Line]) -> None:
        self._insert(table, [(None, line.record, line) for line in lines])

    def finish(self, table: Table) -> None:
        """Write the references to records of the same kind, which may have come after."""
        by_column = defaultdict(list)
        for key, name, target in self._later:
            if target in self.known[table.model]:
                by_column[name].append(table.model(pk=key, **{column_of(table.model, name).attname: target}))
            else:
                self.left_out[f"{table.model._meta.label_lower}.{name}"] += 1
        for name, instances in by_column.items():
            table.model._base_manager.bulk_update(instances, [name], batch_size=AT_ONCE)
        self._later = []

    # --- a table and those that hang on it ---------------------------------------------------------------------------------

    def _insert(self, table: Table, items: Sequence[Item]) -> None:
        own, given, same = _layout(table)
        rows, kept = [], []
        for owner, record, line in items:
            row = self._row(table, owner, record, line)
            if row is not None:
                rows.append([*([owner] if table.owner else []), *row])
                kept.append((record, line))
        keys = self._keys(table, rows, own)
        if own and table.parts:
            given, rows = ["id", *given], [[key, *row] for key, row in zip(keys, rows, strict=True)]
        self._write(table, given, rows, same)
        for name, part in table.parts.items():
            self._insert(part, list(_hanging(name, part, keys, kept)))

    def _keys(self, table: Table, rows: Sequence[Sequence[Any]], own: bool) -> list[Any]:
        if own:
            return list(reserve_ids(table.model, len(rows))) if table.parts else []
        keys = [row[0] for row in rows]
        if not table.owner and table.model in NAMED:
            for key in keys:
                self.known[table.model].add(key)
        return keys

    def _row(self, table: Table, owner: Any, record: Record, line: Line) -> list[Any] | None:
        """None for one that cannot be without what it names."""
        _check(table, record, line)
        row: list[Any] = []
        key = None
        for name, form in table.forms.items():
            value = self._value(table, name, form.read, record[name], line)
            key = value if not row else key
            row.append(self._there(table, name, value, key))
            if value is not None and row[-1] is None and not column_of(table.model, name).null:
                return None
        if table.needs and not any(row[table.columns.index(name)] for name in table.needs):
            return None
        return [*row, *(derive(record) for derive in table.derived.values())]

    def _value(self, table: Table, name: str, read: Any, value: Any, line: Line) -> Any:
        if value is None:
            if not column_of(table.model, name).null:
                raise line.wrong(f"“{name}” may not be null")
            return None
        try:
            found = read(value)
        except (ValueError, RecursionError) as error:
            raise line.wrong(f"“{name}”: {error}") from error
        letter = getattr(table.model, "letter", "")
        if name == "id" and letter and found > self.highest[letter]:
            raise line.wrong(f"“id” is higher than the manifest says there is ({letter}{self.highest[letter]})")
        return found

    def _there(self, table: Table, name: str, value: Any, key: Any) -> Any:
        """The value, but for a reference to what did not come in, or comes later."""
        column = column_of(table.model, name)
        if value is None or not isinstance(column, models.ForeignKey):
            return value
        if column.related_model is table.model:
            self._later.append((key, name, value))
            return None
        if value in self.known[column.related_model]:
            return value
        self.left_out[f"{table.model._meta.label_lower}.{name}"] += 1
        return None

    # --- writing -----------------------------------------------------------------------------------------------------------

    def _write(self, table: Table, given: Sequence[str], rows: Sequence[Sequence[Any]], same: Record) -> None:
        if "scheme" in table.columns and "disputed" in same:
            self._write_identifiers(table, given, rows, same)
            return
        insert(table.model, given, rows, same=same)
        if table.model is PaperDistance:
            place = given.index("nearest")
            pairs = [(row[0], paper, similarity) for row in rows for paper, similarity in row[place]]
            insert(NearestEarlier, ["paper", "earlier", "similarity"], pairs)

    def _write_identifiers(self, table: Table, given: Sequence[str], rows: Sequence[Sequence[Any]], same: Record) -> None:
        """One that moved to another record while the snapshot was written may stand on both: the first keeps it."""
        try:
            with transaction.atomic():
                insert(table.model, given, rows, same=same)
        except IntegrityError:
            place = given.index("scheme")
            values = [row[place + 1] for row in rows]
            seen = set(table.model._base_manager.filter(value__among=values).values_list("scheme", "value"))
            fresh = {(row[place], row[place + 1]): row for row in reversed(rows)}
            kept = [row for pair, row in fresh.items() if pair not in seen]
            self.left_out[f"{table.model._meta.label_lower}.value"] += len(rows) - len(kept)
            insert(table.model, given, list(reversed(kept)), same=same)


def _layout(table: Table) -> tuple[bool, list[str], Record]:
    """Whether the database gives the keys, the columns given for each row, and those that all rows share."""
    given = [*([table.owner] if table.owner else []), *table.columns, *table.derived]
    key = table.model._meta.pk
    others = [each for each in table.model._meta.concrete_fields if each.name not in given and each is not key]
    same = {each.name: each.get_default() for each in others} | dict(table.same)
    if table.model is AuthorMetrics:
        same["refreshed_at"] = timezone.now()
    return key.name not in given, given, same


def _hanging(name: str, part: Table, keys: Sequence[Any], kept: Sequence[tuple[Record, Line]]) -> Iterator[Item]:
    for key, (record, line) in zip(keys, kept, strict=True):
        for row in _rows_in(record[name], single=part.single):
            yield key, row, line


def _rows_in(given: Any, *, single: bool) -> list[Any]:
    rows: list[Any] = ([] if given is None else [given]) if single else given
    return rows


def _check(table: Table, record: Record, line: Line) -> None:
    """Nothing is missing, and there is nothing that this version does not know."""
    expected = {*table.columns, *table.parts}
    if missing := expected - record.keys():
        raise line.wrong(f"“{min(missing)}” is missing")
    if unknown := record.keys() - expected:
        raise line.wrong(f"“{min(unknown)[:60]}” is nothing that this version of the software knows")
    for name, part in table.parts.items():
        rows = _rows_in(record[name], single=part.single)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise line.wrong(f"“{name}” does not hold objects")
