"""Fields in which an editor chooses a record by typing."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import AutoField, Model

from authors.curation.public_ids import PublicIdModel, number_of


def offered_as(record: Model) -> str:
    """The record's name and public id: names alone do not tell records apart."""
    return f"{record} · {record.public_id}" if isinstance(record, PublicIdModel) else str(record)


class RecordChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Model) -> str:
        return offered_as(obj)

    def to_python(self, value: Any) -> Any:
        return super().to_python("-" if isinstance(value, str) and "\0" in value else value)  # PostgreSQL takes no NUL


class RecordSelect(AutocompleteSelect):
    """`known` is the record that the form's object points to; naming it needs no query, however many rows a form has."""

    known: Model | None = None

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["js/admin-choosing.js"])

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """The placeholder is also the empty field's name for who does not see it."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-placeholder": f"Choose {self.field.verbose_name}"}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        if self.known is None or [str(given) for given in value] != [str(self.known.pk)]:
            return super().optgroups(name, [given for given in value if self._may_be_key(given)], attr)
        blank = [] if self.is_required else [self.create_option(name, "", "", selected=False, index=0)]
        chosen = self.create_option(name, self.known.pk, offered_as(self.known), selected=True, index=len(blank))
        return [(None, [*blank, chosen], 0)]

    def _may_be_key(self, given: Any) -> bool:
        """What the form says is wrong is not looked for when it is shown again."""
        if isinstance(self.field.target_field, AutoField):
            return number_of(str(given)) is not None
        return "\0" not in str(given)


def chooser(name: str, db_field: Any, admin_site: Any) -> forms.Form:
    """A form of one field that offers the records `db_field` points to."""
    form = forms.Form()
    offered = db_field.related_model._default_manager.all()
    form.fields[name] = RecordChoice(queryset=offered, widget=RecordSelect(db_field, admin_site), required=False)
    return form


class Rows(forms.BaseInlineFormSet):
    """Fields in a table have their label in its head; here they get it for who does not see that."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if not widget.is_hidden:
                widget.attrs["aria-label"] = str(field.label or name.replace("_", " "))


class KnownForm(forms.ModelForm):
    """Tells the form's RecordSelects which records its object points to, as far as these are loaded.

    `fixed` names fields that the form does not offer but whose value takes part in a rule of the database.
    """

    fixed: ClassVar[set[str]] = set()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        loaded = self.instance._state.fields_cache
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, RecordSelect):
                widget.known = loaded.get(name)

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - self.fixed  # type: ignore[misc]
