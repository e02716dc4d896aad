"""Countries by their two-letter code. Pure: a table beside this file."""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("data") / "countries.tsv"


@cache
def _names() -> dict[str, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def country_name(code: str) -> str:
    """The country's name, or the code itself when it is not one.

    >>> country_name("gb")
    'United Kingdom'
    """
    return _names().get(code.upper(), code)


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in _names().items()}


def country_code(text: str) -> str:
    """The code of a country given by name or by two letters, whichever they are; nothing of what cannot be one.

    >>> country_code("united kingdom"), country_code("xk"), country_code("Atlantis")
    ('GB', 'XK', '')
    """
    is_code = len(text) == 2 and text.isascii() and text.isalpha()
    return text.upper() if is_code else _codes().get(text.casefold(), "")
