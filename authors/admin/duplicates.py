"""A word to whoever adds a record that the catalogue may have already."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join

from papers.duplicates.finding import find_for

LIKELY = 60  # the score from which on an editor is told
TOLD = 3


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
