"""What editors change is recorded: one change set for each form, bulk action and deletion, with who and why."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import IntegerField, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from authors.curation.changes import Change
from authors.curation.history import changes_since, latest_change, sentence
from authors.curation.models import Provenance
from authors.curation.public_ids import PublicIdModel, number_of
from authors.curation.recording import Action, Channel, Recording, acting, current, recorded
from authors.curation.tracking import Tracked, tracked_as, tracks

NOTHING = "bylines.nothing"  # in a request: what to say when an action changed nothing
LONGEST_TEXT_KEY = 255
REASON, SEEN = "_reason", "_seen"  # fields of the admin's forms: why, and the last change that the editor's page knew of


@contextmanager
def editing(request: HttpRequest) -> Iterator[None]:
    """Whatever is written within the block, this editor did, for the reason that the form gives."""
    with acting(user=request.user, channel=Channel.ADMIN, reason=reason_of(request)):
        yield


def reason_of(request: HttpRequest) -> str:
    return " ".join(request.POST.get(REASON, "").replace("\0", " ").split())


@contextmanager
def recorded_as(request: HttpRequest, action: str, summary: str = "") -> Iterator[Recording]:
    """The same in one change set."""
    with editing(request), recorded(action, summary=summary) as recording:
        yield recording


def name_of(record: Model) -> str:
    """How a summary calls a record: "P5 (Scaling laws)"."""
    shown = str(record)[:120] or "[untitled]"
    return f"{record.public_id} ({shown})" if isinstance(record, PublicIdModel) else shown


def table_of(record: Model) -> Tracked | None:
    return tracked_as(record._meta.label_lower) if tracks(type(record)) else None


def whose(row: Model | None) -> tuple[str, int]:
    """Letter and key of the record that the row belongs to; "" and 0 where it belongs to none, or has no history."""
    table = table_of(row) if row is not None and row.pk else None
    return table.record_of(row) if table and row is not None else ("", 0)


def watch(records: Iterable[Model], *, ending: bool = False) -> None:
    """Watch the records that these rows belong to, and if they are `ending` also what points to them."""
    recording = current()
    for record in records:
        table = table_of(record)
        if recording is None or table is None:
            continue
        kind, key = table.record_of(record)
        if kind:
            recording.watch(kind, [key])
        else:
            recording.watch_rows(table.rows().filter(pk=record.pk))
        if ending:
            recording.watch_referring(type(record), [record.pk])


class KnownRows(BaseModelAdmin):
    """For a ModelAdmin: what a browser would never send as a chosen row is refused in words."""

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if all(_is_key(self.model, key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            return super().response_action(request, *args, **kwargs)  # type: ignore[misc]
        messages.error(request, "Nothing was done: one of the rows chosen is none.")
        return redirect(request.get_full_path())


def _is_key(model: type[Model], text: str) -> bool:
    pk = model._meta.pk
    if isinstance(pk, IntegerField):
        return number_of(text) is not None
    return "\0" not in text and len(text) <= (pk.max_length or LONGEST_TEXT_KEY)


class Recorded(KnownRows):
    """For a ModelAdmin: every POST of its pages is one change set."""

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]
        with recorded_as(request, Action.EDIT if object_id else Action.ADD):
            return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]
        with recorded_as(request, Action.EDIT) as recording:
            answer: HttpResponse = super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]
        self._tell(request, recording)
        return answer

    def tell_later(self, request: HttpRequest, nothing: str) -> None:
        """Once the action is through, say what it did and lead to its undoing; or `nothing`."""
        request.META[NOTHING] = nothing

    @staticmethod
    def _tell(request: HttpRequest, recording: Recording) -> None:
        nothing = request.META.get(NOTHING)
        if nothing and recording.change_set is None:
            messages.info(request, nothing)
        elif nothing and recording.change_set is not None:
            address = reverse("admin:authors_changeset_undo", args=[recording.change_set.pk])
            messages.success(request, format_html('{}. <a href="{}">Undo</a>', str(recording.change_set), address))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().delete_view(request, *args, **kwargs)  # type: ignore[misc]
        with recorded_as(request, Action.DELETE):
            return super().delete_view(request, *args, **kwargs)  # type: ignore[misc]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:  # as it is stored: the form may have given the row to another record
            watch([*type(obj)._base_manager.filter(pk=obj.pk), obj])
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        recording, table = current(), table_of(obj)
        if recording is None or table is None:
            return
        if not change:
            self._watch_new(recording, table, obj)
        recording.describe(Action.EDIT if change else Action.ADD, f"{'Edited' if change else 'Added'} {self.called(obj)}")

    @staticmethod
    def _watch_new(recording: Recording, table: Tracked, obj: Any) -> None:
        """A new row of a record that was there changes that record."""
        kind, key = table.record_of(obj)
        if kind and table.owner in ("pk", "old_id"):
            recording.watch_new(kind, key)
        else:
            recording.watch_new_rows(table.rows().filter(pk=obj.pk))

    def called(self, obj: Any) -> str:
        return f"{obj._meta.verbose_name} {name_of(obj)}"

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        watch([obj], ending=True)
        if recording := current():
            recording.describe(Action.DELETE, f"Deleted {self.called(obj)}")
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        rows = list(queryset)
        watch(rows, ending=True)
        if (recording := current()) and rows:
            recording.describe(Action.DELETE, f"Deleted {len(rows):,} {rows[0]._meta.verbose_name_plural}")
        super().delete_queryset(request, queryset)  # type: ignore[misc]

    # --- two editors at once -------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """On the way in: a form that refuses to overwrite what the editor has not seen."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        seen = request.POST.get(SEEN, "")
        known, (kind, key) = number_of(seen), whose(obj)
        newer = changes_since(kind, key, known) if request.method == "POST" and kind and known is not None else []
        return type(form.__name__, (Unseen, form), {"newer": newer}) if newer else form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj") or context.get("original")
        kind, key = whose(obj)
        seen = latest_change(kind, key) if kind else 0
        more = {"reason": request.POST.get(REASON, ""), "seen": seen}
        return super().render_change_form(request, context | more, *args, **kwargs)  # type: ignore[misc]


class Unseen(forms.ModelForm):
    """Says once what somebody else changed meanwhile; what was typed stays in the form, and saving again writes it."""

    newer: list[Change] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        told = (
            "Meanwhile this record was changed. Nothing of yours is saved yet: look at the changes, and save again to put "
            "what you typed in their place."
        )
        notes = Provenance._meta.label_lower  # who gave which field: nothing that a form shows
        plain = [change for change in self.newer if change.model != notes] or self.newer
        raise ValidationError([told, *(sentence(change) for change in plain[:10])])
