"""The home page, the list of papers, a paper's own page, and the answers to errors."""

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from authors.models import SiteIdentity
from papers import own_style
from papers.counting import count_of
from papers.export_pages import listing_file, negotiated, paper_file
from papers.exports.formats import OF_ONE
from papers.heads import home_head, paper_head
from papers.models import Category, Paper
from papers.ordering import in_order
from papers.pages import page_of
from papers.paper_lists import PaperListing, first_papers
from papers.paper_page import chart_table, page_context, with_page
from papers.people import public_authors, public_institutions
from papers.querysets import PaperQuerySet
from papers.record_charts import chart_file
from papers.record_pages import record_page
from papers.related import CITATION_SORTS, SORTS, cited_by, references_of
from papers.search.finding import total
from papers.search.tree import CITATIONS, And, Between, Everything, Not, Tag
from papers.signposting import signposted
from papers.tidying import tidied

A_YEAR = 31_536_000  # seconds
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
    return render(request, "papers/home.html", context | {"head": home_head(request)})


def paper_list_file(request: HttpRequest, suffix: str) -> HttpResponseBase:
    return listing_file(PaperListing(request), suffix, name="papers")


@require_safe
@tidied
@negotiated(paper_list_file)
def paper_list(request: HttpRequest) -> HttpResponse:
    return render(request, "papers/paper_list.html", PaperListing(request).context())


@record_page(lambda: with_page(Paper.objects.published()), withdrawn=Paper.objects.withdrawn)
@negotiated(paper_file, formats=OF_ONE)
def paper_detail(request: HttpRequest, paper: Paper) -> HttpResponse:
    head = paper_head(request, paper)
    sort = request.GET.get("sort") or next(iter(SORTS))
    return signposted(render(request, "papers/paper_detail.html", page_context(paper, sort) | {"head": head}), head.links)


@record_page(Paper.objects.published, withdrawn=Paper.objects.withdrawn, part="references/")
def references(request: HttpRequest, paper: Paper) -> HttpResponse:
    elsewhere = paper.pending_references.count()
    return _papers_beside(request, paper, references_of(paper), {"way": "references", "elsewhere": elsewhere})


@record_page(Paper.objects.published, withdrawn=Paper.objects.withdrawn, part="cited-by/")
def citing_papers(request: HttpRequest, paper: Paper) -> HttpResponse:
    return _papers_beside(request, paper, cited_by(paper), {"way": "cited-by"})


def _papers_beside(request: HttpRequest, paper: Paper, rows: PaperQuerySet, about: dict[str, Any]) -> HttpResponse:
    """An order that does not exist gives an empty list that says so."""
    sort = (request.GET.get("sort") or next(iter(CITATION_SORTS))).removesuffix(":asc")
    problem = "" if sort in CITATION_SORTS else f"“{sort[:80]}” is not an order of this list."
    carded = rows.with_card()
    page = page_of(request, carded.none() if problem else in_order(carded, CITATION_SORTS, sort))
    context = {"paper": paper, "page": page, "sorts": CITATION_SORTS, "sort": sort, "problem": problem}
    return render(request, "papers/paper_citations.html", context | about)


@record_page(lambda: with_page(Paper.objects.published()), withdrawn=Paper.objects.withdrawn, part="charts/{chart}.csv")
def paper_chart(request: HttpRequest, paper: Paper, chart: str) -> HttpResponse:
    return chart_file(chart_table(paper, chart), name=f"{paper.public_id}-{chart}")


@conditional_page
def site_css(request: HttpRequest) -> HttpResponse:
    """The administrator's colours; the answer carries an ETag. Under the address that names what it holds it may be kept."""
    asked = request.GET.get("v", "")
    style = own_style.current()
    if style.version != asked:
        style = own_style.renewed()
    response = HttpResponse(style.rules, content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=A_YEAR if style.version == asked else 300)
    return response


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
