"""The search index on PostgreSQL: a tsvector made by us, in an inverted (GIN) index.

Such an index gives its rows in no order. So every paper carries a word for its tier of ranks, and the best matches are
looked for in the upper tiers first.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction

from papers.search import tags
from papers.search.engines.base import (
    AUTHORS,
    ENTRY_COLUMNS,
    FACET_COLUMNS,
    INSTITUTIONS,
    TEXT_COLUMNS,
    Condition,
    Document,
    Engine,
    Match,
    Order,
    People,
    Row,
    predicate,
    query,
    range_conditions,
)
from papers.search.pairs import frequent_pairs
from papers.search.scoring import HIGHEST, ID_BITS, TIER, Texts, before_tier, tier_of
from papers.search.tree import And, Everything, Node, Not, Nothing, Or, Phrase, Prefix, Tag, Word, any_of

_WEIGHTS = {"title": "A", "abstract": "B", "names": "C", "venue": "D"}
TITLED = "¤"  # before a word of the title, once more: the index knows no weights, so it would offer every paper with the word
LAST_POSITION = 16_383  # what a tsvector can number
GAP = 10  # between fields, so that no phrase runs from one into the next
TIERS_SECONDS = 600
BEST_KNOWN = 3_000  # people, in whose names a look takes a few milliseconds
FIRST_LOOK = 5_000  # papers: looking through so many costs a millisecond, and tells how common the matches are
ENOUGH = 1.3  # times as many papers are looked through as should do


def vector(fields: Sequence[tuple[str, str]], tag_words: str = "") -> str:
    """A tsvector's text: words with their places and the field's weight; without them pairs of frequent words, words and
    pairs of the title again, and tags."""
    places: dict[str, list[str]] = {}
    others: set[str] = set()
    at = 0
    for text, weight in fields:
        words = text.split()
        for word in words:
            at += 1
            places.setdefault(word, []).append(f"{min(at, LAST_POSITION)}{weight}")
        at += GAP
        pairs = {*frequent_pairs(words)}
        others |= pairs
        if weight == _WEIGHTS["title"]:
            others.update(TITLED + found for found in (*words, *pairs))
    placed = [f"'{word}':{','.join(found[:255])}" for word, found in places.items()]
    return " ".join([*placed, *(f"'{word}'" for word in (*sorted(others), *tag_words.split()))])


def expression(node: Node) -> str:
    """The tree as a tsquery."""
    if isinstance(node, Word):
        return f"'{TITLED}{node.stem}'" if node.field == "title" else f"'{node.stem}'{_weight(node.field)}"
    if isinstance(node, Phrase):
        return _phrase(node)
    if isinstance(node, Prefix):
        return f"'{node.start}':*{_weight(node.field)[1:]}"
    if isinstance(node, Tag):
        return f"'{tags.tag(node.kind, node.value)}'"
    if isinstance(node, And):
        positive = any(not isinstance(part, Not) for part in node.parts)
        parts = [expression(part) for part in node.parts]
        return "(" + " & ".join(parts if positive else [f"'{tags.ALL}'", *parts]) + ")"
    if isinstance(node, Or):
        return "(" + " | ".join(expression(part) for part in node.parts) + ")"
    if isinstance(node, Not):
        return f"('{tags.ALL}' & !{expression(node.part)})"
    return f"'{tags.SIGN}none'" if isinstance(node, Nothing) else f"'{tags.ALL}'"


def _phrase(node: Phrase) -> str:
    """By the words for its pairs where it has such; they alone tell two neighbours, in all fields or in the title."""
    titled = TITLED if node.field == "title" else ""
    pairs = [f"'{titled}{pair}'" for pair in frequent_pairs(node.stems)]
    if pairs and len(node.stems) == 2 and node.field in ("", "title"):
        return pairs[0]
    neighbours = " <-> ".join(f"'{stem}'{_weight(node.field)}" for stem in node.stems)
    return "(" + " & ".join([*pairs, f"({neighbours})"]) + ")"


def _weight(field: str) -> str:
    return f":{_WEIGHTS[field]}" if field else ""


def _leaf(node: Node) -> Condition:
    return "e.vector @@ %s::tsquery", [expression(node)]


@contextmanager
def planned(*off: str) -> Iterator[None]:
    """A transaction in which the planner leaves these ways aside; it takes a look into the index for dearer than it is.
    Nor does it call for parallel workers, whose start alone takes 25 ms, or for compiled queries: 10 ms."""
    wanted = {"max_parallel_workers_per_gather": "0", "jit": "off"} | {f"enable_{way}": "off" for way in off}
    with transaction.atomic(), connection.cursor() as cursor:
        settings = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in wanted.items())
        cursor.execute(f"SELECT {settings}")
        yield


def _copy(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    if not rows:
        return
    sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def _delete(table: str, ranks: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rank = ANY(%s)", [ranks])


class PostgreSQL(Engine):
    counts_slowly = True  # it finds every match before it counts the first

    def add(self, documents: Sequence[Document]) -> None:
        entries = []
        for document in documents:
            _, title, abstract, names, venue, tag_words = document.texts
            fields = [(title, "A"), (abstract, "B"), (names, "C"), (venue, "D")]
            entries.append((*document.entry, vector(fields, tag_words)))
        _copy("papers_paperentry", [*ENTRY_COLUMNS, "vector"], entries)
        _copy("papers_papertext", TEXT_COLUMNS, [document.texts for document in documents])

    def remove(self, texts: Sequence[Row]) -> None:
        ranks = [row[0] for row in texts]
        _delete("papers_paperentry", ranks)
        _delete("papers_papertext", ranks)

    def add_people(self, index: People, rows: Sequence[Row]) -> None:
        vectors = [(*row, vector([(row[2], "B")])) for row in rows]
        _copy(index.table, ["rank", index.key, "words", "vector"], vectors)

    def remove_people(self, index: People, rows: Sequence[Row]) -> None:
        _delete(index.table, [row[0] for row in rows])

    def settle(self) -> None:
        cache.delete("search-tiers")
        with connection.cursor() as cursor:
            for table in ("papers_paperentry", "papers_authortext", "papers_institutiontext"):
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [f"{table}_vector"])
                cursor.execute(f"ANALYZE {table}")

    def differences(self) -> int:
        """Vectors that lack a word of their texts; the inverted index itself is PostgreSQL's to keep."""
        words = "array_remove(string_to_array({}, ' '), '')"
        texts = words.format("t.title || t.abstract || t.names || t.venue || t.tags")
        papers = (
            "SELECT count(*) FROM papers_paperentry e JOIN papers_papertext t USING (rank)"
            f" WHERE NOT tsvector_to_array(e.vector) @> {texts}"
        )
        people = f"SELECT count(*) FROM {{}} WHERE NOT tsvector_to_array(vector) @> {words.format('words')}"
        rest = [people.format(index.table) for index in (AUTHORS, INSTITUTIONS)]
        return sum(int(query(sql)[0][0]) for sql in (papers, *rest))

    # --- asking ----------------------------------------------------------------------------------------------------------

    def _where(self, match: Match, more: str = "") -> tuple[str, list[Any]]:
        conditions, params = range_conditions(match.ranges)
        if not isinstance(match.indexed, Everything) or more:
            conditions.insert(0, "e.vector @@ %s::tsquery")
            found = expression(match.indexed)
            params.insert(0, f"{found} & {more}" if more else found)
        return " AND ".join(conditions or ["TRUE"]), params

    def count(self, match: Match, limit: int) -> int:
        where, params = self._where(match)
        with planned("seqscan"):
            sql = f"SELECT count(*) FROM (SELECT 1 FROM papers_paperentry e WHERE {where} LIMIT %s) found"
            return int(query(sql, [*params, limit])[0][0])

    def facet_rows(self, match: Match) -> list[Row]:
        where, params = self._where(match)
        with planned("seqscan"):
            return query(f"SELECT {FACET_COLUMNS} FROM papers_paperentry e WHERE {where}", params)

    def years(self, match: Match) -> dict[int, int]:
        where, params = self._where(match)
        with planned("seqscan"):
            return dict(query(f"SELECT e.year, count(*) FROM papers_paperentry e WHERE {where} GROUP BY e.year", params))

    def texts(self, ranks: Sequence[int]) -> list[tuple[int, Texts]]:
        sql = "SELECT rank, title, abstract, names, venue FROM papers_papertext WHERE rank = ANY(%s)"
        return [(rank, Texts(*texts)) for rank, *texts in query(sql, [list(ranks)])]

    def ranks(self, match: Match, *, after: int, offset: int, limit: int) -> list[int]:
        if isinstance(match.indexed, Everything):
            conditions, params = range_conditions(match.ranges)
            where = " AND ".join([*conditions, "e.rank > %s"])
            sql = f"SELECT e.rank FROM papers_paperentry e WHERE {where} ORDER BY e.rank LIMIT %s OFFSET %s"
            return [row[0] for row in query(sql, [*params, after, limit, offset])]
        needed = offset + limit
        found: list[int] = []
        sizes, looked = _sizes_of_tiers(), 0
        left = [tier for tier in range(HIGHEST // TIER, -1, -1) if after < 0 or tier <= tier_of(after)]
        want = max(needed * ENOUGH, FIRST_LOOK)
        with planned("seqscan", "indexscan", "indexonlyscan"):
            while left and len(found) < needed:
                taken, held = _first_holding(want, left, sizes)
                if taken == len(left):  # what was looked through already costs less to pass over than many tiers to look up
                    after, (where, params) = max(after, before_tier(left[0])), self._where(match)
                else:
                    where, params = self._where(match, _tier_words(left[:taken]))
                sql = f"SELECT e.rank FROM papers_paperentry e WHERE {where} AND e.rank > %s ORDER BY e.rank LIMIT %s"
                found += [row[0] for row in query(sql, [*params, after, needed - len(found)])]
                left, looked = left[taken:], looked + held
                want = (needed - len(found)) * ENOUGH * looked / (len(found) or 0.5)
        return found[offset:]

    def sorted_by_all(self, match: Match, order: Order, *, after: Row | None, offset: int, limit: int) -> list[Row]:
        where, params = self._where(match)
        conditions, more = self.page_condition(order, after)
        where = " AND ".join([where, *conditions])
        named = ", ".join(f"e.{column} AS c{place}" for place, (column, _) in enumerate(order.directions))
        along = ", ".join(f"c{place}{' DESC' if down else ''}" for place, (_, down) in enumerate(order.directions))
        with planned("seqscan"):
            # Materialised: otherwise the planner may walk the whole order in the hope of finding the few.
            sql = (
                f"WITH found AS MATERIALIZED (SELECT {named} FROM papers_paperentry e WHERE {where})"
                f" SELECT * FROM found ORDER BY {along} LIMIT %s OFFSET %s"
            )
            return query(sql, [*params, *more, limit, offset])

    def sorted_by_walk(
        self, match: Match, order: Order, *, after: Row | None, offset: int, limit: int, steps: int = 0
    ) -> list[Row]:
        conditions, params = range_conditions(match.ranges)
        where, values = predicate(match.node, "strpos({}, %s) > 0", _leaf)
        sql, params = self.walk(order, [*conditions, where], [*params, *values], after=after, steps=steps)
        with planned("seqscan", "bitmapscan", "sort"):
            return query(f"{sql} {self.order_by(order)} LIMIT %s OFFSET %s", [*params, limit, offset])

    def people(self, index: People, node: Node, limit: int) -> list[Row]:
        """A beginning that tens of thousands share is met among the best known; for others the index is asked."""
        found, columns = expression(node), f"rank, {index.key}, words"
        with planned("seqscan", "bitmapscan"):
            best_known = f"SELECT * FROM {index.table} ORDER BY rank LIMIT {BEST_KNOWN}"
            sql = f"SELECT {columns} FROM ({best_known}) known WHERE vector @@ %s::tsquery ORDER BY rank LIMIT %s"
            if len(rows := query(sql, [found, limit])) == limit:
                return rows
        with planned("seqscan", "indexscan"):
            return query(
                f"SELECT {columns} FROM {index.table} WHERE vector @@ %s::tsquery ORDER BY rank LIMIT %s", [found, limit]
            )

    def people_keys(self, index: People, node: Node) -> tuple[str, list[Any]]:
        return f"SELECT {index.key} FROM {index.table} WHERE vector @@ %s::tsquery", [expression(node)]

    def completions(self, kind: str, start: str, limit: int) -> list[Row]:
        sql = "SELECT word, stem FROM papers_searchword WHERE kind = %s AND word LIKE %s ORDER BY uses DESC, word LIMIT %s"
        return query(sql, [kind, start + "%", limit])


def _first_holding(papers: float, tiers: Sequence[int], sizes: dict[int, int]) -> tuple[int, int]:
    """How many of the first tiers hold so many papers, all of them if need be, and how many these hold."""
    held = 0
    for taken, tier in enumerate(tiers, start=1):
        held += sizes.get(tier, 0)
        if held >= papers:
            return taken, held
    return len(tiers), held


def _tier_words(tiers: Sequence[int]) -> str:
    return expression(any_of(*(Tag("tier", str(tier)) for tier in tiers)))


def _sizes_of_tiers() -> dict[int, int]:
    """About how many papers each tier holds; counted anew every ten minutes."""
    return cache.get_or_set("search-tiers", _count_tiers, TIERS_SECONDS) or {}


def _count_tiers() -> dict[int, int]:
    sql = f"SELECT ({HIGHEST} - (rank >> {ID_BITS})) / {TIER} AS tier, count(*) FROM papers_paperentry GROUP BY 1"
    return {int(tier): int(size) for tier, size in query(sql)}
