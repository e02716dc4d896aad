"""The words that titles and names are written with: for completing what is being typed, and for "did you mean"."""

import re
from collections import Counter
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from papers.models import SearchWord
from papers.search import words
from papers.search.engines import engine
from papers.search.tree import Node, Prefix, Word, any_of

COMPLETIONS = 8
_UPSERT = """INSERT INTO papers_searchword (kind, word, stem, uses) VALUES (%s, %s, %s, %s)
    ON CONFLICT (kind, word) DO UPDATE SET uses = papers_searchword.uses + EXCLUDED.uses"""

_TAKE_OFF = (
    """UPDATE papers_searchword SET uses = CASE WHEN uses > %s THEN uses - %s ELSE 0 END WHERE kind = %s AND word = %s"""
)


def count_words(kind: str, texts: Iterable[str], *, gone: bool = False) -> None:
    """Add what `texts` use to the counts, or take off what texts used that are `gone`: once a text."""
    used: Counter[str] = Counter()
    for text in texts:
        used.update(words.countable(text))
    if used and gone:
        with connection.cursor() as cursor:
            cursor.executemany(_TAKE_OFF, [(count, count, kind, word) for word, count in sorted(used.items())])
        SearchWord.objects.filter(kind=kind, word__among=list(used), uses=0).delete()
    elif used:
        rows = [(kind, word, words.stem(word) or word, count) for word, count in sorted(used.items())]
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, rows)


def completed(node: Prefix, *, kind: str = SearchWord.Kind.TITLE, stems: bool = True) -> Node:
    """The most used words that begin so, in place of the beginning: as stems, or as they are written."""
    found = engine().completions(kind, node.start, COMPLETIONS)
    own = words.stem(node.start) or node.start
    return any_of(*(Word(stem if stems else word, node.field) for word, stem in found), Word(own, node.field))


# --- did you mean -----------------------------------------------------------------------------------------------------------

NEAREST, FARTHEST = 2, 0.34  # letters that may differ, and of the word's letters at most this part
CANDIDATES = 20_000


def suggestion(text: str, typed: Iterable[str]) -> str:
    """`text` with every word that nothing here is written with replaced by the nearest that is; "" when nothing helps."""
    better = text
    for word in dict.fromkeys(typed):
        if words.stem(word) and len(word) > 3 and (found := nearest(word)):
            better = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", found, better, count=1, flags=re.IGNORECASE)
    return better if better != text else ""


def nearest(word: str) -> str:
    """The known word most like `word`, the most used of equals; "" if `word` itself is known or none is near."""
    known = SearchWord.objects.filter(word=word)
    if known.exists():
        return ""
    most = min(NEAREST, int(len(word) * FARTHEST))
    found = [(OSA.distance(word, other, score_cutoff=most), -uses, other) for other, uses in _alike(word, most)]
    near = [candidate for candidate in found if candidate[0] <= most]
    return min(near)[2] if near else ""


def _alike(word: str, most: int) -> list[tuple[str, int]]:
    """Known words of about this length that begin with one of its first two letters: hardly anybody mistypes both."""
    starts = Q(word__startswith=word[0]) | Q(word__startswith=word[1])
    lengths = range(len(word) - most, len(word) + most + 1)
    rows = SearchWord.objects.annotate(length=Length("word")).filter(starts, length__in=lengths)
    return list(rows.order_by("-uses").values_list("word", "uses")[:CANDIDATES])
