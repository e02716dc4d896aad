"""Actions on what is chosen in a list, or on all that a list shows: a few at once, many by the worker."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from authors.admin.lists import MOST_LISTED
from authors.admin.recording import reason_of, recorded_as
from authors.curation.jobs.queue import enqueue
from papers.tasks import CHANGES, ranges_of

AT_ONCE = 500  # records that are changed while somebody waits
MOST = 200_000  # records of one job


def whole_list(request: HttpRequest) -> bool:
    """Whether all that the list shows is chosen, on whatever page it stands; the list's filters are in the address."""
    return request.POST.get("select_across") == "1"


def question(model_admin: Any, request: HttpRequest, template: str, queryset: Any, **context: Any) -> HttpResponse:
    """The page that asks before an action; its form carries along what is chosen: keys, or that it is the whole list."""
    across = whole_list(request)
    chosen = [] if across else list(queryset.values_list("pk", flat=True))
    everything = {
        **model_admin.admin_site.each_context(request), "opts": model_admin.opts, "action": request.POST.get("action", ""),
        "across": across, "chosen": chosen, "checkbox": ACTION_CHECKBOX_NAME, "back": request.get_full_path(),
        "reason": request.POST.get("_reason", ""), **context,
    }  # fmt: skip
    if "count" not in everything:
        everything["count"] = queryset.order_by().count() if across else len(chosen)
    return TemplateResponse(request, template, everything)


def keys_of(model_admin: Any, request: HttpRequest, queryset: Any, most: int) -> list[Any] | None:
    """Those of the chosen rows; None, and the editor is told so, when they are more than `most`.

    A search, and a search for gaps, gives one row more than are listed where it found more: that is not the whole list.
    """
    keys = list(queryset.order_by().values_list("pk", flat=True)[: most + 1])
    if whole_list(request) and len(keys) == MOST_LISTED + 1:
        most = MOST_LISTED
    if len(keys) <= most:
        return keys
    told = f"At most {most:,} can be changed at a time: narrow the list by a filter or a search. Nothing was changed."
    model_admin.message_user(request, told, messages.ERROR)
    return None


def change_chosen(
    model_admin: Any, request: HttpRequest, queryset: Any, *, change: str, value: str = "", becomes: str, label: str
) -> HttpResponse | None:
    """One of the CHANGES: now, or by the worker when there are many; asks before that, unless a page asked already.

    `becomes` says what the records are afterwards ("published"), `label` what the action is called.
    """
    keys = keys_of(model_admin, request, queryset, MOST)
    if keys is None:
        return None
    if len(keys) <= AT_ONCE:
        with recorded_as(request, CHANGES[change].action):
            CHANGES[change].apply(keys, value)
        model_admin.tell_later(request, f"Nothing had to be changed: {becomes} already.")
        return None
    if "apply" not in request.POST:
        title = f"{label}: {len(keys):,} {model_admin.opts.verbose_name_plural}"
        return question(model_admin, request, "admin/bulk_question.html", queryset, title=title, count=len(keys), label=label)
    summary = f"{len(keys):,} {model_admin.opts.verbose_name_plural}, {becomes}"
    job = enqueue(
        "bulk", summary, user=request.user, reason=reason_of(request), total=len(keys), change=change, value=value,
        ranges=ranges_of(keys),
    )  # fmt: skip
    told = '{}: this is done in the background. <a href="{}">See how far it is</a>'
    messages.success(request, format_html(told, job, reverse("admin:authors_job_change", args=[job.pk])))
    return None


def recompute(kind: str) -> Any:
    """An action that counts the figures anew: of papers everybody's whom they concern."""

    def count(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return change_chosen(
            model_admin, request, queryset, change=f"figures-{kind}", becomes="figures counted anew", label="Count figures anew"
        )

    count.__name__ = "count_figures"
    count.short_description = "Count figures anew"  # type: ignore[attr-defined]
    count.allowed_permissions = ("change",)  # type: ignore[attr-defined]
    return count
