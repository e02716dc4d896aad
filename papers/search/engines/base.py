"""What papers.search asks of a database."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from papers.search.scoring import ID_BITS, Texts
from papers.search.tree import And, Between, Everything, Node, Not, Or, Tag, all_of

Row = tuple[Any, ...]
Condition = tuple[str, list[Any]]  # SQL and its parameters
EVERYTHING = Everything()
KEY = (1 << ID_BITS) - 1  # what of a rank is the record's own key
ENTRY_COLUMNS = (
    "rank", "paper_id", "published", "oldest", "year", "citations", "novelty", "ai_score", "title_key", "has_code", "venue_id",
    "categories", "institutions", "authors",
)  # fmt: skip
TEXT_COLUMNS = ("rank", "title", "abstract", "names", "venue", "tags")
# Tags that a narrow row tells: among several with blanks around them, or as a column's value.
_HOLDS = {"category": "categories", "institution": "institutions", "author": "authors"}
_IS = {"year": "year", "venue": "venue_id", "paper": "paper_id"}
FACET_COLUMNS = "e.categories, e.year, e.has_code, e.venue_id, e.institutions, e.authors"


@dataclass(frozen=True)
class Document:
    """A paper as the index holds it; `entry` and `texts` are rows of ENTRY_COLUMNS and TEXT_COLUMNS."""

    entry: Row
    texts: Row

    @property
    def rank(self) -> int:
        return int(self.entry[0])


@dataclass(frozen=True)
class People:
    """One of the simple indexes, of names; `table` holds rank, `key` and words, `words` is SQLite's FTS5 table."""

    table: str
    words: str
    key: str


AUTHORS = People("papers_authortext", "papers_authorwords", "author_id")
INSTITUTIONS = People("papers_institutiontext", "papers_institutionwords", "institution_id")


@dataclass(frozen=True)
class Match:
    """What to look for: a tree that the index answers alone, and ranges that the narrow rows are asked for besides.

    `steps` are the index's words for the ranges: they bring it near, and tell a narrow row nothing that its ranges do not.
    """

    node: Node
    ranges: tuple[Between, ...] = ()
    steps: Node = EVERYTHING

    @property
    def indexed(self) -> Node:
        return all_of(self.node, self.steps)

    def also(self, *nodes: Node) -> "Match":
        return Match(all_of(self.node, *nodes), self.ranges, self.steps)


@dataclass(frozen=True)
class Order:
    """`column` of the narrow rows, `then` further ones with their directions, then the paper's key in the first direction."""

    column: str
    descending: bool = True
    then: tuple[tuple[str, bool], ...] = ()

    @property
    def directions(self) -> tuple[tuple[str, bool], ...]:
        return (self.column, self.descending), *self.then, ("paper_id", self.descending)

    @property
    def columns(self) -> str:
        return ", ".join(f"e.{column}" for column, _ in self.directions)


def predicate(node: Node, contains: str, leaf: Callable[[Node], Condition]) -> Condition:
    """The tree as SQL on one narrow row `e`, by its columns where they tell and else by what `leaf` says.

    `contains` asks whether the column `{}` holds a parameter.
    """
    if isinstance(node, And | Or):
        parts = [predicate(part, contains, leaf) for part in node.parts]
        joined = (" AND " if isinstance(node, And) else " OR ").join(sql for sql, _ in parts)
        return f"({joined})", [value for _, params in parts for value in params]
    if isinstance(node, Not):
        sql, params = predicate(node.part, contains, leaf)
        return f"NOT {sql}", params
    if isinstance(node, Tag) and node.kind in _HOLDS:
        return contains.format(f"e.{_HOLDS[node.kind]}"), [f" {node.value} "]
    if isinstance(node, Tag) and node.kind in _IS:
        return f"e.{_IS[node.kind]} = %s", [int(node.value)]
    if node == Tag("has", "code"):
        return "e.has_code", []
    return ("1 = 1", []) if isinstance(node, Everything) else leaf(node)


def placeholders(count: int) -> str:
    return "(" + ", ".join(["%s"] * count) + ")"


def query(sql: str, params: Sequence[Any] = ()) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def range_conditions(ranges: Iterable[Between]) -> tuple[list[str], list[Any]]:
    """SQL over the narrow row `e`. A lower end is always given, so that unknown values, which are lower, never match."""
    conditions, params = [], []
    for between in ranges:
        unknown = "0001-01-02" if between.column == "published" else 0
        conditions.append(f"e.{between.column} >= %s")
        params.append(between.low if between.low is not None else unknown)
        if between.high is not None:
            conditions.append(f"e.{between.column} <= %s")
            params.append(between.high)
    return conditions, params


