"""Ranked search, counts and facets by kinds of queries, on the database at hand; against the exact and the naive ranking."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection

from papers.management.benchmarks.timing import median_and_p95, percentile, table, timed
from papers.models import PaperText
from papers.search import finding, relevance
from papers.search.engines import postgresql, sqlite
from papers.search.engines.base import Match, query
from papers.search.finding import RELEVANCE, Count, Facets, Search, total
from papers.search.resolving import Resolver
from papers.search.scoring import text_score, weight_at
from papers.search.tree import And, Between, Node, Phrase, Word

PAGE = 25
SAMPLE = 3_000  # papers whose words tell how common a word is
AT_ONCE = 20_000  # texts in memory
EXACT_QUERIES, NAIVE_QUERIES = 10, 5  # of each kind: they take seconds each


@dataclass(frozen=True)
class Kind:
    """A kind of query; `limit` is what its 95th percentile is held against, in milliseconds."""

    name: str
    limit: int | None
    queries: list[Node]


def measure_search(*, queries: int, seed: int) -> Iterator[str]:
    """Lines of Markdown, as they are measured."""
    kinds = list(_kinds(queries, random.Random(seed)))  # noqa: S311 - the same queries every time is what is wanted
    yield f"{total():,} papers, {queries} queries of each kind, seed {seed}; milliseconds: median / 95th percentile"
    yield ""
    yield from table(
        ["kind of query", "matches", "first page", "limit", "count", "facets", "page + count + facets", "naive", "times faster",
         "of the exact first 25"],
        (_row(kind) for kind in kinds),
    )  # fmt: skip
    yield ""
    yield "Candidates that are scored, against time and the exact ranking (median ms / of 25, over all kinds):"
    yield ""
    yield from table(
        ["candidates", *(kind.name for kind in kinds)],
        (_curve(number, kinds) for number in (100, 200, 500, 1_000, 2_000, 5_000, 0)),
    )


def _kinds(queries: int, dice: random.Random) -> Iterator[Kind]:
    texts = _sample(dice)
    used = Counter(stem for title, abstract in texts for stem in {*title, *abstract} if stem.isalpha() and len(stem) > 2)
    shares = {stem: count / len(texts) for stem, count in used.items()}
    common = sorted(shares, key=lambda stem: (abs(shares[stem] - 0.45), stem))[:8]
    middle = sorted(stem for stem, share in shares.items() if 0.02 < share < 0.1)
    rare = sorted(stem for stem, share in shares.items() if share < 0.001)
    yield Kind("common word", 40, _pick(dice, queries, lambda: Word(dice.choice(common))))
    yield Kind("middling word", None, _pick(dice, queries, lambda: Word(dice.choice(middle))))
    yield Kind("rare word", 40, _pick(dice, queries, lambda: Word(dice.choice(rare))))
    yield Kind("word in the title", 40, _pick(dice, queries, lambda: Word(dice.choice(middle), "title")))
    names = [name for name in _names(dice) if name]
    yield Kind("author's name", 40, _pick(dice, queries, lambda: Word(dice.choice(names), "names")))
    yield Kind("two-word phrase", 100, _pick(dice, queries, lambda: _phrase(dice, texts)))
    yield Kind("three words", 100, _pick(dice, queries, lambda: _words(dice, texts, 3)))
    yield Kind("common word, three years", 100, _pick(dice, queries, lambda: _narrowed(dice, common)))


def _pick(dice: random.Random, queries: int, make: Callable[[], Node]) -> list[Node]:
    return [make() for _ in range(queries)]


def _sample(dice: random.Random) -> list[tuple[list[str], list[str]]]:
    ranks = list(PaperText.objects.order_by("rank").values_list("rank", flat=True)) if total() < SAMPLE else _some_ranks(dice)
    rows = PaperText.objects.filter(rank__among=ranks).order_by("rank").values_list("title", "abstract")
    return [(title.split(), abstract.split()) for title, abstract in rows]


def _some_ranks(dice: random.Random) -> list[int]:
    last = query("SELECT max(paper_id) FROM papers_paperentry")[0][0]
    keys = sorted({dice.randint(1, last) for _ in range(SAMPLE)})
    found = query(f"SELECT rank FROM papers_paperentry WHERE paper_id IN ({','.join(map(str, keys))})")  # noqa: S608 - numbers
    return [row[0] for row in found]


def _names(dice: random.Random) -> list[str]:
    rows = PaperText.objects.filter(rank__among=_some_ranks(dice)).order_by("rank").values_list("names", flat=True)
    return [next((word for word in names.split() if "·" in word and len(word) > 6), "") for names in rows]


def _phrase(dice: random.Random, texts: list[tuple[list[str], list[str]]]) -> Node:
    """Two neighbours of an abstract; frequent ones come up frequently."""
    abstract = _abstract(dice, texts, 2)
    at = dice.randrange(len(abstract) - 1)
    return Phrase((abstract[at], abstract[at + 1]))


def _words(dice: random.Random, texts: list[tuple[list[str], list[str]]], number: int) -> Node:
    return And(tuple(Word(stem) for stem in dice.sample(_abstract(dice, texts, number), number)))


def _abstract(dice: random.Random, texts: list[tuple[list[str], list[str]]], least: int) -> list[str]:
    while True:
        found = dice.choice(texts)[1]
        if len(found) > 20 * least:
            return found


def _narrowed(dice: random.Random, common: list[str]) -> Node:
    year = dice.randint(2012, 2022)
    return And((Word(dice.choice(common)), Between("year", year, year + 2)))


# --- one kind ---------------------------------------------------------------------------------------------------------------


def _match(node: Node) -> Match:
    return Resolver().match(node)


def _row(kind: Kind) -> list[str]:
    matches = [_match(node) for node in kind.queries]
    for match in matches[:5]:
        _whole(match)
    pages = [timed(partial(_first_page, match))[0] for match in matches]
    counts = [timed(partial(_count, match)) for match in matches]
    facets = [timed(partial(_facets, match))[0] for match in matches]
    wholes = [timed(partial(_whole, match))[0] for match in matches]
    naive = [timed(partial(_naive, match))[0] for match in matches[:NAIVE_QUERIES]]
    overlaps = [_overlap(match, _first_page(match)) for match in _few(matches)]
    ratio = percentile(naive, 0.5) / max(percentile(pages[:NAIVE_QUERIES], 0.5), 0.01)
    found = f"{percentile([count.value for _, count in counts], 0.5):,.0f}"
    return [
        kind.name, found, median_and_p95(pages), str(kind.limit or ""), median_and_p95([taken for taken, _ in counts]),
        median_and_p95(facets), median_and_p95(wholes), f"{percentile(naive, 0.5):.1f}", f"{ratio:.0f}",
        f"{PAGE * sum(overlaps) / len(overlaps):.1f} (least {PAGE * min(overlaps):.0f})",
    ]  # fmt: skip


def _few(matches: list[Match]) -> list[Match]:
    return matches[:: max(1, len(matches) // EXACT_QUERIES)][:EXACT_QUERIES]


def _first_page(match: Match) -> list[int]:
    return Search(match).page(RELEVANCE, size=PAGE)


def _count(match: Match) -> Count:
    return Search(match).count


def _facets(match: Match) -> Facets:
    return Search(match).facets


def _whole(match: Match) -> Any:
    search = Search(match)
    return search.page(RELEVANCE, size=PAGE), search.count, search.facets


def _overlap(match: Match, page: list[int]) -> float:
    """Which part of the exact first page stands on `page`."""
    exact = _remembered(match)
    return len({*page} & {*exact}) / len(exact) if exact else 1.0


def exact_first(match: Match) -> list[int]:
    """The first page when every match is scored."""
    engine, best = Search(match).engine, list[tuple[float, int]]()
    ranks = engine.ranks(match, after=-1, offset=0, limit=total())
    for start in range(0, len(ranks), AT_ONCE):
        texts = engine.texts(ranks[start : start + AT_ONCE])
        best = sorted([*best, *((-text_score(match.node, text) * weight_at(rank), rank) for rank, text in texts)])[:PAGE]
    return [finding.key_of((rank,)) for _, rank in best]


def _naive(match: Match) -> Any:
    """What one would write first: the database's own text score over every match."""
    if connection.vendor == "sqlite":
        sql = (
            "SELECT e.paper_id FROM papers_paperwords w JOIN papers_paperentry e ON e.rank = w.rowid"
            " WHERE w.papers_paperwords MATCH %s ORDER BY bm25(papers_paperwords, 5.0, 1.0, 3.0, 1.0, 0.0) LIMIT 25"
        )
        return query(sql, [sqlite.expression(match.node)])
    expression = postgresql.expression(match.node)
    sql = (
        "SELECT paper_id FROM papers_paperentry WHERE vector @@ %s::tsquery ORDER BY ts_rank(vector, %s::tsquery) DESC LIMIT 25"
    )
    return query(sql, [expression, expression])


def _curve(candidates: int, kinds: list[Kind]) -> list[str]:
    """Of `candidates` by prior alone, and for the usual number with those by the title as well."""
    numbers = ("CANDIDATES", "IN_TITLE", "ONE_IN_TITLE")
    usual = {name: getattr(relevance, name) for name in numbers}
    wanted = dict.fromkeys(numbers, 0) | {"CANDIDATES": candidates} if candidates else usual
    try:
        vars(relevance).update(wanted)
        return [f"{candidates:,} by prior" if candidates else "as it is", *(_point(kind) for kind in kinds)]
    finally:
        vars(relevance).update(usual)


def _point(kind: Kind) -> str:
    matches = _few([_match(node) for node in kind.queries])
    taken, overlaps = [], []
    for match in matches:
        spent, page = timed(partial(_first_page, match))
        taken.append(spent)
        overlaps.append(PAGE * _overlap(match, page))
    return f"{percentile(taken, 0.5):.1f} / {sum(overlaps) / len(overlaps):.1f}"


_EXACT: dict[Match, list[int]] = {}


def _remembered(match: Match) -> list[int]:
    if match not in _EXACT:
        _EXACT[match] = exact_first(match)
    return _EXACT[match]
