"""What speaks for and against two mentions of authors being one person. Knows no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from authors import names
from papers.importers.records import AuthorMention, Identifier


class Around(NamedTuple):
    """What one line of a paper's list of authors stands amid: `everyone` holds the keys of the whole list, which all its
    lines share, and `key` is the line's own."""

    key: str
    everyone: set[str]
    institutions: set[int]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody the batch may settle on; `pk` is 0 until somebody new is written. `rank` counts in order of arrival."""

    pk: int
    rank: int
    names: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    identifiers: set[Identifier] = field(default_factory=set)
    coauthors: set[str] = field(default_factory=set)
    institutions: set[int] = field(default_factory=set)
    new_names: list[str] = field(default_factory=list)
    new_identifiers: list[Identifier] = field(default_factory=list)

    def contradicts(self, mention: AuthorMention) -> bool:
        """The mention has another identifier in a scheme in which this person already has one."""
        mine = {scheme for scheme, _ in self.identifiers}
        return any(given[0] in mine and given not in self.identifiers for given in mention.identifiers)

    def proofs(self, around: Around) -> int:
        shared = self.coauthors & around.everyone
        if shared:
            shared = shared - self.keys - {around.key}
        return len(shared) + len(self.institutions & around.institutions)

    def saw(self, around: Around) -> None:
        """Take the list's co-authors and institutions for later proofs. Sets are shared as long as there is one list."""
        others = around.everyone if around.key in self.keys else around.everyone - {around.key}
        self.coauthors = self.coauthors | others if self.coauthors else others
        self.institutions = self.institutions | around.institutions if self.institutions else around.institutions


@lru_cache(names.MEMORY)
def name_variants(name: str) -> frozenset[str]:
    """Search keys under which one who prints the name so may be known: whole, without middle names, with initials."""
    given, family = names.split(name)
    first, *middle = given.split() or [""]
    last, initials = _folded(family), [word for part in middle for word in _folded(part[0])]
    forms = [[*words, *last] for words in (_folded(first), _folded(first[:1]))]
    if initials:
        forms += [[*form, *initials] for form in forms]
    return frozenset([names.search_key(name), *map(names.key_of, forms)]) - {""}


def _folded(text: str) -> list[str]:
    return names.fold(text).split()


@lru_cache(names.MEMORY)
def is_abbreviated(name: str) -> bool:
    """Given names that begin with an initial: "J. Kaplan", "J.-P. Dupont"."""
    given = names.split(name)[0].split()
    return bool(given) and len(names.fold(given[0])) <= 1


def strangers(person: Person, mention: AuthorMention) -> bool:
    """No word of the mention's names occurs in any of the person's: the identifier must be a slip.

    Names in another script have no word in common either, and say nothing.
    """
    words = _words((mention.name, mention.raw_name))
    known = _words(person.names)
    comparable = {word.isascii() for word in words} & {word.isascii() for word in known}
    return bool(comparable) and not words & known


def _words(people: Iterable[str]) -> set[str]:
    return {word for name in people for word in names.fold(name).split()}


SLUGS = frozenset({"acl"})  # schemes in which namesakes share an identifier that was made from their name


def telling(mention: AuthorMention) -> list[Identifier]:
    """The identifiers that tell namesakes apart."""
    return [identifier for identifier in mention.identifiers if identifier[0] not in SLUGS]


def is_repeated(mention: AuthorMention, taken: Person | None, listed: Mapping[Identifier, str]) -> bool:
    """Was the mention's person on the list before? Then the names agree too; else an identifier stands in the wrong line."""
    identifiers = telling(mention)
    before = {listed[identifier] for identifier in identifiers if identifier in listed}
    if taken and taken.identifiers.intersection(identifiers):
        before |= taken.names
    return any(names.compatible(mention.name, name) for name in before)