class Engine(ABC):
    """Ranks count from the best record on: papers.search.scoring.rank_of."""

    counts_slowly = False  # whether counting up to a limit takes as long as counting all

    # --- writing ---------------------------------------------------------------------------------------------------------

    @abstractmethod
    def add(self, documents: Sequence[Document]) -> None: ...

    @abstractmethod
    def remove(self, texts: Sequence[Row]) -> None:
        """`texts` as they are stored: SQLite's index forgets a row by its old words only."""

    @abstractmethod
    def add_people(self, index: People, rows: Sequence[Row]) -> None:
        """Rows of rank, key, words."""

    @abstractmethod
    def remove_people(self, index: People, rows: Sequence[Row]) -> None: ...

    @abstractmethod
    def settle(self) -> None:
        """After much writing: bring what was put off into the index, and the planner up to date."""

    @abstractmethod
    def differences(self) -> int:
        """Rows, or whole tables where it cannot be told more closely, where the index says something else than the texts."""

    # --- asking ----------------------------------------------------------------------------------------------------------

    @abstractmethod
    def count(self, match: Match, limit: int) -> int:
        """How many papers match, counted up to `limit`."""

    @abstractmethod
    def facet_rows(self, match: Match) -> list[Row]:
        """FACET_COLUMNS of every match."""

    @abstractmethod
    def years(self, match: Match) -> dict[int, int]:
        """How many matches each year has."""

    @abstractmethod
    def texts(self, ranks: Sequence[int]) -> list[tuple[int, Texts]]: ...

    @abstractmethod
    def ranks(self, match: Match, *, after: int, offset: int, limit: int) -> list[int]:
        """The first matches by rank after the rank `after`."""

    @abstractmethod
    def sorted_by_all(self, match: Match, order: Order, *, after: Row | None, offset: int, limit: int) -> list[Row]:
        """(value, paper) of a page: by finding every match and sorting them. For few matches."""

    @abstractmethod
    def sorted_by_walk(
        self, match: Match, order: Order, *, after: Row | None, offset: int, limit: int, steps: int = 0
    ) -> list[Row]:
        """The same by walking the order and leaving out what does not match, for at most so many `steps`. For many matches."""

    @abstractmethod
    def people(self, index: People, node: Node, limit: int) -> list[Row]:
        """(rank, key, words) of the first matches by rank."""

    @abstractmethod
    def people_keys(self, index: People, node: Node) -> tuple[str, list[Any]]:
        """A SELECT of the keys of all matches, for use inside another query."""

    @abstractmethod
    def completions(self, kind: str, start: str, limit: int) -> list[Row]:
        """(word, stem) of the most used words that begin so."""

    # --- shared ----------------------------------------------------------------------------------------------------------

    def page_condition(self, order: Order, after: Row | None) -> tuple[list[str], list[Any]]:
        if after is None:
            return [], []
        if not order.then:
            return [f"(e.{order.column}, e.paper_id) {'<' if order.descending else '>'} (%s, %s)"], list(after)
        beyond: list[str] = []
        params: list[Any] = []
        for place, (column, descending) in enumerate(order.directions):
            same = [f"e.{before} = %s" for before, _ in order.directions[:place]]
            beyond.append(" AND ".join([*same, f"e.{column} {'<' if descending else '>'} %s"]))
            params += after[: place + 1]
        first, descending = order.directions[0]  # said once more: it lets the database enter the index at the place
        return [f"e.{first} {'<=' if descending else '>='} %s", f"(({') OR ('.join(beyond)}))"], [after[0], *params]

    def walk(
        self, order: Order, conditions: list[str], params: list[Any], *, after: Row | None, steps: int
    ) -> tuple[str, list[Any]]:
        """Columns and conditions of a walk along the order, on rows `e`."""
        paging, more = self.page_condition(order, after)
        columns = f"SELECT {order.columns}"
        if not steps:
            return f"{columns} FROM papers_paperentry e WHERE {' AND '.join([*conditions, *paging])}", [*params, *more]
        first = f"SELECT e.* FROM papers_paperentry e WHERE {' AND '.join(paging) or '1 = 1'} {self.order_by(order)} LIMIT %s"
        return f"{columns} FROM ({first}) e WHERE {' AND '.join(conditions)}", [*more, steps, *params]

    def order_by(self, order: Order) -> str:
        return "ORDER BY " + ", ".join(f"e.{column}{' DESC' if descending else ''}" for column, descending in order.directions)

    def total(self) -> int:
        return int(query("SELECT count(*) FROM papers_paperentry")[0][0])
