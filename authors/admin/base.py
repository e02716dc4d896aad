"""What every admin page of the catalogue shares: quick lists, fields that name records, bounded pages."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import router
from django.db.models import ForeignKey, Model, Q, QuerySet, URLField
from django.http import HttpRequest

from authors.admin.choosing import KnownForm, RecordChoice, RecordSelect, Rows, offered_as
from authors.admin.lists import FirstPages, FirstPagesList
from authors.admin.recording import Recorded

MENTIONED = 10  # how many protected records a page names before it says how many more there are


class ChoosesRecords(BaseModelAdmin):
    """Foreign keys are chosen by typing; the record already chosen costs no query of its own."""

    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs |= {"widget": RecordSelect(db_field, self.admin_site), "form_class": RecordChoice}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # A record is deleted on its own page, where one sees what goes along.
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field


class CatalogueAdmin(Recorded, ChoosesRecords, admin.ModelAdmin):
    form = KnownForm
    paginator: ClassVar[type[Any]] = FirstPages
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    empty_value_display = "–"
    menu_place = 50
    menu_name = ""  # where the model's own plural would not say enough

    def offered_as(self, obj: Model) -> str:
        """How autocompletes name the record."""
        return offered_as(obj)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return FirstPagesList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:  # a typed filter with more digits than SQLite takes
            raise IncorrectLookupParameters(str(error)) from error

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        # PostgreSQL takes no NUL, and autocompletes pass what they are given.
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Names what is chosen and counts what goes along: a paper may have thousands of authors."""
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        going: dict[Any, Any] = collector.model_objs
        counts = {str(model._meta.verbose_name_plural): len(found) for model, found in going.items()}
        forbidden = {str(model._meta.verbose_name) for model in going if not self._may_delete(model, request)}
        return [offered_as(obj) for obj in objs], counts, forbidden, _some(collector.protected)

    def _may_delete(self, model: type[Model], request: HttpRequest) -> bool:
        return not self.admin_site.is_registered(model) or self.admin_site.get_model_admin(model).has_delete_permission(request)


def _some(records: Iterable[Model]) -> list[str]:
    found = list(records)
    named = [f"{record._meta.verbose_name}: {record}" for record in islice(found, MENTIONED)]
    return named + ([f"… and {len(found) - MENTIONED} more"] if len(found) > MENTIONED else [])


class ReadOnly(BaseModelAdmin):
    """For what the application writes itself; the role's permission to look decides who sees it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Inline(ChoosesRecords, admin.TabularInline):
    """`lock` names the collection in provenance; the relation's own name when empty."""

    form = KnownForm
    formset = Rows
    extra = 0
    lock = ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Taking a row out of a record is a change of the record, not the end of one."""
        return self.has_change_permission(request, obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.lock = self.lock
        return formset


class ReadOnlyInline(ReadOnly, Inline):
    can_delete = False


class MissingFilter(admin.SimpleListFilter):
    """Records that lack something; `gaps` maps the filter's value to its label and its condition, or what finds that and is
    told whether a search leaves but some of the records.
    """

    title = "missing"
    parameter_name = "missing"
    gaps: dict[str, tuple[str, Any]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.gaps.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted is None:
            return queryset
        if wanted not in self.gaps:
            raise IncorrectLookupParameters(f"{wanted!r} is nothing that records here could lack.")
        condition = self.gaps[wanted][1]
        searched = bool(request.GET.get(SEARCH_VAR, "").strip())
        return queryset.filter(condition(searched=searched) if callable(condition) else Q(condition))


class FewFilter(admin.SimpleListFilter):
    """By a field whose `usual` value nearly all records have. That the others have not is said, for an index of their own."""

    field = ""
    usual: str
    offered: Any  # TextChoices

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in self.offered.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted is None:
            return queryset
        if wanted not in self.offered.values:
            raise IncorrectLookupParameters(f"{wanted!r} is no {self.title}.")
        found = queryset.filter(**{self.field: wanted})
        return found if wanted == self.usual else found.exclude(**{self.field: self.usual})


def changed_fields(form: forms.ModelForm, formsets: Iterable[Any]) -> set[str]:
    """What the editor changed: the record's fields, and each inline by the name that provenance locks."""
    changed = set(form.changed_data)
    for formset in formsets:
        if formset.has_changed():
            relation: ForeignKey = formset.fk
            changed.add(formset.lock or relation.remote_field.get_accessor_name())
    return changed
