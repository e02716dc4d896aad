"""Names of authors in the parts that citations turn round. Pure."""

import re
from functools import lru_cache
from typing import NamedTuple

from authors.names import SUFFIXES, fold, is_person, split

MEMORY = 20_000  # distinct names remembered
_INITIAL = re.compile(r"[^\W\d_]")
_AFTER_DOT = re.compile(r"\.(?!-)")


class Person(NamedTuple):
    """One line of a list of authors. An organisation, and whatever is no name of one person, has `family` alone."""

    family: str
    given: str = ""
    suffix: str = ""
    is_person: bool = True

    @property
    def printed(self) -> str:
        """Given names first."""
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    def initials(self, *, dots: bool = True, apart: bool = True) -> str:
        """ "Jean-Luc A." gives "J.-L. A."; without dots and not apart "JLA"."""
        words = [_initials_of(word, dots=dots) for word in _AFTER_DOT.sub(". ", self.given).split()]
        return (" " if apart else "").join(word for word in words if word)


def _initials_of(word: str, *, dots: bool) -> str:
    found = [first[0] for part in word.split("-") if (first := _INITIAL.search(part))]
    return "-".join(f"{letter}." for letter in found) if dots else "".join(found)


@lru_cache(MEMORY)
def person(name: str) -> Person:
    """The parts of a name as printed; particles belong to the family name.

    >>> person("Ada van der Berg Jr.")
    Person(family='van der Berg', given='Ada', suffix='Jr.', is_person=True)
    >>> person("The Example Collaboration").is_person
    False
    """
    if not is_person(name):
        return Person(name, is_person=False)
    given, family = split(name)
    return Person(family, given, _suffix(name))


def _suffix(name: str) -> str:
    """What `split` leaves out at the end: "Jr.", "III"."""
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma:
        return after if fold(after) in SUFFIXES else ""
    words, end = before.split(), len(before.split())
    while end > 2 and fold(words[end - 1]) in SUFFIXES:
        end -= 1
    return " ".join(words[end:])
