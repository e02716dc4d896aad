"""People who may be one: who is compared with whom, and what the catalogue knows of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Max

from authors import names
from authors.curation.bulk import rows_of
from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName, Institution
from papers.duplicates.blocks import Pair, ordered, pairs_of, sharing
from papers.duplicates.scoring.people import Frequencies, Person, compare
from papers.duplicates.scoring.points import Point
from papers.models import AuthorMetrics, Authorship, AuthorshipAffiliation, SearchWord

CROWD = 100  # papers with more authors prove nothing about who knows whom


def pairs(keys: Sequence[int]) -> set[Pair]:
    """These people with everyone of the same name, or of a name that fits."""
    known = AuthorName.objects.filter(author__among=keys).order_by()
    rows = rows_of(known.values_list("author", "name", "search_key", "short_key"))
    same = sharing(AuthorName.objects.all(), "search_key", "author", {key for _, _, key, _ in rows})
    found = {*pairs_of(((author, key) for author, _, key, _ in rows), same)}
    fitting = sharing(AuthorName.objects.all(), "short_key", "author", {short for *_, short in rows})
    called = _names({author for holders in fitting.values() for author in holders if len(holders) > 1})
    for author, name, _, short in rows:
        for other in fitting.get(short, ()):
            if other != author and any(names.compatible(name, theirs) for theirs in called[other]):
                found.add(ordered(author, other))
    return found


def evidence(chosen: Iterable[Pair]) -> dict[Pair, list[Point]]:
    chosen = list(chosen)
    people = known_of({key for pair in chosen for key in pair})
    frequencies = _frequencies(people.values())
    return {pair: compare(people[pair[0]], people[pair[1]], frequencies) for pair in chosen}


def known_of(keys: Collection[int]) -> dict[int, Person]:
    """What the catalogue knows of these people, in one query for each kind of fact."""
    chosen = sorted(keys)
    people = {key: Person() for key in chosen}
    for key, called in _names(chosen).items():
        people[key].names |= called
    identifiers = AuthorIdentifier.objects.filter(author__among=chosen).order_by().values_list("author", "scheme", "value")
    for key, scheme, value in rows_of(identifiers):
        people[key].identifiers.setdefault(scheme, set()).add(value)
    for key, category in rows_of(AuthorMetrics.objects.filter(author__among=chosen).values_list("author", "primary_category")):
        people[key].category = category or ""
    _add_papers(people, chosen)
    _add_institutions(people, chosen)
    return people


def _names(keys: Iterable[int]) -> dict[int, set[str]]:
    called: dict[int, set[str]] = defaultdict(set)
    for key, name in rows_of(AuthorName.objects.filter(author__among=sorted(keys)).order_by().values_list("author", "name")):
        called[key].add(name)
    return called


def _add_papers(people: dict[int, Person], keys: list[int]) -> None:
    written = Authorship.objects.filter(author__among=keys).order_by()
    for key, paper, year in rows_of(written.values_list("author", "paper", "paper__year")):
        people[key].papers.add(paper)
        people[key].years.update([year] if year else [])
    beside = written.filter(paper__authors_count__lte=CROWD)
    named = beside.values_list("author", "paper__authorships__name_key", "paper__authorships__raw_name")
    for key, name_key, name in rows_of(named):
        people[key].coauthors[name_key] = name


def _add_institutions(people: dict[int, Person], keys: list[int]) -> None:
    stated = AuthorshipAffiliation.objects.filter(institution__isnull=False, authorship__author__among=keys).order_by()
    stays = Affiliation.objects.filter(author__among=keys).order_by().values_list("author", "institution")
    rows = [*rows_of(stated.values_list("authorship__author", "institution").distinct()), *rows_of(stays)]
    called = dict(rows_of(_called({institution for _, institution in rows})))
    for key, institution in rows:
        people[key].institutions[institution] = called.get(institution, "")


def _called(institutions: Collection[int]) -> Any:
    return Institution.objects.filter(pk__among=sorted(institutions)).order_by().values_list("pk", "name")


def _frequencies(people: Iterable[Person]) -> Frequencies:
    """Of all words in the names of these people and their co-authors."""
    words = {word for person in people for name in person.names for word in names.fold(name).split()}
    words |= {word for person in people for key in person.coauthors for word in key.split()}
    known = SearchWord.objects.filter(kind=SearchWord.Kind.NAME, word__among=sorted(words)).order_by()
    return Frequencies(dict(rows_of(known.values_list("word", "uses"))), Author.objects.aggregate(last=Max("pk"))["last"] or 0)
