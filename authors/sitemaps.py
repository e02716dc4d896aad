"""Which people and institutions, and which pages of text, the sitemaps name."""

from typing import Any

from papers.people import public_authors, public_institutions

PAGES = ("authors", "institutions", "about", "accessibility", "contact", "data-licence", "privacy")


def authors() -> Any:
    return public_authors().select_related(None).only("display_name", "updated_at")


def institutions() -> Any:
    return public_institutions().select_related(None).only("name", "updated_at")
