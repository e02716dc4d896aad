"""Papers in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.safestring import SafeString

from authors.admin.base import FewFilter, MissingFilter, changed_fields
from authors.admin.bulk import recompute
from authors.admin.duplicates import WarnsOfDuplicates
from authors.admin.merging import Mergeable
from authors.admin.records import UNKNOWN, RecordAdmin, counted, list_link
from authors.admin.tables import Tabular
from papers.admin import inlines
from papers.admin.actions import STATE_ACTIONS, give_a_category, give_an_institution
from papers.admin.columns import shortened
from papers.admin.forms import PaperForm
from papers.admin.linking import check_code_links, with_dead_link
from papers.admin.lists import BY_CITED, BY_DATE, PaperPages
from papers.admin.scores import unscored
from papers.dates import display_date
from papers.editing import after_edit, delete_paper
from papers.metrics.refreshing import touched_by
from papers.models import Category, Paper, PaperIdentifier, PaperLink
from papers.search.for_editors import titled, without_institution

MANY_AUTHORS = 100  # a longer list of authors is edited in the authors' own list
READ_ONLY = [
    "primary_category_origin", "authors_link", "cited_by_count", "citations_source", "citations_as_of", "referenced_count",
    "citations_link", "sources", "fingerprint", "created_at", "updated_at",
]  # fmt: skip


class MissingOfPaper(MissingFilter):
    _code = PaperLink.objects.filter(paper=OuterRef("pk"), kind=PaperLink.Kind.CODE)
    gaps = {
        "title": ("title", Q(title="")),
        "abstract": ("abstract", Q(abstract="")),
        "category": ("category", Q(primary_category=None)),
        "date": ("date", Q(published=None)),
        "authors": ("authors", Q(authors_count=0)),
        "institution": ("institution", without_institution),
        "identifier": ("identifier", ~Exists(PaperIdentifier.objects.filter(paper=OuterRef("pk")))),
        "novelty": ("Novelty, with a reason", unscored),
        "code-link": ("link to its code", Q(has_code=True) & ~Q(Exists(_code))),
        "dead-link": ("code: its link is dead", with_dead_link),
    }


class StateFilter(FewFilter):
    """Few papers are not published; said so, their own index finds them."""

    title = parameter_name = field = "state"
    usual, offered = Paper.State.PUBLISHED, Paper.State


class SubjectFilter(admin.SimpleListFilter):
    """By the group of the primary category: the categories themselves would be a list of 155."""

    title = parameter_name = "subject"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        groups = Category.objects.order_by("group").values_list("group", flat=True).distinct()
        return [(group, group) for group in groups if group]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value()
        return queryset.filter(primary_category__in=Category.objects.filter(group=wanted).values("pk")) if wanted else queryset


@admin.register(Paper)
class PaperAdmin(WarnsOfDuplicates, Mergeable, Tabular, RecordAdmin):
    with_page = staticmethod(Paper.objects.published)
    menu_place = 0
    actions = (*STATE_ACTIONS, give_a_category, give_an_institution, recompute("P"), check_code_links, "export_as_csv")
    form = PaperForm
    paginator = PaperPages
    list_display = ["title_or_mark", "id_", "date_", "category", "authors", "cited_by", "venue", "state"]
    list_filter = [MissingOfPaper, StateFilter, "has_code", "is_retracted", SubjectFilter]
    list_select_related = ["venue"]
    search_fields = ["title"]
    sortable_by = ["id_", "date_", "cited_by"]
    autocomplete_fields = ["primary_category", "venue"]
    readonly_fields = READ_ONLY
    fieldsets = [  # those after the rows of authors, identifiers … say so
        (
            None,
            {
                "fields": [
                    "title",
                    "abstract",
                    ("date", "state", "type"),
                    ("primary_category", "venue"),
                    ("authors_complete", "authors_link"),
                ]
            },
        ),
        (
            "Details",
            {
                "fields": [
                    ("volume", "issue", "first_page", "last_page"),
                    ("publisher", "track"),
                    ("acceptance", "award", "language"),
                    ("has_code", "open_access", "licence"),
                    "keywords",
                ],
                "classes": ["after"],
            },
        ),
        (
            "Retraction and scores",
            {"fields": ["is_retracted", ("retracted_on", "retraction_notice"), "scores_hidden"], "classes": ["after"]},
        ),
        (
            "As sources say",
            {
                "fields": [
                    ("cited_by_count", "citations_source", "citations_as_of"),
                    ("referenced_count", "citations_link"),
                    "primary_category_origin",
                ],
                "classes": ["after"],
            },
        ),
        (
            "Where this record comes from",
            {"fields": ["sources", ("created_at", "updated_at", "fingerprint")], "classes": ["after"]},
        ),
    ]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        people = [] if obj and obj.authors_count > MANY_AUTHORS else [inlines.AuthorshipInline]
        return [
            *people, inlines.InstitutionInline, inlines.IdentifiersOfPaper, inlines.LinkInline, inlines.CategoryInline,
            inlines.VersionInline, inlines.YearInline, inlines.FigureInline,
        ]  # fmt: skip

    def search_by_words(self, queryset: Any, text: str) -> Any:
        return queryset.filter(pk__among=titled(text))

    def offered_as(self, obj: Any) -> str:
        return " · ".join(filter(None, [shortened(obj.title_or_mark), obj.public_id, str(obj.year or "")]))

    def save_model(self, request: HttpRequest, obj: Paper, form: Any, change: bool) -> None:
        form.before = touched_by([obj.pk]) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        changed = changed_fields(form, formsets)
        if "date" in changed:  # the form's one field for what the model calls `published`, its precision and its year
            changed = changed - {"date"} | {"published"}
        after_edit(paper=form.instance, changed=changed, before=form.before)

    def delete_model(self, request: HttpRequest, obj: Paper) -> None:
        delete_paper(obj, note=self.note_to_visitors(request))

    @admin.display(description="title")
    def title_or_mark(self, obj: Paper) -> str:
        return shortened(obj.title_or_mark)

    @admin.display(description="date", ordering=BY_DATE)
    def date_(self, obj: Paper) -> str:
        return display_date(obj.published, obj.date_precision) or UNKNOWN

    @admin.display(description="authors")
    def authors(self, obj: Paper) -> int:
        return obj.authors_count

    @admin.display(description="category", empty_value="–")
    def category(self, obj: Paper) -> str | None:
        return obj.primary_category_id

    @admin.display(description="cited by", ordering=BY_CITED)
    def cited_by(self, obj: Paper) -> str:
        return counted(obj.cited_by_count)

    @admin.display(description="list of authors")
    def authors_link(self, obj: Paper) -> SafeString | str:
        if not obj.pk:
            return "below"
        text = f"{obj.authors_count:,} author{'' if obj.authors_count == 1 else 's'} in a list of their own"
        return list_link("papers_authorship", text, paper__id__exact=obj.pk)

    @admin.display(description="citations known here")
    def citations_link(self, obj: Paper) -> SafeString | str:
        if not obj.pk:
            return "none yet"
        cited_by = list_link("papers_citation", "cited by", cited__id__exact=obj.pk)
        return cited_by + SafeString(", ") + list_link("papers_citation", "cites", citing__id__exact=obj.pk)
