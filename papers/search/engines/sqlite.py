"""The search index on SQLite: FTS5, whose rows lie in the order of ranks, so that the first matches are the best."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, connection

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
    placeholders,
    predicate,
    query,
    range_conditions,
)
from papers.search.scoring import Texts
from papers.search.tree import And, Everything, Node, Not, Nothing, Or, Phrase, Prefix, Tag, Word


def expression(node: Node) -> str:
    """The tree in FTS5's own language."""
    if isinstance(node, Word):
        return _in(node.field, f'"{node.stem}"')
    if isinstance(node, Phrase):
        return _in(node.field, f'"{" ".join(node.stems)}"')
    if isinstance(node, Prefix):
        return _in(node.field, f'"{node.start}" *')
    if isinstance(node, Tag):
        return f'"{tags.tag(node.kind, node.value)}"'
    if isinstance(node, Or):
        return "(" + " OR ".join(expression(part) for part in node.parts) + ")"
    if isinstance(node, And):
        positive = [expression(part) for part in node.parts if not isinstance(part, Not)] or [f'"{tags.ALL}"']
        negative = [expression(part.part) for part in node.parts if isinstance(part, Not)]
        found = "(" + " AND ".join(positive) + ")"
        return f"({found} NOT ({' OR '.join(negative)}))" if negative else found
    if isinstance(node, Not):
        return f'("{tags.ALL}" NOT {expression(node.part)})'
    if isinstance(node, Nothing):
        return f'"{tags.SIGN}none"'
    return f'"{tags.ALL}"'


def _in(field: str, words: str) -> str:
    return f"{{{field}}} : {words}" if field else words


def _leaf(node: Node) -> Condition:
    """What the narrow row does not tell: the words of its texts."""
    if isinstance(node, Tag):
        return _text_predicate(["tags"], tags.tag(node.kind, node.value))
    if isinstance(node, Word | Phrase):
        words = node.stem if isinstance(node, Word) else " ".join(node.stems)
        return _text_predicate([node.field] if node.field else TEXT_COLUMNS[1:5], words)
    return "0 = 1", []


def _text_predicate(columns: Sequence[str], words: str) -> Condition:
    found = " OR ".join(f"instr(t.{column}, %s)" for column in columns)
    sql = f"EXISTS (SELECT 1 FROM papers_papertext t WHERE t.rank = e.rank AND ({found}))"
    return sql, [f" {words} "] * len(columns)


