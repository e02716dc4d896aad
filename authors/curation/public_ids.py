"""Public ids: a letter and a number (A12, P34, I5, V6), never changed and never reused.

The number is the primary key. Both databases hand keys out once only: SQLite by AUTOINCREMENT, PostgreSQL by sequence.
"""

import re
from functools import cache
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.text import slugify

from authors import names

LONGEST_KEY = 19  # digits
LETTERS = {"A": "author", "P": "paper", "I": "institution", "V": "venue"}
TAKEN = {"report"}  # pages below a record's address: no record's own name may stand in their place
_HYPHENS = re.compile("[-‐‑]")
_SHAPE = re.compile(r"([APIVapiv])([1-9][0-9]{0,17})")


def number_of(text: str) -> int | None:
    """The key that a text from outside says; None for anything that is no number or larger than keys are."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_KEY else None


def parse_public_id(text: str) -> tuple[str, int] | None:
    """`"A12"` gives `("A", 12)`; anything else None. The letter may be small."""
    found = _SHAPE.fullmatch(text)
    return (found[1].upper(), int(found[2])) if found else None


def slug_of(text: str, fallback: str) -> str:
    """The decoration of an address. Hyphens part words here, though folding joins them: "large-scale" stays readable."""
    slug = slugify(names.fold(_HYPHENS.sub(" ", text)))[:80].strip("-") or fallback
    return f"a-{slug}" if slug in TAKEN else slug


def page_address(view: str, *parts: str) -> str:
    """What `reverse` gives, without its search among all addresses: a page or a file names hundreds of records."""
    return _address(view, len(parts), get_script_prefix(), get_urlconf()).format(*parts)


@cache
def _address(view: str, parts: int, _prefix: str, _urlconf: str | None) -> str:
    """With a place for each part: a letter with a number, a name in plain letters, which need no quoting."""
    stand_ins = [f"P{10**17 + number}" for number in range(parts)]
    address = reverse(view, args=stand_ins)
    for number, stand_in in enumerate(stand_ins):
        address = address.replace(stand_in, f"{{{number}}}")
    return address


class PublicIdQuerySet(models.QuerySet[Any]):
    def with_public_id(self, text: str) -> Self:
        """The one record that `text` names, or nothing."""
        parsed = parse_public_id(text)
        if parsed is None or parsed[0] != getattr(self.model, "letter", None):
            return self.none()
        return self.filter(pk=parsed[1])


class PublicIdModel(models.Model):
    """A record with a public id; subclasses say which letter."""

    letter: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def public_id(self) -> str:
        return f"{self.letter}{self.pk}"
