"""Beside each field of a form who gave it, and whether imports leave it alone. One query a form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authors.curation.models import Provenance
from authors.curation.public_ids import PublicIdModel

MOST = 200  # sources of one record
CALLED = {"published": "date"}  # where a form calls the field otherwise


@dataclass(frozen=True)
class Origin:
    """`locked`: an editor corrected the field. `unlock` is the page that ends this, for who may."""

    source: str
    when: datetime
    locked: bool
    unlock: str = ""


def sources_of(record: PublicIdModel) -> list[Provenance]:
    """Who speaks of the record, the newest first; asked once for each form."""
    if not hasattr(record, "_sources"):
        rows = Provenance.objects.filter(kind=record.letter, record_id=record.pk).select_related("run")
        record._sources = list(rows.order_by("-given_at", "-pk")[:MOST])  # type: ignore[attr-defined]
    found: list[Provenance] = record._sources  # type: ignore[attr-defined]
    return found


def origins(rows: Iterable[Provenance], unlock: str = "") -> dict[str, Origin]:
    """By field: an editor's mark above all, else the source that gave it first."""
    found: dict[str, Origin] = {}
    for row in sorted(rows, key=lambda row: (row.source == Provenance.EDITOR, -row.pk)):
        locked = row.source == Provenance.EDITOR
        found |= dict.fromkeys(row.fields, Origin(row.source, row.given_at, locked, unlock if locked else ""))
    return found


def mark_form(form: Any, found: Mapping[str, Origin]) -> dict[str, Origin]:
    """By the form's own names; who hears a field hears where it is from as well."""
    named = {CALLED.get(name, name): origin for name, origin in found.items()}
    for name in named.keys() & form.fields.keys():
        field = form.fields[name]
        told = [f"id_{name}_helptext"] if field.help_text else []
        field.widget.attrs["aria-describedby"] = " ".join([*told, f"id_{name}_origin"])
    return named


def mark_rows(formsets: Iterable[Any], found: Mapping[str, Origin]) -> None:
    """The same at the headings of inlines: a collection is locked as a whole."""
    for one in formsets:
        name = getattr(one.opts, "lock", "") or one.formset.fk.remote_field.get_accessor_name()
        if name in found:
            one.opts.verbose_name_plural = format_html("{} {}", one.opts.verbose_name_plural, heading(found[name]))


def heading(origin: Origin) -> SafeString:
    return SafeString(render_to_string("admin/parts/origin_of_rows.html", {"origin": origin}).strip())
