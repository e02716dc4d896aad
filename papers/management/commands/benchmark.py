"""Measure this installation; docs/benchmarks.md keeps what we saw and how."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from papers.importers.records import FileError
from papers.management.benchmarks.importing import measure_import
from papers.management.benchmarks.pages import measure_pages


class Command(BaseCommand):
    help = "Print a table of figures: `import FILE` in a scratch database, `pages` on the database at hand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        importing = what.add_parser("import", help="speed and memory of an import, first and second time")
        importing.add_argument("file", type=Path)
        importing.add_argument("--source", default="file")
        what.add_parser("pages", help="queries and milliseconds of every page and endpoint")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = measure_import(options["file"], options["source"]) if options["what"] == "import" else measure_pages()
        except FileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{connection.vendor}\n\n" + "\n".join(lines))
