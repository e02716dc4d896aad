"""Filters of people and institutions: the same for pages and API."""

from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError

from authors.curation.public_ids import parse_public_id
from authors.models import Author, Institution
from papers.models import Category
from papers.people import authors_at


class PublicIdField(forms.CharField):
    """A public id such as I5; gives its number."""

    def __init__(self, *args: Any, letter: str, **kwargs: Any) -> None:
        self.letter = letter
        super().__init__(*args, max_length=20, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        parsed = parse_public_id(text)
        if parsed is None or parsed[0] != self.letter:
            raise ValidationError(f"“{text}” is not an id like {self.letter}12.")
        return parsed[1]


class PublicIdFilter(filters.Filter):
    """Filters by public id; `letter` says of which kind."""

    field_class = PublicIdField


class TruthField(forms.Field):
    """true or false (also 1, 0, on, off, yes, no); anything else is an error, not "unknown"."""

    words: ClassVar[dict[str, bool]] = {
        "true": True, "1": True, "on": True, "yes": True, "false": False, "0": False, "off": False, "no": False,
    }  # fmt: skip

    def clean(self, value: Any) -> bool | None:
        text = str(super().clean(value) or "").strip().lower()
        if not text:
            return None
        if text not in self.words:
            raise ValidationError(f"“{text}” is neither true nor false.")
        return self.words[text]


class TruthFilter(filters.Filter):
    field_class = TruthField


class CategoryFilter(filters.ModelChoiceFilter):
    """Filters by category code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Category.objects.all())
        kwargs.setdefault("empty_label", "Any category")
        super().__init__(*args, **kwargs)


class AuthorFilter(filters.FilterSet):
    name = filters.CharFilter(method="by_name", label="Name")
    category = CategoryFilter(field_name="metrics__primary_category", label="Main category")
    institution = PublicIdFilter(letter="I", method="by_institution", label="Institution")
    orcid = filters.CharFilter(method="by_orcid", label="ORCID", max_length=60)

    class Meta:
        model = Author
        fields: list[str] = []

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.named(value)

    def by_institution(self, queryset: Any, name: str, value: int) -> Any:
        return authors_at(queryset, value)

    def by_orcid(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_identifier("orcid", value.strip().removeprefix("https://orcid.org/").upper())


class InstitutionFilter(filters.FilterSet):
    name = filters.CharFilter(method="by_name", label="Name")
    country = filters.CharFilter(field_name="country_code", lookup_expr="iexact", label="Country", max_length=2)
    kind = filters.ChoiceFilter(choices=Institution.Kind.choices, label="Kind", empty_label="Any kind")
    ror = filters.CharFilter(method="by_ror", label="ROR", max_length=60)

    class Meta:
        model = Institution
        fields: list[str] = []

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.named(value)

    def by_ror(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_identifier("ror", value.strip().rpartition("/")[2].lower())
