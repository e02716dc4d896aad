"""Filters of people and institutions: the same for pages and API."""

from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError

from authors.curation.public_ids import parse_public_id
from authors.identifiers import SCHEMES, normalise
from authors.models import Author, Institution
from papers.models import Category
from papers.people import authors_at
from papers.search.people import authors_named, institutions_named


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


class IdentifierField(forms.CharField):
    """An identifier of one scheme, bare, prefixed or as an address; gives the bare value."""

    def __init__(self, *args: Any, scheme: str, **kwargs: Any) -> None:
        self.scheme = scheme
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        bare = normalise(self.scheme, text) if text else ""
        if bare is None:
            raise ValidationError(f"“{text}” is not an identifier of the scheme {SCHEMES[self.scheme].label}.")
        return bare


class IdentifierFilter(filters.Filter):
    field_class = IdentifierField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)


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
        kwargs.setdefault("error_messages", {"invalid_choice": "“%(value)s” is not the code of a category."})
        super().__init__(*args, **kwargs)


class AuthorFilter(filters.FilterSet):
    name = filters.CharFilter(method="by_name", label="Name", max_length=300)
    category = CategoryFilter(field_name="metrics__primary_category", label="Main category")
    institution = PublicIdFilter(letter="I", method="by_institution", label="Institution")
    orcid = IdentifierFilter(scheme="orcid", method="by_identifier", label="ORCID")

    class Meta:
        model = Author
        fields: list[str] = []

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        return authors_named(queryset, value)

    def by_institution(self, queryset: Any, name: str, value: int) -> Any:
        return authors_at(queryset, value)

    def by_identifier(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_identifier(name, value)


class InstitutionFilter(filters.FilterSet):
    name = filters.CharFilter(method="by_name", label="Name", max_length=300)
    country = filters.CharFilter(field_name="country_code", lookup_expr="iexact", label="Country", max_length=2)
    kind = filters.ChoiceFilter(choices=Institution.Kind.choices, label="Kind", empty_label="Any kind")
    ror = IdentifierFilter(scheme="ror", method="by_identifier", label="ROR")

    class Meta:
        model = Institution
        fields: list[str] = []

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        return institutions_named(queryset, value)

    def by_identifier(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_identifier(name, value)
