"""The people's side of the catalogue: authors, institutions, and what both apps write through."""

from importlib import import_module

from django.apps import AppConfig


class AuthorsConfig(AppConfig):
    name = "authors"
    verbose_name = "People and institutions"

    def ready(self) -> None:
        """Make the lookup `among` known to every field, and the tables that have a history to the recorder."""
        import_module("authors.curation.among")
        import_module("authors.tracked").track_people()
