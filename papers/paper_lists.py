"""Lists of papers on pages: what is typed, chosen and sorted by, from the address to the page that shows it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest

from papers import choices
from papers.cursors import BadCursor, read_cursor, write_cursor
from papers.facets import FacetMenus
from papers.filters import Chosen, PaperFilter
from papers.models import Authorship, Paper
from papers.ordering import PAPERS, Sort
from papers.pages import ActiveFilter, page_of
from papers.search import finding
from papers.search.finding import RELEVANCE, Search
from papers.search.resolving import Resolver
from papers.search.syntax import LONGEST, Parsed, parse
from papers.search.tree import Everything, Node, Nothing, all_of, has_text

SIZES = (25, 50, 100)
MULTIPLE = ("category", "institution", "venue", "author")
PROFILE = "profile"  # the order that a profile's own source gives
MOST_IN_PROFILE = 20_000
EVERYTHING = Everything()


def in_form(name: str) -> str:
    """What a form calls the filter: of names that stand for several values HTML checkers want it said so."""
    return f"{name}[]" if name in MULTIPLE else name


class Found:
    """The papers of a search in one order, as Django's Paginator takes them: counted, and fetched by slices."""

    def __init__(self, search: Search, sort: str, *, after: tuple[Any, ...] | None = None, author: Any = None) -> None:
        self.search, self.sort, self.after, self.author = search, sort, after, author
        self.last: tuple[Any, ...] | None = None  # the place of the last paper fetched

    def count(self) -> int:
        return self.search.count.value

    def __getitem__(self, part: slice) -> list[Paper]:
        size = part.stop - part.start
        if self.sort == PROFILE:
            keys = self.in_profile_order()[part]
        else:
            offset = 0 if self.after else part.start
            places = self.search.places(self.sort, offset=offset, size=size, after=self.after)
            self.last = places[-1] if places else None
            keys = [finding.key_of(place) for place in places]
        return _in_order(keys, author=self.author)

    def in_profile_order(self) -> list[int]:
        """The keys of all."""
        keys = self.search.page("publication_date:desc", size=MOST_IN_PROFILE)
        rows = Authorship.objects.filter(author=self.author, profile_position__isnull=False)
        positions: dict[int, Any] = dict(rows.values_list("paper", "profile_position"))
        return sorted(keys, key=lambda key: positions.get(key, len(keys)))


def first_papers(node: Node, sort: str, size: int) -> list[Paper]:
    """The first `size` papers of a search, with their cards."""
    return _in_order(Search(Resolver().match(node)).page(sort, size=size))


def _in_order(keys: list[int], *, author: Any = None) -> list[Paper]:
    papers = {paper.pk: paper for paper in Paper.objects.published().filter(pk__among=keys).with_card(author=author)}
    return [papers[key] for key in keys if key in papers]


