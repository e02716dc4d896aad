"""Tables in the admin: records out as CSV, and in again after a look at what would change."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from authors.admin.recording import reason_of
from authors.admin.records import record_url
from authors.curation.recording import Channel
from papers.tables.applying import NotTaken, apply
from papers.tables.comparing import Comparison, Row
from papers.tables.exporting import csv_of
from papers.tables.files import TableError, TableFile
from papers.tables.jobs import enqueue_table
from papers.tables.kinds import OF_MODEL, Kind
from papers.tables.reports import SHOWN, Report, dry_run
from papers.tables.waiting import claim, discard, keep, token_of, waiting

LARGEST = 50 * 2**20  # bytes of a file
MOST = 20_000  # rows that are compared while somebody waits
AT_ONCE = 2_000  # records that are written while somebody waits


class TableForm(forms.Form):
    file = forms.FileField(label="CSV file", widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(f"The file has {file.size / 2**20:,.0f} MB; at most {LARGEST / 2**20:,.0f} MB are taken.")
        return file


class Tabular(admin.ModelAdmin):
    """For the lists of papers, people and institutions."""

    change_list_template = "admin/table_list.html"

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_as_csv(self, request: HttpRequest, queryset: Any) -> HttpResponseBase:
        kind = OF_MODEL[self.model]
        answer = StreamingHttpResponse(csv_of(kind, queryset), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{kind.name}-{date.today().isoformat()}.csv"'  # noqa: DTZ011
        return answer

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_table"
        return [path("table/", self.admin_site.admin_view(self.table_view), name=name), *super().get_urls()]

    def table_view(self, request: HttpRequest) -> HttpResponse:
        """The form, then what the table would do, then it is done."""
        if not (self.has_change_permission(request) and self.has_add_permission(request)):
            raise PermissionDenied
        if request.method == "POST" and "token" in request.POST:
            return self._apply_table(request)
        form = TableForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            return self._look_at_table(request, TableFile(keep(file.name, file.chunks())))
        return self._table_form(request, form)

    # --- pages -----------------------------------------------------------------------------------------------------------

    def _table_page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        kind = OF_MODEL[self.model]
        everything = {**self.admin_site.each_context(request), "title": "Import a CSV table", "opts": self.opts, "kind": kind}
        return TemplateResponse(request, template, everything | context)

    def _table_form(self, request: HttpRequest, form: forms.Form, problem: str = "") -> HttpResponse:
        return self._table_page(request, "admin/table.html", form=form, problem=problem, most=MOST, megabytes=LARGEST // 2**20)

    def _table_preview(self, request: HttpRequest, file: TableFile, report: Report, problem: str = "") -> HttpResponse:
        kind = OF_MODEL[self.model]
        return self._table_page(
            request, "admin/table_preview.html", report=report, changed=_told(kind, report.first_changed),
            added=_told(kind, report.first_new), cells=report.cells.most_common(), token=token_of(file.path),
            name=file.path.name, shown=SHOWN, problem=problem, later=report.writes > AT_ONCE, reason=reason_of(request),
        )  # fmt: skip

    # --- taking it in ----------------------------------------------------------------------------------------------------

    def _look_at_table(self, request: HttpRequest, file: TableFile) -> HttpResponse:
        try:
            report = self._report(file)
        except TableError as error:
            discard(file.path)
            return self._table_form(request, TableForm(), str(error))
        return self._table_preview(request, file, report)

    def _report(self, file: TableFile) -> Report:
        if (count := file.count()) > MOST:
            raise TableError(
                f"The table has {count:,} rows. Part it into tables of at most {MOST:,}, or take it in with"
                " manage.py import_table on the server."
            )
        return dry_run(Comparison(OF_MODEL[self.model], file))

    def _apply_table(self, request: HttpRequest) -> HttpResponse:
        path, leave_out = waiting(request.POST["token"]), "leave_out" in request.POST
        if path is None:
            return self._table_form(request, TableForm(), "The table waits no longer: choose the file again.")
        file = TableFile(path)
        report = self._report(file)
        if report.problems and not leave_out:
            told = "Nothing was written, for there are errors. Mend them in the table, or leave out their rows."
            return self._table_preview(request, file, report, told)
        mine = claim(path) if report.writes else None
        if mine is None:
            told = "The table is being taken in already." if report.writes else "There is nothing to change."
            return self._table_form(request, TableForm(), told)
        return self._take_table(request, TableFile(mine), report, leave_out=leave_out)

    def _take_table(self, request: HttpRequest, file: TableFile, report: Report, *, leave_out: bool) -> HttpResponse:
        comparison = Comparison(OF_MODEL[self.model], file)
        told: dict[str, Any] = {
            "summary": f"Table {file.path.name}: {report.writes:,} {comparison.kind.name}", "leave_out": leave_out,
            "user": request.user, "reason": reason_of(request),
        }  # fmt: skip
        if report.writes > AT_ONCE:
            job = enqueue_table(comparison, total=report.rows, **told)
            messages.success(request, "The worker takes the table in; this page shows how far it is.")
            return redirect("admin:authors_job_change", job.pk)
        try:
            taken = apply(comparison, channel=Channel.ADMIN, **told)
        except NotTaken as error:  # somebody changed a record a moment ago
            return self._table_form(request, TableForm(), f"Nothing was written. {error}")
        finally:
            discard(file.path)
        undo = reverse("admin:authors_changeset_undo", args=[taken.change_set.pk]) if taken.change_set else ""
        messages.success(request, format_html('{}. <a href="{}">Undo</a>', str(taken), undo))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


def _told(kind: Kind, rows: list[Row]) -> list[dict[str, Any]]:
    """For a table of what changes."""
    return [{"where": _where(kind, row.record), "number": row.number, "cells": row.cells} for row in rows]


def _where(kind: Kind, record: Any) -> str:
    address = record_url(kind.letter, record.pk) if record.pk else ""
    return format_html('<a href="{}">{}</a>', address, record.public_id) if address else "new"
