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
from papers.search.scoring import HIGHEST, ID_BITS, TIER, Texts, tier_of
from papers.search.tree import And, Everything, Node, Not, Nothing, Or, Phrase, Prefix, Tag, Word, any_of

_WEIGHTS = {"title": "A", "abstract": "B", "names": "C", "venue": "D"}
TITLED = "¤"  # before a word of the title, once more: the index knows no weights, so it would offer every paper with the word
LAST_POSITION = 16_383  # what a tsvector can number
GAP = 10  # between fields, so that no phrase runs from one into the next
TIERS_SECONDS = 600
ENOUGH = 1.3  # times as many papers as needed are looked for in the first go


def vector(fields: Sequence[tuple[str, str]], tag_words: str = "") -> str:
    """A tsvector's text: words with their places and the field's weight; words of the title again, and tags, without."""
    places: dict[str, list[str]] = {}
    at = 0
    for text, weight in fields:
        for word in text.split():
            at += 1
            places.setdefault(word, []).append(f"{min(at, LAST_POSITION)}{weight}")
        at += GAP
    words = [f"'{word}':{','.join(found[:255])}" for word, found in places.items()]
    titled = {word for text, weight in fields if weight == _WEIGHTS["title"] for word in text.split()}
    return " ".join([*words, *(f"'{TITLED}{word}'" for word in sorted(titled)), *(f"'{tag}'" for tag in tag_words.split())])


def expression(node: Node) -> str:
    """The tree as a tsquery."""
    if isinstance(node, Word):
        return f"'{TITLED}{node.stem}'" if node.field == "title" else f"'{node.stem}'{_weight(node.field)}"
    if isinstance(node, Phrase):
        return "(" + " <-> ".join(f"'{stem}'{_weight(node.field)}" for stem in node.stems) + ")"
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


def _weight(field: str) -> str:
    return f":{_WEIGHTS[field]}" if field else ""


def _leaf(node: Node) -> Condition:
    return "e.vector @@ %s::tsquery", [expression(node)]


@contextmanager
def planned(*off: str) -> Iterator[None]:
    """A transaction in which the planner leaves these ways aside; it takes a look into the index for dearer than it is."""
    with transaction.atomic(), connection.cursor() as cursor:
        for way in off:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        yield


def _copy(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
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

    def texts(self, ranks: Sequence[int]) -> list[tuple[int, Texts]]:
        sql = "SELECT rank, title, abstract, names, venue FROM papers_papertext WHERE rank = ANY(%s)"
        return [(rank, Texts(*texts)) for rank, *texts in query(sql, [list(ranks)])]

    def ranks(self, match: Match, *, after: int, offset: int, limit: int, share: float) -> list[int]:
        if isinstance(match.indexed, Everything):
            conditions, params = range_conditions(match.ranges)
            where = " AND ".join([*conditions, "e.rank > %s"])
            sql = f"SELECT e.rank FROM papers_paperentry e WHERE {where} ORDER BY e.rank LIMIT %s OFFSET %s"
            return [row[0] for row in query(sql, [*params, after, limit, offset])]
        needed = offset + limit
        found: list[int] = []
        for tiers in self._goes(after, needed, share):
            where, params = self._where(match, tiers)
            sql = f"SELECT e.rank FROM papers_paperentry e WHERE {where} AND e.rank > %s ORDER BY e.rank LIMIT %s"
            with planned("seqscan", "indexscan", "indexonlyscan"):
                found += [row[0] for row in query(sql, [*params, after, needed - len(found)])]
            if len(found) >= needed:
                break
        return found[offset:]

    def _goes(self, after: int, needed: int, share: float) -> Iterator[str]:
        """Tiers to look in, the upper ones first: as many as should hold what is needed, then ever more of the rest."""
        sizes = _sizes_of_tiers()
        left = [tier for tier in range(HIGHEST // TIER, -1, -1) if after < 0 or tier <= tier_of(after)]
        want = needed * ENOUGH / max(share, 1e-9)
        whole = len(left) > HIGHEST // TIER
        while left:
            taken, held = 0, 0
            while taken < len(left) and held < want:
                held += sizes.get(left[taken], 0)
                taken += 1
            yield f"'{tags.ALL}'" if whole and taken == len(left) else _tier_words(left[:taken])
            left, want, whole = left[taken:], want * 4, False

    def sorted_by_all(self, match: Match, order: Order, *, after: Row | None, offset: int, limit: int) -> list[Row]:
        where, params = self._where(match)
        conditions, more = self.page_condition(order, after)
        where, direction = " AND ".join([where, *conditions]), " DESC" if order.descending else ""
        with planned("seqscan"):
            # Materialised: otherwise the planner may walk the whole order in the hope of finding the few.
            sql = (
                f"WITH found AS MATERIALIZED (SELECT e.{order.column} AS value, e.paper_id AS paper"
                f" FROM papers_paperentry e WHERE {where})"
                f" SELECT value, paper FROM found ORDER BY value{direction}, paper{direction} LIMIT %s OFFSET %s"
            )
            return query(sql, [*params, *more, limit, offset])

    def sorted_by_walk(self, match: Match, order: Order, *, after: Row | None, offset: int, limit: int) -> list[Row]:
        conditions, params = range_conditions(match.ranges)
        where, values = predicate(match.node, "strpos({}, %s) > 0", _leaf)
        paging, more = self.page_condition(order, after)
        sql = (
            f"SELECT e.{order.column}, e.paper_id FROM papers_paperentry e"
            f" WHERE {' AND '.join([*conditions, where, *paging])} {self.order_by(order)} LIMIT %s OFFSET %s"
        )
        with planned("seqscan", "bitmapscan", "sort"):
            return query(sql, [*params, *values, *more, limit, offset])

    def people(self, index: People, node: Node, limit: int) -> list[Row]:
        sql = f"SELECT rank, {index.key}, words FROM {index.table} WHERE vector @@ %s::tsquery ORDER BY rank LIMIT %s"
        with planned("seqscan", "indexscan"):
            return query(sql, [expression(node), limit])

    def people_keys(self, index: People, node: Node) -> tuple[str, list[Any]]:
        return f"SELECT {index.key} FROM {index.table} WHERE vector @@ %s::tsquery", [expression(node)]

    def completions(self, kind: str, start: str, limit: int) -> list[Row]:
        sql = "SELECT word, stem FROM papers_searchword WHERE kind = %s AND word LIKE %s ORDER BY uses DESC, word LIMIT %s"
        return query(sql, [kind, start + "%", limit])


def _tier_words(tiers: Sequence[int]) -> str:
    return expression(any_of(*(Tag("tier", str(tier)) for tier in tiers)))


def _sizes_of_tiers() -> dict[int, int]:
    """About how many papers each tier holds; counted anew every ten minutes."""
    return cache.get_or_set("search-tiers", _count_tiers, TIERS_SECONDS) or {}


def _count_tiers() -> dict[int, int]:
    sql = f"SELECT ({HIGHEST} - (rank >> {ID_BITS})) / {TIER} AS tier, count(*) FROM papers_paperentry GROUP BY 1"
    return {int(tier): int(size) for tier, size in query(sql)}
