"""People in the admin."""

from itertools import chain
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from authors.admin.base import FewFilter, Inline, MissingFilter, ReadOnlyInline, changed_fields
from authors.admin.bulk import change_chosen, recompute
from authors.admin.choosing import KnownForm
from authors.admin.duplicates import WarnsOfDuplicates
from authors.admin.identifiers import IdentifierInline
from authors.admin.lists import BY_CITATIONS, BY_PAPERS, PeoplePages
from authors.admin.merging import Mergeable
from authors.admin.naming import Renames
from authors.admin.records import UNKNOWN, RecordAdmin, counted, identifier_of, list_link, metric
from authors.admin.tables import Tabular
from authors.curation.models import Provenance
from authors.editing import author_edited
from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName
from papers.metrics.refreshing import refresh_authors, refresh_institutions_of
from papers.models import AuthorFigure
from papers.profiles import authors_with_page
from papers.search.for_editors import called, counted_nowhere, without_affiliation
from papers.search.indexing import index_authors, index_papers_of_authors

COUNTS = (("papers", "citations", "h_index"), ("active", "category", "counted_at"))


class NameInline(Inline):
    model = AuthorName
    fields = ["name", "public"]


class AuthorIdentifierInline(IdentifierInline):
    model = AuthorIdentifier
    fields = ["scheme", "value", "verified", "disputed"]


class AffiliationForm(KnownForm):
    """A stay that an editor changed is the editor's: no import changes it again."""

    def save(self, commit: bool = True) -> Any:
        if self.has_changed():
            self.instance.source = Provenance.EDITOR
        return super().save(commit)


class AffiliationInline(Inline):
    model = Affiliation
    form = AffiliationForm
    fields = ["institution", "start_year", "end_year", "is_current", "source"]
    readonly_fields = ["source"]
    autocomplete_fields = ["institution"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("institution")


class FigureInline(ReadOnlyInline):
    """Reported figures are corrected in their own list."""

    model = AuthorFigure
    verbose_name_plural = "figures, computed and reported"
    fields = readonly_fields = ("name", "value", "origin", "source", "method", "as_of", "reason")


class VisibilityFilter(FewFilter):
    """Few people are not shown by rule; said so, their own index finds them."""

    title = parameter_name = field = "visibility"
    usual, offered = Author.Visibility.AUTOMATIC, Author.Visibility


class MissingOfAuthor(MissingFilter):
    gaps = {
        "orcid": ("ORCID", ~Exists(AuthorIdentifier.objects.filter(author=OuterRef("pk"), scheme="orcid"))),
        "identifier": ("any identifier", ~Exists(AuthorIdentifier.objects.filter(author=OuterRef("pk")))),
        "affiliation": ("affiliation", without_affiliation),
        "papers": ("papers", Q(pk__in=counted_nowhere())),
    }


@admin.register(Author)
class AuthorAdmin(WarnsOfDuplicates, Renames, Mergeable, Tabular, RecordAdmin):
    with_page = staticmethod(authors_with_page)
    menu_place = 0
    actions = ("hide", "show", recompute("A"), "export_as_csv")
    inlines = [NameInline, AuthorIdentifierInline, AffiliationInline, FigureInline]
    paginator = PeoplePages
    list_display = ["name_", "id_", "orcid", "papers", "citations", "category", "shown"]
    list_filter = [MissingOfAuthor, VisibilityFilter]
    list_select_related = ["metrics"]
    search_fields = ["display_name"]
    readonly_fields = [*chain(*COUNTS), "papers_link", "sources", "sort_key", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["display_name", ("visibility", "scores_hidden"), "homepage", "biography", "papers_link"]}),
        ("Counted here", {"classes": ["after"], "fields": COUNTS, "description": "Published papers that are not retracted."}),
        (
            "Where this record comes from",
            {"classes": ["after"], "fields": ["sources", ("sort_key", "created_at", "updated_at")]},
        ),
    ]

    @admin.action(description="Hide from the public", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._show_or_hide(request, queryset, Author.Visibility.HIDDEN, "Hide from the public")

    @admin.action(description="Show to the public again", permissions=["change"])
    def show(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._show_or_hide(request, queryset, Author.Visibility.AUTOMATIC, "Show to the public again")

    def _show_or_hide(self, request: HttpRequest, queryset: Any, visibility: str, label: str) -> HttpResponse | None:
        becomes = str(Author.Visibility(visibility).label)
        return change_chosen(self, request, queryset, change="visibility", value=visibility, becomes=becomes, label=label)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("metrics").annotate(orcid=identifier_of(Author, "orcid"))

    def search_by_words(self, queryset: Any, text: str) -> Any:
        return queryset.filter(pk__among=called(text))

    def offered_as(self, obj: Any) -> str:
        count = metric(obj, "papers_count")
        papers = [] if count is None else [f"{count:,} paper{'' if count == 1 else 's'}"]
        return " · ".join([obj.display_name, obj.public_id, *papers])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if changed := changed_fields(form, formsets):
            author_edited(author=form.instance, changed=changed)
            if "visibility" in changed:  # institutions count the people whom the public may see
                refresh_institutions_of(form.instance)
            refresh_authors([form.instance.pk])
            index_authors([form.instance.pk])
            if {"visibility", "display_name", "names"} & set(changed):
                index_papers_of_authors([form.instance.pk])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        key = obj.pk
        super().delete_model(request, obj)
        index_authors([key])

    @admin.display(description="name", ordering="sort_key")
    def name_(self, obj: Author) -> str:
        return obj.display_name

    @admin.display(description="ORCID", empty_value="")
    def orcid(self, obj: Any) -> Any:
        return obj.orcid

    @admin.display(description="papers", ordering=BY_PAPERS)
    def papers(self, obj: Author) -> str:
        return counted(metric(obj, "papers_count"))

    @admin.display(description="citations", ordering=BY_CITATIONS)
    def citations(self, obj: Author) -> str:
        return counted(metric(obj, "citations"))

    @admin.display(description="h-index, i10-index")
    def h_index(self, obj: Author) -> str:
        return f"{counted(metric(obj, 'h_index'))}, {counted(metric(obj, 'i10_index'))}"

    @admin.display(description="years")
    def active(self, obj: Author) -> str:
        years = {metric(obj, "first_year"), metric(obj, "last_year")} - {None}
        return "–".join(map(str, sorted(years))) or UNKNOWN

    @admin.display(description="main category")
    def category(self, obj: Author) -> str:
        return metric(obj, "primary_category_id") or UNKNOWN

    @admin.display(description="visibility")
    def shown(self, obj: Author) -> str:
        return obj.visibility

    @admin.display(description="as of")
    def counted_at(self, obj: Author) -> str:
        when = metric(obj, "refreshed_at")
        return date_format(localtime(when), "DATETIME_FORMAT") if when else "not yet"

    @admin.display(description="papers")
    def papers_link(self, obj: Author) -> SafeString | str:
        if not obj.pk:
            return "none yet"
        return list_link("papers_authorship", "Papers that name this person", author__id__exact=obj.pk)
