"""What the application keeps about records: import runs and their problems, provenance, redirects."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authors.admin.base import CatalogueAdmin, ReadOnly
from authors.admin.records import ADMIN_OF, counted, list_link, record_url
from authors.curation.public_ids import parse_public_id
from authors.curation.redirects import leave_redirect
from authors.models import ImportProblem, ImportRun, Provenance, Redirect
from papers.importers.keeping import kept
from papers.importers.problems import problem_lines


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly, CatalogueAdmin):
    menu_place = 10
    list_display = ["file_name", "started_at", "state", "kind", "source", "new", "updated", "unchanged", "skipped", "problems"]
    list_filter = ["state", "kind", "source"]
    search_fields = ["file_name"]
    sortable_by = ["started_at"]
    ordering = ["-id"]
    fields = [
        "changes", "problems", "created_count", "updated_count", "unchanged_count", "skipped_count", "state", "message",
        ("kind", "source"), "file_name", ("started_at", "finished_at"), "options", "checkpoint", "fingerprint",
    ]  # fmt: skip
    readonly_fields = ["problems", "changes", "started_at"]
    change_list_template = "admin/importrun_list.html"
    change_form_template = "admin/importrun.html"

    def get_urls(self) -> list[Any]:
        page = path("import/", self.admin_site.admin_view(self.import_view), name="authors_importrun_import")
        remarks = path("<int:pk>/remarks.csv", self.admin_site.admin_view(self.remarks_view), name="authors_importrun_remarks")
        fetch = path("fetch/", self.admin_site.admin_view(self.fetch_view), name="authors_importrun_fetch")
        return [page, fetch, remarks, *super().get_urls()]

    def fetch_view(self, request: HttpRequest) -> HttpResponse:
        from papers.admin.fetching import fetch_page  # noqa: PLC0415 - the admin of papers is loaded after this one

        return fetch_page(self, request)

    def remarks_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk)
        headers = {"Content-Disposition": f'attachment; filename="run{run.pk}.remarks.csv"'}
        return StreamingHttpResponse(problem_lines(run), content_type="text/csv; charset=utf-8", headers=headers)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        run = kwargs["obj"]
        again = run.state != ImportRun.State.RUNNING and kept(run.fingerprint) is not None
        return super().render_change_form(request, context | {"again": again, "jobs": list(run.jobs.all())}, *args, **kwargs)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        from papers.admin.importing import import_page  # noqa: PLC0415 - the admin of papers is loaded after this one

        return import_page(self, request)

    def get_queryset(self, request: HttpRequest) -> Any:
        counted = ImportProblem.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(n=Count("pk")).values("n")
        return super().get_queryset(request).annotate(problem_count=Coalesce(Subquery(counted), 0))

    @admin.display(description="what it changed")
    def changes(self, obj: ImportRun) -> SafeString | str:
        """A link to the change set, which tells who imported, lists what came, and is where the run is undone."""
        found = obj.change_sets.filter(undoes=None).order_by("pk").first()
        if found is None:
            return "nothing"
        address = reverse("admin:authors_changeset_change", args=[found.pk])
        return format_html('<a href="{}">See what came, or undo it</a>, by {}', address, found.who)

    @admin.display(description="new")
    def new(self, obj: ImportRun) -> str:
        return counted(obj.created_count)

    @admin.display(description="updated")
    def updated(self, obj: ImportRun) -> str:
        return counted(obj.updated_count)

    @admin.display(description="unchanged")
    def unchanged(self, obj: ImportRun) -> str:
        return counted(obj.unchanged_count)

    @admin.display(description="skipped")
    def skipped(self, obj: ImportRun) -> str:
        return counted(obj.skipped_count)

    @admin.display(description="problems")
    def problems(self, obj: Any) -> SafeString | int:
        return list_link("authors_importproblem", obj.problem_count, run__id__exact=obj.pk) if obj.problem_count else 0


@admin.register(ImportProblem)
class ImportProblemAdmin(ReadOnly, CatalogueAdmin):
    menu_place = 11
    list_display = ["reason", "line", "record", "field", "skipped", "run"]
    list_filter = ["skipped", "run__kind", "run__source"]
    list_select_related = ["run"]
    search_fields = ["reason", "record", "field"]
    sortable_by = ()
    ordering = ["-run", "line", "id"]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]


@admin.register(Provenance)
class ProvenanceAdmin(ReadOnly, CatalogueAdmin):
    menu_place = 12
    list_display = ["record", "source", "source_key", "gave", "run", "given_at"]
    list_display_links = ["source"]
    list_filter = ["kind"]
    list_select_related = ["run"]
    search_fields = ["source_key"]
    search_help_text = "A public id such as P34, or a source's own id."
    sortable_by = ()
    ordering = ["-id"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.replace("\0", "").strip()
        if parsed := parse_public_id(term):
            return queryset.filter(Q(kind=parsed[0], record_id=parsed[1]) | Q(source_key=term)), False
        return (queryset.filter(Q(source_key=term) | Q(source=term)) if term else queryset), False

    @admin.display(description="record")
    def record(self, obj: Provenance) -> SafeString:
        return format_html('<a href="{}">{}{}</a>', record_url(obj.kind, obj.record_id), obj.kind, obj.record_id)

    @admin.display(description="fields")
    def gave(self, obj: Provenance) -> str:
        return ", ".join(obj.fields)


class RedirectForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        kind, target, reason = (given.get(name) for name in ("kind", "target_id", "reason"))
        old = given.get("old_id")  # asked of a new redirect only
        if kind and old and _exists(kind, old):
            told = f"{kind}{old} is still there. Merge it or delete it on its own page: its address will answer accordingly."
            raise ValidationError({"old_id": told})
        if reason == Redirect.Reason.MERGED and not target:
            raise ValidationError({"target_id": "Say with which record it was merged."})
        if reason == Redirect.Reason.WITHDRAWN and target:
            raise ValidationError({"target_id": "A withdrawn record leads nowhere; leave this empty."})
        if kind and target and not _exists(kind, target):
            raise ValidationError({"target_id": f"There is no {kind}{target}."})
        return given


def _exists(kind: str, record_id: int) -> bool:
    return apps.get_model(ADMIN_OF[kind].replace("_", ".")).objects.filter(pk=record_id).exists()


@admin.register(Redirect)
class RedirectAdmin(CatalogueAdmin):
    menu_place = 13
    form = RedirectForm  # type: ignore[assignment]
    list_display = ["old", "leads_to", "reason", "note", "created_at"]
    list_filter = ["kind", "reason"]
    search_fields = ["note"]
    search_help_text = "A public id, old or new."
    fields = ["kind", "old_id", "reason", "target_id", "note", "created_at"]
    readonly_fields = ["created_at"]
    sortable_by = ()
    ordering = ["-id"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Another address is another redirect."""
        return ["kind", "old_id", "created_at"] if obj else ["created_at"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not (parsed := parse_public_id(search_term.strip())):
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(Q(old_id=parsed[1]) | Q(target_id=parsed[1]), kind=parsed[0]), False

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        saved = leave_redirect(kind=obj.kind, old_id=obj.old_id, target_id=obj.target_id, reason=obj.reason, note=obj.note)
        obj.pk = saved.pk

    @admin.display(description="old address")
    def old(self, obj: Redirect) -> str:
        return f"{obj.kind}{obj.old_id}"

    @admin.display(description="leads to")
    def leads_to(self, obj: Redirect) -> SafeString | str:
        if obj.target_id is None:
            return "nowhere: gone"
        return format_html('<a href="{}">{}{}</a>', record_url(obj.kind, obj.target_id), obj.kind, obj.target_id)
