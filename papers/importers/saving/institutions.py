"""Finding the institutions that records mention, and adding those the catalogue does not have yet.

By identifier (ROR, OpenAlex), else by normalised name, else by an alias that only one institution has. Two institutions
of one name in different countries are two; an unknown country agrees with any.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from authors import names
from authors.curation.bulk import insert, reserve_ids
from authors.models import Institution, InstitutionAlias, InstitutionIdentifier
from papers.importers.records import Identifier, InstitutionMention
from papers.importers.saving.context import Saving

FILLED = ("country_code", "kind", "homepage")


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
    """The institutions of one batch. `resolve` once with all mentions, then look up."""

    def __init__(self, saving: Saving) -> None:
        self._saving = saving
        self._by_pk: dict[int, _Known] = {}
        self._by_identifier: dict[Identifier, _Known] = {}
        self._by_name: dict[str, list[_Known]] = defaultdict(list)
        self._by_alias: dict[str, list[_Known]] = defaultdict(list)
        self._found: dict[InstitutionMention, _Known] = {}
        self._new_identifiers: list[tuple[_Known, str, str]] = []

    def __getitem__(self, mention: InstitutionMention) -> int:
        return self._found[mention].pk

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
        by_value = InstitutionIdentifier.objects.filter(value__in=values, disputed=False)
        by_identifier = [((row.scheme, row.value), row.institution_id) for row in by_value]
        by_name = list(Institution.objects.filter(name_key__in=keys).values_list("name_key", "pk"))
        by_alias = list(InstitutionAlias.objects.filter(name_key__in=keys).values_list("name_key", "institution").distinct())
        found = {pk for _, pk in by_identifier} | {pk for _, pk in by_name} | {pk for _, pk in by_alias}
        for pk, *filled in Institution.objects.filter(pk__in=found).values_list("pk", *FILLED):
            self._by_pk[pk] = _Known(pk, dict(zip(FILLED, filled, strict=True)))
        for row in InstitutionIdentifier.objects.filter(institution__in=found, disputed=False):
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
        for name in FILLED:
            if not known.values[name] and (value := getattr(mention, name)):
                known.values[name] = value
                known.filled.add(name)
        for scheme, value in mention.identifiers:
            if scheme not in known.identifiers and (scheme, value) not in self._by_identifier:
                known.identifiers[scheme] = value
                self._by_identifier[scheme, value] = known
                self._new_identifiers.append((known, scheme, value))

    def _add(self, missing: list[tuple[InstitutionMention, _Known]]) -> None:
        now, tags = self._saving.now, free_tags([(mention.name, mention.homepage) for mention, _ in missing])
        rows = []
        for (mention, known), pk, tag in zip(missing, reserve_ids(Institution, len(missing)), tags, strict=True):
            known.pk = pk
            filled = [known.values[name] for name in FILLED]
            rows.append((pk, mention.name, names.institution_key(mention.name), tag, "", *filled, now, now))
        columns = ["id", "name", "name_key", "tag", "city", *FILLED, "created_at", "updated_at"]
        insert(Institution, columns, rows)

    def _write_what_was_learned(self) -> None:
        rows = [(known.pk, scheme, value, False) for known, scheme, value in self._new_identifiers]
        insert(InstitutionIdentifier, ["institution", "scheme", "value", "disputed"], rows)
        for known in self._by_pk.values():
            if known.filled:
                values = {name: known.values[name] for name in sorted(known.filled)}
                Institution.objects.filter(pk=known.pk).update(**values, updated_at=self._saving.now)


def free_tags(wanted: list[tuple[str, str]]) -> list[str]:
    """A tag for each (name, home page) that nobody else has: the short one, else by name, else numbered."""
    choices = [(names.institution_tag(name, home), names.institution_tag(name)) for name, home in wanted]
    options = {tag for pair in choices for tag in pair}
    taken = set(Institution.objects.filter(tag__in=options).values_list("tag", flat=True))
    tags = []
    for short, by_name in choices:
        tag = short if short not in taken else by_name
        if tag in taken:
            tag = _numbered(by_name, taken)
        taken.add(tag)
        tags.append(tag)
    return tags


def _numbered(tag: str, taken: set[str]) -> str:
    taken |= set(Institution.objects.filter(tag__startswith=f"{tag}-").values_list("tag", flat=True))
    number = 2
    while f"{tag}-{number}" in taken:
        number += 1
    return f"{tag}-{number}"