def _executemany(sql: str, rows: Sequence[Row]) -> None:
    """FTS5 writes its memory to disk whenever a row number is smaller than the last: rows must come in order."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


class SQLite(Engine):
    def add(self, documents: Sequence[Document]) -> None:
        ordered = sorted(documents, key=lambda document: document.rank)
        entries, texts = [document.entry for document in ordered], [document.texts for document in ordered]
        columns = ", ".join(ENTRY_COLUMNS)
        _executemany(f"INSERT INTO papers_paperentry ({columns}) VALUES {placeholders(len(ENTRY_COLUMNS))}", entries)
        columns, marks = ", ".join(TEXT_COLUMNS), placeholders(len(TEXT_COLUMNS))
        _executemany(f"INSERT INTO papers_papertext ({columns}) VALUES {marks}", texts)
        _executemany(f"INSERT INTO papers_paperwords ({columns.replace('rank', 'rowid', 1)}) VALUES {marks}", texts)

    def remove(self, texts: Sequence[Row]) -> None:
        texts = sorted(texts)
        _executemany(
            "INSERT INTO papers_paperwords (papers_paperwords, rowid, title, abstract, names, venue, tags)"
            " VALUES ('delete', %s, %s, %s, %s, %s, %s)",
            texts,
        )
        ranks = [(row[0],) for row in texts]
        _executemany("DELETE FROM papers_papertext WHERE rank = %s", ranks)
        _executemany("DELETE FROM papers_paperentry WHERE rank = %s", ranks)

    def add_people(self, index: People, rows: Sequence[Row]) -> None:
        rows = sorted(rows)
        _executemany(f"INSERT INTO {index.table} (rank, {index.key}, words) VALUES (%s, %s, %s)", rows)
        _executemany(f"INSERT INTO {index.words} (rowid, words) VALUES (%s, %s)", [(rank, words) for rank, _, words in rows])

    def remove_people(self, index: People, rows: Sequence[Row]) -> None:
        rows = sorted(rows)
        deleted = [(rank, words) for rank, _, words in rows]
        _executemany(f"INSERT INTO {index.words} ({index.words}, rowid, words) VALUES ('delete', %s, %s)", deleted)
        _executemany(f"DELETE FROM {index.table} WHERE rank = %s", [(rank,) for rank, *_ in rows])

    def settle(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE papers_paperentry")

    def differences(self) -> int:
        wrong = 0
        for words in ("papers_paperwords", AUTHORS.words, INSTITUTIONS.words):
            try:
                query(f"INSERT INTO {words} ({words}, rank) VALUES ('integrity-check', 1)")
            except DatabaseError:  # how FTS5 says that it differs
                wrong += 1
        return wrong

    # --- asking ----------------------------------------------------------------------------------------------------------

    def _source(self, match: Match, *, narrow: bool = True) -> tuple[str, list[Any]]:
        """FROM and WHERE; `narrow`: the narrow rows `e` are needed whatever is asked for."""
        conditions, params = range_conditions(match.ranges)
        if isinstance(match.indexed, Everything):
            return "FROM papers_paperentry e WHERE " + " AND ".join(["1", *conditions]), params
        join = "CROSS JOIN papers_paperentry e ON e.rank = w.rowid" if narrow or conditions else ""
        where = " AND ".join(["w.papers_paperwords MATCH %s", *conditions])
        return f"FROM papers_paperwords w {join} WHERE {where}", [expression(match.indexed), *params]

    def count(self, match: Match, limit: int) -> int:
        source, params = self._source(match, narrow=False)
        return int(query(f"SELECT count(*) FROM (SELECT 1 {source} LIMIT %s)", [*params, limit])[0][0])

    def facet_rows(self, match: Match) -> list[Row]:
        source, params = self._source(match)
        return query(f"SELECT {FACET_COLUMNS} {source}", params)

    def years(self, match: Match) -> dict[int, int]:
        source, params = self._source(match)
        return dict(query(f"SELECT e.year, count(*) {source} GROUP BY e.year", params))

    def texts(self, ranks: Sequence[int]) -> list[tuple[int, Texts]]:
        rows = query(
            "SELECT t.rank, t.title, t.abstract, t.names, t.venue FROM json_each(%s) j"
            " CROSS JOIN papers_papertext t ON t.rank = j.value",
            [json.dumps(ranks)],
        )
        return [(rank, Texts(*texts)) for rank, *texts in rows]

    def ranks(self, match: Match, *, after: int, offset: int, limit: int) -> list[int]:
        source, params = self._source(match, narrow=False)
        rank = "e.rank" if isinstance(match.indexed, Everything) else "w.rowid"
        sql = f"SELECT {rank} {source} AND {rank} > %s ORDER BY {rank} LIMIT %s OFFSET %s"
        return [row[0] for row in query(sql, [*params, after, limit, offset])]

    def sorted_by_all(self, match: Match, order: Order, *, after: Row | None, offset: int, limit: int) -> list[Row]:
        source, params = self._source(match)
        conditions, more = self.page_condition(order, after)
        where = "".join(f" AND {condition}" for condition in conditions)
        sql = f"SELECT {order.columns} {source}{where} {self.order_by(order)} LIMIT %s OFFSET %s"
        return query(sql, [*params, *more, limit, offset])

    def sorted_by_walk(
        self, match: Match, order: Order, *, after: Row | None, offset: int, limit: int, steps: int = 0
    ) -> list[Row]:
        conditions, params = range_conditions(match.ranges)
        # The plus sign keeps SQLite from entering by another index than the order's, and sorting all that it finds there.
        conditions = [sql if sql.startswith(f"e.{order.column} ") else f"+{sql}" for sql in conditions]
        where, values = predicate(match.node, "instr({}, %s)", _leaf)
        sql, params = self.walk(order, [*conditions, where], [*params, *values], after=after, steps=steps)
        return query(f"{sql} {self.order_by(order)} LIMIT %s OFFSET %s", [*params, limit, offset])

    def people(self, index: People, node: Node, limit: int) -> list[Row]:
        sql = (
            f"SELECT t.rank, t.{index.key}, t.words FROM {index.words} w CROSS JOIN {index.table} t ON t.rank = w.rowid"
            f" WHERE w.{index.words} MATCH %s ORDER BY w.rowid LIMIT %s"
        )
        return query(sql, [expression(node), limit])

    def people_keys(self, index: People, node: Node) -> tuple[str, list[Any]]:
        sql = f"SELECT rowid & {(1 << 40) - 1} FROM {index.words} WHERE {index.words} MATCH %s"
        return sql, [expression(node)]

    def completions(self, kind: str, start: str, limit: int) -> list[Row]:
        where = "kind = %s AND word >= %s AND word < %s"
        sql = f"SELECT word, stem FROM papers_searchword WHERE {where} ORDER BY uses DESC, word LIMIT %s"
        return query(sql, [kind, start, start + "\U0010ffff", limit])
