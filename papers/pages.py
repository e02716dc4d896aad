"""What the list pages and record pages of both apps share: paging, filters in use, the answer for what was withdrawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.conf import settings
from django.core.paginator import InvalidPage, Page
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from papers.counting import OpenPaginator, PatientPaginator
from papers.ordering import Sort, in_order

Choices = Iterable[tuple[str, str]]


def page_of(request: HttpRequest, rows: Any, *, size: int = settings.PAGE_SIZE, open_end: bool = False) -> Page[Any]:
    """The page of `rows`, whatever Django's Paginator takes, that the address asks for; an explained 404 if there is none.

    `open_end`: the length of `rows` is an estimate.
    """
    asked = request.GET.get("page", "1")
    paginator = (OpenPaginator if open_end else PatientPaginator)(rows, size)
    try:
        return paginator.page(asked)
    except InvalidPage:
        last = paginator.num_pages
        raise Http404(f"There is no page “{asked[:20]}”: this list has {last} page{'s' if last > 1 else ''}.") from None


@dataclass(frozen=True)
class ActiveFilter:
    """`without` is the query string that remains when this filter is taken off."""

    label: str
    text: str
    without: str


class Listing:
    """A filtered, ordered, paged list and all that its templates need: `render(request, name, listing.context())`.

    `shown` names the filters that the form offers; others given in the address are kept and shown as in use.
    `choices` turns a filter's field into a menu. An unknown order or a bad value gives an empty list that says why.
    """

    def __init__(
        self,
        request: HttpRequest,
        filterset: type[filters.FilterSet],
        rows: QuerySet[Any],
        sorts: dict[str, Sort],
        *,
        shown: Sequence[str],
        choices: Mapping[str, Choices] | None = None,
        size: int = settings.PAGE_SIZE,
    ) -> None:
        self.request, self.sorts, self.shown, self.size = request, sorts, shown, size
        self.filter = filterset(request.GET, queryset=rows)
        self.form: forms.Form = self.filter.form
        self.sort = (request.GET.get("sort") or next(iter(sorts))).removesuffix(":asc")
        self._dress(choices or {})

    def _dress(self, choices: Mapping[str, Choices]) -> None:
        """Menus where there is a choice. Numbers as text: a number field would blank out what it cannot read."""
        for name, field in self.form.fields.items():
            if name in choices:
                field.widget = forms.Select(choices=list(choices[name]))
            elif isinstance(field.widget, forms.NumberInput):
                field.widget = forms.TextInput(attrs={"inputmode": "numeric", "size": 6})

    def context(self) -> dict[str, Any]:
        """`page` has the records; see partials/{filter_form,active_filters,sort,pagination}.html for the others."""
        return {
            "page": page_of(self.request, self.rows, size=self.size),
            "problems": self.problems,
            "form_fields": [self.form[name] for name in self.shown],
            "hidden": self._given_except(self.shown, "page"),
            "active": list(self._active()),
            "cleared": "?" + urlencode(self._given_except(self.form.fields, "page")),
            "sorts": self.sorts,
            "sort": self.sort,
        }

    @cached_property
    def rows(self) -> QuerySet[Any]:
        return self.filter.queryset.none() if self.problems else in_order(self.filter.qs, self.sorts, self.sort)

    @cached_property
    def problems(self) -> list[str]:
        """A sentence for every value that cannot be used."""
        found = [f"{self.form[name].label}: {' '.join(map(str, errors))}" for name, errors in self.form.errors.items()]
        if self.sort not in self.sorts:
            found.append(f"“{self.sort[:80]}” is not an order of this list; the menu “Sort” names those there are.")
        return found

    def _active(self) -> Iterable[ActiveFilter]:
        for name in self.form.fields:
            given = self.request.GET.get(name, "").strip()
            if given:
                without = "?" + urlencode(self._given_except([name], "page"))
                yield ActiveFilter(str(self.form[name].label), self._text(name, given), without)

    def _text(self, name: str, given: str) -> str:
        """A menu's own words for the value, or the value."""
        offered = getattr(self.form.fields[name].widget, "choices", ())
        return next((str(label) for value, label in offered if str(value) == given), given[:80])

    def _given_except(self, names: Iterable[str], *more: str) -> list[tuple[str, str]]:
        left_out = {*names, *more}
        return [(name, str(value)) for name, value in self.request.GET.items() if name not in left_out and value]


def gone(request: HttpRequest, *, kind: str, note: str = "") -> HttpResponse:
    """410: a `kind` (paper, author …) stood here and was withdrawn. `note` is what an editor says about it."""
    return render(request, "410.html", {"kind": kind, "note": note}, status=410)
