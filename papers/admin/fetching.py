"""Importing by identifier: the services are asked, then the usual preview follows."""

from itertools import groupby
from shutil import copyfile
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from authors.curation.harvests import STATES, Fetch
from papers.admin.importing import start_preview, waiting
from papers.harvesting import fetch_later, fetch_now, new_fetch, told
from papers.importers.fetching.asking import MOST, Problem, Wanted, read_ids
from papers.importers.fetching.sources import TooMany

AT_ONCE, SECONDS = 20, 60  # ids that are fetched while somebody waits, and for how long
LONGEST = 50_000  # characters


class FetchForm(forms.Form):
    ids = forms.CharField(
        label="Identifiers", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=f"DOIs, arXiv ids, ORCID iDs (all works of the person) and OpenAlex ids (W: a work, A: all works of a "
        f"person, I: an institution), in any form, as a list or one a line; at most {MOST}.",
    )  # fmt: skip
    state = forms.ChoiceField(label="New papers are", choices=STATES)


def fetch_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The form; what it asks for is fetched at once, or in the background when it is much."""
    if not request.user.has_perms(["papers.add_paper", "papers.change_paper"]):
        raise PermissionDenied
    form = FetchForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(model_admin, request, form)
    wanted, problems = read_ids(form.cleaned_data["ids"])
    if not wanted:
        return _form(model_admin, request, form, problems, "Nothing was fetched.")
    fetches = _fetches(request, wanted, problems, form.cleaned_data["state"])
    if all(fetch.state == Fetch.State.READY and not fetch.count for fetch in fetches):
        return _nothing(model_admin, request, form, fetches)
    if len(fetches) == 1 and fetches[0].state == Fetch.State.READY and not fetches[0].problems:
        return preview_of(model_admin, request, fetches[0])
    return _lead_on(request, fetches)


def _fetches(request: HttpRequest, wanted: list[Wanted], problems: list[Problem], state: str) -> list[Fetch]:
    """One for each kind of record; together they have a minute."""
    kinds = [list(group) for _, group in groupby(sorted(wanted, key=lambda one: one.kind, reverse=True), lambda one: one.kind)]
    fetches = []
    for number, group in enumerate(kinds):
        fetch = new_fetch(group, [] if number else problems, state=state, user=request.user)
        fetches.append(fetch)
        if len(wanted) > AT_ONCE:
            fetch_later(fetch, group)
            continue
        try:
            fetch_now(fetch, group, seconds=min(SECONDS, settings.FETCH_TIMEOUT) / len(kinds))
        except TooMany:
            fetch_later(fetch, group)
    return fetches


def _nothing(model_admin: Any, request: HttpRequest, form: FetchForm, fetches: list[Fetch]) -> HttpResponse:
    problems = [Problem(*problem) for fetch in fetches for problem in fetch.problems]
    for fetch in fetches:
        fetch.delete()
    return _form(model_admin, request, form, problems, "Nothing was fetched, and nothing was changed.")


def _lead_on(request: HttpRequest, fetches: list[Fetch]) -> HttpResponse:
    for fetch in fetches:
        if fetch.state == Fetch.State.RUNNING:
            messages.info(request, f"The {fetch.get_kind_display()} are being fetched in the background.")
        elif len(fetches) > 1:
            messages.info(request, f"{fetch.get_kind_display().capitalize()}: {told(fetch)}")
    if len(fetches) > 1:
        return redirect("admin:authors_fetch_changelist")
    return redirect("admin:authors_fetch_change", fetches[0].pk)


def _form(
    model_admin: Any, request: HttpRequest, form: FetchForm, problems: list[Problem] | None = None, trouble: str = ""
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request), "title": "Import by identifier", "opts": model_admin.opts, "form": form,
        "problems": sorted(problems or [], key=lambda one: one.line), "trouble": trouble, "at_once": AT_ONCE,
    }  # fmt: skip
    return TemplateResponse(request, "admin/fetch.html", context)


def preview_of(model_admin: Any, request: HttpRequest, fetch: Fetch) -> HttpResponse:
    """What importing the fetched records would do; the fetched file stays until somebody has imported it."""
    path = waiting.written([], fetch.path.name)
    copyfile(fetch.path, path)
    return start_preview(model_admin, request, path, {"kind": fetch.kind, **fetch.options})
