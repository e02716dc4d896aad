"""Saving records of institutions: names, aliases, identifiers, place, and who is part of whom."""

from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from authors import names
from authors.curation.bulk import insert
from authors.curation.models import Provenance
from authors.curation.recording import watch_rows
from authors.models import Institution, InstitutionAlias, InstitutionIdentifier
from papers.importers.records import Identifier, InstitutionMention, InstitutionRecord, Note
from papers.importers.saving.context import Incoming, Owners, Saving, may_write, owners_of
from papers.importers.saving.institutions import Institutions
from papers.importers.saving.papers import write_provenance
from papers.models import InstitutionFigure
from papers.search.indexing import index_institutions, index_papers_of_institutions

KIND = "I"
OWNED = ("name", "country_code", "city", "kind", "homepage")

Me = tuple[str, str]  # a source's record, as provenance names it
Saved = tuple[int, InstitutionRecord, Incoming]


def save_institutions(batch: Sequence[Incoming], saving: Saving) -> None:
    """Save every record of `batch`; must run inside a transaction."""
    records = [cast(InstitutionRecord, incoming.record) for incoming in batch]
    resolved = Institutions(saving, fill=False)
    newest = Institution.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    resolved.resolve(_mention(record) for record in records)
    saved = [(resolved[_mention(record)], record, incoming) for record, incoming in zip(records, batch, strict=True)]
    keys = [key for key, *_ in saved]
    watch_rows(Institution.objects.filter(pk__among=[key for key in keys if key <= newest]))
    owners = owners_of(KIND, keys)
    written = _update([row for row in saved if row[0] <= newest], owners, saving)
    grown = resolved.newly_identified | _add_aliases(saved, owners) | _add_identifiers(saved, owners, saving)
    grown |= _add_figures(saved, saving)
    new = {key for key in keys if key > newest}
    saving.created += len(new)
    for key, _, incoming in saved:
        if key in new:
            new.discard(key)
        elif key > newest or key in grown or (key, incoming.me) in written:
            saving.updated += 1
        else:
            saving.unchanged += 1
    _relate([(key, record) for key, record, _ in saved], owners)
    given = {(key, incoming.me): (key, incoming, _owned(key > newest, record, written.get((key, incoming.me))))
             for key, record, incoming in saved}  # fmt: skip
    write_provenance(KIND, list(given.values()), saving)
    index_institutions(keys)
    index_papers_of_institutions({key for (key, _), fields in written.items() if "country_code" in fields}, at_once=False)


def _owned(is_new: bool, record: InstitutionRecord, written: list[str] | None) -> list[str]:
    return [name for name in OWNED if getattr(record, name)] if is_new else written or []


def _mention(record: InstitutionRecord) -> InstitutionMention:
    """Found by what decides alone: ROR or OpenAlex id, else name and country."""
    deciding = tuple(given for given in record.identifiers if given[0] in ("ror", "openalex"))
    return InstitutionMention(
        record.name, deciding or record.identifiers[:1], record.country_code, record.kind, record.homepage, record.city
    )


def _is_locked(owners: Owners, name: str) -> bool:
    return owners.get(name, ("",))[0] == Provenance.EDITOR


def _update(saved: Sequence[Saved], owners: dict[int, Owners], saving: Saving) -> dict[tuple[int, Me], list[str]]:
    """Fields written, by institution and record. A name that changes stays as an alias, so that it is still found."""
    there = Institution.objects.in_bulk([key for key, *_ in saved])
    former = {key: institution.name for key, institution in there.items()}
    written: dict[tuple[int, Me], list[str]] = {}
    for key, record, incoming in saved:
        for name in OWNED:
            value, current = getattr(record, name), getattr(there[key], name)
            if may_write(name, current=current, incoming=value, owners=owners.get(key, {}), me=incoming.me):
                setattr(there[key], name, value)
                written.setdefault((key, incoming.me), []).append(name)
    changed = [there[key] for key in sorted({key for key, _ in written})]
    for institution in changed:
        institution.name_key, institution.updated_at = names.institution_key(institution.name), saving.now
        if former[institution.pk] != institution.name:
            InstitutionAlias.objects.get_or_create(institution=institution, name=former[institution.pk])
    Institution.objects.bulk_update(changed, [*OWNED, "name_key", "updated_at"], batch_size=100)
    return written


