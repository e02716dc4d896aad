"""What record pages share: their address; and of people, institutions, categories and venues, the list of their papers."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from authors.curation.public_ids import LETTERS, PublicIdQuerySet, parse_public_id
from authors.curation.redirects import find_redirect
from papers import choices, profiles
from papers.charts import bar_chart
from papers.filters import PaperFilter
from papers.ordering import PAPERS, Sort
from papers.pages import Listing, gone
from papers.querysets import PaperQuerySet

MOST_COUNTED = 20_000  # of longer lists no counts are shown: they would take longer than the page
FILTERS = ("title", "category", "year_from", "year_to", "has_code")
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
    papers: PaperQuerySet,
    *,
    author: Any = None,
    sorts: dict[str, Sort] = PAPERS,
    shown: Sequence[str] = FILTERS,
) -> dict[str, Any]:
    """The record's papers, filtered, ordered and paged, with their counts, as papers/partials/record_papers.html shows them.

    Counts by year and so on are of the papers listed; the chart is of all that count.
    """
    offered = {"category": choices.categories(), "has_code": choices.YES_OR_NO}
    cards = papers.with_card(author=author)
    listing = Listing(
        request, PaperFilter, cards, sorts, shown=shown, choices={name: offered[name] for name in offered if name in shown}
    )
    counts = papers.order_by().aggregate(total=Count("pk"), retracted=Count("pk", filter=Q(is_retracted=True)))
    years = profiles.years_of(papers.filter(is_retracted=False))
    chart = bar_chart(
        ((tally.record, tally.papers) for tally in years), label="Papers per year", unit="Papers", height=130, names=8
    )
    context = listing.context() | counts | {"compact": request.GET.get("view") == "compact", "chart": chart}
    return context | (_facets(listing) if context["page"].paginator.count <= MOST_COUNTED else {})


def _facets(listing: Listing) -> dict[str, Any]:
    institutions = profiles.institutions_of(listing.rows)
    names = choices.labels([tally.record for tally in institutions])
    return {
        "categories": profiles.categories_of(listing.rows),
        "years": profiles.years_of(listing.rows)[::-1],
        "institutions": [(tally, names[tally.record.pk]) for tally in institutions],
        "venues": profiles.venues_of(listing.rows),
    }
