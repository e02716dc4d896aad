"""The queue of likely duplicates: ranked, with the evidence, one decision after the other."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from authors.admin.base import CatalogueAdmin
from authors.admin.duplicates import QUEUE, queue_address
from authors.admin.merging import may_merge
from authors.admin.recording import editing
from authors.admin.records import ADMIN_OF, record_url
from authors.curation.public_ids import number_of
from papers.admin.columns import shortened
from papers.admin.comparing import hint, side_by_side
from papers.duplicates.deciding import DONE, MOST_COUNTED, count_waiting, decide, next_after
from papers.models import LikelyDuplicate
from papers.models.duplicates import MODELS

Decision = LikelyDuplicate.Decision
REASONS = 4  # of the evidence, as many as a row of the list shows
MOST_LISTED = 10_000  # pairs that are counted and paged through
BESIDE: dict[str, tuple[str, ...]] = {
    "A": ("metrics",), "P": ("venue",), "I": ("metrics", "parent"),
}  # fmt: skip
BUTTONS = {"_apart": Decision.APART, "_later": Decision.LATER, "_open": Decision.OPEN}


class DecisionFilter(admin.SimpleListFilter):
    """Without a choice, what still waits: open pairs, then those put off."""

    title = "decision"
    parameter_name = "decision"
    chosen = {"open": [Decision.OPEN], "later": [Decision.LATER], "apart": [Decision.APART], "any": Decision.values}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("open", "open"), ("later", "put off"), ("apart", "kept apart"), ("any", "any")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted is not None and wanted not in self.chosen:
            raise IncorrectLookupParameters(f"{wanted!r} is no decision.")
        return queryset.filter(decision__in=self.chosen[wanted]) if wanted else queryset.exclude(decision=Decision.APART)

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        return [{**first, "display": "waiting"}, *rest]


class FirstPages(Paginator):
    """Nobody pages through more, and counting stops there."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_LISTED].count())


def attach_records(pairs: Iterable[LikelyDuplicate]) -> list[LikelyDuplicate]:
    """The pairs with their `records`, in one query for each kind."""
    found = list(pairs)
    for kind, model in MODELS.items():
        own = [pair for pair in found if pair.kind == kind]
        keys = {key for pair in own for key in (pair.first_id, pair.second_id)}
        records = model._base_manager.select_related(*BESIDE[kind]).in_bulk(keys) if keys else {}
        for pair in own:
            pair.records = [records.get(pair.first_id), records.get(pair.second_id)]
    return found


@admin.register(LikelyDuplicate)
class LikelyDuplicateAdmin(CatalogueAdmin):
    menu_place = 8
    paginator = FirstPages
    list_display = ["two", "score", "why", "kind_", "decision_"]
    list_filter = ["kind", DecisionFilter]
    list_display_links = ["two"]
    sortable_by = ()
    actions = ["keep_apart"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- the list ------------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> Any:
        pairs: Any = super().get_queryset(request)
        return pairs.standing()

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        changelist.result_list = attach_records(changelist.result_list)
        return changelist

    @admin.display(description="which two")
    def two(self, obj: LikelyDuplicate) -> SafeString:
        told = ((shortened(str(record)), hint(record)) for record in obj.records if record)
        return format_html_join(SafeString("<br>"), '<b>{}</b> <span class="quiet">{}</span>', told)

    @admin.display(description="why")
    def why(self, obj: LikelyDuplicate) -> str:
        said = [point["what"] for point in obj.evidence if point["weight"]]
        return "; ".join(said[:REASONS]) + (" …" if len(said) > REASONS else "")

    @admin.display(description="kind")
    def kind_(self, obj: LikelyDuplicate) -> str:
        return str(obj.get_kind_display())

    @admin.display(description="decision")
    def decision_(self, obj: LikelyDuplicate) -> str:
        return f"{obj.get_decision_display()} by {obj.decided_by}" if obj.decided_by else str(obj.get_decision_display())

    @admin.action(description="Keep apart", permissions=["change"])
    def keep_apart(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        decide(list(queryset), Decision.APART, user=request.user)
        self.tell_later(request, "All of them were kept apart already.")

    # --- one pair ------------------------------------------------------------------------------------------------------

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The two side by side; a decision leads to the next pair."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pair = get_object_or_404(self.get_queryset(request), pk=number_of(object_id))
        if request.method == "POST":
            return self._decide(request, pair)
        first, second = attach_records([pair])[0].records
        context = {
            **self.admin_site.each_context(request),
            "title": str(pair), "opts": self.opts, "pair": pair, "following": next_after(pair), "more": _more(pair),
            "sides": [{"record": record, "address": record_url(pair.kind, record.pk), "hint": hint(record)}
                      for record in (first, second)],
            "lines": side_by_side(first, second), "may_decide": self.has_change_permission(request),
            "merge_address": merge_address(pair) if may_merge(request) else "",
        }  # fmt: skip
        return TemplateResponse(request, "admin/duplicate.html", context)

    def _decide(self, request: HttpRequest, pair: LikelyDuplicate) -> HttpResponseRedirect:
        if not self.has_change_permission(request):
            raise PermissionDenied
        given = [decision for button, decision in BUTTONS.items() if button in request.POST]
        here = reverse("admin:papers_likelyduplicate_change", args=[pair.pk])
        if len(given) != 1:
            messages.error(request, "Choose what to do with the two.")
            return redirect(here)
        with editing(request):
            change_set = decide([pair], given[0], user=request.user).change_set
        said, undo = DONE[given[0]].format(pair), change_set and reverse("admin:authors_changeset_undo", args=[change_set.pk])
        told = format_html('{}. <a href="{}">Undo</a>', said, undo) if undo else f"{said} already."
        messages.success(request, told)
        return redirect(queue_address(next_after(pair)))


def _more(pair: LikelyDuplicate) -> str:
    """ "37 more"; counting stops where nobody cares any longer."""
    count = count_waiting(pair.kind, beside=pair)
    return f"more than {MOST_COUNTED:,} more" if count > MOST_COUNTED else f"{count:,} more"


def merge_address(pair: LikelyDuplicate) -> str:
    """The page that compares the two field by field and merges them."""
    address = reverse(f"admin:{ADMIN_OF[pair.kind]}_merge", args=[pair.first_id])
    return f"{address}?with={pair.kind}{pair.second_id}&{QUEUE}={pair.pk}"
