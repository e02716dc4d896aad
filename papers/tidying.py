"""The addresses that forms make are led on to those that people share."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict

from papers.paper_lists import MULTIPLE, in_form

View = Callable[..., HttpResponseBase]
FIELDS = {in_form(name): name for name in MULTIPLE}


def tidied(page: View) -> View:
    """Makes a page with facets lead from `?category[]=cs.CL&year_from=` to `?category=cs.CL`."""

    @wraps(page)
    def answer(request: HttpRequest, *records: Any, **given: Any) -> HttpResponseBase:
        if FIELDS.keys().isdisjoint(request.GET):
            return page(request, *records, **given)
        query = tidy(request.GET)
        return HttpResponseRedirect(request.path + (f"?{query}" if query else ""))

    return answer


def tidy(given: QueryDict) -> str:
    """Without empty fields; what was chosen before and is left out now is left out."""
    pairs = [(FIELDS.get(name, name), value) for name, values in given.lists() for value in values if value]
    left_out = {(name, value[1:]) for name, value in pairs if name in MULTIPLE and value.startswith("!")}
    return urlencode([pair for pair in dict.fromkeys(pairs) if pair not in left_out])
