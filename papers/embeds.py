"""Lists of papers for other people's pages: /embed/authors/A12/, /embed/papers/?…. No script, no cookie, any frame."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from authors.models import Author
from papers import profiles
from papers.conditional import kept
from papers.paper_lists import Found, PaperListing
from papers.record_pages import record_page
from papers.search.tree import Tag

USUAL, MOST = 10, 50  # papers
SECONDS = 900
NEWEST = "publication_date:desc"
THEMES = ("light", "dark")
OWN = ("limit", "theme")  # parameters that are the embed's and no filter
POLICY = {"script-src": [NONE], "connect-src": [NONE], "form-action": [NONE], "frame-ancestors": ["*"]}
View = Callable[..., HttpResponse]


def embeddable(view: View) -> Callable[..., HttpResponseBase]:
    """The one kind of page that any site may show in a frame; also when it answers that nothing has changed."""
    return xframe_options_exempt(csp_replace(POLICY)(kept(SECONDS)(view)))


def embed_address(author: Author) -> str:
    return reverse("author-embed", args=[author.public_id])


@embeddable
@record_page(profiles.authors_with_page, at=embed_address)
def author(request: HttpRequest, found: Author) -> HttpResponse:
    listing = PaperListing(request, scope=Tag("author", str(found.pk)), fixed="author", author=found)
    return _embed(listing, page=found.get_absolute_url(), name=found.display_name)


@embeddable
def papers(request: HttpRequest) -> HttpResponse:
    return _embed(PaperListing(request), page=reverse("papers"))


def _embed(listing: PaperListing, *, page: str, name: str = "") -> HttpResponse:
    """Newest first unless the address says otherwise, also where words are searched for."""
    request = listing.request
    limit = request.GET.get("limit", str(USUAL))
    sort = listing.sort if request.GET.get("sort") else NEWEST
    problems = [*listing.problems, *_wrong_limit(limit)]
    count = listing.search.count  # first: whoever knows it finds the papers without counting once more
    shown = [] if problems else Found(listing.search, sort, author=listing.author)[0 : int(limit)]
    given = [(key, value) for key, value in listing.given_except(*OWN, "page", "after", "view", "per_page")]
    theme = request.GET.get("theme", "")
    context: dict[str, Any] = {
        "papers": shown,
        "problems": problems,
        "count": count,
        "name": name,
        "profile": listing.author,
        "page": page + (f"?{urlencode(given)}" if given else ""),
        "theme": theme if theme in THEMES else "",
    }
    response = render(request, "embed/papers.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _wrong_limit(given: str) -> list[str]:
    if given.isascii() and given.isdigit() and len(given) < 4 and 1 <= int(given) <= MOST:
        return []
    return [f"limit: give a number of papers from 1 to {MOST}."]
