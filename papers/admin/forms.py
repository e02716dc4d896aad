"""Forms of papers and their authors: dates as they are known, keywords by the line, authors in order."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError

from authors.admin.choosing import KnownForm, Rows
from papers.dates import DateError, PartialDate, Precision, parse_date
from papers.editing import make_room, put_in_order
from papers.models import Authorship, Paper


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return list(dict.fromkeys(line.strip() for line in super().clean(value).splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [line.strip() for line in (data or "").splitlines() if line.strip()] != (initial or [])


def typed_date(paper: Paper) -> str:
    """The paper's date as the form takes it."""
    if paper.published is None:
        return ""
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(paper.date_precision or Precision.DAY), 10)
    return paper.published.isoformat()[:length]


class PaperForm(KnownForm):
    date = forms.CharField(
        required=False, max_length=10, widget=AdminTextInputWidget(attrs={"class": "vDateText", "placeholder": "2023-06-28"}),
        help_text="As far as it is known: 2023, 2023-06 or 2023-06-28.",
    )  # fmt: skip
    keywords = LinesField(required=False, widget=AdminTextareaWidget(attrs={"rows": 4}), help_text="One a line.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["date"] = typed_date(self.instance)
        if "title" in self.fields:
            self.fields["title"].widget.attrs["rows"] = 2

    def clean_date(self) -> PartialDate | None:
        given = self.cleaned_data["date"].strip()
        try:
            return parse_date(given) if given else None
        except DateError as error:
            raise ValidationError(f"{error}.") from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "date" in given:
            when = given["date"]
            self.instance.published = when.first if when else None
            self.instance.date_precision = when.precision if when else ""
            self.instance.year = when.first.year if when else None
        return given


class AuthorshipForm(KnownForm):
    """The name as printed is typed once and never changed; whoever changes the person has decided who it is.

    Positions are settled for the whole list at once, so a form alone does not ask whether its own is free.
    """

    raw_name = forms.CharField(
        label="Name as printed", required=False, max_length=500, widget=AdminTextInputWidget(),
        help_text="Empty for the person's own name.",
    )  # fmt: skip
    position = forms.IntegerField(
        required=False, min_value=1, max_value=100_000, widget=forms.NumberInput(attrs={"class": "vSmallNumber"}),
        help_text="Empty for the last.",
    )  # fmt: skip

    class Meta:
        model = Authorship
        fields = ["raw_name", "position", "author", "is_corresponding", "hidden_on_profile"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "raw_name" in self.fields:
            self.fields["raw_name"].disabled = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.instance.pk is None and "author" in given:
            given["raw_name"] = given.get("raw_name") or (given["author"].display_name if given["author"] else "")
            if not given["raw_name"]:
                raise ValidationError({"raw_name": "Give the name as printed, or the person."})
        return given

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"position"}

    def save(self, commit: bool = True) -> Any:
        if "author" in self.changed_data:
            self.instance.decided_by = Authorship.DecidedBy.EDITOR
        return super().save(commit)


class AuthorshipFormSet(Rows):
    """Authors take the order of the positions typed; between two of the same position, the one just typed comes first."""

    def ordered(self) -> list[Any]:
        kept = [form for form in self.forms if (form.instance.pk or form.has_changed()) and form not in self.deleted_forms]
        return sorted(kept, key=self._place)

    @staticmethod
    def _place(form: Any) -> tuple[float, int]:
        typed = form.cleaned_data.get("position") or float("inf")
        if "position" not in form.changed_data:
            return typed, 1
        return typed, 2 if typed > (form.initial.get("position") or float("inf")) else 0

    def clean(self) -> None:
        super().clean()
        if not any(self.errors):
            for place, form in enumerate(self.ordered(), start=1):
                form.instance.position = place

    def save(self, commit: bool = True) -> Any:
        if not self.has_changed():
            return super().save(commit)
        order = self.ordered()
        make_room(self.instance)
        saved = super().save(commit)
        put_in_order(self.instance, [form.instance.pk for form in order])
        return saved
