"""What lists order by and indexes hold, written so that both databases see it is the same."""

from django.db.models import F, Func, IntegerField


def known_count(field: str) -> Func:
    """The count, or less than any when it is unknown.

    The constant stands in the text, not among the parameters: SQLite uses an index on an expression for nothing else.
    """
    return Func(F(field), template="COALESCE(%(expressions)s, -1)", output_field=IntegerField())
