"""The score console: what is scored and why not, how the values spread, by which version; computing anew, leaving out."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, IntegerField, Q
from django.db.models.functions import Cast, Floor, Least
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path

from authors.admin.base import CatalogueAdmin, ReadOnly
from authors.curation.jobs.models import Job
from papers.models import Paper, PaperFigure, ScoreMark, ScoreRun
from papers.models.metrics import unscored_novelty
from papers.tasks import ask_for_scores

BINS, TALL = 10, 44
unscored = Q(pk__in=PaperFigure.objects.filter(unscored_novelty).order_by().values("subject"))  # an index holds these few
SCORES = (PaperFigure.Name.NOVELTY, PaperFigure.Name.AI_SCORE)


def coverage_of(run: ScoreRun) -> list[dict[str, Any]]:
    """By score how many papers have it, of how many, and why the others have none."""
    return [
        {
            "name": score.label, "scored": run.scored.get(score.value, 0), "of": run.papers,
            "unscored": sorted(run.unscored.get(score.value, {}).items(), key=lambda pair: (-pair[1], pair[0])),
            "bars": distribution(score.value),
        }
        for score in SCORES
    ]  # fmt: skip


def distribution(name: str) -> list[dict[str, Any]]:
    """How many papers' values lie in each tenth, as bars in a drawing of 100 by TALL."""
    tenth = Cast(Least(Floor(F("value") / BINS), BINS - 1), IntegerField())
    rows = PaperFigure.objects.filter(name=name, origin="computed", value__isnull=False).order_by()
    counts = dict(rows.values_list(tenth).annotate(count=Count("pk")))
    top = max(counts.values(), default=1)
    heights = [round(TALL * counts.get(place, 0) / top, 1) for place in range(BINS)]
    return [
        {"low": place * BINS, "high": (place + 1) * BINS, "count": counts.get(place, 0), "y": TALL - height, "height": height}
        for place, height in enumerate(heights)
    ]


@admin.register(ScoreRun)
class ScoreRunAdmin(ReadOnly, CatalogueAdmin):
    menu_place = 8
    menu_name = "Scores"
    list_display = ["started_at", "finished_at", "papers", "people", "institutions", "novelty_version", "ai_score_version"]
    sortable_by = ()
    ordering = ["-id"]
    change_list_template = "admin/scores.html"

    def get_urls(self) -> list[Any]:
        page = path("compute/", self.admin_site.admin_view(self.compute_view), name="papers_scorerun_compute")
        return [page, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = ScoreRun.objects.exclude(finished_at=None).select_related("encoder").first()
        papers = Paper.objects.counted().count()
        more = {
            "run": run, "coverage": coverage_of(run) if run else [], "papers": papers,
            "newer": papers - run.papers if run else papers, "may_compute": may_compute(request),
            "job": Job.objects.unfinished().filter(task="scores").first(), "title": "Scores",
        }  # fmt: skip
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "title": "A computation of scores"})

    def compute_view(self, request: HttpRequest) -> HttpResponse:
        """Asks the worker; who asks while it is under way is shown that."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may_compute(request):
            raise PermissionDenied
        job, is_new = ask_for_scores(user=request.user, refit="refit" in request.POST)
        if not is_new:
            messages.info(request, "The scores are being computed already.")
        return redirect("admin:authors_job_change", job.pk)


def may_compute(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("papers.change_scoremark"))


@admin.register(ScoreMark)
class ScoreMarkAdmin(CatalogueAdmin):
    """Leaving a paper out of the scores, or keeping its scores as they are; it counts from the next computation on."""

    menu_place = 8
    menu_name = "Marks on scores"
    list_display = ["paper", "kind", "reason", "made_by", "made_at"]
    list_filter = ["kind"]
    list_select_related = ["paper", "made_by"]
    autocomplete_fields = ["paper"]
    fields = ["paper", "kind", "reason", "made_by", "made_at"]
    readonly_fields = ["made_by", "made_at"]
    search_fields = ["reason"]
    sortable_by = ()
    ordering = ["-made_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: ScoreMark | None = None) -> list[str]:
        """A mark on another paper is another mark."""
        return ["made_by", "made_at", *(["paper"] if obj else [])]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"paper": request.GET.get("paper", ""), "kind": ScoreMark.Kind.EXCLUDED}

    def save_model(self, request: HttpRequest, obj: ScoreMark, form: Any, change: bool) -> None:
        obj.made_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
