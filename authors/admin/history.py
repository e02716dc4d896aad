"""The history of a record, and of everything: who changed what, and taking it back."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authors.admin.base import CatalogueAdmin, ReadOnly
from authors.admin.recording import editing, reason_of
from authors.admin.records import record_url
from authors.curation.changes import Change, ChangeSet
from authors.curation.conflicts import Conflict, conflicts
from authors.curation.created import created_count, created_records
from authors.curation.history import Difference, differences, plainest_first, row_called
from authors.curation.jobs.queue import enqueue
from authors.curation.models import Provenance
from authors.curation.public_ids import number_of
from authors.curation.tracking import tracked, tracked_as
from authors.curation.undoing import undo, undoable

SHOWN = 200  # changes of a change set on its page; an import has thousands
NAMED = 20  # of the records that an import added
MOST_AT_ONCE = 2_000  # rows that are taken back while somebody waits: two seconds or so


def may_undo(request: HttpRequest, change_set: ChangeSet) -> bool:
    return change_set.may_be_undone_by(request.user)


def told(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Row by row what changed, for a table; records that columns point to by their names."""
    rows = [(change, found) for change in changes if (found := differences([change]))]
    named = _names_of(one for _, found in rows for one in found)
    return [
        {
            "change": change, "where": where(change), "what": what(change),
            "differences": [{"column": one.column, "before": _shown(one.before, one, named),
                             "after": _shown(one.after, one, named)} for one in found],
        }
        for change, found in rows
    ]  # fmt: skip


def _names_of(found: Iterable[Difference]) -> dict[tuple[str, int], str]:
    """What records are called that differences point to; of each kind one query."""
    wanted: dict[str, set[int]] = {}
    for one in found:
        if one.points_to:
            wanted.setdefault(one.points_to, set()).update(key for key in (one.before, one.after) if key)
    named = {}
    for letter, keys in wanted.items():
        table = next(table for table in tracked() if table.kind == letter and table.owner == "pk")
        for record in table.rows().filter(pk__among=keys):
            named[letter, record.pk] = f"{record} ({letter}{record.pk})"
    return named


def _shown(value: Any, one: Difference, named: dict[tuple[str, int], str]) -> str:
    if one.points_to and value:
        return named.get((one.points_to, value), f"{one.points_to}{value}")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def added(change_set: ChangeSet) -> list[dict[str, Any]]:
    """By table how many records it added that are here still, and the first of them; nothing but imports has such."""
    return [
        {
            "called": names.verbose_name if count == 1 else names.verbose_name_plural, "count": count,
            "records": [{"name": str(row), "address": record_url(table.kind, row.pk)} for row in rows.order_by("pk")[:NAMED]],
        }
        for table, rows in created_records(change_set)
        if (names := table.model._meta) and (count := rows.count())
    ]  # fmt: skip


def where(change: Change) -> SafeString | str:
    if not change.kind or change.kind not in "APIV":
        return change.row_id
    return format_html('<a href="{}">{}{}</a>', record_url(change.kind, change.record_id), change.kind, change.record_id)


