"""Columns and links that several lists of papers' matters show."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from papers.models import Paper

TITLE_SHOWN = 120


def paper_link(paper: Paper) -> SafeString:
    address = reverse("admin:papers_paper_change", args=[paper.pk])
    return format_html('<a href="{}">{}</a>', address, shortened(paper.title_or_mark))


def shortened(text: str, length: int = TITLE_SHOWN) -> str:
    return text if len(text) <= length else f"{text[:length].rstrip()}…"
