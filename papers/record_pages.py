"""What record pages share: their address; and of people, institutions, categories and venues, the list of their papers."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from authors.curation.public_ids import LETTERS, PublicIdQuerySet, parse_public_id
from authors.curation.redirects import find_redirect
from papers.charts import bar_chart
from papers.ordering import Sort
from papers.pages import gone
from papers.paper_lists import PaperListing
from papers.search.engines.base import Match
from papers.search.finding import Search
from papers.search.tree import Node, Not, Tag, all_of

View = Callable[[HttpRequest, Any], HttpResponse]


def record_page(
    rows: Callable[[], PublicIdQuerySet], *, withdrawn: Callable[[], PublicIdQuerySet] | None = None
) -> Callable[[View], Callable[..., HttpResponse]]:
    """Makes a view of a record answer at the record's own address.

    `rows` gives the records that have a page. A wrong or missing slug and the id of a merged record lead on with 301,
    keeping the query; a withdrawn record, also one of `withdrawn`, answers 410; one without a page answers 404 like one
    that never was.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
            record = rows().with_public_id(public_id).first()
            if record is None and withdrawn and withdrawn().with_public_id(public_id).exists():
                return gone(request, kind=LETTERS[rows().model.letter])
            if record is None:
                return _led_on(request, rows(), public_id)
            return view(request, record) if request.path == record.get_absolute_url() else _moved(request, record)

        return answer

    return decorate


def _led_on(request: HttpRequest, rows: PublicIdQuerySet, public_id: str) -> HttpResponse:
    letter = rows.model.letter
    parsed = parse_public_id(public_id)
    redirect = find_redirect(kind=letter, old_id=parsed[1]) if parsed and parsed[0] == letter else None
    if redirect and redirect.target_id is None:
        return gone(request, kind=LETTERS[letter], note=redirect.note)
    survivor = rows.filter(pk=redirect.target_id).first() if redirect else None
    if survivor is None:
        raise Http404(f"No public {LETTERS[letter]} has this id.")
    return _moved(request, survivor)


def _moved(request: HttpRequest, record: Any) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(record.get_absolute_url() + (f"?{query}" if query else ""))


def papers_context(
    request: HttpRequest,
    scope: Node,
    *,
    fixed: str = "",
    author: Any = None,
    extra: Mapping[str, Sort] | None = None,
) -> dict[str, Any]:
    """The record's papers, filtered, ordered and paged, with their counts, as papers/partials/paper_results.html shows them.

    Counts by year and so on are of the papers listed; the chart is of all that count. `fixed` is the facet that `scope`
    decides, `extra` names orders that this page has besides.
    """
    listing = PaperListing(request, scope=scope, fixed=fixed, author=author, extra=extra)
    counted = Search(Match(all_of(scope, Not(Tag("has", "retracted")))))
    retracted = Search(Match(all_of(scope, Tag("has", "retracted")))).count
    chart = bar_chart(sorted(counted.facets.years.items()), label="Papers per year", unit="Papers", height=130, names=8)
    total = Search(Match(scope)).count
    return listing.context() | {"total": total, "retracted": retracted.value, "chart": chart, "exact": counted.facets.exact}
