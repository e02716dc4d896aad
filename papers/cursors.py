"""Where a page of a list ends, as a word that stands in an address: signed, so that nobody can make one up."""

from typing import Any

from django.core import signing

SALT = "papers.cursor"
LONGEST = 6_000  # a list by name holds the whole name of its last row, in any script


class BadCursor(ValueError):
    """Not one of ours, or of another list or order."""


def write_cursor(place: tuple[Any, ...], *, of: str) -> str:
    """`of` names the list and its order: a cursor serves for no other. The same place always gives the same word, so that
    an answer that holds it stays the same."""
    values = [value if isinstance(value, int | float | str) else value.isoformat() for value in place]
    return signing.Signer(salt=SALT).sign_object([of, *values], compress=True)


def read_cursor(text: str, *, of: str) -> tuple[Any, ...]:
    """Raises BadCursor."""
    try:
        written, *place = signing.Signer(salt=SALT).unsign_object(text[:LONGEST])
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor("This is not a cursor of this list.") from error
    if written != of:
        raise BadCursor("This cursor belongs to another list or another order.")
    return tuple(place)
