"""Institutions in the admin."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from authors.admin.base import Inline, MissingFilter, ReadOnlyInline, changed_fields
from authors.admin.bulk import recompute
from authors.admin.duplicates import WarnsOfDuplicates
from authors.admin.identifiers import IdentifierInline
from authors.admin.merging import Mergeable
from authors.admin.records import RecordAdmin, counted, identifier_of, metric
from authors.admin.tables import Tabular
from authors.editing import institution_edited
from authors.models import Institution, InstitutionAlias, InstitutionIdentifier
from papers.models import InstitutionFigure
from papers.profiles import institutions_with_page
from papers.search.indexing import index_institutions, index_papers_of_institutions


class AliasInline(Inline):
    model = InstitutionAlias
    fields = ["name"]


class InstitutionIdentifierInline(IdentifierInline):
    model = InstitutionIdentifier


class FigureInline(ReadOnlyInline):
    """Reported figures are corrected in their own list."""

    model = InstitutionFigure
    verbose_name_plural = "figures, computed and reported"
    fields = readonly_fields = ("name", "value", "origin", "source", "method", "as_of", "reason")


class MissingOfInstitution(MissingFilter):
    gaps = {
        "ror": ("ROR", ~Exists(InstitutionIdentifier.objects.filter(institution=OuterRef("pk"), scheme="ror"))),
        "country": ("country", Q(country_code="")),
        "kind": ("kind", Q(kind="")),
        "papers": ("papers", Q(metrics__papers_count=0) | Q(metrics=None)),
    }


@admin.register(Institution)
class InstitutionAdmin(WarnsOfDuplicates, Mergeable, Tabular, RecordAdmin):
    with_page = staticmethod(institutions_with_page)
    menu_place = 1
    actions = (recompute("I"), "export_as_csv")
    inlines = [AliasInline, InstitutionIdentifierInline, FigureInline]
    list_display = ["name", "id_", "tag", "ror", "country_code", "kind", "papers", "people"]
    list_filter = [MissingOfInstitution, "kind"]
    list_select_related = ["metrics"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["papers", "people", "citations", "sources", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["name", "tag", "kind", ("country_code", "city"), "homepage", "parent"]}),
        ("Counted here", {"classes": ["after"], "fields": [("papers", "people", "citations")]}),
        ("Where this record comes from", {"classes": ["after"], "fields": ["sources", ("created_at", "updated_at")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("metrics").annotate(ror=identifier_of(Institution, "ror"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"tag": ("name",)}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if changed := changed_fields(form, formsets):
            institution_edited(institution=form.instance, changed=changed, former_name=form.initial.get("name", ""))
            index_institutions([form.instance.pk])
            if change and "country_code" in changed:
                index_papers_of_institutions([form.instance.pk])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        key = obj.pk
        super().delete_model(request, obj)
        index_institutions([key])

    @admin.display(description="ROR", empty_value="")
    def ror(self, obj: Any) -> Any:
        return obj.ror

    @admin.display(description="papers", ordering="metrics__papers_count")
    def papers(self, obj: Institution) -> str:
        return counted(metric(obj, "papers_count"))

    @admin.display(description="people")
    def people(self, obj: Institution) -> str:
        return counted(metric(obj, "authors_count"))

    @admin.display(description="citations")
    def citations(self, obj: Institution) -> str:
        return counted(metric(obj, "citations"))
