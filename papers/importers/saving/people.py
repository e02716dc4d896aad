"""Who is who: settling each line of a paper's list of authors on a person, by the rules of docs/identity.md.

1. An identifier decides, unless the names have nothing in common. Somebody listed twice is settled once.
2. Else the same name (in any order, without accents) and one proof: a shared co-author or institution.
3. Else a compatible name (initials, middle names left out) and two proofs, if only one person has them.
4. Else somebody new. What names no person stays unresolved.

Proofs come from what was settled before, earlier papers of the same batch included, so that the outcome depends on the
order of the records alone and not on how they were cut into batches. Where proofs are equal, whom the catalogue has known
longer is taken.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from authors import names
from authors.curation.bulk import insert, reserve_ids, rows_of
from authors.identifiers import AUTHOR_ORDER
from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName
from papers.importers.records import AuthorMention, Identifier, Note
from papers.importers.saving.context import Saving
from papers.importers.saving.evidence import Around, Person, is_abbreviated, is_repeated, name_variants, strangers
from papers.importers.saving.rarity import Rarity
from papers.models import Authorship, AuthorshipAffiliation

CROWD = 100  # papers with more authors prove nothing about who knows whom
FIRST_NEW = 2**62  # the rank of the first person whom the catalogue does not know yet
_ORDER = {scheme: place for place, scheme in enumerate(AUTHOR_ORDER)}


class People:
    """The people of one pass: load with every list of authors, `settle` list by list in file order, then `write`.

    `settled` are the keys of people whom papers of the pass name already.
    """

    def __init__(self, saving: Saving, lists: Sequence[Sequence[AuthorMention]], settled: Iterable[int] = ()) -> None:
        self._saving = saving
        self._people: dict[int, Person] = {}
        self._new: list[Person] = []
        self._by_identifier: dict[Identifier, Person] = {}
        self._by_key: dict[str, list[Person]] = defaultdict(list)
        self._by_short_key: dict[str, list[Person]] = defaultdict(list)
        self._disputed: set[Identifier] = set()
        self._load(lists, set(settled))

    def __getitem__(self, pk: int) -> Person:
        return self._people[pk]

    @property
    def new(self) -> set[int]:
        """The keys of those whom `write` added."""
        return {person.pk for person in self._new}

    # --- loading -------------------------------------------------------------------------------------------------------

    def _load(self, lists: Sequence[Sequence[AuthorMention]], settled: set[int]) -> None:
        values = {value for mentions in lists for mention in mentions for _, value in mention.identifiers}
        rows = AuthorIdentifier.objects.order_by().values_list("scheme", "value", "author", "disputed")
        holders: dict[Identifier, int] = {}
        for scheme, value, author, disputed in rows_of(rows.filter(value__among=values)):
            if disputed:
                self._disputed.add((scheme, value))
            else:
                holders[scheme, value] = author
        self._load_people(settled.union(holders.values()))
        self._by_identifier = {identifier: self._people[pk] for identifier, pk in holders.items()}
        open_mentions = {mention for mentions in lists for mention in self._undecided(mentions, settled)}
        named = self._named_like([mention for mention in open_mentions if names.is_person(mention.name)])
        self._load_people(named - self._people.keys())
        self._load_proofs(named)
        self._rarity = Rarity(mention.name for mention in open_mentions)

    def _undecided(self, mentions: Sequence[AuthorMention], settled: set[int]) -> Iterator[AuthorMention]:
        """Those who may have to be found by name: no identifier names them, or it names one who is on the paper already."""
        seen: set[Person] = set()
        for mention in mentions:
            found = [person for given in mention.identifiers if (person := self._by_identifier.get(given))]
            decided = [person for person in found if not strangers(person, mention)]
            if not decided or any(person in seen or person.pk in settled for person in decided):
                yield mention
            seen.update(decided)

    def _named_like(self, mentions: Sequence[AuthorMention]) -> set[int]:
        keys = {key for mention in mentions for key in name_variants(mention.name)}
        short_keys = {names.short_key(mention.name) for mention in mentions if is_abbreviated(mention.name)}
        authors = AuthorName.objects.order_by().values_list("author")
        found = rows_of(authors.filter(search_key__among=keys)) + rows_of(authors.filter(short_key__among=short_keys))
        return {pk for (pk,) in found}

    def _load_people(self, author_ids: Iterable[int]) -> None:
        fresh = sorted(author_ids)
        self._people |= {pk: Person(pk, pk) for pk in fresh}
        known = AuthorName.objects.order_by("pk").values_list("author", "name", "search_key", "short_key")
        for pk, name, key, short_key in rows_of(known.filter(author__among=fresh)):
            self._know_as(self._people[pk], name, key, short_key)
        identifiers = AuthorIdentifier.objects.filter(disputed=False).order_by().values_list("author", "scheme", "value")
        for pk, scheme, value in rows_of(identifiers.filter(author__among=fresh)):
            self._people[pk].identifiers.add((scheme, value))

    def _load_proofs(self, author_ids: set[int]) -> None:
        written = Authorship.objects.filter(paper__authors_count__lte=CROWD).order_by()
        pairs = written.values_list("author", "paper__authorships__name_key").filter(author__among=author_ids)
        for pk, key in rows_of(pairs):
            self._people[pk].coauthors.add(key)
        worked = AuthorshipAffiliation.objects.filter(institution__isnull=False).order_by()
        rows = worked.values_list("authorship__author", "institution").distinct()
        for pk, institution in rows_of(rows.filter(authorship__author__among=author_ids)):
            self._people[pk].institutions.add(institution)
        stays = Affiliation.objects.order_by().values_list("author", "institution")
        for pk, institution in rows_of(stays.filter(author__among=author_ids)):
            self._people[pk].institutions.add(institution)

    def _know_as(self, person: Person, name: str, key: str, short_key: str) -> None:
        person.names.add(name)
        if key not in person.keys:
            person.keys.add(key)
            self._by_key[key].append(person)
            self._by_short_key[short_key].append(person)

    # --- settling ------------------------------------------------------------------------------------------------------

    def settle(
        self,
        mentions: Sequence[AuthorMention],
        institutions: Sequence[set[int]],
        *,
        line: int,
        kept: Mapping[int, Person | None] | None = None,
    ) -> list[tuple[Person | None, str]]:
        """Who each mention of one paper is, and what decided it; nobody is found twice on one paper.

        `kept` says, by place in the list, who some of them are already.
        """
        kept = kept or {}
        keys = [names.search_key(mention.raw_name) for mention in mentions]
        everyone = set(keys) if len(keys) <= CROWD else set()
        around = [Around(key, everyone, where) for key, where in zip(keys, institutions, strict=True)]
        settled: list[tuple[Person | None, str]] = [(kept.get(place), "") for place in range(len(mentions))]
        taken = {person for person in kept.values() if person}
        for place in self._by_identifiers(mentions, kept.keys(), settled, taken, line):
            found, decided_by = self._by_name(mentions[place], around[place], taken)
            settled[place] = found, decided_by
            taken.add(found)
        for place, (person, _) in enumerate(settled):
            if person is not None:
                self._learn(person, mentions[place], around[place], is_kept=place in kept)
        return settled

    def _by_identifiers(
        self,
        mentions: Sequence[AuthorMention],
        kept: Collection[int],
        settled: list[tuple[Person | None, str]],
        taken: set[Person],
        line: int,
    ) -> list[int]:
        """Settle those whom an identifier names; gives the places of those whom it does not."""
        undecided, listed = [], {given: mentions[place].name for place in kept for given in mentions[place].identifiers}
        for place, mention in enumerate(mentions):
            if place in kept or not names.is_person(mention.name):
                continue
            person = self._identified(mention, line)
            if is_repeated(mention, person if person in taken else None, listed):
                self._note(
                    line, mention, f"{mention.name} is listed twice with one identifier; the second line stays unresolved"
                )
            elif person is None or person in taken:
                undecided.append(place)
            else:
                settled[place] = person, "identifier"
                taken.add(person)
            for identifier in mention.identifiers:
                listed.setdefault(identifier, mention.name)
        return undecided

    def _identified(self, mention: AuthorMention, line: int) -> Person | None:
        found: list[Person] = []
        for identifier in sorted(mention.identifiers, key=lambda given: _ORDER.get(given[0], len(_ORDER))):
            person = self._by_identifier.get(identifier)
            if person is None or person in found:
                continue
            if strangers(person, mention):
                whose = min(person.names)
                self._note(line, mention, f"{':'.join(identifier)} belongs to {whose}, not to {mention.name}; not used")
                continue
            found.append(person)
        if len(found) > 1:
            self._note(line, mention, f"the identifiers of {mention.name} belong to {len(found)} people; the first decides")
        return found[0] if found else None

    def _by_name(self, mention: AuthorMention, around: Around, taken: set[Person]) -> tuple[Person, str]:
        def proven(people: Iterable[Person], least: Callable[[Person], int]) -> list[tuple[int, int, Person]]:
            able = [person for person in people if person not in taken and not person.contradicts(mention)]
            return [(-proofs, person.rank, person) for person in able if (proofs := person.proofs(around)) >= least(person)]

        enough = self._rarity.least_proofs(mention.name)
        if same := proven(self._by_key.get(names.search_key(mention.name), ()), lambda _: enough):
            return min(same)[2], "rule"
        others = proven(self._compatible(mention.name), lambda person: self._least_of_variant(mention.name, person))
        if len(others) == 1:
            return others[0][2], "rule"
        person = Person(0, FIRST_NEW + len(self._new))
        self._new.append(person)
        self._rarity.learn(mention.name)
        return person, "new"

    def _least_of_variant(self, name: str, person: Person) -> int:
        return min(self._rarity.least_proofs_of_variant(name, other) for other in person.names)

    def _compatible(self, name: str) -> list[Person]:
        found = [person for key in sorted(name_variants(name)) for person in self._by_key.get(key, ())]
        if is_abbreviated(name):
            found += self._by_short_key.get(names.short_key(name), ())
        return [
            person for person in dict.fromkeys(found)
            if all(names.compatible(name, other) for other in person.names)
        ]  # fmt: skip

    def _learn(self, person: Person, mention: AuthorMention, around: Around, *, is_kept: bool) -> None:
        if is_kept:
            self.teach(person, mention)
        else:
            for name in (mention.name, mention.raw_name[:300]):
                if name not in person.names and names.is_person(name):
                    self._know_as(person, name, names.search_key(name), names.short_key(name))
                    person.new_names.append(name)
            self._give(person, mention.identifiers)
        person.saw(around)

    def teach(self, person: Person, mention: AuthorMention) -> bool:
        """Give somebody settled before the identifiers that a source knows, in schemes in which they have none."""
        mine = {scheme for scheme, _ in person.identifiers}
        return self._give(person, [identifier for identifier in mention.identifiers if identifier[0] not in mine])

    def _give(self, person: Person, identifiers: Iterable[Identifier]) -> bool:
        """Gives whether any of them was nobody's."""
        free = [given for given in identifiers if given not in self._by_identifier and given not in self._disputed]
        if not free:
            return False
        self._by_identifier |= dict.fromkeys(free, person)
        person.identifiers.update(free)
        person.new_identifiers += free
        return True

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
            ["id", "display_name", "sort_key"],
            [(p.pk, p.new_names[0], names.sort_key(p.new_names[0])) for p in self._new],
            same={"homepage": "", "biography": "", "visibility": "auto", "created_at": now, "updated_at": now},
        )
        everyone = [*self._people.values(), *self._new]
        insert(
            AuthorName,
            ["author", "name", "search_key", "short_key"],
            [(p.pk, name, names.search_key(name), names.short_key(name)) for p in everyone for name in p.new_names],
            same={"public": True},
            remembered=True,
        )
        insert(
            AuthorIdentifier,
            ["author", "scheme", "value"],
            [(p.pk, scheme, value) for p in everyone for scheme, value in p.new_identifiers],
            same={"disputed": False, "verified": False},
            remembered=True,
        )
