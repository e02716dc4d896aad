"""The form in which visitors say what is wrong, and what keeps machines from filling it in."""

import re
from time import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import URLField

from authors.curation.reports import TEXTS, Report
from authors.identifiers import normalise

Type = Report.Type

# What can be said of each kind of record, in a visitor's words.
TYPES: dict[str, dict[str, str]] = {
    "A": {
        Type.WRONG_AUTHOR: "A paper here is by somebody else",
        Type.MISSING_PAPER: "A paper is missing",
        Type.MERGE: "The same person has another page",
        Type.SPLIT: "This page mixes two people",
        Type.AFFILIATION: "An affiliation is wrong",
        Type.NAME: "A name is wrong, or has changed",
        Type.CLAIM: "This is me",
        Type.TAKE_DOWN: "Something should be taken down",
        Type.OTHER: "Something else",
    },
    "P": {
        Type.WRONG_AUTHOR: "An author is wrong or missing",
        Type.AFFILIATION: "An affiliation is wrong",
        Type.NAME: "A name is wrong, or has changed",
        Type.MERGE: "The same paper has another page",
        Type.SPLIT: "This page mixes two papers",
        Type.TAKE_DOWN: "Something should be taken down",
        Type.OTHER: "Something else",
    },
    "I": {
        Type.NAME: "A name is wrong, or has changed",
        Type.AFFILIATION: "People or papers here belong elsewhere",
        Type.MISSING_PAPER: "A paper is missing",
        Type.MERGE: "The same institution has another page",
        Type.SPLIT: "This page mixes two institutions",
        Type.TAKE_DOWN: "Something should be taken down",
        Type.OTHER: "Something else",
    },
}
LONGEST_TEXT, LONGEST_VALUE, MOST_ADDRESSES = 5_000, 20_000, 5
QUICKEST, LATEST = 3, 24 * 60 * 60  # seconds between opening the form and sending it
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
_signer = Signer(salt="authors.report")


def stamp(about: str) -> str:
    """Says which record the form was opened for, and when; nobody else can write one."""
    return _signer.sign(f"{about}:{int(time())}")


class ReportForm(forms.ModelForm):
    """About one record. Its plain texts stand in fields of the same names, as they are: what the visitor rewrites there
    is proposed.
    """

    subject = forms.CharField(required=False, label="Leave this empty")  # people do not see it, machines fill it in
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = ["type", "text", "name", "email", "orcid"]

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "report-%s", **kwargs})
        self.record, self.kind = record, record.letter
        offered = [("", "Choose …"), *TYPES[self.kind].items()]
        self.fields["type"] = forms.ChoiceField(
            label="What is it about?", choices=offered, error_messages={"required": "Choose what comes closest."}
        )
        long = forms.Textarea(attrs={"rows": 6})
        self.fields["text"] = forms.CharField(
            label="What is wrong, and where can the right fact be seen?", required=False, max_length=LONGEST_TEXT, widget=long
        )
        self.fields["name"].label, self.fields["name"].widget.attrs["autocomplete"] = "Your name", "name"
        self.fields["email"].label, self.fields["email"].widget.attrs["autocomplete"] = "Your e-mail address", "email"
        self.fields["orcid"] = forms.CharField(label="Your ORCID iD", required=False, max_length=60)
        self.initial["stamp"] = stamp(record.public_id)
        for name in TEXTS[self.kind]:
            self.fields[f"new_{name}"] = self._text_field(name)
            self.initial[f"new_{name}"] = getattr(record, name)
        self._describe_errors()

    def _text_field(self, name: str) -> forms.Field:
        """What the record's own field takes; the hidden copy tells what the visitor saw from what the visitor wrote."""
        field: Any = self.record._meta.get_field(name)
        longest = field.max_length or LONGEST_VALUE
        given: dict[str, Any] = {"assume_scheme": "https"} if isinstance(field, URLField) else {}
        made = field.formfield(required=False, max_length=longest, show_hidden_initial=True, **given)
        made.help_text = ""
        if isinstance(made.widget, forms.Textarea):
            made.widget.attrs["rows"] = 8 if name == "abstract" else 3
        elif longest > LONGEST_TEXT:
            made.widget = forms.Textarea(attrs={"rows": 3})
        return made

    def _describe_errors(self) -> None:
        """Each field in error says so, and where the sentence about it stands."""
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"error-{name}"}

    # --- what the visitor typed ---------------------------------------------------------------------------------------

    def clean_orcid(self) -> str:
        given = self.cleaned_data["orcid"]
        found = normalise("orcid", given) if given else ""
        if found is None:
            raise ValidationError(f"“{given}” is no ORCID iD: its last digit does not fit the others, or one is missing.")
        return found

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(_ADDRESS.findall(text)) > MOST_ADDRESSES:
            raise ValidationError(f"Please give at most {MOST_ADDRESSES} web addresses.")
        return text

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self._refuse_machines()
        proposed = self._proposed()
        is_claim = given.get("type") == Type.CLAIM
        if is_claim and not (given.get("email") or given.get("orcid") or {"email", "orcid"} & set(self.errors)):
            self.add_error("email", "Give your e-mail address or your ORCID iD, so that an editor can confirm that it is you.")
        if not (given.get("text") or proposed or is_claim or self.errors):
            self.add_error("text", "Say what is wrong, or write the right text below.")
        self.instance.kind, self.instance.record_id, self.instance.proposed = self.kind, self.record.pk, proposed
        return given

    def _proposed(self) -> dict[str, str]:
        found = {}
        for name in TEXTS[self.kind]:
            value = self.cleaned_data.get(f"new_{name}")
            if value is None or f"new_{name}" not in self.changed_data or _same(value, getattr(self.record, name)):
                continue
            if not value and not self.record._meta.get_field(name).blank:
                self.add_error(f"new_{name}", "Write what it should read, or leave it as it is.")
            found[name] = value.replace("\r\n", "\n")
        return found

    # --- whether a person typed it ------------------------------------------------------------------------------------

    def _refuse_machines(self) -> None:
        """Whatever is refused is explained, and what was typed stays in the form."""
        if self.cleaned_data.get("subject"):
            self._again({"subject": "", "stamp": self.data.get("stamp", "")})
            self.add_error(
                None, "A field that must stay empty was filled in. It is empty again: please send the form once more."
            )
        age = self._age()
        if age is None or age > LATEST:
            self._again({"stamp": stamp(self.record.public_id)})
            self.add_error(None, "This form was opened too long ago. What you wrote is still here: please send it once more.")
        elif age < QUICKEST:
            self.add_error(None, "That was faster than a person types. Please wait a moment and send it once more.")

    def _age(self) -> float | None:
        """Seconds since the form was opened for this very record; None if it never was."""
        try:
            about, _, moment = _signer.unsign(self.cleaned_data.get("stamp", "")).rpartition(":")
        except BadSignature:
            return None
        return time() - int(moment) if about == self.record.public_id else None

    def _again(self, values: dict[str, str]) -> None:
        """What the form shows in these fields when it comes back."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            data[name] = value
        self.data = data


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