def _add_aliases(saved: Sequence[Saved], owners: dict[int, Owners]) -> set[int]:
    open_to = [(key, record) for key, record, _ in saved if not _is_locked(owners.get(key, {}), "aliases")]
    keys = {key for key, _ in open_to}
    there = set(InstitutionAlias.objects.filter(institution__among=keys).values_list("institution", "name"))
    own = dict(Institution.objects.filter(pk__among=keys).values_list("pk", "name"))
    wanted = dict.fromkeys((key, name) for key, record in open_to for name in (record.name, *record.names, *record.acronyms))
    fresh = [(key, name) for key, name in wanted if (key, name) not in there and name != own[key] and names.fold(name)]
    rows = [(key, name, names.institution_key(name)) for key, name in fresh]
    insert(InstitutionAlias, ["institution", "name", "name_key"], rows, remembered=True)
    return {key for key, _ in fresh}


def _add_identifiers(saved: Sequence[Saved], owners: dict[int, Owners], saving: Saving) -> set[int]:
    values = {value for _, record, _ in saved for _, value in record.identifiers}
    rows = list(InstitutionIdentifier.objects.values_list("scheme", "value", "institution").filter(value__among=values))
    holders: dict[Identifier, set[int]] = defaultdict(set)
    for scheme, value, key in rows:
        holders[scheme, value].add(key)
    new = []
    for key, record, incoming in saved:
        for identifier in record.identifiers:
            if key in holders[identifier] or _is_locked(owners.get(key, {}), "identifiers"):
                continue
            if others := holders[identifier]:
                reason = f"{':'.join(identifier)} already belongs to I{min(others)}; not added to I{key}"
                saving.report(incoming.line, [Note("ids", reason)], record=record.name)
                continue
            holders[identifier].add(key)
            new.append((key, *identifier, False))
    insert(InstitutionIdentifier, ["institution", "scheme", "value", "disputed"], new, remembered=True)
    return {row[0] for row in new}


def _add_figures(saved: Sequence[Saved], saving: Saving) -> set[int]:
    rows = InstitutionFigure.objects.filter(
        subject__among=[key for key, record, _ in saved if record.figures], origin="reported"
    )
    there = {(row.subject_id, row.name, row.source): row for row in rows}
    grown = set()
    for key, record, incoming in saved:
        for name, value in record.figures:
            place = key, name, incoming.source
            figure = there.setdefault(
                place, InstitutionFigure(subject_id=key, name=name, origin="reported", source=incoming.source)
            )
            if figure.value != value:
                figure.value, figure.as_of = value, record.as_of or saving.today
                figure.save()
                grown.add(key)
    return grown


def _relate(saved: Sequence[tuple[int, InstitutionRecord]], owners: dict[int, Owners]) -> None:
    """Set parents where both are here; either side may come first, and both name the other."""
    values = {value for _, record in saved for _, value in (*record.parents, *record.children)}
    rows = InstitutionIdentifier.objects.filter(scheme="ror", disputed=False).values_list("value", "institution")
    here = dict(rows.filter(value__among=values))
    pairs = [(key, here[value]) for key, record in saved for _, value in record.parents if value in here]
    pairs += [(here[value], key) for key, record in saved for _, value in record.children if value in here]
    above = _parents_above({key for pair in pairs for key in pair})
    owners = owners | owners_of(KIND, {child for child, _ in pairs} - owners.keys())
    placed = []
    for child, parent in pairs:
        if above[child] is None and not _is_below(parent, child, above) and not _is_locked(owners.get(child, {}), "parent"):
            above[child] = parent
            placed.append(Institution(pk=child, parent_id=parent))
    watch_rows(Institution.objects.filter(pk__among=[institution.pk for institution in placed]))
    Institution.objects.bulk_update(placed, ["parent"], batch_size=200)


def _parents_above(institutions: set[int]) -> dict[int, int | None]:
    """The parent of each institution and of all above it."""
    above: dict[int, int | None] = {}
    wanted = institutions
    while wanted:
        above |= dict(Institution.objects.values_list("pk", "parent").filter(pk__among=wanted))
        wanted = {parent for parent in above.values() if parent is not None} - above.keys()
    return above


def _is_below(institution: int, other: int, above: dict[int, int | None]) -> bool:
    """Is `institution` the other one, or part of it at any depth?"""
    at: int | None = institution
    passed = set()
    while at is not None and at not in passed:
        if at == other:
            return True
        passed.add(at)
        at = above[at]
    return False
