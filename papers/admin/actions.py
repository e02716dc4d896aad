"""Bulk actions that first ask: moving authorships to another person, resolving affiliations, changing states."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from authors.admin.choosing import chooser
from authors.admin.recording import recorded_as
from authors.curation.public_ids import number_of
from authors.curation.recording import Action
from authors.models import Author, Institution
from papers.editing import change_state, give_category
from papers.merging.affiliations import printed_so, resolve_affiliations
from papers.merging.splitting import CannotMove, move_authorships
from papers.models import Authorship, AuthorshipAffiliation, Category, Paper

NAMED = 50  # rows that a page of an action names


def _page(model_admin: Any, request: HttpRequest, template: str, queryset: Any, **context: Any) -> HttpResponse:
    """The question; its form carries along what is chosen."""
    everything = {
        **model_admin.admin_site.each_context(request), "opts": model_admin.opts, "action": request.POST.get("action", ""),
        "chosen": list(queryset.values_list("pk", flat=True)), "checkbox": ACTION_CHECKBOX_NAME,
        "reason": request.POST.get("_reason", ""), **context,
    }  # fmt: skip
    return TemplateResponse(request, template, everything)


def move_to_person(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Of authorships: to an existing person, or to somebody new."""
    problem = ""
    if "apply" in request.POST:
        given = request.POST.get("to", "")
        to = Author.objects.filter(pk=number_of(given) or 0).first() if given else None
        gone = "The person you chose is not there any more." if given and to is None else ""
        try:
            _check(gone)
            name = request.POST.get("name", "").replace("\0", " ")
            with recorded_as(request, Action.SPLIT):
                move_authorships(list(queryset.values_list("pk", flat=True)), to=to, name=name)
        except CannotMove as error:
            problem = str(error)
        else:
            model_admin.tell_later(request, "Nothing was moved.")
            return None
    form = chooser("to", Authorship._meta.get_field("author"), model_admin.admin_site)
    rows = list(queryset.select_related("author", "paper")[:NAMED])
    name = request.POST.get("name") or next((row.raw_name for row in rows), "")
    return _page(
        model_admin, request, "admin/move_authorships.html", queryset, title="Move to another person", rows=rows, name=name,
        problem=problem, media=form.media, widget=form["to"],
    )  # fmt: skip


def _check(problem: str) -> None:
    if problem:
        raise CannotMove(problem)


def resolve_everywhere(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Of affiliations as printed: to an institution, on every paper that prints the same."""
    raws = sorted({raw for raw in queryset.values_list("raw", flat=True) if raw})
    problem, unresolved_only = "", "all" not in request.POST
    if "apply" in request.POST:
        institution = Institution.objects.filter(pk=number_of(request.POST.get("institution", "")) or 0).first()
        if institution is None:
            problem = "Choose the institution."
        else:
            with recorded_as(request, Action.RESOLVE):
                resolve_affiliations(raws, institution, unresolved_only=unresolved_only)
            model_admin.tell_later(request, "They are resolved so already.")
            return None
    form = chooser("institution", AuthorshipAffiliation._meta.get_field("institution"), model_admin.admin_site)
    counts = [(raw, len(printed_so([raw])), len(printed_so([raw], unresolved_only=False))) for raw in raws[:NAMED]]
    return _page(
        model_admin, request, "admin/resolve_affiliations.html", queryset, title="Resolve everywhere", counts=counts,
        problem=problem, media=form.media, widget=form["institution"],
    )  # fmt: skip


def give_a_category(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Of papers: the primary category."""
    problem = ""
    if "apply" in request.POST:
        category = Category.objects.filter(pk=request.POST.get("category", "").replace("\0", "")[:40]).first()
        if category is not None:
            with recorded_as(request, Action.EDIT):
                give_category(list(queryset.values_list("pk", flat=True)), category)
            model_admin.tell_later(request, f"They are in {category.pk} already.")
            return None
        problem = "Choose the category."
    form = chooser("category", Paper._meta.get_field("primary_category"), model_admin.admin_site)
    return _page(
        model_admin, request, "admin/give_category.html", queryset, title="Give a category", problem=problem,
        media=form.media, widget=form["category"],
    )  # fmt: skip


def state_action(state: str, label: str) -> Callable[[Any, HttpRequest, Any], None]:
    """An action that gives papers this state."""

    def change(model_admin: Any, request: HttpRequest, queryset: Any) -> None:
        with recorded_as(request, Action.STATE):
            change_state(list(queryset.values_list("pk", flat=True)), state)
        model_admin.tell_later(request, f"They are {Paper.State(state).label} already.")

    change.__name__ = f"make_{state}"
    change.short_description = label  # type: ignore[attr-defined]
    change.allowed_permissions = ("change",)  # type: ignore[attr-defined]
    return change


STATE_ACTIONS = [
    state_action(Paper.State.PUBLISHED, "Publish"),
    state_action(Paper.State.REVIEW, "Send to review"),
    state_action(Paper.State.DRAFT, "Take back to draft"),
    state_action(Paper.State.WITHDRAWN, "Withdraw"),
]
ASKING = {
    move_to_person: "Move to another person …",
    resolve_everywhere: "Resolve everywhere …",
    give_a_category: "Give a category …",
}
for _action, _label in ASKING.items():
    _action.short_description = _label  # type: ignore[attr-defined]
    _action.allowed_permissions = ("change",)  # type: ignore[attr-defined]
