"""Finding the institutions that records mention, and adding those the catalogue does not have yet.

By identifier (ROR, OpenAlex), else by normalised name, else by an alias that only one institution has. Two institutions
of one name in different countries are two; an unknown country agrees with any.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, count

from authors import names
from authors.curation.bulk import insert, reserve_ids, rows_of
from authors.curation.models import Provenance
from authors.curation.recording import watch_rows
from authors.models import Institution, InstitutionAlias, InstitutionIdentifier
from papers.importers.records import Identifier, InstitutionMention
from papers.importers.saving.context import Saving, owners_of
from papers.search.indexing import index_papers_of_institutions

FEW, NUMBERS_AT_ONCE = 10, 200
FILLED = ("country_code", "city", "kind", "homepage")


@dataclass(slots=True)
class _Known:
    pk: int
    values: dict[str, str]
    identifiers: dict[str, str] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    def agrees(self, mention: InstitutionMention) -> bool:
        country = self.values["country_code"]
        if country and mention.country_code and country != mention.country_code:
            return False
        return all(self.identifiers.get(scheme, value) == value for scheme, value in mention.identifiers)


class Institutions:
    """The institutions of one batch. `resolve` once with all mentions, then look up.

    Empty fields of institutions that are here already are filled from the mentions, unless `fill` is off.
    """

    def __init__(self, saving: Saving, *, fill: bool = True) -> None:
        self._saving, self._fill = saving, fill
        self._by_pk: dict[int, _Known] = {}
        self._by_identifier: dict[Identifier, _Known] = {}
        self._by_name: dict[str, list[_Known]] = defaultdict(list)
        self._by_alias: dict[str, list[_Known]] = defaultdict(list)
        self._found: dict[InstitutionMention, _Known] = {}
        self._disputed: set[Identifier] = set()
        self._new_identifiers: list[tuple[_Known, str, str]] = []

    def __getitem__(self, mention: InstitutionMention) -> int:
        return self._found[mention].pk

    @property
    def newly_identified(self) -> set[int]:
        """Institutions that got an identifier."""
        return {known.pk for known, *_ in self._new_identifiers}

    def resolve(self, mentions: Iterable[InstitutionMention]) -> None:
        wanted = list(dict.fromkeys(mentions))
        self._load(wanted)
        missing = []
        for mention in wanted:
            known = self._match(mention)
            if known is None:
                known = _Known(0, dict.fromkeys(FILLED, ""))
                self._by_name[names.institution_key(mention.name)].append(known)
                missing.append((mention, known))
            self._learn(known, mention)
            self._found[mention] = known
        self._add(missing)
        self._write_what_was_learned()

    def _load(self, mentions: list[InstitutionMention]) -> None:
        values = {value for mention in mentions for _, value in mention.identifiers}
        keys = {names.institution_key(mention.name) for mention in mentions}
        by_value = list(InstitutionIdentifier.objects.all().filter(value__among=values))
        self._disputed = {(row.scheme, row.value) for row in by_value if row.disputed}
        by_identifier = [((row.scheme, row.value), row.institution_id) for row in by_value if not row.disputed]
        by_name = rows_of(Institution.objects.order_by().values_list("name_key", "pk").filter(name_key__among=keys))
        aliases = InstitutionAlias.objects.values_list("name_key", "institution").distinct()
        by_alias = list(aliases.filter(name_key__among=keys))
        found = {pk for _, pk in by_identifier} | {pk for _, pk in by_name} | {pk for _, pk in by_alias}
        for pk, *filled in rows_of(Institution.objects.order_by().values_list("pk", *FILLED).filter(pk__among=found)):
            self._by_pk[pk] = _Known(pk, dict(zip(FILLED, filled, strict=True)))
        for row in InstitutionIdentifier.objects.filter(disputed=False).filter(institution__among=found):
            self._by_pk[row.institution_id].identifiers[row.scheme] = row.value
        for identifier, pk in by_identifier:
            self._by_identifier[identifier] = self._by_pk[pk]
        for index, pairs in ((self._by_name, by_name), (self._by_alias, by_alias)):
            for key, pk in sorted(pairs, key=lambda pair: pair[1]):
                index[key].append(self._by_pk[pk])

    def _match(self, mention: InstitutionMention) -> _Known | None:
        for identifier in mention.identifiers:
            if known := self._by_identifier.get(identifier):
                return known
        key = names.institution_key(mention.name)
        agreeing = [known for known in self._by_name[key] if known.agrees(mention)]
        if agreeing:
            return min(agreeing, key=lambda known: known.values["country_code"] != mention.country_code)
        aliased = [known for known in self._by_alias[key] if known.agrees(mention)]
        return aliased[0] if len(aliased) == 1 else None

    def _learn(self, known: _Known, mention: InstitutionMention) -> None:
        """Take over what the mention says and the catalogue does not know."""
        for name in FILLED if self._fill or not known.pk else ():
            if not known.values[name] and (value := getattr(mention, name)):
                known.values[name] = value
                known.filled.add(name)
        for scheme, value in mention.identifiers:
            free = (scheme, value) not in self._by_identifier and (scheme, value) not in self._disputed
            if free and scheme not in known.identifiers:
                known.identifiers[scheme] = value
                self._by_identifier[scheme, value] = known
                self._new_identifiers.append((known, scheme, value))

    def _add(self, missing: list[tuple[InstitutionMention, _Known]]) -> None:
        now, tags = self._saving.now, free_tags([(mention.name, mention.homepage) for mention, _ in missing])
        rows = []
        for (mention, known), pk, tag in zip(missing, reserve_ids(Institution, len(missing)), tags, strict=True):
            known.pk = pk
            filled = [known.values[name] for name in FILLED]
            rows.append((pk, mention.name, names.institution_key(mention.name), tag, *filled, now, now))
        columns = ["id", "name", "name_key", "tag", *FILLED, "created_at", "updated_at"]
        insert(Institution, columns, rows)

    def _write_what_was_learned(self) -> None:
        rows = [(known.pk, scheme, value, False) for known, scheme, value in self._new_identifiers]
        insert(InstitutionIdentifier, ["institution", "scheme", "value", "disputed"], rows, remembered=True)
        filled = [known for known in self._by_pk.values() if known.filled]
        owners = owners_of("I", [known.pk for known in filled]) if filled else {}
        watch_rows(Institution.objects.filter(pk__among=[known.pk for known in filled]))
        relocated = []
        for known in filled:
            locked = {name for name, owner in owners.get(known.pk, {}).items() if owner[0] == Provenance.EDITOR}
            if values := {name: known.values[name] for name in sorted(known.filled - locked)}:
                Institution.objects.filter(pk=known.pk).update(**values, updated_at=self._saving.now)
            if "country_code" in values:
                relocated.append(known.pk)
        index_papers_of_institutions(relocated, at_once=False)


def free_tags(wanted: list[tuple[str, str]]) -> list[str]:
    """A tag for each (name, home page) that nobody else has: the short one, else by name, else numbered."""
    choices = [(names.institution_tag(name, home), names.institution_tag(name)) for name, home in wanted]
    options = {tag for pair in choices for tag in pair}
    options |= {tag for _, by_name in choices for tag in _numbers(by_name, 2, FEW)}
    taken = _taken(options)
    tags = []
    for short, by_name in choices:
        tag = short if short not in taken else by_name
        if tag in taken:
            tag = _numbered(by_name, taken)
        taken.add(tag)
        tags.append(tag)
    return tags


def _numbered(tag: str, taken: set[str]) -> str:
    few = (free for free in _numbers(tag, 2, FEW) if free not in taken)  # these were looked up with all others
    more = (free for first in count(2 + FEW, NUMBERS_AT_ONCE) for free in _free_numbers(tag, first, taken))
    return next(chain(few, more))


def _free_numbers(tag: str, first: int, taken: set[str]) -> list[str]:
    tags = _numbers(tag, first, NUMBERS_AT_ONCE)
    there = taken | _taken(tags)
    return [numbered for numbered in tags if numbered not in there]


def _numbers(tag: str, first: int, many: int) -> list[str]:
    return [f"{tag}-{number}" for number in range(first, first + many)]


def _taken(tags: Iterable[str]) -> set[str]:
    return {tag for (tag,) in rows_of(Institution.objects.order_by().filter(tag__among=tags).values_list("tag"))}
