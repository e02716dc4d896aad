"""Every address under /api/. None needs a slash at its end; ids may hold slashes, as DOIs do."""

from django.urls import include, path, re_path
from rest_framework.views import APIView

from authors.api.views import AuthorDetail, AuthorList, Coauthors, InstitutionDetail, InstitutionList
from papers.api.about import Properties, RateLimit, Status
from papers.api.beside import Citations, References, RelatedPapers
from papers.api.boolean import SearchTree
from papers.api.changes import ChangeFeed
from papers.api.documentation import DocsView, SchemaView
from papers.api.exports import Exports
from papers.api.records_by_ids import AuthorBatch, InstitutionBatch, PaperBatch, VenueBatch
from papers.api.suggesting import Autocomplete, AutocompleteOf
from papers.api.versions import Versions
from papers.api.views import (
    CategoryDetail,
    CategoryList,
    PaperDetail,
    PaperList,
    RootView,
    UnknownAddress,
    VenueDetail,
    VenueList,
)
from papers.api.works import WorkDetail, WorkList
from papers.api.writing.acting import MergeAuthors, MergeInstitutions, MergePapers, PaperState, UndoChange

# What clients of OpenAlex call some of the lists. They are left out of the schema, which would repeat itself.
ALIASES: dict[str, tuple[type[APIView], type[APIView]]] = {
    "works": (WorkList, WorkDetail),
    "sources": (VenueList, VenueDetail),
    "topics": (CategoryList, CategoryDetail),
}

V1 = [
    path("", RootView.as_view(schema=None)),  # the same as without a slash, which the schema has
    path("papers", PaperList.as_view(), name="api-papers"),
    re_path(r"^papers/(?P<id>[Pp][0-9]+)/related$", RelatedPapers.as_view(), name="api-paper-related"),
    re_path(r"^papers/(?P<id>[Pp][0-9]+)/references$", References.as_view(), name="api-paper-references"),
    re_path(r"^papers/(?P<id>[Pp][0-9]+)/citations$", Citations.as_view(), name="api-paper-citations"),
    re_path(r"^papers/(?P<id>[Pp][0-9]+)/versions$", Versions.as_view(), name="api-paper-versions"),
    path("papers/batch", PaperBatch.as_view(), name="api-paper-batch"),
    re_path(r"^papers/(?P<id>[Pp][0-9]+)/state$", PaperState.as_view(), name="api-paper-state"),
    path("papers/merge", MergePapers.as_view(), name="api-paper-merge"),
    path("papers/<path:id>", PaperDetail.as_view(), name="api-paper"),
    path("authors", AuthorList.as_view(), name="api-authors"),
    re_path(r"^authors/(?P<id>[Aa][0-9]+)/coauthors$", Coauthors.as_view(), name="api-author-coauthors"),
    path("authors/batch", AuthorBatch.as_view(), name="api-author-batch"),
    path("authors/merge", MergeAuthors.as_view(), name="api-author-merge"),
    path("authors/<path:id>", AuthorDetail.as_view(), name="api-author"),
    path("institutions", InstitutionList.as_view(), name="api-institutions"),
    path("institutions/batch", InstitutionBatch.as_view(), name="api-institution-batch"),
    path("institutions/merge", MergeInstitutions.as_view(), name="api-institution-merge"),
    path("institutions/<path:id>", InstitutionDetail.as_view(), name="api-institution"),
    path("venues", VenueList.as_view(), name="api-venues"),
    path("venues/batch", VenueBatch.as_view(), name="api-venue-batch"),
    path("venues/<path:id>", VenueDetail.as_view(), name="api-venue"),
    path("categories", CategoryList.as_view(), name="api-categories"),
    path("categories/<path:id>", CategoryDetail.as_view(), name="api-category"),
    path("search", SearchTree.as_view(), name="api-search"),
    re_path(r"^changesets/(?P<id>[0-9]{1,19})/undo$", UndoChange.as_view(), name="api-undo"),
    path("changes", ChangeFeed.as_view(), name="api-changes"),
    path("exports", Exports.as_view(), name="api-exports"),
    path("autocomplete", Autocomplete.as_view(), name="api-autocomplete"),
    path("autocomplete/<str:entity>", AutocompleteOf.as_view(), name="api-autocomplete-of"),
    path("rate-limit", RateLimit.as_view(), name="api-rate-limit"),
    path("status", Status.as_view(), name="api-status"),
    path("properties", Properties.as_view(), name="api-properties"),
    path("schema", SchemaView.as_view(), name="api-schema"),
    path("docs", DocsView.as_view(), name="api-docs"),
    path("works/batch", PaperBatch.as_view(schema=None)),
    *(path(alias, views[0].as_view(schema=None)) for alias, views in ALIASES.items()),
    *(path(f"{alias}/<path:id>", views[1].as_view(schema=None)) for alias, views in ALIASES.items()),
    re_path(r"^[\s\S]*$", UnknownAddress.as_view()),  # lines too
]

urlpatterns = [
    path("v1", RootView.as_view(), name="api-root"),
    path("v1/", include(V1)),
]
