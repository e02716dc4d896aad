"""Code links in the admin: what was found when they were asked for, and asking again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from authors.admin.bulk import MOST, keys_of
from authors.admin.choosing import KnownForm
from papers.linking import UNCHECKED, ask_for_check
from papers.models import PaperLink
from papers.tasks import ranges_of

DEAD = PaperLink.objects.filter(status=PaperLink.Status.DEAD).order_by()
with_dead_link = Q(pk__in=DEAD.values("paper"))  # of papers; by the index of the dead links


class LinkForm(KnownForm):
    """What was found at one address is not said of another."""

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk and {"url", "kind"} & {*self.changed_data}:
            for column, value in UNCHECKED.items():
                setattr(self.instance, column, value)
        return super().save(commit)


def state_of(link: PaperLink) -> str:
    """In words, as of when: "not found on 3 Nov 2026"."""
    if link.checked_at is None:
        return ""
    when = f"{link.checked_at:%-d %b %Y}"
    if link.status == PaperLink.Status.MOVED:
        return f"moved to {link.moved_to} ({when})"
    if link.failures and link.status != PaperLink.Status.DEAD:
        return f"not found on {when}; it is asked for again"
    return f"{link.get_status_display()} on {when}"


@admin.action(description="Check code links", permissions=["change"])
def check_code_links(model_admin: Any, request: HttpRequest, queryset: Any) -> None:
    keys = keys_of(model_admin, request, queryset, MOST)
    if not keys:
        return
    job = ask_for_check(again=0, ranges=ranges_of(keys), user=request.user)
    if job is not None:
        told = '{}: this is done in the background. <a href="{}">See how far it is</a>'
        messages.success(request, format_html(told, job, reverse("admin:authors_job_change", args=[job.pk])))
