"""Work in the background: what was asked for, how far it is, how it ended; to be cancelled, or tried again."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from authors.admin.base import CatalogueAdmin, ReadOnly
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import cancel, has_worker, try_again
from authors.curation.public_ids import number_of

PATIENCE = timedelta(minutes=1)  # after which an unfinished job may be said to lack a worker
STEERING = {"cancel": (cancel, "Cancelled. What was done so far stays."), "again": (try_again, "It goes on where it stopped.")}


def progress_of(job: Job) -> str:
    """ "1,200 of 20,000"; empty while nothing is known."""
    if job.total is None:
        return f"{job.done:,}" if job.done else ""
    return f"{job.done:,} of {job.total:,}"


def may_steer(request: HttpRequest, job: Job) -> bool:
    """Editors cancel and try again what they asked for; that of others is the senior editors' business."""
    own = job.user_id is not None and job.user_id == request.user.pk
    return request.user.has_perm("authors.undo_others") or (own and request.user.has_perm("papers.change_paper"))


def lacks_a_worker(job: Job) -> bool:
    """Also of a job whose worker died while it was under way."""
    return job.is_unfinished and (job.started_at or job.asked_at) < timezone.now() - PATIENCE and not has_worker()


@admin.register(Job)
class JobAdmin(ReadOnly, CatalogueAdmin):
    menu_place = 8
    menu_name = "Work in the background"
    change_list_template = "admin/job_list.html"
    list_display = ["summary", "state", "progress", "who", "asked_at"]
    list_filter = ["state"]
    search_fields = ["summary", "user_name", "reason"]
    search_help_text = "Words of what is done or why, or who asked."
    sortable_by = ()
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("parameters", "reached")  # of a large job they are megabytes

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.steer_view)
        return [
            *(path(f"<int:pk>/{how}/", view, {"how": how}, name=f"authors_job_{how}") for how in STEERING), *super().get_urls()
        ]  # fmt: skip

    @admin.display(description="who asked", empty_value="–")
    def who(self, obj: Job) -> str:
        return obj.user_name or "a command"

    @admin.display(description="progress", empty_value="–")
    def progress(self, obj: Job) -> str:
        return progress_of(obj)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        jobs = self.get_queryset(request).select_related("change_set__undone_by", "run")
        job = get_object_or_404(jobs, pk=number_of(object_id))
        context = {
            **self.admin_site.each_context(request),
            "title": job.summary, "opts": self.opts, "job": job, "progress": progress_of(job),
            "may_steer": may_steer(request, job), "lacks_a_worker": lacks_a_worker(job),
        }  # fmt: skip
        return TemplateResponse(request, "admin/job.html", context)

    def steer_view(self, request: HttpRequest, pk: int, how: str) -> HttpResponse:
        job = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may_steer(request, job):
            raise PermissionDenied
        steer, told = STEERING[how]
        if steer(job):
            messages.success(request, told)
        else:
            messages.info(request, f"Nothing to do: it is {job.get_state_display()}.")
        return redirect("admin:authors_job_change", job.pk)
