"""The pages of people and institutions."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from authors.countries import country_name
from authors.filters import AuthorFilter, InstitutionFilter
from authors.models import Author, Institution
from papers import choices, profiles
from papers.export_pages import listing_file, negotiated
from papers.heads import author_head, institution_head
from papers.models import Authorship, Category
from papers.ordering import AUTHORS, INSTITUTIONS, Sort
from papers.pages import Listing
from papers.paper_lists import PROFILE, PaperListing
from papers.people import public_authors, public_institutions
from papers.record_charts import RecordCharts, Table, chart_file
from papers.record_pages import papers_context, record_page
from papers.search.tree import Tag
from papers.signposting import signposted
from papers.tidying import tidied

ALWAYS = ("papers", "citations")  # figures that say "unknown"; others are left out when nothing is known of them
MANY_PAPERS, PEOPLE_SECONDS = 5_000, 600
COAUTHORS = "co-authors"
MOST = 30  # how many names, identifiers or aliases a page shows


@require_safe
def author_list(request: HttpRequest) -> HttpResponse:
    offered = {"category": choices.categories(), "institution": choices.institutions(request.GET.get("institution", ""))}
    shown = ("name", "category", "institution", "orcid")
    context = Listing(request, AuthorFilter, public_authors(), AUTHORS, shown=shown, choices=offered).context()
    people = _told_apart(context["page"])
    return render(request, "authors/author_list.html", context | {"people": people})


def author_file(request: HttpRequest, found: Author, suffix: str) -> HttpResponseBase:
    scope = Tag("author", str(found.pk))
    listing = PaperListing(request, scope=scope, fixed="author", author=found, extra=_orders_of(found))
    return listing_file(listing, suffix, name=f"{found.public_id}-papers")


@record_page(profiles.authors_with_page)
@tidied
@negotiated(author_file)
def author(request: HttpRequest, found: Author) -> HttpResponse:
    """The profile."""
    scope = Tag("author", str(found.pk))
    metrics = getattr(found, "metrics", None)
    context = papers_context(request, scope, fixed="author", author=found, metrics=metrics, extra=_orders_of(found))
    about = _about_author(found)
    head = author_head(request, about)
    return signposted(render(request, "authors/author_detail.html", context | about | {"head": head}), head.links)


@record_page(profiles.authors_with_page, part="charts/{chart}.csv")
def author_chart(request: HttpRequest, found: Author, chart: str) -> HttpResponse:
    table = RecordCharts(Tag("author", str(found.pk)), getattr(found, "metrics", None)).table(chart)
    if chart == COAUTHORS:
        rows = [
            (tally.record.public_id, tally.record.display_name, tally.papers) for tally in profiles.coauthors_of(found).rows
        ]
        table = Table(["id", "name", "papers together"], rows)
    return chart_file(table, name=f"{found.public_id}-{chart}")


def _orders_of(author: Author) -> dict[str, Sort]:
    """The profile's own order, where it has one."""
    ordered = Authorship.objects.filter(author=author, profile_position__isnull=False, hidden_on_profile=False).exists()
    return {PROFILE: Sort("Profile order")} if ordered else {}


def _about_author(author: Author) -> dict[str, Any]:
    figures, coauthors = profiles.author_figures(author), profiles.coauthors_of(author)
    names = author.names.filter(public=True).exclude(name=author.display_name).order_by("pk")
    return {
        "author": author,
        "category": _category_of(author),
        "other_names": names.values_list("name", flat=True)[:MOST],
        "stays": profiles.affiliations_of(author),
        "identifiers": author.identifiers.order_by("-verified", "scheme", "value")[:MOST],
        "figures": [figure for name, figure in figures.items() if name in ALWAYS or figure.text or figure.reason],
        "coauthors": coauthors,
        "graph": profiles.coauthor_graph(author, coauthors),
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


def institution_file(request: HttpRequest, found: Institution, suffix: str) -> HttpResponseBase:
    listing = PaperListing(request, scope=Tag("institution", str(found.pk)), fixed="institution")
    return listing_file(listing, suffix, name=f"{found.public_id}-papers")


@record_page(profiles.institutions_with_page)
@tidied
@negotiated(institution_file)
def institution(request: HttpRequest, found: Institution) -> HttpResponse:
    metrics = getattr(found, "metrics", None)
    context = papers_context(request, Tag("institution", str(found.pk)), fixed="institution", metrics=metrics)
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
    return render(request, "authors/institution_detail.html", context | about | {"head": institution_head(request, about)})


@record_page(profiles.institutions_with_page, part="charts/{chart}.csv")
def institution_chart(request: HttpRequest, found: Institution, chart: str) -> HttpResponse:
    table = RecordCharts(Tag("institution", str(found.pk)), getattr(found, "metrics", None)).table(chart)
    return chart_file(table, name=f"{found.public_id}-{chart}")


def _people_at(institution: Institution) -> profiles.TopList:
    """Of an institution with many papers as they were within the last ten minutes: counting them takes half a second."""
    if getattr(institution, "metrics", None) is None or institution.metrics.papers_count <= MANY_PAPERS:
        return profiles.people_at(institution)
    key = f"people-at-{institution.pk}"
    return cache.get_or_set(key, partial(profiles.people_at, institution), PEOPLE_SECONDS) or profiles.people_at(institution)
