"""Import people from OpenAlex authors; docs/import.md describes the accepted shape."""

from papers.importers.runs import AUTHORS
from papers.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import people: OpenAlex authors as JSON, JSON Lines, a saved API answer, or gzip of any."
    importer = AUTHORS
