"""Filters of papers, venues and categories: the same for pages and API."""

from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError

from authors.filters import CategoryFilter, IdentifierFilter, PublicIdFilter, TruthFilter
from authors.models import Author
from papers.dates import EARLIEST_YEAR, LATEST_YEAR
from papers.models import Authorship, Category, Paper, Venue

YEARS = {"min_value": EARLIEST_YEAR, "max_value": LATEST_YEAR}


class YearField(forms.IntegerField):
    """Plain digits: Django's number fields also take 2e3, 2_000 and 2000.0, which the API's schema calls no integers."""

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if text and not (text.isascii() and text.isdigit()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


class YearFilter(filters.NumberFilter):
    field_class = YearField


class PaperFilter(filters.FilterSet):
    title = filters.CharFilter(method="by_title", label="Words in the title", max_length=300)
    category = CategoryFilter(method="by_category", label="Category")
    year_from = YearFilter(method="from_year", label="From year", **YEARS)
    year_to = YearFilter(method="to_year", label="To year", **YEARS)
    has_code = TruthFilter(field_name="has_code", label="With code")
    institution = PublicIdFilter(letter="I", method="by_institution", label="Institution")
    venue = PublicIdFilter(letter="V", field_name="venue", label="Venue")
    author = PublicIdFilter(letter="A", method="by_author", label="Author")
    type = filters.CharFilter(field_name="type", label="Type", max_length=40)
    is_retracted = TruthFilter(field_name="is_retracted", label="Retracted")
    doi = IdentifierFilter(scheme="doi", method="by_identifier", label="DOI")
    arxiv = IdentifierFilter(scheme="arxiv", method="by_identifier", label="arXiv id")

    class Meta:
        model = Paper
        fields: list[str] = []

    def by_title(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.titled(value)

    def by_category(self, queryset: Any, name: str, value: Category) -> Any:
        return queryset.in_category(value.pk)

    def from_year(self, queryset: Any, name: str, value: int) -> Any:
        return queryset.published_from(date(value, 1, 1))

    def to_year(self, queryset: Any, name: str, value: int) -> Any:
        return queryset.published_until(date(value, 12, 31))

    def by_institution(self, queryset: Any, name: str, value: int) -> Any:
        return queryset.at(value)

    def by_author(self, queryset: Any, name: str, value: int) -> Any:
        """A hidden person's papers are found by anything but the person."""
        written = Authorship.objects.filter(author=value).exclude(author__visibility=Author.Visibility.HIDDEN)
        return queryset.filter(pk__in=written.values("paper"))

    def by_identifier(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_identifier(name, value)


class VenueFilter(filters.FilterSet):
    name = filters.CharFilter(method="by_name", label="Name", max_length=300)
    type = filters.ChoiceFilter(choices=Venue.Type.choices, label="Type", empty_label="Any type")

    class Meta:
        model = Venue
        fields: list[str] = []

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.named(value)


class CategoryListFilter(filters.FilterSet):
    name = filters.CharFilter(method="by_name", label="Name or code", max_length=300)
    group = filters.CharFilter(field_name="group", label="Group", max_length=80)

    class Meta:
        model = Category
        fields: list[str] = []

    def by_name(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.named(value)
