"""The pages of people and institutions."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authors.countries import country_name
from authors.filters import AuthorFilter, InstitutionFilter
from authors.models import Author, Institution
from papers import choices, profiles
from papers.models import Authorship, Category
from papers.ordering import AUTHORS, INSTITUTIONS, Sort
from papers.pages import Listing
from papers.paper_lists import PROFILE
from papers.people import public_authors, public_institutions
from papers.record_pages import papers_context, record_page
from papers.search.tree import Tag

ALWAYS = ("papers", "citations")  # figures that say "unknown"; others are left out when nothing is known of them
MANY_PAPERS, PEOPLE_SECONDS = 5_000, 600
MOST = 30  # how many names, identifiers or aliases a page shows


@require_safe
def author_list(request: HttpRequest) -> HttpResponse:
    offered = {"category": choices.categories(), "institution": choices.institutions(request.GET.get("institution", ""))}
    shown = ("name", "category", "institution", "orcid")
    context = Listing(request, AuthorFilter, public_authors(), AUTHORS, shown=shown, choices=offered).context()
    people = _told_apart(context["page"])
    return render(request, "authors/author_list.html", context | {"people": people})


@record_page(profiles.authors_with_page)
def author(request: HttpRequest, found: Author) -> HttpResponse:
    """The profile."""
    scope = Tag("author", str(found.pk))
    context = papers_context(request, scope, fixed="author", author=found, extra=_orders_of(found))
    return render(request, "authors/author_detail.html", context | _about_author(found))


def _orders_of(author: Author) -> dict[str, Sort]:
    """The profile's own order, where it has one."""
    ordered = Authorship.objects.filter(author=author, profile_position__isnull=False).exists()
    return {PROFILE: Sort("Profile order")} if ordered else {}


def _about_author(author: Author) -> dict[str, Any]:
    figures = profiles.author_figures(author)
    names = author.names.filter(public=True).exclude(name=author.display_name).order_by("pk")
    return {
        "author": author,
        "category": _category_of(author),
        "other_names": names.values_list("name", flat=True)[:MOST],
        "stays": profiles.affiliations_of(author),
        "identifiers": author.identifiers.order_by("-verified", "scheme", "value")[:MOST],
        "figures": [figure for name, figure in figures.items() if name in ALWAYS or figure.text or figure.reason],
        "coauthors": profiles.coauthors_of(author),
        "similar": _told_apart(profiles.people_with_similar_names(author)),
    }


def _category_of(author: Author) -> Category | None:
    metrics = getattr(author, "metrics", None)
    return (metrics.primary_category or metrics.reported_category) if metrics else None


def _told_apart(authors: Iterable[Author]) -> list[tuple[Author, Institution | None]]:
    """Each with the institution that tells them from namesakes, where one is known."""
    people = list(authors)
    seen_at = profiles.latest_institutions(people)
    return [(person, seen_at.get(person.pk)) for person in people]


@require_safe
def institution_list(request: HttpRequest) -> HttpResponse:
    institutions = public_institutions().select_related("metrics", "parent")
    listing = Listing(
        request,
        InstitutionFilter,
        institutions,
        INSTITUTIONS,
        shown=("name", "kind", "country"),
        choices={"country": _countries()},
    )
    return render(request, "authors/institution_list.html", listing.context())


def _countries() -> list[tuple[str, str]]:
    codes = public_institutions().exclude(country_code="").order_by().values_list("country_code", flat=True).distinct()
    return [("", "Any country"), *sorted(((code, country_name(code)) for code in codes), key=lambda offer: offer[1])]


@record_page(profiles.institutions_with_page)
def institution(request: HttpRequest, found: Institution) -> HttpResponse:
    context = papers_context(request, Tag("institution", str(found.pk)), fixed="institution")
    about = {
        "institution": found,
        "parent_has_page": found.parent is not None and profiles.has_page(found.parent),
        "country": country_name(found.country_code),
        "aliases": found.aliases.values_list("name", flat=True)[:MOST],
        "identifiers": found.identifiers.all()[:MOST],
        "parts": profiles.parts_of(found),
        "figures": profiles.institution_figures(found).values(),
        "people": _people_at(found),
    }
    return render(request, "authors/institution_detail.html", context | about)


def _people_at(institution: Institution) -> profiles.TopList:
    """Of an institution with many papers as they were within the last ten minutes: counting them takes half a second."""
    if getattr(institution, "metrics", None) is None or institution.metrics.papers_count <= MANY_PAPERS:
        return profiles.people_at(institution)
    key = f"people-at-{institution.pk}"
    return cache.get_or_set(key, partial(profiles.people_at, institution), PEOPLE_SECONDS) or profiles.people_at(institution)
