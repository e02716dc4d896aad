"""The same records as most projects would write them: nested ModelSerializers over prefetched instances."""

from typing import Any

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.views import APIView

from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName, Institution, InstitutionIdentifier
from papers.models import (
    AuthorFigure,
    AuthorMetrics,
    Authorship,
    AuthorshipAffiliation,
    Category,
    CitationsInYear,
    Paper,
    PaperCategory,
    PaperFigure,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
    Venue,
)
from papers.people import public_authors


def _serializer(of: Any, *names: str, **nested: Any) -> Any:
    """A class with the columns `names` and what is `nested`."""
    meta = type("Meta", (), {"model": of, "fields": [*names, *nested]})
    return type(f"Nested{of.__name__}", (ModelSerializer,), {"Meta": meta, **nested})


_figures = ("name", "origin", "source", "value", "reason", "method", "version", "parts", "n", "as_of")
_category = _serializer(Category, "code", "short_code", "name")
_institution = _serializer(
    Institution, "id", "name", "tag", "country_code",
    identifiers=_serializer(InstitutionIdentifier, "scheme", "value")(many=True),
)  # fmt: skip
_author = _serializer(Author, "id", "display_name", identifiers=_serializer(AuthorIdentifier, "scheme", "value")(many=True))
_authorship = _serializer(
    Authorship, "position", "raw_name", "is_corresponding", author=_author(),
    affiliations=_serializer(AuthorshipAffiliation, "raw", institution=_institution())(many=True),
)  # fmt: skip
PaperNested = _serializer(
    Paper, "id", "title", "abstract", "type", "published", "date_precision", "year", "language", "is_retracted", "retracted_on",
    "retraction_notice", "volume", "issue", "first_page", "last_page", "authors_count", "authors_complete", "has_code",
    "cited_by_count", "citations_source", "citations_as_of", "referenced_count", "created_at", "updated_at",
    identifiers=_serializer(PaperIdentifier, "scheme", "value")(many=True),
    primary_category=_category(),
    further_categories=_serializer(PaperCategory, "origin", category=_category())(many=True),
    venue=_serializer(Venue, "id", "name")(),
    authorships=_authorship(many=True),
    paper_institutions=_serializer(PaperInstitution, institution=_institution())(many=True),
    links=_serializer(PaperLink, "kind", "url", "official")(many=True),
    counts_by_year=_serializer(CitationsInYear, "year", "count", "source")(many=True),
    figures=_serializer(PaperFigure, *_figures)(many=True),
)  # fmt: skip
AuthorNested = _serializer(
    Author, "id", "display_name", "updated_at",
    names=_serializer(AuthorName, "name", "public")(many=True),
    identifiers=_serializer(AuthorIdentifier, "scheme", "value")(many=True),
    affiliations=_serializer(Affiliation, "start_year", "end_year", institution=_institution())(many=True),
    metrics=_serializer(
        AuthorMetrics, "papers_count", "citations", "cited_papers", "h_index", "i10_index", "papers_by_year",
        "citations_by_year", primary_category=_category(),
    )(),
    figures=_serializer(AuthorFigure, *_figures)(many=True),
)  # fmt: skip


class _Nested(APIView):
    """One record, or those of some keys: nothing is counted, searched or sorted."""

    serializer: Any

    def records(self) -> Any:
        raise NotImplementedError

    def get(self, request: Request, pk: int | None = None) -> Response:
        if pk is not None:
            return Response(self.serializer(get_object_or_404(self.records(), pk=pk)).data)
        keys = map(int, request.query_params["keys"].split(","))
        return Response({"results": self.serializer(self.records().filter(pk__in=keys), many=True).data})


class PapersNested(_Nested):
    serializer = PaperNested

    def records(self) -> Any:
        return Paper.objects.published().select_related("primary_category", "venue").prefetch_related(
            "identifiers", "further_categories__category", "authorships__author__identifiers",
            "authorships__affiliations__institution__identifiers", "paper_institutions__institution__identifiers", "links",
            "counts_by_year", "figures",
        )  # fmt: skip


class AuthorsNested(_Nested):
    serializer = AuthorNested

    def records(self) -> Any:
        return public_authors().prefetch_related(
            "names", "identifiers", "affiliations__institution__identifiers", "figures",
        )  # fmt: skip
