"""Figures in lists of their own: what methods computed, to read; what sources reported, to correct."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from authors.admin.base import CatalogueAdmin
from authors.admin.choosing import KnownForm, offered_as
from authors.curation.public_ids import parse_public_id
from papers.models import AuthorFigure, InstitutionFigure, PaperFigure
from papers.models.metrics import Figure


class FigureForm(KnownForm):
    """A figure that an editor adds is a reported one, and must differ from the others in what it is and who says so."""

    fixed = {"origin", "subject", "name"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.origin = Figure.Origin.REPORTED


class FigureAdmin(CatalogueAdmin):
    form = FigureForm
    list_display = ["subject_", "name", "value", "origin", "source", "as_of", "reason"]
    list_filter = ["name", "origin"]
    list_select_related = ["subject"]
    search_fields = ["source"]
    search_help_text = "The record's public id, or the name of the source."
    sortable_by = ()
    ordering = ["-id"]
    autocomplete_fields = ["subject"]
    fields = ["subject", "name", "value", "source", "as_of", "reason", "origin", "method", "version", "parts", "n"]
    readonly_fields = ["origin", "method", "version", "parts", "n"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, "subject", "name"] if obj else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A computed value is not typed over: the next run would compute it again."""
        return super().has_change_permission(request, obj) and (obj is None or obj.origin == Figure.Origin.REPORTED)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        parsed = parse_public_id(search_term.strip())
        if parsed and parsed[0] == self.model._meta.get_field("subject").related_model.letter:
            return queryset.filter(subject=parsed[1]), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="of")
    def subject_(self, obj: Any) -> str:
        return offered_as(obj.subject)


@admin.register(PaperFigure)
class PaperFigureAdmin(FigureAdmin):
    menu_name = "Figures of papers"
    menu_place = 10


@admin.register(AuthorFigure)
class AuthorFigureAdmin(FigureAdmin):
    menu_name = "Figures of people"
    menu_place = 11


@admin.register(InstitutionFigure)
class InstitutionFigureAdmin(FigureAdmin):
    menu_name = "Figures of institutions"
    menu_place = 12
