"""What record pages share: their address; and of people, institutions, categories and venues, the list of their papers."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from authors.curation.public_ids import LETTERS, PublicIdQuerySet, parse_public_id
from authors.curation.redirects import find_redirect
from papers.ordering import Sort
from papers.pages import gone
from papers.paper_lists import PaperListing
from papers.record_charts import RecordCharts
from papers.search.engines.base import Match
from papers.search.finding import Search
from papers.search.tree import Node, Tag, all_of

View = Callable[..., Any]  # a page or a stream: other decorators ask for the one or the other


def own_page(record: Any) -> str:
    return str(record.get_absolute_url())


def record_page(
    rows: Callable[[], PublicIdQuerySet],
    *,
    withdrawn: Callable[[], PublicIdQuerySet] | None = None,
    part: str = "",
    at: Callable[[Any], str] = own_page,
) -> Callable[[View], View]:
    """Makes a view of a record answer at the record's own address, or at that of a `part` of it, such as `references/` or
    `charts/{name}.csv` with what the address gives for `name`; `at` names another address of the record, such as its feed's.

    `rows` gives the records that have a page. A wrong or missing slug and the id of a merged record lead on with 301,
    keeping the query; a withdrawn record, also one of `withdrawn`, answers 410; one without a page answers 404 like one
    that never was.
    """

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, public_id: str, slug: str = "", **given: str) -> Any:
            def place(record: Any) -> str:
                return at(record) + part.format(**given)

            record = rows().with_public_id(public_id).first()
            if record is None and withdrawn and withdrawn().with_public_id(public_id).exists():
                return gone(request, kind=LETTERS[rows().model.letter])
            if record is None:
                return _led_on(request, rows(), public_id, place)
            if request.path != place(record):
                return _moved(request, place(record))
            return view(request, record, **given)

        return answer

    return decorate


def _led_on(request: HttpRequest, rows: PublicIdQuerySet, public_id: str, place: Callable[[Any], str]) -> HttpResponse:
    letter = rows.model.letter
    parsed = parse_public_id(public_id)
    redirect = find_redirect(kind=letter, old_id=parsed[1]) if parsed and parsed[0] == letter else None
    if redirect and redirect.target_id is None:
        return gone(request, kind=LETTERS[letter], note=redirect.note)
    survivor = rows.filter(pk=redirect.target_id).first() if redirect else None
    if survivor is None:
        raise Http404(f"No public {LETTERS[letter]} has this id.")
    return _moved(request, place(survivor))


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(address + (f"?{query}" if query else ""))


def papers_context(
    request: HttpRequest,
    scope: Node,
    *,
    fixed: str = "",
    author: Any = None,
    metrics: Any = None,
    covers: str = "",
    extra: Mapping[str, Sort] | None = None,
) -> dict[str, Any]:
    """The record's papers, filtered, ordered and paged, with their counts, as papers/partials/paper_results.html shows them.

    Counts by year and so on are of the papers listed; charts are of all that count. `fixed` is the facet that `scope`
    decides, `metrics` are the record's and what they `cover`, `extra` names orders that this page has besides.
    """
    listing = PaperListing(request, scope=scope, fixed=fixed, author=author, extra=extra)
    retracted = Search(Match(all_of(scope, Tag("has", "retracted")))).count
    about = {"total": Search(Match(scope)).count, "retracted": retracted.value}
    return listing.context() | RecordCharts(scope, metrics, covers=covers).context() | about
