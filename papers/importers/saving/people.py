"""Who is who: settling each line of a paper's list of authors on a person, by the rules of docs/identity.md.

1. An identifier decides, unless the names have nothing in common.
2. Else the same name (in any order, without accents) and one proof: a shared co-author or institution.
3. Else a compatible name (initials, middle names left out) and two proofs, if only one person has them.
4. Else somebody new. What names no person stays unresolved.

Proofs come from what was settled before, earlier papers of the same batch included, so that the outcome depends on the
order of the records alone and not on how they were cut into batches.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from authors import names
from authors.curation.bulk import insert, reserve_ids
from authors.identifiers import AUTHOR_ORDER
from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName
from papers.importers.records import AuthorMention, Identifier, Note
from papers.importers.saving.context import Saving
from papers.models import Authorship, AuthorshipAffiliation

CROWD = 100  # papers with more authors prove nothing about who knows whom
_ORDER = {scheme: place for place, scheme in enumerate(AUTHOR_ORDER)}


@dataclass(slots=True, eq=False)
class Person:
    """Somebody the batch may settle on; `pk` is 0 until somebody new is written."""

    pk: int
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

    def proofs(self, coauthors: set[str], institutions: set[int]) -> int:
        return len(self.coauthors & coauthors) + len(self.institutions & institutions)


@lru_cache(names.MEMORY)
def name_variants(name: str) -> frozenset[str]:
    """Search keys under which one who prints the name so may be known: whole, without middle names, with initials."""
    given, family = names.split(name)
    first, *middle = given.split() or [""]
    initials = " ".join(word[0] for word in middle)
    forms = {name, f"{first} {family}", f"{first[:1]} {family}"}
    if initials:
        forms |= {f"{first} {initials} {family}", f"{first[:1]} {initials} {family}"}
    return frozenset(names.search_key(form) for form in forms) - {""}


def is_abbreviated(name: str) -> bool:
    """Given names that begin with an initial: "J. Kaplan", "J.-P. Dupont"."""
    given = names.split(name)[0].split()
    return bool(given) and len(names.fold(given[0])) <= 1


class People:
    """The people of one batch: load with every mention, `settle` paper by paper in file order, then `write`."""

    def __init__(self, saving: Saving, mentions: Iterable[AuthorMention]) -> None:
        self._saving = saving
        self._people: dict[int, Person] = {}
        self._new: list[Person] = []
        self._by_identifier: dict[Identifier, Person] = {}
        self._by_key: dict[str, list[Person]] = defaultdict(list)
        self._by_short_key: dict[str, list[Person]] = defaultdict(list)
        self._disputed: set[Identifier] = set()
        self._load(list(dict.fromkeys(mentions)))

    # --- loading -------------------------------------------------------------------------------------------------------

    def _load(self, mentions: Sequence[AuthorMention]) -> None:
        values = {value for mention in mentions for _, value in mention.identifiers}
        rows = AuthorIdentifier.objects.filter(value__in=values).values_list("scheme", "value", "author", "disputed")
        by_identifier = {(scheme, value): author for scheme, value, author, disputed in rows if not disputed}
        self._disputed = {(scheme, value) for scheme, value, _, disputed in rows if disputed}
        unknown = [
            m for m in mentions if names.is_person(m.name) and not any(given in by_identifier for given in m.identifiers)
        ]
        keys = {key for mention in unknown for key in name_variants(mention.name)}
        short_keys = {names.short_key(mention.name) for mention in unknown if is_abbreviated(mention.name)}
        named = set(AuthorName.objects.filter(search_key__in=keys).values_list("author", flat=True))
        if short_keys:
            named |= set(AuthorName.objects.filter(short_key__in=short_keys).values_list("author", flat=True))
        self._people = {pk: Person(pk) for pk in sorted(named | set(by_identifier.values()))}
        self._load_names_and_identifiers()
        self._load_proofs(named)
        for identifier, pk in by_identifier.items():
            self._by_identifier[identifier] = self._people[pk]

    def _load_names_and_identifiers(self) -> None:
        for pk, name in AuthorName.objects.filter(author__in=self._people).order_by("pk").values_list("author", "name"):
            self._know_as(self._people[pk], name)
        rows = AuthorIdentifier.objects.filter(author__in=self._people, disputed=False)
        for pk, scheme, value in rows.values_list("author", "scheme", "value"):
            self._people[pk].identifiers.add((scheme, value))

    def _load_proofs(self, author_ids: set[int]) -> None:
        written = Authorship.objects.filter(author__in=author_ids, paper__authors_count__lte=CROWD).order_by()
        for pk, key in written.values_list("author", "paper__authorships__name_key"):
            self._people[pk].coauthors.add(key)
        for pk in author_ids:
            self._people[pk].coauthors -= self._people[pk].keys
        worked = AuthorshipAffiliation.objects.filter(authorship__author__in=author_ids, institution__isnull=False).order_by()
        for pk, institution in worked.values_list("authorship__author", "institution").distinct():
            self._people[pk].institutions.add(institution)
        for pk, institution in (
            Affiliation.objects.filter(author__in=author_ids).order_by().values_list("author", "institution")
        ):
            self._people[pk].institutions.add(institution)

    def _know_as(self, person: Person, name: str) -> None:
        person.names.add(name)
        if (key := names.search_key(name)) not in person.keys:
            person.keys.add(key)
            self._by_key[key].append(person)
            self._by_short_key[names.short_key(name)].append(person)

    # --- settling ------------------------------------------------------------------------------------------------------

    def settle(
        self, mentions: Sequence[AuthorMention], institutions: Sequence[set[int]], *, line: int
    ) -> list[tuple[Person | None, str]]:
        """Who each mention of one paper is, and what decided it; nobody is found twice on one paper."""
        keys = [names.search_key(mention.raw_name) for mention in mentions]
        everyone = set(keys) if len(keys) <= CROWD else set()
        settled: list[tuple[Person | None, str]] = [(None, "")] * len(mentions)
        taken: set[Person] = set()
        for decide in (self._by_id, self._by_name_and_proof):
            for place, mention in enumerate(mentions):
                if settled[place][0] is None and names.is_person(mention.name):
                    person, decided_by = decide(mention, everyone - {keys[place]}, institutions[place], taken, line)
                    if person is not None:
                        settled[place] = person, decided_by
                        taken.add(person)
        for place, (person, _) in enumerate(settled):
            if person is not None:
                self._learn(person, mentions[place], everyone - {keys[place]}, institutions[place])
        return settled

    def _by_id(
        self, mention: AuthorMention, coauthors: set[str], institutions: set[int], taken: set[Person], line: int
    ) -> tuple[Person | None, str]:
        found: list[Person] = []
        for identifier in sorted(mention.identifiers, key=lambda given: _ORDER.get(given[0], len(_ORDER))):
            person = self._by_identifier.get(identifier)
            if person is None or person in taken or person in found:
                continue
            if _strangers(person, mention.name):
                whose = min(person.names)
                self._note(
                    line, mention, f"{identifier[0]}:{identifier[1]} belongs to {whose}, not to {mention.name}; not used"
                )
                continue
            found.append(person)
        if len(found) > 1:
            self._note(line, mention, f"the identifiers of {mention.name} belong to {len(found)} people; the first decides")
        return (found[0], "identifier") if found else (None, "")

    def _by_name_and_proof(
        self, mention: AuthorMention, coauthors: set[str], institutions: set[int], taken: set[Person], line: int
    ) -> tuple[Person | None, str]:
        def proven(people: Iterable[Person], least: int) -> list[tuple[int, Person]]:
            able = [person for person in people if person not in taken and not person.contradicts(mention)]
            return [(proofs, person) for person in able if (proofs := person.proofs(coauthors, institutions)) >= least]

        key = names.search_key(mention.name)
        if same := proven(self._by_key.get(key, ()), 1):
            return max(same, key=lambda pair: pair[0])[1], "rule"
        others = proven(self._compatible(mention.name), 2)
        if len(others) == 1:
            return others[0][1], "rule"
        person = Person(0)
        self._new.append(person)
        return person, "new"

    def _compatible(self, name: str) -> list[Person]:
        found = [person for key in sorted(name_variants(name)) for person in self._by_key.get(key, ())]
        if is_abbreviated(name):
            found += self._by_short_key.get(names.short_key(name), ())
        return [
            person for person in dict.fromkeys(found)
            if all(names.compatible(name, other) for other in person.names)
        ]  # fmt: skip

    def _learn(self, person: Person, mention: AuthorMention, coauthors: set[str], institutions: set[int]) -> None:
        for name in dict.fromkeys((mention.name, mention.raw_name[:300])):
            if name not in person.names and names.is_person(name):
                self._know_as(person, name)
                person.new_names.append(name)
        for identifier in mention.identifiers:
            if identifier not in self._by_identifier and identifier not in self._disputed:
                self._by_identifier[identifier] = person
                person.identifiers.add(identifier)
                person.new_identifiers.append(identifier)
        person.coauthors |= coauthors
        person.institutions |= institutions

    def _note(self, line: int, mention: AuthorMention, reason: str) -> None:
        self._saving.report(line, [Note("authorships.author", reason)], record=mention.name)

    # --- writing -------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Insert everybody new, and what was learned about everybody; afterwards every person has a key."""
        now = self._saving.now
        for person, pk in zip(self._new, reserve_ids(Author, len(self._new)), strict=True):
            person.pk = pk
        insert(
            Author,
            ["id", "display_name", "sort_key", "homepage", "biography", "visibility", "created_at", "updated_at"],
            [(p.pk, p.new_names[0], names.sort_key(p.new_names[0]), "", "", "auto", now, now) for p in self._new],
        )
        everyone = [*self._people.values(), *self._new]
        insert(
            AuthorName,
            ["author", "name", "public", "search_key", "short_key"],
            [(p.pk, name, True, names.search_key(name), names.short_key(name)) for p in everyone for name in p.new_names],
        )
        insert(
            AuthorIdentifier,
            ["author", "scheme", "value", "disputed", "verified"],
            [(p.pk, scheme, value, False, False) for p in everyone for scheme, value in p.new_identifiers],
        )


def _strangers(person: Person, name: str) -> bool:
    """No word of the name, nor an initial of one, occurs in any of the person's names: the identifier must be a slip."""
    words = set(names.fold(name).split())
    known = {word for other in person.names for word in names.fold(other).split()}
    return bool(known) and not words & known
