"""Import papers from OpenAlex works; docs/import.md describes the accepted shape."""

from argparse import ArgumentParser
from typing import Any

from papers.importers.runs import PAPERS
from papers.management.importing import ImportCommand
from papers.models import Paper


class Command(ImportCommand):
    help = "Import papers: OpenAlex works as JSON, JSON Lines, a saved API answer, or gzip of any."
    importer = PAPERS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--state", default="published", choices=Paper.State.values, help="state of new papers")

    def options_of_run(self, options: dict[str, Any]) -> dict[str, str]:
        return super().options_of_run(options) | {"state": options["state"]}
