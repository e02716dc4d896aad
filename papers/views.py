"""The home page, the list of papers, a paper's own page, and the answers to errors."""

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from authors.models import SiteIdentity
from papers.counting import count_of
from papers.models import Category, Paper
from papers.paper_lists import PaperListing, first_papers
from papers.paper_page import page_context, with_page
from papers.people import public_authors, public_institutions
from papers.record_pages import record_page
from papers.search.finding import total
from papers.search.tree import CITATIONS, And, Between, Everything, Not, Tag
from papers.site_css import site_css as stylesheet

IN_SHORT = 5  # papers in each short list of the home page
CITED = And((Between(CITATIONS, 0), Not(Tag("has", "retracted"))))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the catalogue holds."""
    categories, institutions = Category.objects.listed(), public_institutions()
    context = {
        "papers_count": total(),
        "authors_count": count_of(public_authors()),
        "institutions_count": count_of(institutions),
        "categories_count": categories.count(),
        "newest": first_papers(Everything(), "publication_date:desc", IN_SHORT),
        "most_cited": first_papers(CITED, "cited_by_count:desc", IN_SHORT),
        "categories": categories.order_by("-metrics__papers_count", "code")[:12],
        "institutions": institutions.order_by("-metrics__papers_count", "-pk")[:12],
    }
    return render(request, "papers/home.html", context)


@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    return render(request, "papers/paper_list.html", PaperListing(request).context())


@record_page(lambda: with_page(Paper.objects.published()), withdrawn=Paper.objects.withdrawn)
def paper_detail(request: HttpRequest, paper: Paper) -> HttpResponse:
    canonical = {"canonical": request.build_absolute_uri(paper.get_absolute_url())}
    return render(request, "papers/paper_detail.html", page_context(paper) | canonical)


@cache_control(public=True, max_age=300)
@conditional_page
def site_css(request: HttpRequest) -> HttpResponse:
    """The administrator's colours; the answer carries an ETag."""
    site = SiteIdentity.current()
    coloured = Category.objects.exclude(colour="").values_list("code", "colour")
    rules = stylesheet(accent=site.accent, accent_dark=site.accent_dark, categories=coloured)
    return HttpResponse(rules, content_type="text/css; charset=utf-8")


@cache_control(public=True, max_age=3600)
def site_logo(request: HttpRequest) -> FileResponse:
    """The administrator's logo. It is the only upload there is, so no other folder is ever served."""
    logo = SiteIdentity.current().logo
    if not logo.name or not logo.storage.exists(logo.name):
        raise Http404("This site has no logo.")
    return FileResponse(logo.open("rb"), filename=Path(logo.name).name)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`message` is the view's own sentence; an unknown address has none."""
    said: Any = exception.args[0] if exception.args else ""
    return render(request, "404.html", {"message": said if isinstance(said, str) else ""}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without request, database and context processors: any of them may be what broke."""
    return HttpResponseServerError(loader.render_to_string("500.html"))
