"""The inbox: what visitors report, who takes care of it, and what became of it."""

from typing import Any
from urllib.parse import quote

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from authors.admin.base import CatalogueAdmin
from authors.admin.history import may_undo
from authors.admin.merging import label, may_merge, version
from authors.admin.records import ADMIN_OF, record_url
from authors.admin.wording import rewording
from authors.curation.recording import Action, current, watch_rows
from authors.curation.redirects import find_redirect
from authors.curation.reports import Report
from authors.models import Author, Institution
from authors.report_answers import ANSWERS, AlreadyDecided, note_in
from authors.report_mail import can_mail, mail_note
from papers.models import Paper

MODELS: dict[str, Any] = {"A": Author, "P": Paper, "I": Institution}
NAMES = {"A": "display_name", "P": "title", "I": "name"}
OTHERS = 10  # further reports on the same record that a page names


class AssigneeFilter(admin.SimpleListFilter):
    title = "assigned to"
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "me"), ("nobody", "nobody")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "me":
            return queryset.filter(assignee=request.user.get_username())
        return queryset.filter(assignee="") if self.value() == "nobody" else queryset


def record_of(report: Report) -> Any:
    """The record it speaks of, or the one that this was merged into; None if it is gone."""
    moved = find_redirect(kind=report.kind, old_id=report.record_id)
    key = moved.target_id if moved else report.record_id
    return MODELS[report.kind].objects.filter(pk=key).first() if report.kind in MODELS else None


def _name_of_record() -> Case:
    """A column of the list: how the record is called now."""
    names = {
        kind: Subquery(model.objects.filter(pk=OuterRef("record_id")).order_by().values(NAMES[kind])[:1])
        for kind, model in MODELS.items()
    }
    whens = [When(kind=kind, then=name) for kind, name in names.items()]
    return Case(*whens, default=Value(""), output_field=TextField())


