"""A page of records of any kind; each kind's view says the rest in a few lines."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, ClassVar

import django_filters as filters
from rest_framework.request import Request
from rest_framework.response import Response

from papers.api import listed_ids
from papers.api.asking import MAX_AGE
from papers.api.clauses import LONGEST as LONGEST_FILTER
from papers.api.clauses import BadClause
from papers.api.django_names import in_our_words
from papers.api.drawing import PARAMETERS as DRAWING
from papers.api.drawing import DrawnRows, Sample, sample_in
from papers.api.endpoints import Records, parameters_of
from papers.api.list_fields import ListFields
from papers.api.pagination import PARAMETERS as PAGING
from papers.api.pagination import link_to_next, read_page, scope_of
from papers.api.parameters import (
    SEARCH_SCHEMA,
    Parameter,
    error,
    filter_errors,
    of_filters,
    of_sorts,
    read,
    search_errors,
    sort_in,
)
from papers.api.problems import BadParameters
from papers.api.rows import Rows, SortedRows, WholeList
from papers.api.shapes import listing
from papers.api.sparse import PARAMETERS as FIELDS_WANTED
from papers.api.sparse import AnyOf, Sparsely, sparse
from papers.ordering import Sort, sort_of


def filter_parameter(fields: str) -> Parameter:
    about = (
        "Fields and values as clients of OpenAlex write them, `field:value,field:value`: a record must pass all of them."
        " `a|b` is any of the values, `!a` all but these, `>5`, `<5` and `2-5` are ranges, `null` is what is not known."
        f" The fields: {fields}."
    )
    return Parameter(
        "filter", about, {"type": "string", "pattern": r"^\s*[A-Za-z][A-Za-z0-9_.-]*\s*:", "maxLength": LONGEST_FILTER}
    )


class RecordList(Records):
    """A page of records: filtered, searched, sorted."""

    filters: ClassVar[type[filters.FilterSet]]
    sorts: ClassVar[dict[str, Sort]]
    searches: ClassVar[str]
    search_schema: ClassVar[dict[str, Any]] = SEARCH_SCHEMA
    numbers: ClassVar[tuple[str, ...]] = ("works_count", "cited_by_count")
    letter: ClassVar[str] = ""

    @classmethod
    def answer_shape(cls) -> Any:
        return AnyOf(f"{cls.shape.__name__}Answer", [listing(cls.shape), listing(sparse(cls.shape))])

    @classmethod
    def parameters(cls) -> list[Parameter]:
        search = Parameter("search", cls.searches, cls.search_schema)
        named = [listed_ids.PARAMETER] if cls.letter else []
        return [*named, *of_filters(cls.filters), cls.filtering(), search, cls.sorting(), *FIELDS_WANTED, *DRAWING, *PAGING]

    @classmethod
    def filtering(cls) -> Parameter:
        return filter_parameter("; ".join(f"`{name}`" for name in ListFields(cls, cls.numbers).names))

    @classmethod
    def sorting(cls) -> Parameter:
        return of_sorts(cls.sorts, usual=next(iter(cls.sorts)))

    def searched(self, queryset: Any, words: str) -> Any:
        return queryset.named(words)

    def get(self, request: Request) -> Response:
        values = read(in_our_words(request.query_params), parameters_of(type(self)))
        found = self.answer(values)
        answer: Any = Response(found, headers=link_to_next(request, values, found["meta"]))
        answer.holds = MAX_AGE
        return answer

    def answer(self, values: dict[str, str]) -> dict[str, Any]:
        page, errors = read_page(values)
        fields = Sparsely(values, self.shape)
        self.wanted_fields = self.fields_wanted(fields)
        sample, wrong = sample_in(values)
        errors += fields.errors + wrong
        rows, sort = self.wanted(values, errors)
        if sample:
            self.cache_control = "no-store" if "seed" not in values else self.cache_control
            rows = self.drawn(rows, sample)
        found, meta = page.answer(rows, of=scope_of(self.tag, sort, values))
        return {"meta": meta, "results": self.records(found, fields)}

    def records(self, rows: Sequence[Any], fields: Sparsely) -> list[dict[str, Any]]:
        return fields.written(self.written(rows))

    def wanted(self, values: dict[str, str], errors: list[dict[str, Any]]) -> tuple[Rows, str]:
        """The whole list that is asked for, and its order. Raises BadParameters with `errors` and those it finds."""
        sort, wrong = sort_in(self.sorts, values)
        errors += wrong
        whole = not {*self.filters.base_filters, "ids", "search", "filter"} & values.keys()
        queryset = None if whole else self.part_wanted(values, errors)
        if errors:
            raise BadParameters(errors)
        if queryset is None:
            view: Any = type(self)
            return SortedRows.of_whole(_whole_list(view, sort), self.fetched), sort
        return SortedRows(queryset, sort_of(self.sorts, sort), self.fetched), sort

    def part_wanted(self, values: dict[str, str], errors: list[dict[str, Any]]) -> Any:
        """What filters, ids and search leave of the list."""
        rows, words = self.filtered(values, errors), values.get("search", "")
        keys = listed_ids.keys_asked(self.letter, values, errors)
        rows = rows if keys is None else rows.filter(pk__in=keys)
        errors += search_errors(words, self.search_schema["maxLength"])
        narrowed = self.narrowed(rows, values, errors)
        return self.searched(narrowed, words) if words and not errors else narrowed

    def filtered(self, values: dict[str, str], errors: list[dict[str, Any]]) -> Any:
        """By the filters that have parameters of their own."""
        if not self.filters.base_filters.keys() & values.keys():
            return self.visible()
        filterset = self.filters(values, queryset=self.visible())
        errors += filter_errors(filterset)
        return filterset.qs

    def drawn(self, rows: Any, sample: Sample) -> Rows:
        return DrawnRows(partial(sample.of_queryset, rows.queryset), self.fetched)

    def narrowed(self, queryset: Any, values: dict[str, str], errors: list[dict[str, Any]]) -> Any:
        """By `filter=`."""
        fields = ListFields(self, self.numbers)
        try:
            return fields.narrowed(queryset, values["filter"]) if "filter" in values else queryset
        except BadClause as wrong:
            errors.append(error("filter", "invalid", str(wrong), fields.names))
            return queryset


@lru_cache(100)
def _whole_list(view: Any, sort: str) -> WholeList:
    return WholeList(view().visible(), sort_of(view.sorts, sort))
