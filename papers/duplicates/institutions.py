"""Institutions that may be one: which are compared, and what the catalogue knows of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, product

from authors.curation.bulk import rows_of
from authors.models import Institution, InstitutionAlias, InstitutionIdentifier
from papers.duplicates.blocks import Pair, meeting, pairs_of, sharing
from papers.duplicates.scoring.institutions import Place, compare, domain
from papers.duplicates.scoring.points import Point


def pairs(keys: Sequence[int]) -> set[Pair]:
    """These institutions with every other of the same name, further name, identifier or home page."""
    places = known_of(keys).items()
    called = [(key, name) for key, place in places for name in {place.name_key, *place.aliases}]
    given = [(key, value) for key, place in places for values in place.identifiers.values() for value in values]
    pages = [(key, where) for key, place in places if (where := domain(place.homepage))]
    named = _merged(
        sharing(Institution.objects.all(), "name_key", "pk", (name for _, name in called)),
        sharing(InstitutionAlias.objects.all(), "name_key", "institution", (name for _, name in called)),
    )
    return {
        *pairs_of(called, named),
        *meeting(given, InstitutionIdentifier.objects.all(), "value", "institution"),
        *pairs_of(pages, _at_home_pages({where for _, where in pages})),
    }


def _merged(*holders: dict[str, set[int]]) -> dict[str, set[int]]:
    merged: dict[str, set[int]] = defaultdict(set)
    for value, keys in chain.from_iterable(found.items() for found in holders):
        merged[value] |= keys
    return merged


def _at_home_pages(domains: Collection[str]) -> dict[str, set[int]]:
    """By domain the institutions whose home page is its first page, however it is written."""
    ways = product(("https://", "http://"), ("", "www."), domains, ("", "/"))
    holders: dict[str, set[int]] = defaultdict(set)
    for address, keys in sharing(Institution.objects.all(), "homepage", "pk", set(map("".join, ways))).items():
        holders[domain(address)] |= keys
    return holders


def evidence(chosen: Iterable[Pair]) -> dict[Pair, list[Point]]:
    chosen = list(chosen)
    places = known_of({*chain.from_iterable(chosen)})
    # Somebody may delete one meanwhile.
    return {pair: compare(places[pair[0]], places[pair[1]]) for pair in chosen if pair[0] in places and pair[1] in places}


def known_of(keys: Collection[int]) -> dict[int, Place]:
    rows = Institution.objects.filter(pk__among=sorted(keys)).order_by()
    facts = rows.values_list("pk", "name", "name_key", "country_code", "city", "homepage", "parent")
    places = {
        key: Place(key, name, name_key, set(), country, city, homepage, parent)
        for key, name, name_key, country, city, homepage, parent in rows_of(facts)
    }
    aliases = InstitutionAlias.objects.filter(institution__among=list(places)).order_by().values_list("institution", "name_key")
    for key, name_key in rows_of(aliases):
        places[key].aliases.add(name_key)
    identifiers = InstitutionIdentifier.objects.filter(institution__among=list(places)).order_by()
    for key, scheme, value in rows_of(identifiers.values_list("institution", "scheme", "value")):
        places[key].identifiers.setdefault(scheme, set()).add(value)
    return places
