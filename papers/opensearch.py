"""The site's search for browsers' own search boxes: OpenSearch 1.1."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from papers.autocomplete import suggestions
from papers.conditional import kept
from papers.heads import site_of
from papers.search import words
from papers.search_pages import LONGEST_NAME

DAY, MINUTE = 86_400, 60


@kept(DAY)
def description(request: HttpRequest) -> HttpResponse:
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "opensearch.xml", {"root": site_of(request)}, content_type=kind)


@kept(MINUTE)
def suggest(request: HttpRequest) -> HttpResponse:
    """[what was typed, names, hints, addresses]."""
    given = request.GET.get("q", "")
    typed = words.clean(given, LONGEST_NAME) + (" " if given.endswith(" ") else "")
    found = suggestions(typed)
    answer = [
        typed,
        [one.display_name for one in found],
        [one.hint for one in found],
        [site_of(request) + one.url for one in found],
    ]
    return JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")
