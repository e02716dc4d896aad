"""Where a page's papers are found as files, and how a paper is cited."""

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from papers.exporting import item_of_page
from papers.exports.bibtex import entry
from papers.exports.citing import citations
from papers.exports.formats import FORMATS, Format
from papers.exports.keys import key_of
from papers.models import Paper
from papers.typesetting import plain

register = template.Library()
OF_THE_PAGE = ("page", "after", "per_page", "view")  # in an address: of a page, not of the list


@dataclass(frozen=True)
class Export:
    format: Format
    url: str


@register.simple_tag(takes_context=True)
def exports(context: dict[str, Any]) -> list[Export]:
    """The files of what this page shows, in its order and with its filters; none of a page that has no files."""
    request: HttpRequest = context["request"]
    match = request.resolver_match
    if match is None:
        return []
    given = {name: value for name, value in match.kwargs.items() if name != "slug"}
    asked = request.GET.copy()
    for name in OF_THE_PAGE:
        asked.pop(name, None)
    query = f"?{asked.urlencode()}" if asked else ""
    try:
        return [
            Export(form, reverse(f"{match.url_name}-file", kwargs={**given, "suffix": form.suffix}) + query)
            for form in FORMATS.values()
        ]
    except NoReverseMatch:
        return []


@register.inclusion_tag("papers/partials/cite.html", takes_context=True)
def cite(context: dict[str, Any], paper: Paper) -> dict[str, Any]:
    """`paper` is from `papers.paper_page.with_page()`."""
    item = item_of_page(paper, site=context["request"].build_absolute_uri("/")[:-1])
    styles = citations(replace(item, title=plain(item.title)))
    return {"styles": [*styles, ("BibTeX", entry(item, key_of(item)).strip())], "exports": exports(context)}
