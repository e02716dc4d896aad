"""Texts in cells: no spreadsheet takes one for a formula, and several values stand in one. Pure: no database."""

import re
from collections.abc import Iterable

FORMULAS = frozenset("=+-@\t\r\n")  # what spreadsheets take for the beginning of a formula, or skip before one
ESCAPED = FORMULAS | {"'"}
SEPARATOR = "; "
_PARTS = re.compile(r"(?:\\[\\;]|[^;])*")


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate; `plain` takes exactly that off again."""
    return f"'{text}" if text[:1] in FORMULAS or (text[:1] == "'" and text[1:2] in ESCAPED) else text


def plain(cell: str) -> str:
    """What `inert` was given; an apostrophe that begins a text of its own stays.

    >>> plain(inert("=1+1")), plain("'Tis so"), plain(inert("'=1"))
    ('=1+1', "'Tis so", "'=1")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ESCAPED else cell


def same(text: str, other: str) -> bool:
    """Spreadsheets write line ends as they like."""
    return text == other or _lines(text) == _lines(other)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, by semicolons; one within a value has a backslash before it."""
    return SEPARATOR.join(value.replace("\\", "\\\\").replace(";", "\\;") for value in values)


def parts(cell: str) -> list[str]:
    r"""The values of a cell, each once, without blanks around them.

    >>> parts(r"a; b\; c;; a")
    ['a', 'b; c']
    """
    found = (re.sub(r"\\([\\;])", r"\1", part).strip() for part in _PARTS.findall(cell))
    return list(dict.fromkeys(part for part in found if part))
