"""A word to whoever adds a record that the catalogue may have already, and the way through the queue of such pairs."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join

from authors.curation.public_ids import number_of
from papers.duplicates.deciding import next_after_merge
from papers.duplicates.finding import find_for
from papers.duplicates.scoring.points import LIKELY
from papers.models import LikelyDuplicate

TOLD = 3
QUEUE = "pair"  # in an address: the pair of the queue that its page was reached from


class WarnsOfDuplicates:
    """For the ModelAdmin of a record that may be likely the same as another."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if IS_POPUP_VAR not in request.POST:
            self._tell_of_others(request, obj)
        answer: HttpResponse = super().response_add(request, obj, post_url_continue)  # type: ignore[misc]
        return answer

    @staticmethod
    def _tell_of_others(request: HttpRequest, obj: Any) -> None:
        likely = [pair for pair in find_for(obj.letter, [obj.pk]) if pair.score >= LIKELY][:TOLD]
        if likely:
            links = (
                (
                    f"{pair.kind}{pair.first_id if pair.second_id == obj.pk else pair.second_id}",
                    reverse("admin:papers_likelyduplicate_change", args=[pair.pk]),
                )
                for pair in likely
            )
            messages.warning(request, format_html_join(" ", 'Looks like {}: <a href="{}">compare</a>.', links))


def queue_address(pair: LikelyDuplicate | None) -> str:
    """The page of the pair; without one the list."""
    if pair is None:
        return reverse("admin:papers_likelyduplicate_changelist")
    return reverse("admin:papers_likelyduplicate_change", args=[pair.pk])


def pair_in(request: HttpRequest, kind: str) -> LikelyDuplicate | None:
    """The pair that a merge was reached from. Ask before merging: that ends the pair."""
    pairs = LikelyDuplicate.objects.filter(kind=kind, pk=number_of(request.GET.get(QUEUE, "")) or 0)
    found: LikelyDuplicate | None = pairs.first()
    return found


def address_after_merge(pair: LikelyDuplicate, survivor: int) -> str:
    return queue_address(next_after_merge(pair, survivor))
