"""Pages as text for programs: /papers/P34.md, /authors/A12.md, and what a paper's page links to as a set of links."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from authors.models import Author, SiteIdentity
from papers import profiles
from papers.conditional import kept
from papers.heads import article_of, site_of
from papers.models import Paper
from papers.paper_page import buttons, with_page
from papers.record_pages import record_page
from papers.signposting import LINKSET, MARKDOWN, linkset, paper_links
from papers.structured import markdown
from papers.structured.markdown import Entry, Fact, address_line, escaped, link
from papers.templatetags.catalogue import byline
from papers.typesetting import plain

SECONDS = 900
MOST_PAPERS, MOST_IDS = 200, 30


def _markdown_address(record: Any) -> str:
    return reverse(f"{record._meta.model_name}-markdown", args=[record.public_id])


def _linkset_address(paper: Paper) -> str:
    return reverse("paper-linkset", args=[paper.public_id])


def _papers() -> Any:
    return with_page(Paper.objects.published())


@kept(SECONDS)
@record_page(_papers, withdrawn=Paper.objects.withdrawn, at=_linkset_address)
def paper_linkset(request: HttpRequest, paper: Paper) -> HttpResponse:
    article = article_of(paper, site_of(request))
    return JsonResponse(linkset(paper_links(article, site_of(request)), article.address), content_type=LINKSET)


@kept(SECONDS)
@record_page(_papers, withdrawn=Paper.objects.withdrawn, at=_markdown_address)
def paper_markdown(request: HttpRequest, paper: Paper) -> HttpResponse:
    facts = [
        ("Retracted", _retraction(paper)),
        *((button.label, address_line(button.url)) for button in buttons(paper)),
        ("Keywords", ", ".join(escaped(str(word)) for word in paper.keywords)),
        ("Citations", _citations(paper)),
    ]
    return _answer(markdown.paper_text(article_of(paper, site_of(request)), facts, credit=_credit(request)))


def _retraction(paper: Paper) -> str:
    if not paper.is_retracted:
        return ""
    return " ".join(filter(None, ["yes", str(paper.retracted_on or ""), address_line(paper.retraction_notice)]))


def _citations(paper: Paper) -> str:
    if paper.cited_by_count is None:
        return "unknown"
    about = ", ".join(filter(None, [paper.citations_source, str(paper.citations_as_of or "")]))
    return f"{paper.cited_by_count}" + (f" ({escaped(about)})" if about else "")


@kept(SECONDS)
@record_page(profiles.authors_with_page, at=_markdown_address)
def author_markdown(request: HttpRequest, author: Author) -> HttpResponse:
    papers = Paper.objects.published().by(author)
    shown = papers.order_by(F("published").desc(nulls_last=True), "-pk").with_card()[:MOST_PAPERS]
    entries = [_entry(paper, site_of(request)) for paper in shown]
    told = f"{papers.count()} in all, the newest first."
    if len(entries) == MOST_PAPERS:
        every = site_of(request) + reverse("author-file", args=[author.public_id, "jsonl"])
        told += f" These are {MOST_PAPERS} of them; all: {address_line(every)}"
    text = markdown.profile_text(author.display_name, _facts(request, author), entries, told=told, credit=_credit(request))
    return _answer(text)


def _entry(paper: Any, site: str) -> Entry:
    line = byline(paper)
    people = ", ".join(name.text for name in line.names) + (" et al." if line.more else "")
    return Entry(plain(paper.title_or_mark), site + _markdown_address(paper), people, str(paper.year or ""))


def _facts(request: HttpRequest, author: Author) -> list[Fact]:
    site = site_of(request)
    names = author.names.filter(public=True).exclude(name=author.display_name).order_by("pk").values_list("name", flat=True)
    stays = [_stay(stay, site) for stay in profiles.affiliations_of(author)]
    identifiers = author.identifiers.filter(disputed=False).order_by("scheme", "value")[:MOST_IDS]
    figures = [figure for figure in profiles.author_figures(author).values() if figure.text]
    return [
        ("Also known as", ", ".join(map(escaped, names[:MOST_IDS]))),
        ("Affiliations", ", ".join(stays)),
        *((row.label, address_line(row.url or row.value)) for row in identifiers),
        ("Home page", address_line(author.homepage) if author.homepage else ""),
        *((figure.label, escaped(" · ".join(filter(None, [figure.text, figure.note])))) for figure in figures),
        ("Page", address_line(site + author.get_absolute_url())),
    ]


def _stay(stay: profiles.Stay, site: str) -> str:
    address = site + stay.institution.get_absolute_url() if stay.has_page else ""
    return f"{link(stay.institution.name, address)} {stay.years}".strip()


def _credit(request: HttpRequest) -> str:
    identity = SiteIdentity.current()
    licence = link(identity.data_licence_name, identity.data_licence_url) if identity.data_licence_name else ""
    return f"From {link(identity.name, site_of(request) + '/')}." + (f" Data licence: {licence}." if licence else "")


def _answer(text: str) -> HttpResponse:
    """Search engines have the page itself."""
    return HttpResponse(text, content_type=f"{MARKDOWN}; charset=utf-8", headers={"X-Robots-Tag": "noindex"})
