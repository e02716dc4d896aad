"""What speaks for and against two mentions of authors being one person. Knows no database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Self

from authors import names
from papers.importers.records import AuthorMention, Identifier


class Around(NamedTuple):
    """What one line of a paper's list of authors stands amid. `key` is the line's own; the others are keys of the whole
    list, which all its lines share: `forms` leads from each, and from its abbreviations, to what is printed; `short` are
    those that are abbreviated here."""

    key: str
    everyone: set[str]
    forms: Mapping[str, str]
    short: set[str]
    institutions: set[int]

    @classmethod
    def all(cls, keys: Iterable[str], company: Sequence[str], institutions: Iterable[set[int]]) -> list[Self]:
        """One for each line, by its key and its institutions; `company` are the keys of those who prove something."""
        forms = {form: key for key in company for form in abbreviations(key)}
        forms.update(zip(company, company, strict=True))
        everyone, short = set(company), {key for key in company if _is_short(key)}
        return [cls(key, everyone, forms, short, where) for key, where in zip(keys, institutions, strict=True)]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody the batch may settle on; `pk` is 0 until somebody new is written. `rank` counts in order of arrival.

    `lists` are the lists of the pass that name them. `same_as` is who somebody new turned out to be in the end.
    """

    pk: int
    rank: int
    names: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    identifiers: set[Identifier] = field(default_factory=set)
    coauthors: set[str] = field(default_factory=set)
    institutions: set[int] = field(default_factory=set)
    lists: set[int] = field(default_factory=set)
    new_names: list[str] = field(default_factory=list)
    new_identifiers: list[Identifier] = field(default_factory=list)
    same_as: "Person | None" = None

    @property
    def somebody(self) -> "Person":
        """Who this is in the end."""
        return self.same_as.somebody if self.same_as else self

    def contradicts(self, identifiers: Collection[Identifier]) -> bool:
        """Is there another identifier in a scheme in which this person already has one?"""
        if not identifiers or not self.identifiers:
            return False
        mine = {scheme for scheme, _ in self.identifiers}
        return any(given[0] in mine and given not in self.identifiers for given in identifiers)

    def proofs(self, around: Around) -> int:
        """Co-authors, printed alike or abbreviated in one of two places, and institutions that both have."""
        shared = {around.forms[key] for key in self.coauthors.intersection(around.forms)}
        if around.short:
            shared |= around.short.intersection(form for key in self.coauthors for form in abbreviations(key))
        if shared:
            shared -= self.keys
            shared.discard(around.key)
        return len(shared) + len(self.institutions & around.institutions)

    def saw(self, around: Around) -> None:
        """Take the list's co-authors and institutions for later proofs. Sets are shared as long as there is one list."""
        others = around.everyone if around.key in self.keys else around.everyone - {around.key}
        self.coauthors = self.coauthors | others if self.coauthors else others
        self.institutions = self.institutions | around.institutions if self.institutions else around.institutions

    def could_be(self, other: "Person") -> bool:
        """Nothing speaks against both being one: they are on no list together, and all names and identifiers fit."""
        return (
            self.lists.isdisjoint(other.lists)
            and not self.contradicts(other.identifiers)
            and all(fits(name, theirs) for name in self.names for theirs in other.names)
        )

    def around(self) -> tuple[str, Around]:
        """The fullest of the names, and what the person is known to stand amid."""
        name = max(self.names, key=lambda name: (len(name), name))
        (around,) = Around.all([names.search_key(name)], sorted(self.coauthors - self.keys), [self.institutions])
        return name, around


@lru_cache(names.MEMORY)
def abbreviations(key: str) -> tuple[str, ...]:
    """Search keys of the name with one of its words abbreviated."""
    words = key.split()
    forms = [[*words[:place], word[0], *words[place + 1 :]] for place, word in enumerate(words) if len(word) > 1]
    return tuple(" ".join(sorted(form)) for form in forms if any(len(word) > 1 for word in form))


@lru_cache(names.MEMORY)
def _is_short(key: str) -> bool:
    """One word among initials: "J. Kaplan"."""
    return " " in key and sum(len(word) > 1 for word in key.split()) == 1


@lru_cache(names.MEMORY)
def fits(first: str, second: str) -> bool:
    """Could both names be one person's? Given names may be joined in one of them: "Gian-Luca" and "Gian Luca"."""
    if names.compatible(first, second):
        return True
    (given, family), (other_given, other_family) = names.split(first), names.split(second)
    joined, other_joined = ("".join(_folded(words)) for words in (given, other_given))
    return joined == other_joined and names.fold(family) == names.fold(other_family)


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
