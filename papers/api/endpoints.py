"""What lists and single records of every kind have in common; each kind's views say the rest in a few lines."""

import random
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import django_filters as filters
from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from authors.curation.public_ids import parse_public_id
from authors.curation.redirects import find_redirect
from authors.identifiers import recognise
from papers.api import listed_ids
from papers.api.asking import Asked
from papers.api.clauses import LONGEST as LONGEST_FILTER
from papers.api.clauses import BadClause
from papers.api.drawing import PARAMETERS as DRAWING
from papers.api.drawing import DrawnRows, Sample, sample_in
from papers.api.limits import headers_of, spend
from papers.api.list_fields import ListFields
from papers.api.pagination import PARAMETERS as PAGING
from papers.api.pagination import read_page, scope_of
from papers.api.parameters import (
    SEARCH_SCHEMA,
    Parameter,
    error,
    filter_errors,
    is_text,
    of_filters,
    of_sorts,
    read,
    search_errors,
    sort_in,
)
from papers.api.problems import BadParameters, Gone
from papers.api.remembering import still_so
from papers.api.rendering import FastJSONRenderer
from papers.api.rows import Rows, SortedRows
from papers.api.schema import EndpointSchema
from papers.api.shapes import Shape, listing
from papers.api.sparse import PARAMETERS as FIELDS_WANTED
from papers.api.sparse import AnyOf, Sparsely, sparse
from papers.ordering import Sort, sort_of

LONGEST_ID = 500
_ONE_SLASH = re.compile(r"^(https?):/+", re.IGNORECASE)


class Endpoint(Asked):
    """An address of the API, as it tells of itself."""

    schema: Any = EndpointSchema()
    renderer_classes = [FastJSONRenderer]
    shape: ClassVar[type[Shape]]
    tag: ClassVar[str]
    summary: ClassVar[str]
    more: ClassVar[str] = ""
    problems: ClassVar[tuple[int, ...]] = (400, 401, 405, 406, 429, 500, 503)

    @classmethod
    def answer_shape(cls) -> Any:
        return cls.shape

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return []

    @property
    def site(self) -> str:
        return self.request.build_absolute_uri("/")[:-1]


_PARAMETERS: dict[Any, list[Parameter]] = {}


def parameters_of(view: Any) -> list[Parameter]:
    """Of a view's class; made once."""
    if view not in _PARAMETERS:
        _PARAMETERS[view] = view.parameters()
    return _PARAMETERS[view]


class Records(Endpoint):
    """What a list and a single record of one kind share; `wanted_fields` are of the records, None is all."""

    wanted_fields: frozenset[str] | None = None

    def visible(self) -> Any:
        """The records that the public may see, without order."""
        raise NotImplementedError

    def with_parts(self, queryset: Any) -> Any:
        """What `written` reads, fetched in a fixed number of queries."""
        return queryset

    def written(self, rows: Sequence[Any]) -> list[dict[str, Any]]:
        raise NotImplementedError


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
        return Response(self.answer(read(request.query_params, parameters_of(type(self)))))

    def answer(self, values: dict[str, str]) -> dict[str, Any]:
        page, errors = read_page(values)
        fields = Sparsely(values, self.shape)
        self.wanted_fields = fields.names
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
        rows, words = self.filtered(values, errors), values.get("search", "")
        keys = listed_ids.keys_asked(self.letter, values, errors)
        rows = rows if keys is None else rows.filter(pk__in=keys)
        errors += search_errors(words, self.search_schema["maxLength"])
        sort, wrong = sort_in(self.sorts, values)
        errors += wrong
        narrowed = self.narrowed(rows, values, errors)
        if errors:
            raise BadParameters(errors)
        queryset = self.searched(narrowed, words) if words else narrowed
        return SortedRows(queryset, sort_of(self.sorts, sort), self.with_parts), sort

    def filtered(self, values: dict[str, str], errors: list[dict[str, Any]]) -> Any:
        """By the filters that have parameters of their own."""
        if not self.filters.base_filters.keys() & values.keys():
            return self.visible()
        filterset = self.filters(values, queryset=self.visible())
        errors += filter_errors(filterset)
        return filterset.qs

    def drawn(self, rows: Any, sample: Sample) -> Rows:
        return DrawnRows(partial(sample.of_queryset, rows.queryset), self.with_parts(rows.queryset))

    def narrowed(self, queryset: Any, values: dict[str, str], errors: list[dict[str, Any]]) -> Any:
        """By `filter=`."""
        fields = ListFields(self, self.numbers)
        try:
            return fields.narrowed(queryset, values["filter"]) if "filter" in values else queryset
        except BadClause as wrong:
            errors.append(error("filter", "invalid", str(wrong), fields.names))
            return queryset


