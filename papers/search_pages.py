"""The search box: one answer for everything, suggestions while one types, and the way straight to what an identifier names."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from authors.curation.public_ids import parse_public_id
from authors.identifiers import normalise, recognise
from authors.models import Author, Institution
from papers.autocomplete import suggestions
from papers.export_pages import listing_file, negotiated
from papers.models import Category, Paper, Venue
from papers.paper_lists import PaperListing
from papers.people import public_authors, public_institutions
from papers.profiles import authors_with_page, institutions_with_page, latest_institutions, venues_with_page
from papers.search import words
from papers.search.people import best_authors, best_institutions
from papers.search.syntax import LONGEST
from papers.search.vocabulary import suggestion
from papers.tidying import tidied

FEW = 4  # people and institutions shown above the papers
LONGEST_NAME = 80  # a longer search is about no name
LANDINGS = frozenset(
    "home papers paper paper-short authors author institutions institution categories category venues venue methods".split()
)
BARE = ("arxiv", "ror")  # identifiers that are recognised without a prefix, beside those that always are


def search_file(request: HttpRequest, suffix: str) -> HttpResponseBase:
    return listing_file(PaperListing(request, boxed=True), suffix, name="search")


@require_safe
@tidied
@negotiated(search_file)
def search(request: HttpRequest) -> HttpResponse:
    """Papers, and above them the people, institutions, categories and venues of that name."""
    typed = words.clean(request.GET.get("q", ""), LONGEST)
    if typed and (address := landing(request, typed)):
        return HttpResponseRedirect(address)
    context = PaperListing(request, boxed=True).context()
    if typed and len(typed) <= LONGEST_NAME:
        context |= named(typed)
    if typed and not context["page"].paginator.count:
        context["suggestion"] = suggestion(typed, context["listing"].parsed.words)
    return render(request, "papers/search.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def suggest(request: HttpRequest) -> JsonResponse:
    """What the box offers while one types: see papers.autocomplete."""
    given = request.GET.get("q", "")
    typed = words.clean(given, LONGEST_NAME) + (" " if given.endswith(" ") else "")
    return JsonResponse({"q": typed, "results": [found.as_dict() for found in suggestions(typed)]})


def named(typed: str) -> dict[str, Any]:
    """Records whose name is what was typed; fields and signs of a search are no names."""
    if ":" in typed or '"' in typed:
        return {}
    people = _in_order(public_authors(), best_authors(typed, size=FEW))
    institutions = _in_order(public_institutions(), best_institutions(typed, size=FEW))
    seen_at = latest_institutions(people)
    return {
        "people": [(person, seen_at.get(person.pk)) for person in people],
        "institutions": institutions,
        "categories": Category.objects.listed().named(typed).order_by("-metrics__papers_count", "code")[:FEW],
        "venues": Venue.objects.listed().named(typed).order_by("-metrics__papers_count", "pk")[:FEW],
    }


def _in_order(records: Any, keys: list[int]) -> list[Any]:
    found = records.in_bulk(keys)
    return [found[key] for key in keys if key in found]


# --- straight to a page -----------------------------------------------------------------------------------------------------


def landing(request: HttpRequest, typed: str) -> str:
    """The address of the one record that was typed or pasted: its public id, an identifier, or its address here."""
    if own := _own_address(request, typed):
        return own
    if public_id := parse_public_id(typed):
        return _address_of(_PAGES[public_id[0]]().filter(pk=public_id[1]))
    bare = ((scheme, value) for scheme in BARE if (value := normalise(scheme, typed)))
    identifier = recognise(typed) or next(bare, None)
    if identifier is None:
        return ""
    scheme, value = identifier
    about = {"identifiers__scheme": scheme, "identifiers__value": value, "identifiers__disputed": False}
    return next((address for rows in _PAGES.values() if (address := _address_of(rows().filter(**about)))), "")


_PAGES: dict[str, Any] = {
    "P": Paper.objects.published,
    "A": authors_with_page,
    "I": institutions_with_page,
    "V": venues_with_page,
}


def _address_of(rows: Any) -> str:
    record = rows.first()
    return record.get_absolute_url() if isinstance(record, Author | Institution | Paper | Venue) else ""


def _own_address(request: HttpRequest, typed: str) -> str:
    """The path of an address of this site, if there is a page behind it; never leads elsewhere."""
    try:
        parts = urlsplit(typed)
        found = resolve(parts.path) if parts.scheme in ("http", "https") and parts.netloc == request.get_host() else None
    except (ValueError, Resolver404):  # no address at all, or none of ours
        return ""
    if found is None or found.app_names or found.url_name not in LANDINGS:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
