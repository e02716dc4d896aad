"""Harvests and what they fetched: whose papers, how often, what waits for a review."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authors.admin.base import CatalogueAdmin, ReadOnly
from authors.curation.harvests import Fetch, Harvest
from authors.curation.jobs.models import Job
from authors.curation.models import ImportRun
from authors.curation.public_ids import number_of
from papers.harvesting import run_harvest
from papers.importers.fetching.asking import Problem

RUNS = 20  # of a harvest that its page shows


def outcome(fetch: Any) -> str:
    """What became of it, in a word; the fetch knows whether it `is_in`."""
    if fetch.is_in:
        return "imported"
    if fetch.state == Fetch.State.READY:
        return "waits for a review" if fetch.count else "nothing to import"
    return str(fetch.get_state_display())


@admin.register(Harvest)
class HarvestAdmin(CatalogueAdmin):
    menu_place = 9
    change_form_template = "admin/harvest.html"
    list_display = ["name", "enabled", "mode", "every_days", "last_run_at", "next_due_at"]
    list_filter = ["enabled", "mode"]
    search_fields = ["name", "people"]
    sortable_by = ()
    fields = ["name", "people", "mode", "state", "every_days", "enabled"]

    def get_urls(self) -> list[Any]:
        run = path("<int:pk>/run/", self.admin_site.admin_view(self.run_view), name="authors_harvest_run")
        return [run, *super().get_urls()]

    def run_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        job = run_harvest(get_object_or_404(Harvest, pk=pk), user=request.user)
        if job is None:
            messages.info(request, "It is waiting or under way already.")
            return redirect("admin:authors_harvest_change", pk)
        messages.success(request, "It is done in the background; this page shows how far it is.")
        return redirect("admin:authors_job_change", job.pk)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        harvest = kwargs.get("obj")
        more: dict[str, Any] = {}
        if harvest is not None:
            fetches = list(harvest.fetches.with_import()[:RUNS])
            for fetch in fetches:
                fetch.outcome = outcome(fetch)
            more = {"fetches": fetches, "job": Job.objects.filter(task="harvest", parameters__harvest=harvest.pk).first()}
        return super().render_change_form(request, context | more, *args, **kwargs)


class OutcomeFilter(admin.SimpleListFilter):
    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waits for a review"), ("imported", "imported")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "waiting":
            return queryset.filter(pk__in=Fetch.objects.waiting().values("pk"))
        return queryset.filter(is_in=True) if self.value() == "imported" else queryset


@admin.register(Fetch)
class FetchAdmin(ReadOnly, CatalogueAdmin):
    menu_place = 9
    menu_name = "Fetched from the services"
    list_display = ["what", "asked_at", "who", "records", "failed", "outcome_"]
    list_filter = [OutcomeFilter, "harvest"]
    list_select_related = ["harvest"]
    sortable_by = ()
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_import().defer("asked")

    @admin.display(description="fetched")
    def what(self, obj: Fetch) -> str:
        kind = obj.get_kind_display()
        return f"{obj.harvest}: {kind}" if obj.harvest else kind.capitalize()

    @admin.display(description="who asked")
    def who(self, obj: Fetch) -> str:
        return obj.user_name or "the schedule"

    @admin.display(description="records")
    def records(self, obj: Fetch) -> str:
        return f"{obj.count:,}"

    @admin.display(description="without an answer")
    def failed(self, obj: Fetch) -> str:
        return f"{len(obj.problems):,}"

    @admin.display(description="outcome")
    def outcome_(self, obj: Fetch) -> SafeString:
        return format_html("{}", outcome(obj))

    # --- one fetch -----------------------------------------------------------------------------------------------------

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """What came, what did not and why; the preview, and leaving it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        fetch = get_object_or_404(Fetch.objects.with_import().select_related("harvest"), pk=number_of(object_id))
        if request.method == "POST":
            return self._answer(request, fetch)
        run = ImportRun.objects.filter(fingerprint=fetch.fingerprint).first() if fetch.fingerprint else None
        jobs = Job.objects.filter(task="fetch", parameters__fetch=fetch.pk) | Job.objects.filter(reached__fetch=fetch.pk)
        context = {
            **self.admin_site.each_context(request), "title": self.what(fetch), "opts": self.opts, "fetch": fetch,
            "outcome": outcome(fetch), "run": run, "job": jobs.first() if fetch.state == Fetch.State.RUNNING else None,
            "kept": fetch.path.is_file(), "may_import": _may_import(request),
            "problems": [Problem(*problem) for problem in sorted(fetch.problems, key=lambda row: int(row[0]))],
        }  # fmt: skip
        return TemplateResponse(request, "admin/fetched.html", context)

    def _answer(self, request: HttpRequest, fetch: Fetch) -> HttpResponse:
        from papers.admin.fetching import preview_of  # noqa: PLC0415 - the admin of papers is loaded after this one

        if not _may_import(request):
            raise PermissionDenied
        if fetch.state == Fetch.State.RUNNING or not fetch.count or not fetch.path.is_file():
            messages.error(request, "There is nothing to look at: the records are not there yet, or not any longer.")
        elif "leave" in request.POST:
            Fetch.objects.filter(pk=fetch.pk).update(state=Fetch.State.LEFT)
            messages.success(request, "Left out. The records stay here for two months, should you want them after all.")
        else:
            return preview_of(self, request, fetch)
        return redirect("admin:authors_fetch_change", fetch.pk)


def _may_import(request: HttpRequest) -> bool:
    return request.user.has_perms(["papers.add_paper", "papers.change_paper"])
