"""Queries that are asked again and again with other keys: Django puts them into SQL once, not each time.

Putting a query into SQL takes longer than SQLite takes to answer it for a page of records.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from authors.curation.among import as_parameter

_STAND_IN = [-(2**62)]  # for the keys, while the query is put into SQL
AT_ONCE = 500  # rows fetched from the database's client at once


class Prepared:
    """`make` gives the query for some keys; it asks for them with `__among`, and its SQL depends on nothing else."""

    def __init__(self, make: Callable[[Sequence[Any]], QuerySet[Any]]) -> None:
        self.make = make

    @cached_property
    def _compiler(self) -> Any:
        compiler = self.make(_STAND_IN).query.get_compiler(connection=connection)
        self._sql, self._params = compiler.as_sql()
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        return compiler

    def rows(self, keys: Iterable[Any]) -> Iterator[Any]:
        """Values as the query's fields give them, one tuple a row."""
        compiler = self._compiler
        keys, stand_in = as_parameter(keys, connection.vendor), as_parameter(_STAND_IN, connection.vendor)
        with connection.cursor() as cursor:
            params: list[Any] = [keys if value == stand_in else value for value in self._params]
            cursor.execute(self._sql, params)
            fetched = chain.from_iterable(iter(lambda: cursor.fetchmany(AT_ONCE), []))
            yield from compiler.apply_converters(fetched, self._converters) if self._converters else fetched


class PreparedValues(Prepared):
    """Rows with the given names."""

    def __init__(self, make: Callable[[Sequence[Any]], QuerySet[Any]], **columns: str) -> None:
        """`columns` are fields, or annotations, by the name that a row has them under."""
        super().__init__(lambda keys: make(keys).values_list(*columns.values()))
        self._row: Any = namedtuple("Row", columns)  # type: ignore[misc]

    def rows(self, keys: Iterable[Any]) -> Iterator[Any]:
        return map(self._row._make, super().rows(keys))


class PreparedRecords(Prepared):
    """Instances of a model, with what `select_related` joins."""

    @cached_property
    def _parts(self) -> tuple[Any, list[str], int, int, list[Any]]:
        compiler = self._compiler
        info = compiler.klass_info
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column.target.attname for column, *_ in compiler.select[start:end]]
        populate: Any = get_related_populators  # which its stubs describe otherwise
        populators = populate(info, compiler.select, connection.alias)
        return info["model"], names, start, end, populators

    def rows(self, keys: Iterable[Any]) -> Iterator[Any]:
        """As Django's own iteration over a queryset does it."""
        model, names, start, end, populators = self._parts
        alias = connection.alias
        for row in super().rows(keys):
            record = model.from_db(alias, names, row[start:end])
            for populator in populators:
                populator.populate(row, record)
            yield record
