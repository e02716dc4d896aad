"""The people's side of the catalogue: authors, institutions, and what both apps write through."""

from django.apps import AppConfig


class AuthorsConfig(AppConfig):
    name = "authors"
    verbose_name = "People and institutions"