@admin.register(Report)
class ReportAdmin(CatalogueAdmin):
    menu_place = 8
    menu_name = "Reports from visitors"
    list_display = ["excerpt", "state_", "type", "record", "assignee", "created_at"]
    list_filter = ["state", AssigneeFilter, "type"]
    search_fields = ["text", "name", "email"]
    search_help_text = "Words of the report, a name, an e-mail address."
    sortable_by = ()
    ordering = ["-id"]
    actions = ["take", "decline"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(record_name=_name_of_record())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="report", empty_value="(no words)")
    def excerpt(self, obj: Report) -> str:
        told = obj.text or "; ".join(obj.proposed.values()) or obj.name or obj.email or obj.orcid
        return Truncator(" ".join(told.split())).chars(90)

    @admin.display(description="state")
    def state_(self, obj: Report) -> SafeString:
        return format_html('<span class="state-{}">{}</span>', obj.state, obj.get_state_display())

    @admin.display(description="record")
    def record(self, obj: Any) -> SafeString:
        name = Truncator(obj.record_name or "").chars(60)
        return format_html('<a href="{}">{} {}</a>', record_url(obj.kind, obj.record_id), obj.about, name)

    @admin.action(description="Assign to me", permissions=["change"])
    def take(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        keys = list(queryset.order_by().values_list("pk", flat=True))
        chosen = self._watched(keys, Action.EDIT, f"Assigned to {request.user.get_username()}: {_reports(len(keys))}")
        chosen.update(assignee=request.user.get_username())
        self.message_user(request, f"{_reports(len(keys))} {'is' if len(keys) == 1 else 'are'} yours.")

    @admin.action(description="Decline", permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        chosen = [report for report in queryset if report.is_open]
        self._watched([report.pk for report in chosen], Action.STATE, f"Declined: {_reports(len(chosen))}")
        for report in chosen:
            report.decide(Report.State.DECLINED, by=request.user.get_username())
        self.message_user(request, f"Declined: {len(chosen)}. Those already decided stay as they are.")

    @staticmethod
    def _watched(keys: list[int], action: str, summary: str) -> QuerySet[Report]:
        """These reports; what becomes of them is in the change set of the action."""
        chosen = Report.objects.filter(pk__in=keys)
        watch_rows(chosen)
        if recording := current():
            recording.describe(action, summary)
        return chosen

    # --- one report ----------------------------------------------------------------------------------------------------

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The report, the record, the difference, and the answers to choose from."""
        report = self._report(object_id)
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        if request.method == "POST":
            return self._answer(request, report)
        return TemplateResponse(request, "admin/report.html", self._context(request, report))

    @staticmethod
    def _report(object_id: str) -> Report:
        rows = Report.objects.select_related("change_set", "change_set__undone_by")
        report = rows.filter(pk=int(object_id)).first() if object_id.isdecimal() and len(object_id) < 19 else None
        if report is None:
            raise Http404
        return report

    def _context(self, request: HttpRequest, report: Report) -> dict[str, Any]:
        record = record_of(report)
        others = Report.objects.filter(kind=report.kind, record_id=report.record_id).exclude(pk=report.pk)
        undo = report.change_set and may_undo(request, report.change_set) and not hasattr(report.change_set, "undone_by")
        merges = record is not None and report.type == Report.Type.MERGE and may_merge(request)
        return {
            **self.admin_site.each_context(request), "opts": self.opts, "report": report, "record": record,
            "title": str(report), "record_address": record_url(report.kind, record.pk) if record else "",
            "merge_address": reverse(f"admin:{ADMIN_OF[report.kind]}_merge", args=[record.pk]) if merges else "",
            "on_site": self._on_site(record), "version": version(record) if record else "",
            "differences": _differences(report, record), "others": list(others[:OTHERS]), "undo": undo,
            "identifiers": _identifiers(report, record), "may_change": self.has_change_permission(request, report),
            "may_write": record is not None and self._may_write(request, record),
            "may_delete": self.has_delete_permission(request, report), "mailto": _mailto(report), "can_mail": can_mail(),
            "name_address": _name_address(report, record),
        }  # fmt: skip

    def _on_site(self, record: Any) -> str | None:
        """Only where the public sees the record."""
        admin_of_record: Any = self.admin_site.get_model_admin(type(record)) if record else None
        return admin_of_record.view_on_site(record) if admin_of_record else None

    def _may_write(self, request: HttpRequest, record: Any) -> bool:
        return self.admin_site.get_model_admin(type(record)).has_change_permission(request, record)

    def _answer(self, request: HttpRequest, report: Report) -> HttpResponseRedirect:
        """Do what the pressed button says, and come back to the report."""
        answer = ANSWERS.get(request.POST.get("answer", ""))
        record = record_of(report)
        if not self.has_change_permission(request, report) or (
            answer and answer.writes and (record is None or not self._may_write(request, record))
        ):
            raise PermissionDenied
        if answer is None:
            messages.error(request, "Choose an answer.")
        elif answer.writes and request.POST.get("version") != version(record):
            messages.warning(request, "The record was changed since this page was opened. Look at the difference again.")
        else:
            self._carry_out(request, answer, report, record)
        return redirect(reverse("admin:authors_report_change", args=[report.pk]))

    def _carry_out(self, request: HttpRequest, answer: Any, report: Report, record: Any) -> None:
        try:
            told = answer.run(report, record, request.user, request.POST)
        except (AlreadyDecided, ValidationError) as error:
            messages.error(request, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
        else:
            messages.success(request, told)
            if answer.decides and "mail" in request.POST:
                self._mail(request, report, record)  # answers are transactions of their own: what was decided is safe

    def _mail(self, request: HttpRequest, report: Report, record: Any) -> None:
        """Without a note, an address or a mail server nothing is mailed."""
        note = note_in(request.POST)
        if not (note and report.email and can_mail()):
            return
        report.refresh_from_db()
        page = self._on_site(record)
        sent, told = mail_note(report, note, name=str(record or ""), address=request.build_absolute_uri(page) if page else "")
        messages.add_message(request, messages.SUCCESS if sent else messages.ERROR, told)


def _reports(count: int) -> str:
    return f"{count:,} {'report' if count == 1 else 'reports'}"


def _differences(report: Report, record: Any) -> list[dict[str, Any]]:
    """Now and proposed of each text; of a report already decided only what was proposed."""
    now = {name: getattr(record, name, "") if record and report.is_open else "" for name in report.proposed}
    return [
        {"label": label(name), "now": now[name], "proposed": value, "same": now[name] == value,
         "rewording": rewording(now[name], value) if report.is_open else ""}
        for name, value in report.proposed.items()
    ]  # fmt: skip


def _identifiers(report: Report, record: Any) -> list[tuple[str, str]]:
    """What can be verified for who says “this is me”: the ORCID they gave, then what the record holds."""
    if report.type != Report.Type.CLAIM or record is None:
        return []
    held = {str(one): f"{one.label} {one.value}" for one in record.identifiers.filter(disputed=False)[:30]}
    given = f"orcid:{report.orcid}" if report.orcid else ""
    claimed = {given: f"ORCID {report.orcid} ({'on the record' if given in held else 'new to the record'})"} if given else {}
    first = sorted(held.items(), key=lambda item: not item[0].startswith("orcid:"))
    return list((claimed | {key: text for key, text in first if key != given}).items())


def _name_address(report: Report, record: Any) -> str:
    """Where a person's name is changed with all that follows, for who asks for that."""
    wanted = report.type == Report.Type.NAME and isinstance(record, Author)
    return reverse("admin:authors_author_name", args=[record.pk]) if wanted else ""


def _mailto(report: Report) -> str:
    subject, body = f"Your report about {report.about}", f"\n\n> {report.text}".replace("\n", "\r\n")
    return f"mailto:{quote(report.email)}?subject={quote(subject)}&body={quote(body[:1500])}" if report.email else ""
