"""A search by a tree of conditions, which may reach across fields: `{"any": [{"field": …, "value": …}, {"not": {…}}]}`."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from papers.api.bodies import Posted, body_of, text_of
from papers.api.clauses import MOST_VALUES, NULL, BadClause, name_of
from papers.api.examples import META, PAPER
from papers.api.pagination import read_page, scope_of
from papers.api.paper_fields import FIELDS, node_of_clause
from papers.api.parameters import error, is_text, read
from papers.api.posted_shapes import SearchAsked
from papers.api.searching import search_in
from papers.api.shapes import Paper as PaperShape
from papers.api.shapes import listing
from papers.api.sparse import AnyOf, Sparsely, sparse
from papers.api.views import PaperList
from papers.search.tree import Node, all_of, any_of, not_of

MOST_LEAVES, DEEPEST = 50, 5
ENTITIES = ("papers", "works")
TEXTS = ("search", "sort", "select", "omit", "page", "per_page", "cursor", "count")
JOINS = {"all": all_of, "any": any_of, "and": all_of, "or": any_of}


class SearchTree(Posted):
    tag, operation = "search", "search_papers"
    summary = "Papers by a tree of conditions across fields"
    more = (
        '`where` is `{"all": […]}`, `{"any": […]}`, `{"not": …}` or `{"field": …, "value": …}`, a value being text, a number,'
        " true, false, null or a list of texts; fields are those of `filter=`."
        f" At most {MOST_LEAVES} conditions, {DEEPEST} deep."
    )
    example: ClassVar[dict[str, Any]] = {"meta": META, "results": [PAPER]}
    shape = PaperShape
    asks = SearchAsked
    methods = "POST, OPTIONS"
    sorts = PaperList.sorts

    @classmethod
    def answer_shape(cls) -> Any:
        return AnyOf("SearchAnswer", [listing(cls.shape), listing(sparse(cls.shape))])

    def post(self, request: Request) -> Response:
        read(request.query_params, [])
        body = body_of(request, ("entity", "where", *TEXTS))
        values = {name: text for name in TEXTS if (text := text_of(body, name))}
        page, errors = read_page(values)
        fields = Sparsely(values, self.shape)
        errors += fields.errors + _faults(body)
        node = _Tree(errors).node(body.get("where"))
        search, sort = search_in(values, errors, node)
        papers = PaperList()
        papers.request, papers.wanted_fields = self.request, fields.names
        asked = {**values, "where": json.dumps(body.get("where"), sort_keys=True)}
        found, meta = page.answer(papers.rows_of(search, sort), of=scope_of("search", sort, asked))
        return Response({"meta": meta, "results": fields.written(papers.written(found))})


def _faults(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    if body.get("entity", "papers") in ENTITIES:
        return []
    return [error("entity", "unknown_value", "“entity” can be papers.", ENTITIES)]


class _Tree:
    """Reads conditions; what is wrong with them goes to `errors`."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        self.errors, self.left = errors, MOST_LEAVES

    def node(self, given: Any) -> Node:
        try:
            return self._read(given, 1)
        except BadClause as wrong:
            self.errors.append(error("where", "invalid", str(wrong), FIELDS))
            return all_of()

    def _read(self, given: Any, depth: int) -> Node:
        if depth > DEEPEST:
            raise BadClause(f"Conditions can be nested {DEEPEST} deep.")
        if not isinstance(given, Mapping):
            raise BadClause("A condition is an object: all, any, not, or field and value.")
        if set(given) == {"field", "value"}:
            return self._leaf(given["field"], given["value"])
        if len(given) != 1 or (name := next(iter(given))) not in (*JOINS, "not"):
            raise BadClause("A condition has one member: all, any or not; or the two members field and value.")
        if name == "not":
            return self._without(self._read(given[name], depth + 1), given[name])
        parts = given[name]
        if not isinstance(parts, list) or not parts:
            raise BadClause(f"“{name}” takes a list of conditions that is not empty.")
        return JOINS[name](*(self._read(part, depth + 1) for part in parts))

    def _without(self, node: Node, given: Any) -> Node:
        if set(given) == {"field", "value"}:
            return node_of_clause(*_written(given["field"], given["value"]), negated=True)
        return not_of(node)

    def _leaf(self, field: Any, value: Any) -> Node:
        self.left -= 1
        if self.left < 0:
            raise BadClause(f"At most {MOST_LEAVES} conditions at once.")
        return node_of_clause(*_written(field, value))


def _written(field: Any, value: Any) -> tuple[str, list[str]]:
    """As they would stand in `filter=`."""
    if not isinstance(field, str):
        raise BadClause("“field” is the name of a field.")
    values = value if isinstance(value, list) else [value]
    if not 0 < len(values) <= MOST_VALUES:
        raise BadClause(f"{field[:60]}: from 1 to {MOST_VALUES} values.")
    return name_of(field), [_text(field, each) for each in values]


def _text(field: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return NULL if value is None else str(value).lower()
    if not isinstance(value, str | int | float) or not is_text(str(value)) or not str(value).strip():
        raise BadClause(f"{field[:60]}: a value is text, a number, true, false or null.")
    return str(value).strip()