def what(change: Change) -> str:
    called = row_called(change) or str(tracked_as(change.model).model._meta.verbose_name)
    if change.before is None:
        return f"{called}, added"
    return f"{called}, deleted" if change.after is None else called


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnly, CatalogueAdmin):
    menu_place = 9
    menu_name = "Changes"
    list_display = ["made_at", "what_", "who_", "channel", "action", "reason", "undone"]
    list_display_links = ["made_at"]
    list_filter = ["action", "channel", "made_at"]
    list_select_related = ["user", "undone_by"]
    search_fields = ["summary", "reason", "user_name"]
    search_help_text = "Words of the summary or reason, or who."
    sortable_by = ()
    ordering = ["-id"]

    def get_urls(self) -> list[Any]:
        undo_page = path("<int:pk>/undo/", self.admin_site.admin_view(self.undo_view), name="authors_changeset_undo")
        return [undo_page, *super().get_urls()]

    @admin.display(description="what")
    def what_(self, obj: ChangeSet) -> str:
        return str(obj)

    @admin.display(description="who")
    def who_(self, obj: ChangeSet) -> str:
        return obj.who

    @admin.display(description="undone")
    def undone(self, obj: ChangeSet) -> str:
        return "undone" if getattr(obj, "undone_by", None) else ""

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """What the change set changed, row by row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        change_set = self._found(object_id)
        changes = list(plainest_first(change_set.changes.all())[: SHOWN + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": str(change_set), "opts": self.opts, "change_set": change_set, "rows": told(changes[:SHOWN]),
            "more": len(changes) > SHOWN, "may_undo": may_undo(request, change_set) and undoable(change_set),
            "added": added(change_set),
        }  # fmt: skip
        return TemplateResponse(request, "admin/change_set.html", context)

    @staticmethod
    def _found(object_id: str) -> ChangeSet:
        return get_object_or_404(ChangeSet.objects.select_related("undone_by", "undoes", "run"), pk=number_of(object_id))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks first, and says what stands against it."""
        change_set = self._found(str(pk))
        if not may_undo(request, change_set):
            raise PermissionDenied
        given = request.POST.getlist("only") + request.GET.getlist("only")
        only = {key for text in given if (key := number_of(text)) is not None} if given else None
        if only is not None and not change_set.changes.filter(pk__in=only).exists():
            raise Http404
        if request.method == "POST":
            try:
                if only is None and _is_long(change_set):
                    return _undo_later(request, change_set)
                return _undo(request, change_set, only)
            except Conflict as conflict:
                messages.error(request, "Not undone: " + " ".join(conflict.reasons[:5]))
        changes = change_set.changes.filter(pk__in=only) if only else change_set.changes.all()
        context = {
            **self.admin_site.each_context(request),
            "title": f"Undo: {change_set}", "opts": self.opts, "change_set": change_set, "only": only,
            "conflicts": conflicts(change_set, only=only), "rows": told(plainest_first(changes)[:SHOWN]),
            "added": [] if only else added(change_set),
        }  # fmt: skip
        return TemplateResponse(request, "admin/undo.html", context)


def _undo(request: HttpRequest, change_set: ChangeSet, only: set[int] | None) -> HttpResponse:
    with editing(request):
        undone = undo(change_set, only=only)
    again = "This can be undone too." if undoable(undone) else "What an import added comes back by importing it again."
    messages.success(request, f"{undone}. {again}")
    return redirect("admin:authors_changeset_change", undone.pk)


def _is_long(change_set: ChangeSet) -> bool:
    return change_set.changes.count() + created_count(change_set) > MOST_AT_ONCE


def _undo_later(request: HttpRequest, change_set: ChangeSet) -> HttpResponse:
    if reasons := conflicts(change_set):
        raise Conflict(reasons)
    job = enqueue("undo", f"Undo: {change_set}", user=request.user, reason=reason_of(request), of=change_set.pk)
    messages.success(request, "The undoing is done in the background; this page shows when it is through.")
    return redirect("admin:authors_job_change", job.pk)


def history_page(model_admin: Any, request: HttpRequest, record: Any, sets: Any) -> HttpResponse:
    """The record's change sets, the newest first, and the difference between two of them if two are chosen."""
    page = Paginator(sets, 25).get_page(request.GET.get("page"))
    entries = [{"change_set": found, "rows": told(found.its_changes), "may_undo": may_undo(request, found)} for found in page]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"History of {record}", "opts": model_admin.opts, "object": record, "original": record,
        "page": page, "entries": entries, "compared": _compared(request, sets),
        "since": request.GET.get("since", ""), "until": request.GET.get("until", ""),
    }  # fmt: skip
    return TemplateResponse(request, "admin/record_history.html", context)


def _compared(request: HttpRequest, sets: Any) -> list[Difference] | None:
    """What changed after the change set `since` up to `until`; None when no two are chosen."""
    ends = [request.GET.get(name, "") for name in ("since", "until")]
    numbers = sorted(number for end in ends if (number := number_of(end)) is not None)
    if len(numbers) < len(ends):
        return None
    first, last = numbers
    chosen = sets.filter(pk__gt=first, pk__lte=last).order_by("pk")
    notes = Provenance._meta.label_lower  # who gave which field is told version by version
    return differences(change for found in chosen for change in found.its_changes if change.model != notes)