class PaperListing:
    """A list of papers as its address asks for it; `scope` is what the page is about, such as one author's papers.

    An unknown order or a bad value gives an empty list that says why; what a search could not use is told in `notes`.
    `boxed` when what is typed stands in the site's own search box: then it is no filter to be taken off.
    Not `ordered`: whoever asks has an order of its own, whatever the address says.
    """

    def __init__(
        self,
        request: HttpRequest,
        *,
        scope: Node = EVERYTHING,
        fixed: str = "",
        author: Any = None,
        extra: Mapping[str, Sort] | None = None,
        boxed: bool = False,
        ordered: bool = True,
    ) -> None:
        self.request, self.scope, self.fixed, self.author = request, scope, fixed, author
        self.boxed, self.ordered = boxed, ordered
        self.filter = PaperFilter(request.GET)
        self.form: forms.Form = self.filter.form
        self.typed = request.GET.get("q", "").strip()
        self.parsed = parse(self.typed) if self.typed else Parsed()
        offered = {**(extra or {}), **PAPERS}
        self.sorts = offered if has_text(self.asked) else {key: sort for key, sort in offered.items() if key != RELEVANCE}
        self.sort = (request.GET.get("sort") or self._usual()).removesuffix(":asc")
        self._dress()

    def _usual(self) -> str:
        return RELEVANCE if RELEVANCE in self.sorts else next(iter(self.sorts))

    def _dress(self) -> None:
        """Menus where there is a choice. Numbers as text: a number field would blank out what it cannot read."""
        self.form.fields["has_code"].widget = forms.Select(choices=choices.YES_OR_NO)
        for field in self.form.fields.values():
            if isinstance(field.widget, forms.NumberInput):
                field.widget = forms.TextInput(attrs={"inputmode": "numeric", "size": 6})

    # --- what is asked for ---------------------------------------------------------------------------------------------------

    @cached_property
    def asked(self) -> Node:
        """What is typed and what is chosen, without the scope."""
        return all_of(self.parsed.node, self.filter.node)

    def search_without(self, *names: str) -> Search:
        """The search but for these filters: what else they could choose."""
        kept = [node for name, node in self.filter.nodes.items() if name not in names]
        match = self._resolver.match(all_of(self.scope, self.parsed.node, *kept))
        return Search(match)

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver()

    @cached_property
    def search(self) -> Search:
        return Search(self._resolver.match(Nothing() if self.problems else all_of(self.scope, self.asked)))

    @cached_property
    def problems(self) -> list[str]:
        """A sentence for every value that cannot be used."""
        found = [f"{self.form[name].label}: {' '.join(map(str, errors))}" for name, errors in self.form.errors.items()]
        if self.ordered and self.sort not in self.sorts:
            found.append(f"“{self.sort[:80]}” is not an order of this list; the menu “Sort” names those there are.")
        return found

    # --- the page ------------------------------------------------------------------------------------------------------------

    @cached_property
    def page(self) -> Page[Any]:
        sort = self._usual() if self.problems else self.sort
        found = Found(self.search, sort, after=self._after(), author=self.author)
        return page_of(self.request, found, size=self.size, open_end=not self.search.count.exact)

    @property
    def size(self) -> int:
        given = self.request.GET.get("per_page", "")
        return int(given) if given in map(str, SIZES) else settings.PAGE_SIZE

    def _after(self) -> tuple[Any, ...] | None:
        """Where the page before ended; an address that was changed by hand counts its way to the page instead."""
        try:
            return read_cursor(self.request.GET.get("after", ""), of=self.list_id) if "after" in self.request.GET else None
        except BadCursor:
            return None

    @property
    def list_id(self) -> str:
        """Which list this is, and in which order: what a cursor is good for."""
        asked = urlencode(sorted(self.given_except("page", "after", "per_page", "view", "sort")))
        return blake2b(f"{self.request.path}?{asked}#{self.sort}".encode(errors="replace"), digest_size=9).hexdigest()

    def context(self) -> dict[str, Any]:
        """`page` has the papers; `count` is a Count; see partials/{facets,active_filters,sort,pagination}.html."""
        page = self.page
        page.object_list = list(page.object_list)
        last = page.paginator.object_list.last  # type: ignore[attr-defined]
        return {
            "page": page,
            "listing": self,
            "count": self.search.count,
            "problems": self.problems,
            "notes": [*self.parsed.told, *dict.fromkeys(self._resolver.problems)],
            "typed": self.typed,
            "marked": self.parsed.node,
            "facets": FacetMenus(self),
            "form_fields": [self.form[name] for name in ("year_from", "year_to", "has_code")],
            "hidden": [(in_form(name), value) for name, value in self._hidden()],
            "in_use": [(in_form(name), value) for name, value in self.given_except("page", "after")],
            "active": list(self._active()),
            "cleared": "?" + urlencode(self.given_except(*self.form.fields, "page", "after", *self._own_box)),
            "sorts": {key: sort for key, sort in self.sorts.items() if key == self.sort or key not in finding.idle_orders()},
            "sort": self.sort,
            "sizes": SIZES,
            "size": self.size,
            "longest": LONGEST,
            "after": write_cursor(last, of=self.list_id) if last else None,
            "compact": self.request.GET.get("view") == "compact",
        }

    @property
    def _own_box(self) -> tuple[str, ...]:
        """The name of the list's own search box, if it has one."""
        return () if self.boxed else ("q",)

    def _hidden(self) -> list[tuple[str, str]]:
        """What the form of facets carries along because it has no field for it: other filters, what is excluded, and while
        another value is to be put right, what is chosen.
        """
        kept = self.given_except(*FacetMenus.NAMES, *self._own_box, "page", "after")
        for name in (name for name in MULTIPLE if name not in self.form.errors):
            carried = name == self.fixed or self.form.errors
            kept += [(name, value) for value in self.form[name].data or [] if carried or value.startswith("!")]
        return kept

    # --- filters in use ------------------------------------------------------------------------------------------------------

    def _active(self) -> Iterator[ActiveFilter]:
        if self.typed and not self.boxed:
            yield ActiveFilter("Search", self.typed[:80], "?" + urlencode(self.given_except("q", "page", "after")))
        for name in self.form.fields:
            if name in MULTIPLE:
                yield from self._active_values(name)
            elif given := self.request.GET.get(name, "").strip():
                text = dict(choices.YES_OR_NO).get(given, given[:80])
                yield ActiveFilter(str(self.form[name].label), text, "?" + urlencode(self.given_except(name, "page", "after")))

    def _active_values(self, name: str) -> Iterator[ActiveFilter]:
        given = self.form[name].data or []
        chosen = self.chosen(name)
        names = choices.names_of(name, (*chosen.wanted, *chosen.excluded))
        for value in given:
            label = str(self.form[name].label) + (", not" if value.startswith("!") else "")
            rest = [(name, other) for other in given if other != value]
            without = "?" + urlencode([*self.given_except(name, "page", "after"), *rest])
            yield ActiveFilter(label, names.get(value.lstrip("!"), value.lstrip("!")[:80]), without)

    def chosen(self, name: str) -> Chosen:
        found = self.form.cleaned_data.get(name) if self.form.is_valid() else None
        return found if isinstance(found, Chosen) else Chosen()

    def given_except(self, *names: str) -> list[tuple[str, str]]:
        """What the address says beside these."""
        return [(name, value) for name, values in self.request.GET.lists() if name not in names for value in values if value]
