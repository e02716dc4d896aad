"""What hangs on a paper, inside the paper's form."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from authors.admin.base import Inline, ReadOnlyInline
from authors.admin.choosing import KnownForm
from authors.admin.identifiers import IdentifierInline
from papers.admin.columns import shortened
from papers.admin.forms import AuthorshipForm, AuthorshipFormSet
from papers.admin.linking import LinkForm, state_of
from papers.models import (
    Authorship,
    CitationsInYear,
    PaperCategory,
    PaperFigure,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
    PaperVersion,
)
from papers.models.paper import CategoryOrigin


class AuthorshipInline(Inline):
    """The list of authors in order; affiliations are edited on an authorship's own page."""

    model = Authorship
    form = AuthorshipForm
    formset = AuthorshipFormSet
    verbose_name, verbose_name_plural = "author", "authors"
    fields = ["position", "raw_name", "author", "is_corresponding", "hidden_on_profile", "decided", "stated"]
    readonly_fields = ["decided", "stated"]
    autocomplete_fields = ["author"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request).select_related("author").prefetch_related("affiliations__institution")
        return found.order_by("position")

    @admin.display(description="affiliations", empty_value="")
    def stated(self, obj: Authorship) -> str:
        """Resolved institutions by tag; what is unresolved as printed, in quotes."""
        rows = obj.affiliations.all() if obj.pk else []
        return "; ".join(row.institution.tag if row.institution else f"“{shortened(row.raw, 60)}”" for row in rows)

    @admin.display(description="decided by")
    def decided(self, obj: Authorship) -> str:
        return obj.get_decided_by_display()


class IdentifiersOfPaper(IdentifierInline):
    model = PaperIdentifier


class LinkInline(Inline):
    model = PaperLink
    form = LinkForm
    fields = ["kind", "url", "official", "found"]
    readonly_fields = ["found"]

    @admin.display(description="found", empty_value="")
    def found(self, obj: PaperLink) -> str:
        return state_of(obj)


class CategoryForm(KnownForm):
    """A category that an editor adds or changes is the editor's."""

    def save(self, commit: bool = True) -> Any:
        if self.has_changed():
            self.instance.origin = CategoryOrigin.EDITOR
        return super().save(commit)


class CategoryInline(Inline):
    model = PaperCategory
    form = CategoryForm
    lock = "categories"
    fields = ["category", "origin"]
    readonly_fields = ["origin"]
    autocomplete_fields = ["category"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("category")


class WholePaperForm(KnownForm):
    def save(self, commit: bool = True) -> Any:
        self.instance.of_whole_paper = True
        return super().save(commit)


class InstitutionInline(Inline):
    """Only those named for the whole paper; the others follow from the authors' affiliations."""

    model = PaperInstitution
    form = WholePaperForm
    lock = "institutions"
    verbose_name_plural = "institutions of the whole paper"
    fields = ["institution"]
    autocomplete_fields = ["institution"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(of_whole_paper=True).select_related("institution")


class VersionInline(Inline):
    model = PaperVersion
    classes = ["collapse"]
    fields = ["position", "kind", "where", "url", "licence", "is_open"]


class YearInline(ReadOnlyInline):
    model = CitationsInYear
    classes = ["collapse"]
    fields = readonly_fields = ("year", "count", "source", "as_of")


class FigureInline(ReadOnlyInline):
    """Reported figures are corrected in their own list."""

    model = PaperFigure
    classes = ["collapse"]
    verbose_name_plural = "figures, computed and reported"
    fields = readonly_fields = ("name", "value", "origin", "source", "method", "as_of", "reason")
