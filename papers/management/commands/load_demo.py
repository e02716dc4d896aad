"""Load the demo catalogue: a real profile and papers of neighbouring subjects, with summaries in our own words."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from papers.importers.runs import AUTHORS, INSTITUTIONS, PAPERS, run_import
from papers.models import Paper

FOLDER = Path(__file__).resolve().parents[2] / "demo"
FILES = ((INSTITUTIONS, "institutions.jsonl"), (PAPERS, "works.jsonl"), (AUTHORS, "authors.jsonl"))


class Command(BaseCommand):
    help = "Load the demo catalogue; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are papers already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Paper.objects.exists():
            self.stdout.write("The catalogue has papers already; the demo was not loaded.")
            return
        for importer, name in FILES:
            run = run_import(importer, FOLDER / name, source="demo")
            if options["verbosity"]:
                self.stdout.write(
                    f"{name}: {run.created_count} new, {run.updated_count} updated, {run.unchanged_count} unchanged"
                )
