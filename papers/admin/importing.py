"""Importing in the admin: choose a file or paste records, look at what it would do, then do it."""

import gzip
import re
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from time import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from authors.admin.history import told
from authors.admin.recording import editing
from authors.curation.models import Provenance
from papers.importers.previewing import MOST, preview
from papers.importers.reading import GZIP_MAGIC
from papers.importers.records import FileError
from papers.importers.runs import AUTHORS, INSTITUTIONS, PAPERS, run_import
from papers.models import Paper

IMPORTERS = {"P": PAPERS, "A": AUTHORS, "I": INSTITUTIONS}
LARGEST, UNPACKED = 10 * 2**20, 50 * 2**20  # bytes of a file, and of what a compressed one holds
KEPT = 24 * 3600  # seconds for which a file waits for its import


class ImportForm(forms.Form):
    """A file or pasted records, and how they are taken."""

    kind = forms.ChoiceField(
        label="Records of", choices=[("P", "papers (OpenAlex works)"), ("A", "people (OpenAlex authors)"),
                                     ("I", "institutions (OpenAlex or ROR)")],
    )  # fmt: skip
    file = forms.FileField(required=False, help_text="JSON, JSON Lines, or gzip of either; at most 10 MB.")
    pasted = forms.CharField(
        label="or pasted records", required=False, strip=False, max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )  # fmt: skip
    source = forms.CharField(
        max_length=40, initial="file", help_text="Name of the source for records without an id of their own."
    )
    state = forms.ChoiceField(
        label="New papers are", choices=[(Paper.State.PUBLISHED, "published"), (Paper.State.DRAFT, "drafts")]
    )

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"]
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", source) or source == Provenance.EDITOR:
            raise ValidationError(f"Give up to 40 small letters, digits, dots and hyphens, and not “{Provenance.EDITOR}”.")
        return source

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise ValidationError(f"The file has {file.size:,} bytes; import it with manage.py import_papers on the server.")
        if file and file.read(2) == GZIP_MAGIC:
            file.seek(0)
            _check_unpacked(file)
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and bool(given.get("file")) == bool(given.get("pasted", "").strip()):
            raise ValidationError("Choose a file or paste records, one of the two.")
        return given


def _check_unpacked(file: Any) -> None:
    held = 0
    try:
        with gzip.open(file, "rb") as packed:
            while block := packed.read(2**20):
                held += len(block)
                if held > UNPACKED:
                    raise ValidationError("Unpacked the file is larger than 50 MB.")
    except (OSError, EOFError) as error:
        raise ValidationError(f"The file cannot be unpacked: {error}.") from error


# --- files that wait ---------------------------------------------------------------------------------------------------


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "imports" / "waiting"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _kept(content: bytes, name: str) -> Path:
    """The content in a folder whose name nobody can guess who does not have it; files of yesterday go."""
    for old in _folder().iterdir():
        if old.stat().st_mtime < time() - KEPT:
            rmtree(old, ignore_errors=True)
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-80:] or "pasted.json"
    path = _folder() / blake2b(content, digest_size=12).hexdigest() / safe
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def _taken(token: str) -> Path | None:
    """The file of that name if it waits, for nobody else from now on; nothing that leads out of the folder."""
    waiting = next((path for path in _folder().iterdir() if path.name == token), None)
    if waiting is None:
        return None
    mine = waiting.with_name(f"{waiting.name}-{token_hex(4)}")
    try:
        waiting.rename(mine)
    except FileNotFoundError:  # a second click was faster
        return None
    return next(mine.iterdir(), None)


# --- pages ---------------------------------------------------------------------------------------------------------------


def import_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The form, then the preview, then the import."""
    if not (request.user.has_perm("papers.add_paper") and request.user.has_perm("papers.change_paper")):
        raise PermissionDenied
    if request.method == "POST" and "apply" in request.POST:
        return _apply(model_admin, request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        content = (given["file"] and _content(given["file"])) or given["pasted"].encode(errors="replace")
        path = _kept(content, given["file"].name if given["file"] else "pasted.json")
        return _preview(model_admin, request, path, given)
    return _answer(model_admin, request, "admin/import.html", form=form, most=MOST)


def _content(file: Any) -> bytes:
    file.seek(0)
    return bytes(file.read())


def _answer(model_admin: Any, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    everything = {**model_admin.admin_site.each_context(request), "title": "Import", "opts": model_admin.opts, **context}
    return TemplateResponse(request, template, everything)


def _preview(model_admin: Any, request: HttpRequest, path: Path, given: dict[str, Any]) -> HttpResponse:
    options = {name: given[name] for name in ("kind", "source", "state")}
    try:
        seen = preview(IMPORTERS[options["kind"]], path, source=options["source"], state=options["state"])
    except FileError as error:
        rmtree(path.parent, ignore_errors=True)
        form = ImportForm(initial=given)
        return _answer(model_admin, request, "admin/import.html", form=form, most=MOST, problem=_without_folder(error, path))
    return _answer(
        model_admin, request, "admin/import_preview.html", seen=seen, rows=told(seen.changes), token=path.parent.name,
        options=options, name=path.name,
    )  # fmt: skip


def _without_folder(error: FileError, path: Path) -> str:
    return str(error).replace(str(path), path.name)


def _apply(model_admin: Any, request: HttpRequest) -> HttpResponse:
    path = _taken(request.POST.get("token", ""))
    importer = IMPORTERS.get(request.POST.get("kind", ""))
    form = ImportForm(
        {"kind": "P", "source": request.POST.get("source", ""), "state": request.POST.get("state", ""), "pasted": "-"}
    )
    if path is None or importer is None or not form.is_valid():
        messages.error(request, "The file waits no longer: choose it again.")
        return redirect("admin:authors_importrun_import")
    try:
        with editing(request):
            run = run_import(importer, path, source=form.cleaned_data["source"], state=form.cleaned_data["state"])
    except FileError as error:
        messages.error(request, _without_folder(error, path))
        return redirect("admin:authors_importrun_import")
    rmtree(path.parent, ignore_errors=True)
    counts = f"{run.created_count:,} new, {run.updated_count:,} updated, {run.unchanged_count:,} unchanged"
    messages.success(request, f"{counts}, {run.skipped_count:,} skipped.")
    return redirect(reverse("admin:authors_importrun_change", args=[run.pk]))
