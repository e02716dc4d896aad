"""Import institutions from OpenAlex or ROR; docs/import.md describes the accepted shapes."""

from papers.importers.runs import INSTITUTIONS
from papers.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import institutions: OpenAlex institutions or ROR's dump, as JSON, JSON Lines, a saved answer, or gzip of any."
    importer = INSTITUTIONS
