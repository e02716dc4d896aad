"""The papers' side of the catalogue: papers, authorship, importers, metrics, pages and API."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = "Papers"
