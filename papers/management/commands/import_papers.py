"""Import papers; docs/import.md describes the formats."""

from argparse import ArgumentParser
from typing import Any

from papers.importers.runs import PAPERS
from papers.management.importing import ImportCommand
from papers.models import Paper


class Command(ImportCommand):
    help = "Import papers: OpenAlex, Crossref or CSL items as JSON, BibTeX, RIS, arXiv's Atom, or gzip of any."
    importer = PAPERS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--state", default="published", choices=Paper.State.values, help="state of new papers")

    def options_of_run(self, options: dict[str, Any]) -> dict[str, Any]:
        return super().options_of_run(options) | {"state": options["state"]}
