"""Finding people and institutions by their names: any variant, any order, with or without accents, initials too."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from authors import names
from papers.models import SearchWord
from papers.search import words
from papers.search.engines import engine
from papers.search.engines.base import AUTHORS, INSTITUTIONS, Row
from papers.search.scoring import ID_BITS
from papers.search.tree import Node, Nothing, Prefix, Word, all_of, any_of
from papers.search.vocabulary import completed

LONGEST = 300
MOST_WORDS = 6
CANDIDATES, WHILE_TYPING = 200, 60  # of which the best are taken


def name_node(text: str, *, typing: bool = False) -> Node:
    """Every word of the name, or the initial where the catalogue knows no more; one word at least in full.

    `typing`: the last word may be unfinished.
    """
    folded = names.fold(words.clean(text, LONGEST)).split()[:MOST_WORDS]
    if not folded:
        return Nothing()
    full: list[Node] = [Word(word) for word in folded]
    if typing and len(folded[-1]) > 1:
        full[-1] = any_of(full[-1], completed(Prefix(folded[-1]), kind=SearchWord.Kind.NAME, stems=False))
    if len(folded) == 1:
        return full[0]
    or_initial = [any_of(node, Word(word[0] + words.PAIR)) for node, word in zip(full, folded, strict=True)]
    return all_of(*or_initial, any_of(*(node for node, word in zip(full, folded, strict=True) if len(word) > 1)))


def institution_node(text: str, *, typing: bool = False) -> Node:
    split = words.split(words.clean(text, LONGEST))[:MOST_WORDS]
    nodes: list[Node] = [Word(stem) for word in split if (stem := words.stem(word))]
    if typing and nodes and len(split[-1]) > 1 and words.stem(split[-1]):
        nodes[-1] = any_of(nodes[-1], Prefix(split[-1]))
    return all_of(*nodes) if nodes else Nothing()


def authors_named(authors: QuerySet[Any], text: str) -> Any:
    """Those of `authors` who are called so by a public name."""
    return authors.filter(pk__in=RawSQL(*engine().people_keys(AUTHORS, name_node(text))))


def institutions_named(institutions: QuerySet[Any], text: str) -> Any:
    """Those of `institutions` whose name, alias or tag has every word of `text`."""
    return institutions.filter(pk__in=RawSQL(*engine().people_keys(INSTITUTIONS, institution_node(text))))


def best_authors(text: str, *, size: int, typing: bool = False) -> list[int]:
    """Keys of the people called so, the best known first; whose name is fully given comes before the others."""
    return _best(engine().people(AUTHORS, name_node(text, typing=typing), WHILE_TYPING if typing else CANDIDATES), text, size)


def best_institutions(text: str, *, size: int, typing: bool = False) -> list[int]:
    return _best(engine().people(INSTITUTIONS, institution_node(text, typing=typing), CANDIDATES), text, size)


def _best(rows: list[Row], text: str, size: int) -> list[int]:
    asked = [f" {word} " for word in names.fold(text).split()]

    def distance(row: Row) -> tuple[int, int]:
        """Words not found in full count as far as a thousandfold of papers."""
        missing = sum(1 for word in asked if word not in row[2])
        return missing, row[0] >> ID_BITS

    return [row[1] for row in sorted(rows, key=distance)[:size]]
