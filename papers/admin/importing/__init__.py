"""Importing in the admin: choose a file or paste records, look at what it would do, then do it."""

from papers.admin.importing.pages import import_page, start_preview

__all__ = ["import_page", "start_preview"]
