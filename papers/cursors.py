"""Where a page of a list ends, as a word that stands in an address: signed, so that nobody can make one up."""

from typing import Any

from django.core import signing

SALT = "papers.cursor"
LONGEST = 6_000  # a list by name holds the whole name of its last row, in any script


class BadCursor(ValueError):
    """Not one of ours, or of another list or order."""


def write_cursor(place: tuple[Any, ...], *, of: str) -> str:
    """`of` names the list and its order: a cursor serves for no other."""
    values = [value if isinstance(value, int | float | str) else value.isoformat() for value in place]
    return signing.dumps([of, *values], salt=SALT, compress=True)


def read_cursor(text: str, *, of: str) -> tuple[Any, ...]:
    """Raises BadCursor."""
    try:
        written, *place = signing.loads(text[:LONGEST], salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor("This is not a cursor of this list.") from error
    if written != of:
        raise BadCursor("This cursor belongs to another list or another order.")
    return tuple(place)
