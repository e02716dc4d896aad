"""`field__among=[…]`: what `__in` does, with one parameter however many values there are.

Thousands of keys are looked up for each batch of an import; building and binding as many parameters is what takes time.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignObject, Lookup


def as_parameter(values: Iterable[Any], vendor: str) -> Any:
    """All of them as the one parameter that the lookup hands to the database."""
    given = list(values)
    if not all(type(value) is int for value in given):
        return json.dumps(given) if vendor == "sqlite" else given
    # Whole numbers need no quoting, for which PostgreSQL's driver would look at each of them.
    joined = ",".join(map(str, given))
    return f"[{joined}]" if vendor == "sqlite" else f"{{{joined}}}"


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """Takes any iterable of numbers or of texts."""

    lookup_name = "among"
    prepare_rhs = False

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def _column(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        if not self.rhs:
            raise EmptyResultSet  # Django asks the database nothing then
        column, params = self.process_lhs(compiler, connection)
        return column, list(params)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self._column(compiler, connection)
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - the column's own name
        return sql, [*params, as_parameter(self.rhs, connection.vendor)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """With the column's own type: PostgreSQL looks a row up in a list of another type by going through the whole of it."""
        column, params = self._column(compiler, connection)
        values = f"%s::{self.lhs.output_field.cast_db_type(connection)}[]"
        return f"{column} = ANY({values})", [*params, as_parameter(self.rhs, connection.vendor)]
