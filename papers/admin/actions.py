"""Bulk actions that first ask: moving authorships to another person, resolving affiliations, changing states."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from authors.admin.bulk import change_chosen, keys_of, question
from authors.admin.choosing import chooser
from authors.admin.recording import recorded_as
from authors.curation.public_ids import number_of
from authors.curation.recording import Action
from authors.models import Author, Institution
from papers.correcting import show_on_profiles
from papers.merging.affiliations import printed_so, resolve_affiliations
from papers.merging.splitting import CannotMove, move_authorships
from papers.models import Authorship, AuthorshipAffiliation, Category, Paper, PaperInstitution

NAMED = 50  # rows that a page of an action names
MOST = 2_000  # lines of papers that are changed while somebody waits


def move_to_person(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Of authorships: to an existing person, or to somebody new."""
    problem, keys = "", keys_of(model_admin, request, queryset, MOST)
    if keys is None:
        return None
    if "apply" in request.POST:
        given = request.POST.get("to", "")
        to = Author.objects.filter(pk=number_of(given) or 0).first() if given else None
        gone = "The person you chose is not there any more." if given and to is None else ""
        try:
            _check(gone)
            name = request.POST.get("name", "").replace("\0", " ")
            with recorded_as(request, Action.SPLIT):
                move_authorships(keys, to=to, name=name)
        except CannotMove as error:
            problem = str(error)
        else:
            model_admin.tell_later(request, "Nothing was moved.")
            return None
    form = chooser("to", Authorship._meta.get_field("author"), model_admin.admin_site)
    rows = list(queryset.select_related("author", "paper")[:NAMED])
    name = request.POST.get("name") or next((row.raw_name for row in rows), "")
    return question(
        model_admin, request, "admin/move_authorships.html", queryset, title="Move to another person", rows=rows, name=name,
        problem=problem, media=form.media, widget=form["to"],
    )  # fmt: skip


def _check(problem: str) -> None:
    if problem:
        raise CannotMove(problem)


def resolve_everywhere(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Of affiliations as printed: to an institution, on every paper that prints the same."""
    if keys_of(model_admin, request, queryset, MOST) is None:
        return None
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
    return question(
        model_admin, request, "admin/resolve_affiliations.html", queryset, title="Resolve everywhere", counts=counts,
        problem=problem, media=form.media, widget=form["institution"],
    )  # fmt: skip


def give_a_category(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Of papers: the primary category."""
    problem = ""
    if "apply" in request.POST:
        category = Category.objects.filter(pk=request.POST.get("category", "").replace("\0", "")[:40]).first()
        if category is not None:
            becomes = f"category {category.pk}"
            return change_chosen(
                model_admin, request, queryset, change="category", value=category.pk, becomes=becomes, label="Give a category"
            )
        problem = "Choose the category."
    form = chooser("category", Paper._meta.get_field("primary_category"), model_admin.admin_site)
    return question(
        model_admin, request, "admin/give_category.html", queryset, title="Give a category", problem=problem,
        media=form.media, widget=form["category"],
    )  # fmt: skip


def give_an_institution(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Of papers that have none: the institution of the whole paper."""
    problem = ""
    if "apply" in request.POST:
        institution = Institution.objects.filter(pk=number_of(request.POST.get("institution", "")) or 0).first()
        if institution is not None:
            return change_chosen(
                model_admin, request, queryset, change="institution", value=str(institution.pk),
                becomes=f"institution {institution.tag} where there was none", label="Give an institution",
            )  # fmt: skip
        problem = "Choose the institution."
    form = chooser("institution", PaperInstitution._meta.get_field("institution"), model_admin.admin_site)
    return question(
        model_admin, request, "admin/give_institution.html", queryset, title="Give an institution", problem=problem,
        media=form.media, widget=form["institution"],
    )  # fmt: skip


def state_action(state: str, label: str) -> Callable[[Any, HttpRequest, Any], HttpResponse | None]:
    """An action that gives papers this state."""

    def change(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        becomes = str(Paper.State(state).label)
        return change_chosen(model_admin, request, queryset, change="state", value=state, becomes=becomes, label=label)

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


def hide_on_profile(model_admin: Any, request: HttpRequest, queryset: Any) -> None:
    """Of authorships: the person asked that the paper be left out of their profile."""
    _show_on_profile(model_admin, request, queryset, shown=False)


def show_on_profile(model_admin: Any, request: HttpRequest, queryset: Any) -> None:
    _show_on_profile(model_admin, request, queryset, shown=True)


def _show_on_profile(model_admin: Any, request: HttpRequest, queryset: Any, *, shown: bool) -> None:
    keys = keys_of(model_admin, request, queryset, MOST)
    if keys is None:
        return
    with recorded_as(request, Action.EDIT):
        show_on_profiles(keys, shown=shown)
    model_admin.tell_later(request, "They are so already, or name nobody.")


ASKING = {
    move_to_person: "Move to another person …",
    resolve_everywhere: "Resolve everywhere …",
    give_a_category: "Give a category …",
    give_an_institution: "Give an institution …",
}
ON_PROFILES = {
    hide_on_profile: "Hide on the person's profile",
    show_on_profile: "Show on the person's profile again",
}
for _action, _label in (*ASKING.items(), *ON_PROFILES.items()):
    _action.short_description = _label  # type: ignore[attr-defined]
    _action.allowed_permissions = ("change",)  # type: ignore[attr-defined]
