"""Filters of papers, venues and categories: the same for pages and API.

A filter of papers gives a node of papers.search.tree instead of narrowing a queryset, for the search index answers it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError

from authors.filters import IdentifierFilter, PublicIdField, TruthFilter
from papers.dates import EARLIEST_YEAR, LATEST_YEAR
from papers.models import Category, Paper, Venue
from papers.search.ranges import limits_of
from papers.search.syntax import words_in
from papers.search.tree import Between, Lookup, Node, Not, Tag, all_of, any_of

YEARS = {"min_value": EARLIEST_YEAR, "max_value": LATEST_YEAR}
MOST_VALUES = 100  # of one filter


class YearField(forms.IntegerField):
    """Plain digits: Django's number fields also take 2e3, 2_000 and 2000.0, which the API's schema calls no integers."""

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if text and not (text.isascii() and text.isdigit()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


class YearFilter(filters.NumberFilter):
    field_class = YearField


@dataclass(frozen=True)
class Chosen:
    """Values of one filter: any of `wanted`, none of `excluded`."""

    wanted: tuple[Any, ...] = ()
    excluded: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.excluded)

    def node(self, kind: str) -> Node:
        excluded = [Not(Tag(kind, str(value))) for value in self.excluded]
        return all_of(*([any_of(*(Tag(kind, str(value)) for value in self.wanted))] if self.wanted else []), *excluded)


class SeveralWidget(forms.Widget):
    """Reads a parameter that is repeated, or whose values stand between bars: `category=cs.CL|cs.AI`."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return [part for value in given for part in _parts(str(value))]


def _parts(value: str) -> list[str]:
    """A sign of negation holds for the whole list: `!a|b` excludes both."""
    negated = value.startswith("!")
    return [f"!{part.lstrip('!')}" if negated else part for part in value.split("|") if part.strip("! ")]


class SeveralField(forms.Field):
    """Several values, each one checked by `one`; `!` before a value excludes it. Gives a Chosen."""

    widget = SeveralWidget

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.letter = kwargs.pop("letter", "")
        kwargs.pop("max_length", None)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> Chosen:
        given = list(dict.fromkeys(value or []))
        if len(given) > MOST_VALUES:
            raise ValidationError(f"At most {MOST_VALUES} values at once.")
        checked = self.checked([text.lstrip("!") for text in given])
        wanted = tuple(value for text, value in zip(given, checked, strict=True) if not text.startswith("!"))
        return Chosen(wanted, tuple(value for text, value in zip(given, checked, strict=True) if text.startswith("!")))

    def checked(self, texts: Sequence[str]) -> list[Any]:
        one = PublicIdField(letter=self.letter)
        return [one.clean(text) for text in texts]


def known_categories(codes: Sequence[str]) -> set[str]:
    """Those of `codes` that a category has."""
    return set(Category.objects.filter(pk__in=[code for code in codes if "\0" not in code]).values_list("pk", flat=True))


class CategoriesField(SeveralField):
    def checked(self, texts: Sequence[str]) -> list[Any]:
        known = known_categories(texts)
        for text in texts:
            if text not in known:
                raise ValidationError(f"“{text}” is not the code of a category.", code="invalid_choice")
        return list(texts)


class SeveralFilter(filters.Filter):
    """Filters by public ids; `letter` says of which kind."""

    field_class = SeveralField


class CategoriesFilter(SeveralFilter):
    field_class = CategoriesField


class RangeField(forms.CharField):
    """`>100`, `10-50`, `7`; gives the lowest and highest value."""

    def clean(self, value: Any) -> tuple[float | None, float | None] | None:
        text = super().clean(value)
        limits = limits_of(text) if text else None
        if text and limits is None:
            raise ValidationError(f"“{text}” is neither a number nor a range such as >100, <10 or 10-50.")
        return limits


class RangeFilter(filters.Filter):
    field_class = RangeField


class PaperFilter(filters.FilterSet):
    """`node` is what all filters in use ask for together; `nodes` has it by filter."""

    title = filters.CharFilter(label="Words in the title", max_length=300)
    category = CategoriesFilter(field_name="category", label="Category", max_length=40)
    year_from = YearFilter(label="From year", **YEARS)
    year_to = YearFilter(label="To year", **YEARS)
    has_code = TruthFilter(label="With code")
    institution = SeveralFilter(field_name="institution", letter="I", label="Institution")
    venue = SeveralFilter(field_name="venue", letter="V", label="Venue")
    author = SeveralFilter(field_name="author", letter="A", label="Author")
    cited_by_count = RangeFilter(label="Citations", max_length=40)
    type = filters.CharFilter(label="Type", max_length=40)
    is_retracted = TruthFilter(label="Retracted")
    doi = IdentifierFilter(scheme="doi", label="DOI")
    arxiv = IdentifierFilter(scheme="arxiv", label="arXiv id")

    class Meta:
        model = Paper
        fields: list[str] = []

    @property
    def nodes(self) -> dict[str, Node]:
        """Empty while there is an error."""
        given = self.form.cleaned_data if self.form.is_valid() else {}
        return {name: _NODES[name](value) for name, value in given.items() if value not in (None, "") and value != Chosen()}

    @property
    def node(self) -> Node:
        return all_of(*self.nodes.values())


def _has(fact: str, present: bool) -> Node:
    return Tag("has", fact) if present else Not(Tag("has", fact))


_NODES = {
    "title": lambda value: words_in(value, "title"),
    "category": lambda value: value.node("category"),
    "year_from": lambda value: Between("year", value, None),
    "year_to": lambda value: Between("year", None, value),
    "has_code": lambda value: _has("code", value),
    "institution": lambda value: value.node("institution"),
    "venue": lambda value: value.node("venue"),
    "author": lambda value: value.node("author"),
    "cited_by_count": lambda value: Between("citations", *value),
    "type": lambda value: Tag("type", value),
    "is_retracted": lambda value: _has("retracted", value),
    "doi": lambda value: Lookup("doi", value),
    "arxiv": lambda value: Lookup("arxiv", value),
}


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
