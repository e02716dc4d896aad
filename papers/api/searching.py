"""The search for papers that an address asks for. What a page would overlook and tell, is refused here."""

from collections.abc import Mapping
from typing import Any

from papers.api.clauses import BadClause
from papers.api.listed_ids import keys_asked
from papers.api.paper_fields import FIELDS, node_of
from papers.api.parameters import TEXT, error, filter_errors, search_errors, sort_in
from papers.api.problems import BadParameters
from papers.filters import PaperFilter
from papers.models import Paper
from papers.ordering import PAPERS
from papers.search.finding import RELEVANCE, Search
from papers.search.resolving import Resolver
from papers.search.syntax import LONGEST, Parsed, parse
from papers.search.tree import YEAR, And, Between, Everything, Node, Nothing, Tag, all_of, any_of, has_text, leaves

NEWEST = "publication_date:desc"
SEARCH = (
    'Words in title, abstract, authors\' names and venue, whatever their case, accents and endings. `"…"` holds words together,'
    " `-` leaves out, `OR` and brackets combine, and fields narrow: `author:`, `title.search:`, `publication_year:2019-2023`,"
    " `cited_by_count:>100`, `has_code:true`. A field or range that cannot be is refused."
)
NESTED = "A range other than of years cannot stand beside OR or after a minus sign."
EVERYTHING = Everything()
SCHEMA = {"type": "string", "pattern": TEXT, "maxLength": LONGEST}


def search_in(values: Mapping[str, str], errors: list[dict[str, Any]], also: Node = EVERYTHING) -> tuple[Search, str]:
    """The search, and the order; `also` must apply besides. Raises BadParameters with `errors` and those it finds."""
    words = values.get("search", "")
    parsed = parse(words) if words else Parsed()
    by_filters = _by_filters(values, errors)
    errors += search_errors(words, LONGEST) or [error("search", "invalid", told) for told in _faults(parsed)]
    if _has_nested_range(also):
        errors.append(error("where", "invalid", NESTED))
    node = all_of(parsed.node, by_filters, _filtered(values, errors), _named(values, errors), also)
    sort, wrong = sort_in(PAPERS, values, usual=RELEVANCE if has_text(node) else NEWEST)
    errors += wrong
    if errors:
        raise BadParameters(errors)
    return Search(Resolver().match(node)), sort


def _by_filters(values: Mapping[str, str], errors: list[dict[str, Any]]) -> Node:
    if not PaperFilter.base_filters.keys() & values.keys():
        return EVERYTHING
    filterset = PaperFilter(values)
    errors += filter_errors(filterset)
    return filterset.node


def _named(values: Mapping[str, str], errors: list[dict[str, Any]]) -> Node:
    """By `ids=`."""
    keys = keys_asked(Paper.letter, values, errors)
    if keys is None:
        return EVERYTHING
    return any_of(*(Tag("paper", str(key)) for key in keys)) if keys else Nothing()


def _filtered(values: Mapping[str, str], errors: list[dict[str, Any]]) -> Node:
    try:
        return node_of(values["filter"]) if "filter" in values else Everything()
    except BadClause as wrong:
        errors.append(error("filter", "invalid", str(wrong), FIELDS))
        return Everything()


def _faults(parsed: Parsed) -> list[str]:
    """What was left out of the search. That no word remains to look for is no fault, but a list without rows."""
    told = parsed.problems
    if _has_nested_range(parsed.node):
        told = [*told, NESTED]
    return told


def _has_nested_range(node: Node) -> bool:
    parts = node.parts if isinstance(node, And) else (node,)
    inside = (leaf for part in parts if not isinstance(part, Between) for leaf in leaves(part))
    return any(isinstance(leaf, Between) and leaf.column != YEAR for leaf in inside)
