"""Expressions that lists order by and indexes hold, written so that both databases see they are the same."""

from django.db.models import DateField, F, Func, IntegerField


def known_date(field: str) -> Func:
    """The date, or a day before all others when it is unknown: in descending order unknown dates come last.

    The constant stands in the text, not among the parameters: SQLite uses an index on an expression for nothing else.
    """
    return Func(F(field), template="COALESCE(%(expressions)s, '0001-01-01')", output_field=DateField())


def known_count(field: str) -> Func:
    """The count, or less than any when it is unknown."""
    return Func(F(field), template="COALESCE(%(expressions)s, -1)", output_field=IntegerField())
