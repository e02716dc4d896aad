"""What editors look for in long lists: by the search index, and beside it for what that leaves out.

The index holds published papers, and the public names of people whom a published paper names. Editors look for drafts,
hidden people and hidden names too: these are few, have indexes of their own, and are read one by one. Of more than MOST
matches the best known are taken.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from authors import names
from authors.models import Affiliation, Author, AuthorName, Institution
from papers.expressions import known_count
from papers.models import AuthorMetrics, Authorship, AuthorshipAffiliation, Paper, PaperEntry, PaperInstitution
from papers.search import words
from papers.search.engines import engine
from papers.search.engines.base import AUTHORS, KEY, Match
from papers.search.people import name_node
from papers.search.tree import Node, Nothing, Prefix, Word, all_of, any_of

MOST = 5_000
LONGEST, MOST_WORDS = 300, 8
SHORTEST_START = 3  # letters of a last word that may be unfinished


# --- words of titles ---------------------------------------------------------------------------------------------------


def _unpublished() -> Any:
    """In no order: asked for one, SQLite would rather walk along it than enter the index of these few."""
    return Paper.objects.exclude(state=Paper.State.PUBLISHED).order_by()


def _some(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True)[: MOST + 1])


def _together(left_out: list[int], indexed: Iterable[int]) -> list[int]:
    """One more than MOST at most: enough to tell that there are more."""
    return [*dict.fromkeys([*left_out, *indexed])][: MOST + 1]


def _beginning(word: str, stem: str, field: str, *, last: bool) -> Node:
    whole = Word(stem, field)
    return any_of(whole, Prefix(word, field)) if last and len(word) >= SHORTEST_START else whole


def _indexed(given: list[str], field: str, *, keep_all: bool = False) -> list[int]:
    """Papers with every word in `field`, of the last one at least the beginning; `keep_all`: function words too."""
    stems = [(word, words.stem(word) or (word if keep_all else "")) for word in given]
    kept = [(word, stem) for word, stem in stems if stem]
    nodes = [_beginning(word, stem, field, last=number == len(kept)) for number, (word, stem) in enumerate(kept, start=1)]
    match = Match(all_of(*nodes) if nodes else Nothing())
    return [rank & KEY for rank in engine().ranks(match, after=-1, offset=0, limit=MOST + 1)]


def titled(text: str) -> list[int]:
    """Keys of papers with the words in the title; drafts too."""
    asked = words.clean(text, LONGEST)
    return _together(_some(_unpublished().titled(asked)), _indexed(words.split(asked)[:MOST_WORDS], "title"))


# --- names -------------------------------------------------------------------------------------------------------------


def _folded(text: str) -> list[str]:
    return names.fold(words.clean(text, LONGEST)).split()[:MOST_WORDS]


def _has(field: str, folded: list[str]) -> Q:
    return Q(*(Q(**{f"{field}__contains": word}) for word in folded))


def _hidden() -> Any:
    return Author.objects.exclude(visibility=Author.Visibility.AUTOMATIC).order_by().values("pk")


def counted_nowhere() -> Any:
    """People without a paper that counts."""
    counted = AuthorMetrics.objects.annotate(known=known_count("papers_count")).filter(known__lte=0)
    return counted.order_by().values("author")


def called(text: str) -> list[int]:
    """Keys of people who go or went by the name, hidden people and hidden names too."""
    folded = _folded(text)
    if not folded:
        return []
    indexed = engine().people(AUTHORS, name_node(text, typing=True), MOST + 1)
    known = AuthorName.objects.filter(_has("search_key", folded)).order_by().values("author")
    left_out = known.filter(public=False).union(known.filter(author__in=_hidden()), known.filter(author__in=counted_nowhere()))
    return _together([row["author"] for row in left_out[:MOST]], [row[1] for row in indexed])


def lines_called(text: str) -> Q:
    """Authorships that print the name; those of drafts, and of people whom the index leaves out, too."""
    folded = _folded(text)
    if not folded:
        return Q(pk=None)
    renamed = AuthorName.objects.filter(public=False).order_by().values("author")
    left_out = Authorship.objects.filter(author__in=_hidden().union(renamed)).order_by().values("paper")
    papers = left_out.union(_unpublished().values("pk"))[:MOST]
    found = _together([row["paper"] for row in papers], _indexed(folded, "names", keep_all=True))
    lines = Authorship.objects.filter(_has("name_key", folded), paper__among=found).order_by()
    return Q(pk__among=_some(lines))


def affiliations_said(text: str) -> Q:
    """Affiliations resolved to an institution called so, and of the unresolved those that say so."""
    asked = words.clean(text, LONGEST).split()[:MOST_WORDS]
    institutions = _some(Institution.objects.named(" ".join(asked)).order_by()) if asked else []
    rows = AuthorshipAffiliation.objects.order_by()
    said = rows.filter(*(Q(raw__icontains=word) for word in asked), institution=None) if asked else rows.none()
    return Q(pk__among=_together(_some(said), _some(rows.filter(institution__among=institutions))))


# --- gaps --------------------------------------------------------------------------------------------------------------


def without_institution(*, searched: bool) -> Q:
    """The newest such papers; of the published ones the index knows. All of them, where a search finds few to look at."""
    nowhere = ~Exists(PaperInstitution.objects.filter(paper=OuterRef("pk")))
    if searched:
        return Q(nowhere)
    indexed = PaperEntry.objects.filter(institutions="").order_by("-paper_id").values_list("paper_id", flat=True)[: MOST + 1]
    return Q(pk__among=_together(_some(_unpublished().filter(nowhere)), indexed))


def without_affiliation(*, searched: bool) -> Q:
    """The newest such people. All of them, where a search finds few to look at."""
    stay = Affiliation.objects.filter(author=OuterRef("pk"))
    stated = AuthorshipAffiliation.objects.filter(authorship__author=OuterRef("pk"), institution__isnull=False)
    lacking = Q(~Exists(stay), ~Exists(stated))
    return lacking if searched else Q(pk__among=_some(Author.objects.filter(lacking).order_by("-pk")))
