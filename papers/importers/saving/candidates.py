"""The people whom the names of a batch may mean: read from the catalogue by key, and those who come with the batch."""

from collections import defaultdict
from collections.abc import Iterable

from authors import names
from authors.curation.bulk import rows_of
from authors.models import Affiliation, AuthorIdentifier, AuthorName
from papers.importers.saving.evidence import Person, fits, is_abbreviated, name_variants
from papers.importers.saving.rarity import Rarity
from papers.models import Authorship, AuthorshipAffiliation

CROWD = 100  # papers with more authors prove nothing about who knows whom


class Candidates:
    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self._by_key: dict[str, list[Person]] = defaultdict(list)
        self._by_short_key: dict[str, list[Person]] = defaultdict(list)

    # --- finding -------------------------------------------------------------------------------------------------------

    def same(self, name: str) -> list[Person]:
        """Those of the name, in any order of its words."""
        return self._by_key.get(names.search_key(name), [])

    def compatible(self, name: str, rarity: Rarity) -> list[Person]:
        """Those all of whose names fit."""
        found = [person for key in sorted(name_variants(name)) for person in self._by_key.get(key, ())]
        if _looks_at_all(name, rarity):
            found += self._by_short_key.get(names.short_key(name), ())
        return [person for person in dict.fromkeys(found) if all(fits(name, other) for other in person.names)]

    def is_alone(self, person: Person) -> bool:
        """Nobody else's name is like one of theirs."""
        return all(len(self._by_key[key]) == 1 for key in person.keys) and all(
            len(self._by_short_key[names.short_key(name)]) == 1 for name in person.names
        )

    # --- knowing -------------------------------------------------------------------------------------------------------

    def know_as(self, person: Person, name: str) -> None:
        self._know_as(person, name, names.search_key(name), names.short_key(name))

    def _know_as(self, person: Person, name: str, key: str, short_key: str) -> None:
        person.names.add(name)
        if key not in person.keys:
            person.keys.add(key)
            self._by_key[key].append(person)
            if person not in self._by_short_key[short_key]:
                self._by_short_key[short_key].append(person)

    def forget(self, person: Person) -> None:
        for key in person.keys:
            self._by_key[key].remove(person)
        for short_key in {names.short_key(name) for name in person.names}:
            self._by_short_key[short_key].remove(person)

    # --- reading -------------------------------------------------------------------------------------------------------

    def load(self, author_ids: Iterable[int]) -> None:
        """Their names and identifiers."""
        fresh = sorted(author_ids)
        self.people |= {pk: Person(pk, pk) for pk in fresh}
        known = AuthorName.objects.order_by("pk").values_list("author", "name", "search_key", "short_key")
        for pk, *known_as in rows_of(known.filter(author__among=fresh)):
            self._know_as(self.people[pk], *known_as)
        identifiers = AuthorIdentifier.objects.filter(disputed=False).order_by().values_list("author", "scheme", "value")
        for pk, scheme, value in rows_of(identifiers.filter(author__among=fresh)):
            self.people[pk].identifiers.add((scheme, value))

    def load_named_like(self, mentioned: Iterable[str], rarity: Rarity) -> None:
        """Everybody whom the names may mean, with what may prove it."""
        wanted = [name for name in mentioned if names.is_person(name)]
        found = _named_like(wanted, rarity)
        self.load(found - self.people.keys())
        self._load_proofs(found)

    def _load_proofs(self, author_ids: set[int]) -> None:
        written = Authorship.objects.filter(paper__authors_count__lte=CROWD).order_by()
        pairs = written.values_list("author", "paper__authorships__name_key").filter(author__among=author_ids)
        for pk, key in rows_of(pairs):
            self.people[pk].coauthors.add(key)
        worked = AuthorshipAffiliation.objects.filter(institution__isnull=False).order_by()
        rows = worked.values_list("authorship__author", "institution").distinct()
        for pk, institution in rows_of(rows.filter(authorship__author__among=author_ids)):
            self.people[pk].institutions.add(institution)
        stays = Affiliation.objects.order_by().values_list("author", "institution")
        for pk, institution in rows_of(stays.filter(author__among=author_ids)):
            self.people[pk].institutions.add(institution)


def _looks_at_all(name: str, rarity: Rarity) -> bool:
    """Look at all with the family name and the initial? For an initial one must; else where the family name is not common."""
    return is_abbreviated(name) or not rarity.is_common(name)


def _named_like(mentioned: Iterable[str], rarity: Rarity) -> set[int]:
    keys: set[str] = set()
    by_short_key: dict[str, set[str]] = defaultdict(set)
    for name in mentioned:
        keys |= name_variants(name)
        if _looks_at_all(name, rarity):
            by_short_key[names.short_key(name)].add(name)
    known = AuthorName.objects.order_by()
    found = {pk for (pk,) in rows_of(known.values_list("author").filter(search_key__among=keys))}
    for pk, name, short_key in rows_of(known.values_list("author", "name", "short_key").filter(short_key__among=by_short_key)):
        if pk not in found and any(fits(name, wanted) for wanted in by_short_key[short_key]):
            found.add(pk)
    return found
