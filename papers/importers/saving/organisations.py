"""Saving records of institutions: names, aliases, identifiers, place, and who is part of whom."""

from collections.abc import Sequence
from typing import cast

from authors import names
from authors.curation.bulk import insert
from authors.models import Institution, InstitutionAlias, InstitutionIdentifier
from papers.importers.records import Identifier, InstitutionMention, InstitutionRecord, Note
from papers.importers.saving.context import Incoming, Owners, Saving, may_write, owners_of
from papers.importers.saving.institutions import Institutions
from papers.importers.saving.papers import write_provenance
from papers.models import InstitutionFigure

KIND = "I"
OWNED = ("name", "country_code", "city", "kind", "homepage")
STEPS_UP = 20  # no chain of parents is longer; guards against circles in the data


def save_institutions(batch: Sequence[Incoming], saving: Saving) -> None:
    """Save every record of `batch`; must run inside a transaction."""
    records = [cast(InstitutionRecord, incoming.record) for incoming in batch]
    resolved = Institutions(saving)
    newest = Institution.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    resolved.resolve(_mention(record) for record in records)
    keys = [resolved[_mention(record)] for record in records]
    owners = owners_of(KIND, keys)
    there = Institution.objects.in_bulk(keys)
    grown = _add_aliases(keys, records) | _add_identifiers(keys, batch, records, saving)
    given = []
    for incoming, record, key in zip(batch, records, keys, strict=True):
        written = _update(there[key], record, owners.get(key, {}), incoming)
        figures = _add_figures(there[key], record, incoming, saving)
        if key > newest:
            saving.created += 1
        elif written or figures or key in grown:
            saving.updated += 1
        else:
            saving.unchanged += 1
        given.append((key, incoming, sorted(OWNED if key > newest else written)))
    Institution.objects.bulk_update(there.values(), [*OWNED, "name_key", "updated_at"], batch_size=100)
    _relate(list(zip(keys, records, strict=True)))
    write_provenance(
        KIND, list({(key, incoming.me): (key, incoming, fields) for key, incoming, fields in given}.values()), saving
    )


def _mention(record: InstitutionRecord) -> InstitutionMention:
    """Found by what decides alone: ROR or OpenAlex id, else name and country."""
    deciding = tuple(given for given in record.identifiers if given[0] in ("ror", "openalex"))
    return InstitutionMention(
        record.name, deciding or record.identifiers[:1], record.country_code, record.kind, record.homepage
    )


def _update(institution: Institution, record: InstitutionRecord, owners: Owners, incoming: Incoming) -> list[str]:
    written = [
        name for name in OWNED
        if may_write(name, current=getattr(institution, name), incoming=getattr(record, name), owners=owners, me=incoming.me)
    ]  # fmt: skip
    for name in written:
        setattr(institution, name, getattr(record, name))
    institution.name_key = names.institution_key(institution.name)
    return written


def _add_aliases(keys: Sequence[int], records: Sequence[InstitutionRecord]) -> set[int]:
    there = set(InstitutionAlias.objects.filter(institution__in=keys).values_list("institution", "name"))
    own = dict(Institution.objects.filter(pk__in=keys).values_list("pk", "name"))
    wanted = dict.fromkeys(
        (key, name)
        for key, record in zip(keys, records, strict=True)
        for name in (record.name, *record.names, *record.acronyms)
    )
    fresh = [(key, name) for key, name in wanted if (key, name) not in there and name != own[key] and names.fold(name)]
    insert(
        InstitutionAlias, ["institution", "name", "name_key"], [(key, name, names.institution_key(name)) for key, name in fresh]
    )
    return {key for key, _ in fresh}


def _add_identifiers(
    keys: Sequence[int], batch: Sequence[Incoming], records: Sequence[InstitutionRecord], saving: Saving
) -> set[int]:
    values = {value for record in records for _, value in record.identifiers}
    rows = InstitutionIdentifier.objects.filter(value__in=values).values_list("scheme", "value", "institution")
    holders: dict[Identifier, int] = {(scheme, value): key for scheme, value, key in rows}
    fresh: dict[tuple[int, Identifier], bool] = {}
    for key, incoming, record in zip(keys, batch, records, strict=True):
        for identifier in record.identifiers:
            holder = holders.setdefault(identifier, key)
            if holder == key:
                fresh.setdefault((key, identifier), False)
            else:
                reason = f"{identifier[0]}:{identifier[1]} already belongs to I{holder}; not added to I{key}"
                saving.report(incoming.line, [Note("ids", reason)], record=record.name)
    there = set(InstitutionIdentifier.objects.filter(institution__in=keys).values_list("institution", "scheme", "value"))
    new = [(key, *identifier, False) for key, identifier in fresh if (key, *identifier) not in there]
    insert(InstitutionIdentifier, ["institution", "scheme", "value", "disputed"], new)
    return {row[0] for row in new}


def _add_figures(institution: Institution, record: InstitutionRecord, incoming: Incoming, saving: Saving) -> bool:
    grown = False
    for name, value in record.figures:
        figure = institution.figures.filter(name=name, origin="reported", source=incoming.source).first()
        if figure is None or figure.value != value:
            figure = figure or InstitutionFigure(subject=institution, name=name, origin="reported", source=incoming.source)
            figure.value, figure.as_of, grown = value, record.as_of or saving.today, True
            figure.save()
    return grown


def _relate(saved: Sequence[tuple[int, InstitutionRecord]]) -> None:
    """Set parents where both are here; either side may come first, and both name the other."""
    values = {value for _, record in saved for _, value in (*record.parents, *record.children)}
    rows = InstitutionIdentifier.objects.filter(scheme="ror", value__in=values, disputed=False).values_list(
        "value", "institution"
    )
    here = dict(rows)
    pairs = [(key, here[value]) for key, record in saved for _, value in record.parents if value in here]
    pairs += [(here[value], key) for key, record in saved for _, value in record.children if value in here]
    orphans = set(Institution.objects.filter(pk__in={child for child, _ in pairs}, parent=None).values_list("pk", flat=True))
    for child, parent in pairs:
        if child in orphans and not _is_below(parent, child):
            Institution.objects.filter(pk=child).update(parent=parent)
            orphans.discard(child)


def _is_below(institution: int, other: int) -> bool:
    """Is `institution` the other one, or part of it at any depth?"""
    above: int | None = institution
    for _ in range(STEPS_UP):
        if above is None or above == other:
            return above is not None
        above = Institution.objects.filter(pk=above).values_list("parent", flat=True).first()
    return True
