"""The form, then the preview, then the import: at once, or by the worker when the file is long."""

from itertools import islice
from pathlib import Path
from shutil import copyfile, rmtree
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from authors.admin.history import told
from authors.admin.recording import editing, reason_of
from authors.curation.jobs.queue import enqueue
from authors.curation.models import ImportRun
from authors.curation.public_ids import number_of
from papers.admin.importing import waiting
from papers.admin.importing.forms import ImportForm
from papers.importers import previewing
from papers.importers.formats import format_of
from papers.importers.keeping import keep, kept
from papers.importers.records import FileError
from papers.importers.runs import run_import
from papers.tasks import IMPORTERS, counts_of

OPTIONS = ("kind", "source", "state")


def import_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """What a POST asks for: a preview of a file or of a kept file (`again`), or to `apply` what was previewed."""
    if not may_import(request):
        raise PermissionDenied
    if request.method == "POST" and "apply" in request.POST:
        return _apply(model_admin, request)
    if request.method == "POST" and "again" in request.POST:
        return _again(model_admin, request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["file"]:
            given["file"].seek(0)
            path = waiting.written(given["file"].chunks(), given["file"].name)
        else:
            path = waiting.written([given["pasted"].encode(errors="replace")], "pasted.txt")
        return start_preview(model_admin, request, path, {name: given[name] for name in OPTIONS})
    return _form(model_admin, request, form)


def may_import(request: HttpRequest) -> bool:
    return request.user.has_perms(["papers.add_paper", "papers.change_paper"])


def _answer(model_admin: Any, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    everything = {**model_admin.admin_site.each_context(request), "title": "Import", "opts": model_admin.opts, **context}
    return TemplateResponse(request, template, everything)


def _form(model_admin: Any, request: HttpRequest, form: ImportForm, problem: str = "") -> HttpResponse:
    return _answer(model_admin, request, "admin/import.html", form=form, most=previewing.MOST, problem=problem)


def start_preview(model_admin: Any, request: HttpRequest, path: Path, options: dict[str, str]) -> HttpResponse:
    """Show what importing the file would do; the file is moved to those that wait.

    `options` are kind (P, A, I), source (its name for records without ids), state (of new papers).
    """
    path = waiting.wait(path)
    try:
        seen = previewing.preview(IMPORTERS[options["kind"]], path, source=options["source"], state=options["state"])
    except FileError as error:
        rmtree(path.parent, ignore_errors=True)
        return _form(model_admin, request, ImportForm(initial=options), _without_folder(error, path))
    return _answer(
        model_admin, request, "admin/import_preview.html", seen=seen, rows=told(seen.changes), token=path.parent.name,
        options=options, name=path.name, most=previewing.MOST,
    )  # fmt: skip


def _without_folder(error: FileError, path: Path) -> str:
    return str(error).replace(str(path), path.name)


def _again(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """A former run's file, if it is still kept, as if it were chosen anew."""
    run = ImportRun.objects.filter(pk=number_of(request.POST["again"]) or 0).first()
    file = kept(run.fingerprint) if run else None
    if run is None or file is None:
        messages.error(request, "The file is not kept any longer: choose it again.")
        return redirect("admin:authors_importrun_import")
    path = waiting.written([], file.name)
    copyfile(file, path)
    options = {"kind": run.kind, "source": run.source, "state": run.options.get("state", "published")}
    return start_preview(model_admin, request, path, options)


# --- doing it ------------------------------------------------------------------------------------------------------------


def _apply(model_admin: Any, request: HttpRequest) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in OPTIONS}
    form = ImportForm({**given, "pasted": "-"})
    path = waiting.taken(request.POST.get("token", "")) if form.is_valid() else None
    if path is None:
        messages.error(request, "The file waits no longer: choose it again.")
        return redirect("admin:authors_importrun_import")
    try:
        return _import_later(request, path, given) if _is_long(path) else _import_now(request, path, given)
    except FileError as error:
        messages.error(request, _without_folder(error, path))
        return redirect("admin:authors_importrun_import")
    finally:
        rmtree(path.parent, ignore_errors=True)


def _is_long(path: Path) -> bool:
    most = previewing.MOST
    return sum(1 for _ in islice(format_of(path).read(path), most + 1)) > most


def _import_now(request: HttpRequest, path: Path, given: dict[str, str]) -> HttpResponse:
    try:
        with editing(request):
            run = run_import(IMPORTERS[given["kind"]], path, source=given["source"], state=given["state"])
    finally:
        keep(path)
    messages.success(request, counts_of(run))
    return redirect("admin:authors_importrun_change", run.pk)


def _import_later(request: HttpRequest, path: Path, given: dict[str, str]) -> HttpResponse:
    told: dict[str, Any] = {**given, "fingerprint": keep(path)}
    job = enqueue("import", f"Import {path.name}", user=request.user, reason=reason_of(request), **told)
    messages.success(request, "The import is done in the background; this page shows how far it is.")
    return redirect("admin:authors_job_change", job.pk)