class RecordDetail(Records):
    """One record by its public id or by an identifier that it alone has."""

    problems: ClassVar[tuple[int, ...]] = (*Endpoint.problems, 404, 410)
    letter: ClassVar[str]
    url_name: ClassVar[str]
    ids: ClassVar[str]
    id_examples: ClassVar[tuple[str, ...]]
    has_random: ClassVar[bool] = True

    def withdrawn(self) -> Any:
        """Records that say of themselves that they were withdrawn."""
        return self.visible().none()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        answer = still_so(request) if self.is_of_rows_alone(request) else None
        spent = spend(request) if answer else []
        if answer is None or any(each.left < 0 for each in spent):
            return super().dispatch(request, *args, **kwargs)
        for name, value in headers_of(spent).items():
            answer[name] = value
        return answer

    def is_of_rows_alone(self, request: Any) -> bool:
        """Whether the answer shows what the database holds and nothing that is kept beside it for a while."""
        return True

    @classmethod
    def answer_shape(cls) -> Any:
        return AnyOf(f"{cls.shape.__name__}OrPart", [cls.shape, sparse(cls.shape)])

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return FIELDS_WANTED

    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - the schema shows this name
        values = read(request.query_params, parameters_of(type(self)))
        self.fields = Sparsely(values, self.shape)
        if self.fields.errors:
            raise BadParameters(self.fields.errors)
        self.wanted_fields = self.fields.names
        if len(id) > LONGEST_ID or not is_text(id):
            raise Http404
        if found := self.found(id):
            return found
        raise Http404

    def found(self, given: str) -> Response | None:
        if given == "random" and self.has_random:
            self.cache_control = "no-store"
            keys = Sample(1, str(random.random())).of_queryset(self.visible())  # noqa: S311 - a draw, no secret
            return self.one_of(self.visible().filter(pk__in=keys))
        public_id = parse_public_id(given)
        if public_id:
            return self.by_public_id(*public_id)
        identifier = recognise(_ONE_SLASH.sub(r"\1://", given))
        return self.by_identifier(*identifier) if identifier else None

    def by_public_id(self, letter: str, key: int) -> Response | None:
        if letter != self.letter:
            return None
        return self.with_key(key) or self.moved(key)

    def with_key(self, key: int) -> Response | None:
        return self.one_of(self.visible().filter(pk=key))

    def by_identifier(self, scheme: str, value: str) -> Response | None:
        about = {"identifiers__scheme": scheme, "identifiers__value": value, "identifiers__disputed": False}
        found = self.one_of(self.visible().filter(**about))
        if not found and self.withdrawn().filter(**about).exists():
            raise Gone(f"{value} was withdrawn from this catalogue.")
        return found

    def one_of(self, queryset: Any) -> Response | None:
        return self.answer_of(list(self.with_parts(queryset)[:1]))

    def answer_of(self, rows: list[Any]) -> Response | None:
        """Of one row or none."""
        if not rows:
            return None
        answer = Response(self.fields.written(self.written(rows))[0] | self.beside(rows[0]))
        answer.row = rows[0]  # type: ignore[attr-defined]  # for the ETag
        return answer

    def beside(self, row: Any) -> dict[str, Any]:
        """Further fields that were asked for."""
        return {}

    def moved(self, key: int) -> Response | None:
        """To the survivor of a merge, if the public may see it; else the record is gone or was never there."""
        redirect = find_redirect(kind=self.letter, old_id=key)
        target = redirect.target_id if redirect else None
        if target and self.visible().filter(pk=target).exists():
            address = reverse(self.url_name, args=[f"{self.letter}{target}"])
            return Response(status=301, headers={"Location": self.site + address})
        if (redirect and not target) or self.withdrawn().filter(pk=target or key).exists():
            note = f" {redirect.note}" if redirect and redirect.note else ""
            raise Gone(f"{self.letter}{key} was withdrawn from this catalogue.{note}")
        return None
