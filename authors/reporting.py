"""Where visitors report what is wrong: a form below the address of each author, paper and institution."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address, ip_network
from typing import Any

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from authors.curation.public_ids import LETTERS, PublicIdQuerySet, parse_public_id
from authors.curation.redirects import find_redirect
from authors.curation.reports import TEXTS
from authors.report_forms import TYPES, ReportForm
from papers.models import Paper
from papers.pages import gone
from papers.people import public_authors, public_institutions

MOST, PER = 5, 60 * 60  # reports from one address within so many seconds


@dataclass(frozen=True)
class Kind:
    """Records that can be reported on: those that have a page."""

    letter: str
    rows: Callable[[], PublicIdQuerySet]

    @property
    def noun(self) -> str:
        return LETTERS[self.letter]


AUTHORS = Kind("A", public_authors)
INSTITUTIONS = Kind("I", public_institutions)
PAPERS = Kind("P", Paper.objects.published)


def found(request: HttpRequest, kind: Kind, public_id: str, page: str) -> Any:
    """The record, or the answer in its stead: as its own page has it, 301 for a merged one, 410 for one withdrawn, else 404."""
    record = kind.rows().with_public_id(public_id).first()
    if record is not None:
        return record
    if kind is PAPERS and Paper.objects.withdrawn().with_public_id(public_id).exists():
        return gone(request, kind=kind.noun)
    parsed = parse_public_id(public_id)
    moved = find_redirect(kind=kind.letter, old_id=parsed[1]) if parsed and parsed[0] == kind.letter else None
    if moved and moved.target_id is None:
        return gone(request, kind=kind.noun, note=moved.note)
    survivor = kind.rows().filter(pk=moved.target_id).first() if moved else None
    if survivor is None:
        raise Http404(f"No public {kind.noun} has this id.")
    return redirect(reverse(page, args=[survivor.public_id]), permanent=True, preserve_request=request.method == "POST")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: str, *, kind: Kind) -> HttpResponse:
    """The form; `?type=` chooses what it is about."""
    record = found(request, kind, public_id, f"{kind.noun}-report")
    if isinstance(record, HttpResponse):
        return record
    if request.method != "POST":
        asked = request.GET.get("type", "")
        initial = {"type": asked} if asked in TYPES[kind.letter] else {}
        return _form(request, kind, record, ReportForm(record=record, initial=initial))
    form = ReportForm(request.POST, record=record)
    if not form.is_valid():
        return _form(request, kind, record, form)
    if not may_send(request):
        form.add_error(
            None, f"Only {MOST} reports an hour can be sent from one place. Please keep the text and come back later."
        )
        return _form(request, kind, record, form, status=429)
    form.save()
    return redirect(f"{kind.noun}-report-thanks", record.public_id)


@never_cache
@require_safe
def thanks(request: HttpRequest, public_id: str, *, kind: Kind) -> HttpResponse:
    record = found(request, kind, public_id, f"{kind.noun}-report-thanks")
    if isinstance(record, HttpResponse):
        return record
    return render(request, "reports/thanks.html", {"record": record, "noun": kind.noun})


def _form(request: HttpRequest, kind: Kind, record: Any, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {
        "record": record, "noun": kind.noun, "form": form, "texts": [form[f"new_{name}"] for name in TEXTS[kind.letter]],
        "rewriting": bool(form.is_bound and {f"new_{name}" for name in TEXTS[kind.letter]} & set(form.changed_data)),
    }  # fmt: skip
    return render(request, "reports/form.html", context, status=status)


def may_send(request: HttpRequest) -> bool:
    """Counts this report; False once there were too many from the same place. The cache forgets within the hour."""
    key = f"reports-from-{hashlib.sha256(_place(request).encode()).hexdigest()}"
    cache.add(key, 0, PER)
    try:
        return cache.incr(key) <= MOST
    except ValueError:  # forgotten between the two lines
        return True


def _place(request: HttpRequest) -> str:
    """The client's address; of the newer kind its network, since one household or server has them by the billion."""
    given = get_client_ip_address(request) or ""
    try:
        address = ip_address(given)
    except ValueError:
        return given
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else given


def _views(kind: Kind) -> tuple[Callable[..., HttpResponse], Callable[..., HttpResponse]]:
    return partial(report, kind=kind), partial(thanks, kind=kind)


author_report, author_thanks = _views(AUTHORS)
paper_report, paper_thanks = _views(PAPERS)
institution_report, institution_thanks = _views(INSTITUTIONS)
