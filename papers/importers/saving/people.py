"""Who is who: settling each line of a paper's list of authors on a person, by the rules of docs/identity.md.

1. An identifier decides, unless the names have nothing in common. Somebody listed twice is settled once.
2. Else the same name (in any order, without accents) and as many proofs as the name needs: shared co-authors or institutions.
3. Else a name that fits (initials, middle names left out) and proofs, unless people who cannot be one have them.
4. Else somebody new. What names no person stays unresolved.

Proofs come from what was settled before, earlier papers of the same batch included. Where proofs are equal, whom the
catalogue has known longer is taken. Before they are written, those who are new are looked at again (`_look_again`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from authors import names
from authors.curation.bulk import insert, reserve_ids, rows_of
from authors.identifiers import AUTHOR_ORDER
from authors.models import Author, AuthorIdentifier, AuthorName
from papers.importers.records import AuthorMention, Identifier, Note
from papers.importers.saving.candidates import CROWD, Candidates
from papers.importers.saving.context import Saving
from papers.importers.saving.evidence import Around, Person, fits, is_repeated, strangers
from papers.importers.saving.rarity import Rarity

FIRST_NEW = 2**62  # the rank of the first person whom the catalogue does not know yet
_ORDER = {scheme: place for place, scheme in enumerate(AUTHOR_ORDER)}


class People:
    """The people of one pass: load with every list of authors, `settle` list by list in file order, then `write`.

    `settled` are the keys of people whom papers of the pass name already.
    """

    def __init__(self, saving: Saving, lists: Sequence[Sequence[AuthorMention]], settled: Iterable[int] = ()) -> None:
        self._saving = saving
        self._candidates = Candidates()
        self._new: list[Person] = []
        self._joined: list[Person] = []
        self._lists = 0
        self._by_identifier: dict[Identifier, Person] = {}
        self._disputed: set[Identifier] = set()
        self._load(lists, set(settled))

    def __getitem__(self, pk: int) -> Person:
        return self._candidates.people[pk]

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
        self._candidates.load(settled.union(holders.values()))
        self._by_identifier = {identifier: self[pk] for identifier, pk in holders.items()}
        open_names = {mention.name for mentions in lists for mention in self._undecided(mentions, settled)}
        self._rarity = Rarity(open_names)
        self._candidates.load_named_like(open_names, self._rarity)

    def _undecided(self, mentions: Sequence[AuthorMention], settled: set[int]) -> Iterator[AuthorMention]:
        """Those who may have to be found by name: no identifier names them, or it names one who is on the paper already."""
        seen: set[Person] = set()
        for mention in mentions:
            found = [person for given in mention.identifiers if (person := self._by_identifier.get(given))]
            decided = [person for person in found if not strangers(person, mention)]
            if not decided or any(person in seen or person.pk in settled for person in decided):
                yield mention
            seen.update(decided)

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
        around = Around.all(keys, keys if len(keys) <= CROWD else (), institutions)
        settled: list[tuple[Person | None, str]] = [(kept.get(place), "") for place in range(len(mentions))]
        taken = {person for person in kept.values() if person}
        for place in self._by_identifiers(mentions, kept.keys(), settled, taken, line):
            found, decided_by = self._by_name(mentions[place], around[place], taken)
            settled[place] = found, decided_by
            taken.add(found)
        self._lists += 1
        for place, (person, _) in enumerate(settled):
            if person is not None:
                self._learn(person, mentions[place], around[place], is_kept=place in kept)
                person.lists.add(self._lists)
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
        def able(person: Person) -> bool:
            return person not in taken and not person.contradicts(mention.identifiers)

        if found := self._proven(mention.name, around, able):
            return found, "rule"
        person = Person(0, FIRST_NEW + len(self._new))
        self._new.append(person)
        self._rarity.learn(mention.name)
        return person, "new"

    def _proven(self, name: str, around: Around, able: Callable[[Person], bool]) -> Person | None:
        def proven(people: Iterable[Person], least: Callable[[Person], int]) -> list[tuple[int, int, Person]]:
            proofs = [(person, person.proofs(around)) for person in people if able(person)]
            return [(-number, person.rank, person) for person, number in proofs if number >= least(person)]

        if same := proven(self._candidates.same(name), lambda _: self._rarity.least_proofs(name)):
            return min(same)[2]
        others = proven(self._candidates.compatible(name, self._rarity), lambda person: self._least_of_variant(name, person))
        return min(others)[2] if others and _are_one([person for *_, person in others]) else None

    def _least_of_variant(self, name: str, person: Person) -> int:
        return min(self._rarity.least_proofs_of_variant(name, other) for other in person.names)

    def _learn(self, person: Person, mention: AuthorMention, around: Around, *, is_kept: bool) -> None:
        if is_kept:
            self.teach(person, mention)
        else:
            for name in (mention.name, mention.raw_name[:300]):
                if name not in person.names and names.is_person(name):
                    self._candidates.know_as(person, name)
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

    # --- looking again -------------------------------------------------------------------------------------------------

    def _look_again(self) -> None:
        """Whoever is new, and with all that came since is proven to be somebody after all, becomes that person.

        Nobody has seen them yet: whom an earlier batch wrote stays. Left out where the catalogue is too small to tell.
        """
        for person in self._new if self._rarity.tells else ():
            if person.same_as or self._candidates.is_alone(person):
                continue
            if found := self._proven(*person.around(), person.could_be):
                self._join(*sorted((person, found), key=lambda one: one.rank))
        self._joined = [person for person in self._new if person.same_as]
        self._new = [person for person in self._new if not person.same_as]

    def _join(self, known: Person, person: Person) -> None:
        self._candidates.forget(person)
        for name in person.new_names:
            if name not in known.names:
                self._candidates.know_as(known, name)
                known.new_names.append(name)
        self._by_identifier |= dict.fromkeys(person.new_identifiers, known)
        known.identifiers |= person.identifiers
        known.new_identifiers += person.new_identifiers
        known.coauthors = known.coauthors | person.coauthors
        known.institutions = known.institutions | person.institutions
        known.lists |= person.lists
        person.same_as = known

    # --- writing -------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Insert everybody new, and what was learned about everybody; afterwards every person has a key."""
        self._look_again()
        now = self._saving.now
        for person, pk in zip(self._new, reserve_ids(Author, len(self._new)), strict=True):
            person.pk = pk
        for person in self._joined:
            person.pk = person.somebody.pk
        insert(
            Author,
            ["id", "display_name", "sort_key"],
            [(p.pk, p.new_names[0], names.sort_key(p.new_names[0])) for p in self._new],
            same={"homepage": "", "biography": "", "visibility": "auto", "created_at": now, "updated_at": now},
        )
        everyone = [*self._candidates.people.values(), *self._new]
        insert(
            AuthorName,
            ["author", "name", "search_key", "short_key", "public"],
            list(_names_of(everyone)),
            remembered=True,
        )
        insert(
            AuthorIdentifier,
            ["author", "scheme", "value"],
            [(p.pk, scheme, value) for p in everyone for scheme, value in p.new_identifiers],
            same={"disputed": False, "verified": False},
            remembered=True,
        )


def _names_of(people: Iterable[Person]) -> Iterator[tuple[int, str, str, str, bool]]:
    """What was learned of names, as rows. Who left a name behind is not shown by a spelling of it either."""
    named = [person for person in people if person.new_names]
    former: dict[int, list[tuple[str, str]]] = {}
    left = AuthorName.objects.filter(author__among=[person.pk for person in named], public=False).order_by()
    for pk, name, shown in left.values_list("author", "name", "author__display_name"):
        former.setdefault(pk, []).append((name, shown))
    for person in named:
        gone = former.get(person.pk, [])
        for name in person.new_names:
            public = not (gone and names.gives_away(name, former=[told for told, _ in gone], shown=gone[0][1]))
            yield person.pk, name, names.search_key(name), names.short_key(name), public


def _are_one(people: Sequence[Person]) -> bool:
    """Could they all be one person, by their names?"""
    every = {name for person in people for name in person.names} if len(people) > 1 else set()
    return all(fits(one, other) for one, other in combinations(sorted(every), 2))
