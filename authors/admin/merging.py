"""Merging two records on one page: which stays, which values it takes, what moves; then one click, and one to undo it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from authors.admin.choosing import chooser
from authors.admin.duplicates import address_after_merge, pair_in
from authors.admin.recording import recorded_as
from authors.curation.history import latest_change
from authors.curation.public_ids import PublicIdModel, parse_public_id
from authors.curation.recording import Action
from papers.merging.kinds import KINDS, LISTS
from papers.merging.merging import CannotMerge, choices, merge, preview, shared_papers
from papers.models import Authorship, AuthorshipAffiliation, Citation

# A foreign key to each kind of record: what the field that offers the other one searches by.
OFFERED_BY: dict[str, Any] = {
    "A": Authorship._meta.get_field("author"),
    "P": Citation._meta.get_field("cited"),
    "I": AuthorshipAffiliation._meta.get_field("institution"),
}


class Mergeable:
    """For the ModelAdmin of a record that can be merged."""

    model: Any
    opts: Any
    admin_site: Any
    get_queryset: Any
    message_user: Any

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        page = path("<int:pk>/merge/", self.admin_site.admin_view(self.merge_view), name=name)
        return [page, *super().get_urls()]  # type: ignore[misc]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        if may_merge(request):
            found["merge_chosen"] = (type(self).merge_chosen, "merge_chosen", "Merge the two chosen …")
        return found

    def merge_chosen(self, request: HttpRequest, queryset: Any) -> HttpResponseRedirect | None:
        chosen = list(queryset.values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            self.message_user(request, "Choose exactly two to merge.", messages.WARNING)
            return None
        return redirect(f"{self._address(min(chosen))}?with={self.model.letter}{max(chosen)}")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        original = context.get("original")
        address = self._address(original.pk) if original is not None and may_merge(request) else ""
        rendered: HttpResponse = super().render_change_form(request, context | {"merge_address": address}, *args, **kwargs)  # type: ignore[misc]
        return rendered

    def _address(self, pk: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge", args=[pk])

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_merge(request):
            raise PermissionDenied
        first = self.get_queryset(request).filter(pk=pk).first()
        if first is None:
            raise Http404
        second, problem = self._other(request, first)
        if second is None:
            return self._choose(request, first, problem)
        if request.method == "POST" and request.POST.get("survivor") in (str(first.pk), str(second.pk)):
            return self._merge(request, first, second)
        return self._compare(request, first, second)

    def _other(self, request: HttpRequest, first: Any) -> tuple[Any, str]:
        given = request.POST.get("with") or request.GET.get("with", "")
        if not given:
            return None, ""
        parsed = parse_public_id(given if not given.isdigit() else f"{first.letter}{given}")
        if parsed is None or parsed[0] != first.letter:
            return None, f"“{given[:40]}” is no id of this kind of record, such as {first.public_id}."
        if parsed[1] == first.pk:
            return None, "A record cannot be merged with itself."
        found = self.get_queryset(request).filter(pk=parsed[1]).first()
        return found, "" if found else f"There is no {given[:40]}."

    def _choose(self, request: HttpRequest, first: Any, problem: str) -> HttpResponse:
        form = chooser("with", OFFERED_BY[first.letter], self.admin_site)
        context = self._context(request, first) | {
            "title": f"Merge {first.public_id}", "problem": problem, "media": form.media,
            "widget": form["with"],
        }  # fmt: skip
        return TemplateResponse(request, "admin/merge_choose.html", context)

    def _context(self, request: HttpRequest, first: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "object": first, "original": first}

    def _compare(self, request: HttpRequest, first: Any, second: Any, problem: str = "") -> HttpResponse:
        """`first` is offered as the one that stays, unless the other has more papers."""
        stays, goes = sorted((first, second), key=lambda record: (not is_public(record), -weight(record), record.pk))
        if request.POST.get("survivor") == str(goes.pk):
            stays, goes = goes, stays
        context = self._context(request, first) | {
            "title": f"Merge {first.public_id} and {second.public_id}", "stays": stays, "goes": goes, "problem": problem,
            "fields": [{**vars(choice), "label": label(choice.field)} for choice in choices(stays, goes)],
            "lists": LISTS.get(first.letter, ""), "moving": preview(stays, goes),
            "both": shared_papers(stays, goes) if first.letter == "A" else [],
            "versions": [(record.pk, version(record)) for record in (stays, goes)], "reason": request.POST.get("_reason", ""),
        }  # fmt: skip
        return TemplateResponse(request, "admin/merge.html", context)

    def _merge(self, request: HttpRequest, first: Any, second: Any) -> HttpResponse:
        stays, goes = (first, second) if request.POST["survivor"] == str(first.pk) else (second, first)
        if any(request.POST.get(f"version_{record.pk}") != version(record) for record in (stays, goes)):
            problem = "One of the two was changed since this page was opened. Look at both again before merging."
            return self._compare(request, first, second, problem)
        names = [*KINDS[first.letter].fields, *LISTS.values()]
        take = [name for name in names if request.POST.get(f"take_{name}") == str(goes.pk)]
        gone, queued = goes.public_id, pair_in(request, first.letter)
        try:
            with recorded_as(request, Action.MERGE) as recording:
                merge(survivor=stays, other=goes, take=take, though_both="though_both" in request.POST)
        except CannotMerge as error:
            return self._compare(request, first, second, str(error))
        address = reverse("admin:authors_changeset_undo", args=[recording.change_set.pk]) if recording.change_set else ""
        told = format_html('{} was merged into {}. <a href="{}">Undo</a>', gone, stays.public_id, address)
        messages.success(request, told)
        if queued:
            return redirect(address_after_merge(queued, stays.pk))
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[stays.pk]))


def may_merge(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("authors.merge_records"))


def is_public(record: PublicIdModel) -> bool:
    """Of two papers the published one is offered as the one that stays."""
    return getattr(record, "state", "published") == "published"


def weight(record: PublicIdModel) -> int:
    """Which of two more likely stays: by papers, and of two papers by citations."""
    metrics = getattr(record, "metrics", None)
    return int(getattr(metrics, "papers_count", 0) or getattr(record, "cited_by_count", 0) or 0)


def label(field: str) -> str:
    return {"published": "date", "cited_by_count": "citations"}.get(field, field.replace("_", " "))


def version(record: PublicIdModel) -> str:
    """Changes whenever the record does."""
    return f"{latest_change(record.letter, record.pk)}-{getattr(record, 'updated_at', '')}"
