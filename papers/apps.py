"""The papers' side of the catalogue: papers, authorship, importers, metrics, pages and API."""

from importlib import import_module

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = "Papers"

    def ready(self) -> None:
        """Make the tables that have a history known to the recorder, hear of what is taken back, offer the worker its tasks."""
        import_module("papers.tracked").track_papers()
        import_module("papers.receivers")
        import_module("papers.tasks")
        import_module("papers.harvesting")
        import_module("papers.linking")
        import_module("papers.tables.jobs")
