"""Venues and categories in the admin."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from authors.admin.base import CatalogueAdmin, MissingFilter, changed_fields
from authors.admin.identifiers import IdentifierInline
from authors.admin.records import RecordAdmin, counted, metric
from authors.curation.provenance import record_edit
from papers.models import Category, Paper, Venue, VenueIdentifier
from papers.profiles import venues_with_page
from papers.search.indexing import index_now_or_later, index_papers_of_venue


def papers_counted(record: Any) -> str:
    return counted(metric(record, "papers_count"))


class IdentifiersOfVenue(IdentifierInline):
    model = VenueIdentifier


class MissingOfVenue(MissingFilter):
    gaps = {
        "category": ("default category", Q(default_category=None)),
        "type": ("type", Q(type="")),
        "identifier": ("identifier", ~Exists(VenueIdentifier.objects.filter(venue=OuterRef("pk")))),
        "papers": ("papers", Q(metrics__papers_count=0) | Q(metrics=None)),
    }


@admin.register(Venue)
class VenueAdmin(RecordAdmin):
    with_page = staticmethod(venues_with_page)
    menu_place = 3
    inlines = [IdentifiersOfVenue]
    list_display = ["name", "id_", "type", "publisher", "default_category_id", "papers"]
    list_filter = [MissingOfVenue, "type"]
    list_select_related = ["metrics"]
    search_fields = ["name"]
    autocomplete_fields = ["default_category"]
    readonly_fields = ["papers", "sources", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["name", "type", "publisher", "default_category", "papers"]}),
        ("Where this record comes from", {"classes": ["after"], "fields": ["sources", ("created_at", "updated_at")]}),
    ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        changed = changed_fields(form, formsets)
        record_edit(kind=Venue.letter, record_id=form.instance.pk, fields=changed)
        if change and "name" in changed:
            index_papers_of_venue(form.instance.pk)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        papers = list(Paper.objects.published().filter(venue=obj).values_list("pk", flat=True))
        super().delete_model(request, obj)
        index_now_or_later(papers)

    @admin.display(description="papers", ordering="metrics__papers_count")
    def papers(self, obj: Venue) -> str:
        return papers_counted(obj)


@admin.register(Category)
class CategoryAdmin(CatalogueAdmin):
    menu_place = 4
    list_display = ["code", "short_code", "name", "group", "arxiv_code", "parent_id", "papers"]
    list_filter = ["group"]
    list_select_related = ["metrics"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["papers"]
    fields = ["code", "short_code", "name", "archive", "group", "parent", "arxiv_code", "colour", "papers"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The code is the category's address: another code is another category."""
        return ["papers", "code"] if obj else ["papers"]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A category in use stays: its papers would be left without one."""
        chosen, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        used = [obj.pk for obj in objs if Paper.objects.filter(primary_category=obj.pk).exists()]
        return chosen, counts, forbidden, [*protected, *(f"papers in {code}" for code in used)]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        papers = list(obj.cross_listed.values_list("pk", flat=True))
        super().delete_model(request, obj)
        index_now_or_later(papers)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for category in queryset:
            self.delete_model(request, category)

    @admin.display(description="papers", ordering="metrics__papers_count")
    def papers(self, obj: Category) -> str:
        return papers_counted(obj)
