"""What the pages of records with a public id share: search by any identifier, and who gave which field."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authors.admin.base import CatalogueAdmin
from authors.admin.origins import mark_form, mark_rows, origins, sources_of
from authors.admin.recording import editing
from authors.curation.history import change_sets_of
from authors.curation.models import Provenance
from authors.curation.provenance import locked_fields, unlock
from authors.curation.public_ids import PublicIdModel, parse_public_id
from authors.editing import delete_record
from authors.identifiers import recognise

ADMIN_OF = {"A": "authors_author", "P": "papers_paper", "I": "authors_institution", "V": "papers_venue"}
SOURCES_SHOWN = 20
UNKNOWN = "unknown"


def record_url(kind: str, record_id: int) -> str:
    return reverse(f"admin:{ADMIN_OF[kind]}_change", args=[record_id])


def list_link(model: str, text: object, **filters: Any) -> SafeString:
    """A link to the list of `model` (app_model), filtered."""
    return format_html('<a href="{}?{}">{}</a>', reverse(f"admin:{model}_changelist"), urlencode(filters), text)


def identifier_of(model: type[Any], scheme: str) -> Subquery:
    """A column of a list: the record's first identifier of `scheme`."""
    rows = model._meta.get_field("identifiers").related_model.objects.filter(scheme=scheme)
    owner = model._meta.get_field("identifiers").field.name
    return Subquery(rows.filter(**{owner: OuterRef("pk")}).order_by("value").values("value")[:1])


def counted(count: int | None) -> str:
    """Null is unknown, never zero."""
    return UNKNOWN if count is None else f"{count:,}"


def metric(record: Any, name: str) -> Any:
    """One of the record's counts; none while nothing was counted."""
    return getattr(getattr(record, "metrics", None), name, None)


class RecordAdmin(CatalogueAdmin):
    """`search_by_words` finds what is neither a public id nor an identifier; `with_page` gives the records on the site."""

    with_page: Callable[[], QuerySet[Any]]
    search_help_text = "Words, a public id (A12, P34 …), or any identifier or its address."

    @admin.display(description="id", ordering="pk")
    def id_(self, obj: PublicIdModel) -> str:
        return obj.public_id

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        found = self._by_identifier(queryset, term)
        return (self.search_by_words(queryset, term) if found is None else found), False

    def _by_identifier(self, queryset: Any, term: str) -> Any:
        """What a public id or an identifier names; None when `term` is neither. By index, never by scanning."""
        parsed = parse_public_id(term)
        if parsed and parsed[0] == self.model.letter:
            return queryset.filter(pk=parsed[1])
        if given := recognise(term):
            return queryset.filter(pk__in=self._holders(scheme=given[0], value=given[1]))
        if " " not in term and (holders := self._holders(value=term)).exists():
            return queryset.filter(pk__in=holders)
        return None

    def _holders(self, **identifier: str) -> QuerySet[Any]:
        relation = self.model._meta.get_field("identifiers")
        return relation.related_model.objects.filter(**identifier).order_by().values(relation.field.name)

    def view_on_site(self, obj: Any) -> str | None:
        """No way to an address that would answer 404."""
        return obj.get_absolute_url() if self.with_page().filter(pk=obj.pk).exists() else None

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_unlock"
        return [path("<int:pk>/unlock/", self.admin_site.admin_view(self.unlock_view), name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """Beside each field, and at the heading of rows, who gave it and whether imports leave it alone."""
        record = context.get("original")
        if record is None or not record.pk:
            return super().render_change_form(request, context, *args, **kwargs)
        unlock_page = reverse(f"admin:{ADMIN_OF[record.letter]}_unlock", args=[record.pk])
        found = origins(sources_of(record), unlock_page if self.has_change_permission(request, record) else "")
        mark_rows(context["inline_admin_formsets"], found)
        marked = mark_form(context["adminform"].form, found)
        return super().render_change_form(request, context | {"origins": marked}, *args, **kwargs)

    def unlock_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Takes the editors' marks off chosen fields."""
        record = self.get_queryset(request).filter(pk=pk).first()
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        locked = locked_fields(kind=record.letter, record_id=pk)
        chosen = [name for name in request.POST.getlist("field") if name in locked]
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        if request.method == "POST" and chosen:
            with editing(request):
                unlock(kind=record.letter, record_id=pk, fields=chosen)
            messages.success(request, f"Sources may write again: {', '.join(chosen)}.")
            return redirect(back)
        context = {
            **self.admin_site.each_context(request), "title": f"Unlock fields of {record.public_id}", "opts": self.opts,
            "object": record, "original": record, "locked": locked, "asked": request.method == "POST",
        }  # fmt: skip
        return TemplateResponse(request, "admin/unlock.html", context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        from authors.admin.history import history_page  # noqa: PLC0415 - it lists change sets, whose admin names records

        return history_page(self, request, record, change_sets_of(record.letter, record.pk))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_record(obj, note=self.note_to_visitors(request))

    @staticmethod
    def note_to_visitors(request: HttpRequest) -> str:
        return " ".join(request.POST.get("_note", "").replace("\0", " ").split())[:300]

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """All that were chosen or none, each with what follows the end of one."""
        for record in queryset:
            self.delete_model(request, record)

    def search_by_words(self, queryset: Any, text: str) -> Any:
        return queryset.named(text)

    @admin.display(description="sources")
    def sources(self, obj: PublicIdModel) -> str:
        """For each source, what it gave and when."""
        if not obj.pk:
            return "none yet"
        rows, unlock_page = sources_of(obj), reverse(f"admin:{ADMIN_OF[obj.letter]}_unlock", args=[obj.pk])
        context = {"record": obj, "sources": rows[:SOURCES_SHOWN], "more": len(rows) > SOURCES_SHOWN, "unlock": unlock_page}
        return render_to_string("admin/parts/sources.html", context | {"editor": Provenance.EDITOR})
