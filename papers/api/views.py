"""Papers, venues and categories, the way in, and what stands at no address."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.urls import reverse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from papers import ordering
from papers.api import grouping, including, searching
from papers.api.details import RecordDetail
from papers.api.drawing import DrawnRows, Sample
from papers.api.endpoints import Endpoint, Records, parameters_of
from papers.api.including import PaperIncluding
from papers.api.list_shapes import SparsePapersWithMore
from papers.api.lists import RecordList, filter_parameter
from papers.api.paper_fields import FIELDS
from papers.api.paper_records import LISTED_AUTHORS, paper_records, papers_with_record, published_by_key
from papers.api.parameters import Parameter, of_sorts, read
from papers.api.problems import BadParameters
from papers.api.records import category_records, venue_records
from papers.api.rows import FoundRows, Rows
from papers.api.shapes import Category as CategoryShape
from papers.api.shapes import Groups, Shape, listing
from papers.api.shapes import Paper as PaperShape
from papers.api.shapes import Root as RootShape
from papers.api.shapes import Venue as VenueShape
from papers.api.sparse import AnyOf, Sparsely, sparse
from papers.api.writing.adding import AddingList
from papers.api.writing.editing import EditedDetail
from papers.api.writing.members import LARGEST_OF_PAPER, PAPER
from papers.filters import CategoryListFilter, PaperFilter, VenueFilter
from papers.models import Category, Paper, Venue
from papers.search.finding import Search


class Papers(Records):
    tag = "papers"
    shape = PaperShape
    authors: ClassVar[int | None] = LISTED_AUTHORS

    def visible(self) -> Any:
        return Paper.objects.published()

    def with_parts(self, queryset: Any) -> Any:
        return papers_with_record(queryset, fields=self.wanted_fields)

    def fetched(self, keys: list[int]) -> Iterable[Paper]:
        return published_by_key(self.wanted_fields).rows(keys)

    def written(self, rows: Sequence[Paper]) -> list[dict[str, Any]]:
        return paper_records(rows, self.site, authors=self.authors, fields=self.wanted_fields)


class PaperList(Papers, AddingList):
    editable, largest_body = PAPER, LARGEST_OF_PAPER
    summary = "Papers, filtered, searched and sorted, or counted by group"
    filters = PaperFilter
    letter = Paper.letter
    sorts = ordering.PAPERS
    searches, search_schema = searching.SEARCH, searching.SCHEMA

    @classmethod
    def answer_shape(cls) -> Any:
        shapes: list[type[Shape]] = [listing(cls.shape), Groups, listing(sparse(cls.shape)), SparsePapersWithMore]
        return AnyOf("PaperListOrGroups", shapes)

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return [*super().parameters(), including.PARAMETER, grouping.PARAMETER, grouping.FACETS]

    @classmethod
    def filtering(cls) -> Parameter:
        return filter_parameter("; ".join(f"`{name}` {field.about}" for name, field in FIELDS.items()))

    @classmethod
    def sorting(cls) -> Parameter:
        found = of_sorts(cls.sorts, usual=searching.NEWEST)
        return replace(found, description=f"{found.description} A search for words begins with the best match.")

    def answer(self, values: dict[str, str]) -> dict[str, Any]:
        if "group_by" in values:
            return grouping.groups_in(values)
        answer = super().answer(values)
        return {**answer, "facets": self.facets} if self.facets else answer

    def wanted(self, values: dict[str, str], errors: list[dict[str, Any]]) -> tuple[Rows, str]:
        self.included, wrong = including.wanted_in(values)
        names, wrong_names = grouping.facets_wanted(values)
        errors += [*wrong, *wrong_names]
        search, sort = searching.search_in(values, errors)
        self.facets = grouping.facets_of(search, names)
        return self.rows_of(search, sort), sort

    def records(self, rows: Sequence[Paper], fields: Sparsely) -> list[dict[str, Any]]:
        beside = including.included(rows, self.included, self.site)
        return [record | more for record, more in zip(super().records(rows, fields), beside, strict=True)]

    def rows_of(self, search: Search, sort: str) -> FoundRows:
        return FoundRows(search, sort, self.fetched)

    def one(self) -> RecordDetail:
        return PaperDetail()

    def drawn(self, rows: Any, sample: Sample) -> Rows:
        return DrawnRows(partial(sample.of_search, rows.search), self.fetched)


class PaperDetail(Papers, EditedDetail):
    editable, largest_body = PAPER, LARGEST_OF_PAPER
    summary = "One paper"
    more = "With all its authorships; a list shows the first 100 of each paper."
    letter, url_name = Paper.letter, "api-paper"
    authors = None
    ids = "P34, or a DOI, arXiv id, PubMed id or OpenAlex id with its prefix or as an address."
    id_examples = ("P34", "doi:10.5555/example", "arXiv:2301.00001", "openalex:W1")

    @classmethod
    def answer_shape(cls) -> Any:
        return AnyOf("PaperOrPart", [cls.shape, sparse(cls.shape), PaperIncluding, sparse(PaperIncluding)])

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return [*super().parameters(), including.PARAMETER]

    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - the schema shows this name
        self.included, errors = including.wanted_in(read(request.query_params, parameters_of(type(self))))
        if errors:
            raise BadParameters(errors)
        return super().get(request, id)

    def beside(self, row: Any) -> dict[str, Any]:
        return including.included([row], self.included, self.site)[0]

    def withdrawn(self) -> Any:
        return Paper.objects.filter(state=Paper.State.WITHDRAWN)


class Venues(Records):
    tag = "venues"
    shape = VenueShape

    def written(self, rows: Sequence[Venue]) -> list[dict[str, Any]]:
        return venue_records(rows, self.site)


class VenueList(Venues, RecordList):
    summary = "Venues with papers, filtered, searched and sorted"
    filters = VenueFilter
    letter = Venue.letter
    sorts = ordering.VENUES
    searches = "Words that all occur in the name, whatever their case and accents."

    def visible(self) -> Any:
        return Venue.objects.listed()


class VenueDetail(Venues, RecordDetail):
    summary = "One venue"
    letter, url_name = Venue.letter, "api-venue"
    ids = "V6, or an ISSN or OpenAlex id with its prefix."
    id_examples = ("V6", "issn:1234-5679")

    def visible(self) -> Any:
        papers = Paper.objects.published().filter(venue=OuterRef("pk"))
        return Venue.objects.filter(Exists(papers)).select_related("metrics")


class Categories(Records):
    tag = "categories"
    shape = CategoryShape

    def visible(self) -> Any:
        return Category.objects.select_related("metrics")

    def written(self, rows: Sequence[Category]) -> list[dict[str, Any]]:
        return category_records(rows, self.site)


class CategoryList(Categories, RecordList):
    summary = "Every category, whether or not it has papers"
    filters = CategoryListFilter
    sorts = ordering.CATEGORIES
    searches = "Words that all occur in the code or the name, whatever their case."


class CategoryDetail(Categories, RecordDetail):
    summary = "One category"
    problems = (*Endpoint.problems, 404)
    ids = "The category's code."
    id_examples = ("cs.CL",)

    def found(self, given: str) -> Response | None:
        return self.one_of(self.visible().filter(pk=given))


class RootView(Endpoint):
    summary = "The addresses of the lists"
    tag = "about"
    shape = RootShape

    def get(self, request: Request) -> Response:
        read(request.query_params, [])
        names = ("papers", "authors", "institutions", "venues", "categories", "schema", "docs")
        return Response({name: self.site + reverse(f"api-{name}") for name in names})


class UnknownAddress(Endpoint):
    """Whatever the method: there is nothing here to use it on."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        slash = " The addresses of the API have no slash at their end." if request.path.endswith("/") else ""
        raise NotFound(f"There is nothing at this address.{slash}")
