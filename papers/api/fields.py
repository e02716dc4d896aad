"""Records as tables of fields: what each reads, and how it is written. A field that nobody asked for costs nothing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from papers.prepared import PreparedValues

MOST_SELECTIONS = 100  # selections of fields whose queries are remembered, of each kind of record
Wanted = Collection[str] | None  # names of fields; None is all
Row = Any  # with the names that its PreparedValues gives


@dataclass(frozen=True)
class Field:
    """`write` is given the record and the Parts of all records; `columns` are those of its own row and of joined rows."""

    write: Callable[[Any, Any], Any]
    columns: tuple[str, ...] = ()


def plain(name: str) -> Field:
    """A column as it is; an empty text is not known."""
    return Field(lambda record, _parts: None if (value := getattr(record, name)) == "" else value, (name,))


def with_columns(records: QuerySet[Any], fields: Mapping[str, Field], wanted: Wanted = None) -> Any:
    """With what the fields read of the record's own row and of rows joined to it, and no more."""
    columns = sorted({column for name in wanted or fields for column in fields[name].columns})
    joined = sorted({column.rpartition("__")[0] for column in columns if "__" in column})
    bare = records.select_related(None)
    return (bare.select_related(*joined) if joined else bare).only("pk", *columns)


def written(records: Sequence[Any], fields: Mapping[str, Field], parts: "Parts", wanted: Wanted = None) -> list[dict[str, Any]]:
    writers = [(name, field.write) for name, field in fields.items() if wanted is None or name in wanted]
    return [{name: write(record, parts) for name, write in writers} for record in records]


class Parts:
    """What some records are made of beside their own rows: each kind is asked for when a field first needs it, in one query
    for all records. `site` is the address that paths are appended to."""

    def __init__(self, records: Sequence[Model], site: str) -> None:
        self.site, self.records = site, records
        self.keys = [record.pk for record in records]
        self._kept: dict[str, dict[Any, list[Row]]] = {}

    def keep(self, name: str, query: PreparedValues) -> dict[Any, list[Row]]:
        """Rows by record; and to where a record looks for those that were fetched before: as Django's prefetch, without a
        queryset each."""
        if name not in self._kept:
            rows = self._kept[name] = grouped(query.rows(self.keys))
            for record in self.records:
                record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = _Rows(rows.get(record.pk, ()))
        return self._kept[name]


class _Rows(list[Row]):
    def all(self) -> list[Row]:
        return self


def grouped(rows: Iterable[Row]) -> dict[Any, list[Row]]:
    """By their `owner`."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.owner].append(row)
    return found
