"""Queries that are asked again and again with other keys: Django puts them into SQL once, not each time.

Putting a query into SQL takes longer than SQLite takes to answer it for a page of records.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.models.query import get_related_populators

from authors.curation.among import as_parameter

_STAND_IN = [-(2**62)]  # for the keys, while the query is put into SQL
AT_ONCE = 500  # rows fetched from the database's client at once


class _Statement:
    """A query as SQL, and how its rows become values."""

    def __init__(self, query: QuerySet[Any]) -> None:
        self.compiler: Any = query.query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()
        columns = [column for column, *_ in self.compiler.select]
        given = self.compiler.get_converters(columns)
        self._converters = {place: each for place, each in given.items() if not _is_ready(columns[place])}

    def rows(self, params: Sequence[Any], more: str = "") -> Iterator[Any]:
        """Tuples; `more` is appended to the SQL."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql + more, params)
            fetched = chain.from_iterable(iter(lambda: cursor.fetchmany(AT_ONCE), []))
            yield from self.compiler.apply_converters(fetched, self._converters) if self._converters else fetched


def _is_ready(column: Any) -> bool:
    """Of a column that is a truth value SQLite's driver makes one itself, as Django tells it to; of an expression it cannot."""
    return connection.vendor == "sqlite" and isinstance(column, Col) and isinstance(column.target, BooleanField)


class Prepared:
    """`make` gives the query for some keys; it asks for them with `__among`, and its SQL depends on nothing else."""

    def __init__(self, make: Callable[[Sequence[Any]], QuerySet[Any]]) -> None:
        self.make = make

    @cached_property
    def _statement(self) -> _Statement:
        return _Statement(self.make(_STAND_IN))

    def rows(self, keys: Iterable[Any]) -> Iterator[Any]:
        """Values as the query's fields give them, one tuple a row."""
        statement = self._statement
        keys, stand_in = as_parameter(keys, connection.vendor), as_parameter(_STAND_IN, connection.vendor)
        return statement.rows([keys if value == stand_in else value for value in statement.params])


class PreparedPages:
    """Pages of a whole list that is always the same, but for what the database holds."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self._queryset = queryset

    @cached_property
    def _statement(self) -> _Statement:
        return _Statement(self._queryset)

    def page(self, offset: int, size: int) -> list[Any]:
        statement = self._statement
        return list(statement.rows([*statement.params, size, offset], " LIMIT %s OFFSET %s"))


class PreparedValues(Prepared):
    """Rows with the given names."""

    def __init__(self, make: Callable[[Sequence[Any]], QuerySet[Any]], **columns: str) -> None:
        """`columns` are fields, or annotations, by the name that a row has them under."""
        super().__init__(lambda keys: make(keys).values_list(*columns.values()))
        self._row: Any = namedtuple("Row", columns)  # type: ignore[misc]

    def rows(self, keys: Iterable[Any]) -> Iterator[Any]:
        return map(self._row._make, super().rows(keys))


@dataclass(frozen=True)
class _Maker:
    """Makes instances as Django's `from_db` does, without its signals and its look at every field: in half the time."""

    model: type[Model]

    def from_db(self, alias: str, names: Sequence[str], values: Sequence[Any]) -> Model:
        record = self.model.__new__(self.model)
        state = record._state = ModelState()
        state.adding, state.db = False, alias
        record.__dict__.update(zip(names, values, strict=True))
        return record


class PreparedRecords(Prepared):
    """Instances of a model, with what `select_related` joins."""

    @cached_property
    def _parts(self) -> tuple[_Maker, list[str], int, int, list[Any]]:
        compiler = self._statement.compiler
        info = compiler.klass_info
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column.target.attname for column, *_ in compiler.select[start:end]]
        populate: Any = get_related_populators  # which its stubs describe otherwise
        populators = populate(info, compiler.select, connection.alias)
        for populator in populators:
            populator.model_cls = _Maker(populator.model_cls)
        return _Maker(info["model"]), names, start, end, populators

    def rows(self, keys: Iterable[Any]) -> Iterator[Any]:
        """As Django's own iteration over a queryset does it."""
        maker, names, start, end, populators = self._parts
        alias = connection.alias
        for row in super().rows(keys):
            record = maker.from_db(alias, names, row[start:end])
            for populator in populators:
                populator.populate(row, record)
            yield record
