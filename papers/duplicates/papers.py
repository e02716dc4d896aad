"""Papers that may be one: which are compared, and what the catalogue knows of them."""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from authors.curation.bulk import rows_of
from papers.duplicates.blocks import Pair, meeting
from papers.duplicates.scoring.papers import Work, compare
from papers.duplicates.scoring.points import Point
from papers.models import Authorship, Paper, PaperEntry, PaperIdentifier
from papers.search.documents import title_key

AUTHORS_COMPARED = 100


def pairs(keys: Sequence[int]) -> set[Pair]:
    """These papers with every other of the same identifier, fingerprint or beginning of the title.

    Titles are those of published papers; a draft is found by its title, and finds others, as soon as one is published.
    """
    identifiers = rows_of(PaperIdentifier.objects.filter(paper__among=keys).order_by().values_list("paper", "value"))
    values = rows_of(Paper.objects.filter(pk__among=keys).order_by().values_list("pk", "fingerprint", "title"))
    prints, titles = [(key, of_it) for key, of_it, _ in values], [(key, title_key(title)) for key, _, title in values]
    return {
        *meeting(identifiers, PaperIdentifier.objects.all(), "value", "paper"),
        *meeting(prints, Paper.objects.exclude(fingerprint=""), "fingerprint", "pk"),
        *meeting(titles, PaperEntry.objects.all(), "title_key", "paper"),
    }


def evidence(chosen: Iterable[Pair]) -> dict[Pair, list[Point]]:
    chosen = list(chosen)
    works = known_of({*chain.from_iterable(chosen)})
    return {pair: compare(works[pair[0]], works[pair[1]]) for pair in chosen if pair[0] in works and pair[1] in works}


def known_of(keys: Collection[int]) -> dict[int, Work]:
    """What the catalogue knows of these papers; withdrawn ones are left out."""
    chosen = sorted(keys)
    rows = Paper.objects.filter(pk__among=chosen).exclude(state=Paper.State.WITHDRAWN).order_by()
    facts = rows_of(rows.values_list("pk", "title", "year", "type", "venue__name", "fingerprint"))
    works = {key: Work(title, year, kind, venue or "", mark) for key, title, year, kind, venue, mark in facts}
    lines = Authorship.objects.filter(paper__among=list(works), position__lte=AUTHORS_COMPARED).order_by("paper", "position")
    for key, name in rows_of(lines.values_list("paper", "raw_name")):
        works[key].authors.append(name)
    identifiers = PaperIdentifier.objects.filter(paper__among=list(works)).order_by().values_list("paper", "scheme", "value")
    for key, scheme, value in rows_of(identifiers):
        works[key].identifiers.setdefault(scheme, set()).add(value)
    return works
