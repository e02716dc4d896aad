"""Identifiers in forms: recognised, checked and written in their scheme's own way."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from authors.admin.base import Inline
from authors.admin.choosing import KnownForm, Rows
from authors.identifiers import SCHEMES, label_of, normalise, recognise

RECOGNISE = ("", "recognise it")


class IdentifierForm(KnownForm):
    """An address or a prefixed value needs no scheme."""

    scheme = forms.ChoiceField(required=False)
    value = forms.CharField(max_length=500, widget=forms.TextInput(attrs={"class": "vTextField"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes = dict.fromkeys(filter(None, [self.instance.scheme, *SCHEMES]))
        self.fields["scheme"].choices = [RECOGNISE, *((scheme, label_of(scheme)) for scheme in schemes)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        scheme, value = given.get("scheme", ""), given.get("value", "")
        if not value or "scheme" not in given:
            return given
        if not scheme:
            given["scheme"], given["value"] = self._recognised(value)
        elif scheme in SCHEMES or scheme.startswith("source:"):
            given["value"] = self._normalised(scheme, value)
        return given

    def _recognised(self, value: str) -> tuple[str, str]:
        if found := recognise(value):
            return found
        raise ValidationError({"scheme": "No scheme claims this value; say which one it belongs to."})

    def _normalised(self, scheme: str, value: str) -> str:
        if found := normalise(scheme, value):
            return found
        raise ValidationError({"value": f"This is not a valid value of {label_of(scheme)}."})


class IdentifierFormSet(Rows):
    def clean(self) -> None:
        """The database refuses a value twice; the editor should hear of it here."""
        super().clean()
        seen = set()
        for form in self.forms:
            given = getattr(form, "cleaned_data", {})
            pair = given.get("scheme", ""), given.get("value", "")
            if not all(pair) or given.get("DELETE"):
                continue
            if pair in seen:
                raise ValidationError(f"{label_of(pair[0])} {pair[1]} stands here twice.")
            seen.add(pair)


class IdentifierInline(Inline):
    form = IdentifierForm
    formset = IdentifierFormSet
    fields = ["scheme", "value", "disputed"]
