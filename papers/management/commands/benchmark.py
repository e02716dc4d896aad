"""Measure this installation; docs/benchmarks.md keeps what we saw and how."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from papers.importers.records import FileError
from papers.management.benchmarks.identity import measure_identity
from papers.management.benchmarks.importing import measure_import
from papers.management.benchmarks.known_items import measure_known_items
from papers.management.benchmarks.listing import measure_lists
from papers.management.benchmarks.metrics import measure_metrics
from papers.management.benchmarks.pages import measure_pages
from papers.management.benchmarks.scoring import measure_scores
from papers.management.benchmarks.searching import measure_search

SEEDED: dict[str, Callable[..., Iterable[str]]] = {"lists": measure_lists, "scores": measure_scores, "metrics": measure_metrics}


class Command(BaseCommand):
    help = "Print a table of figures: `import` and `identity` in a scratch database, everything else on the one at hand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        importing = what.add_parser("import", help="speed and memory of an import, first and second time")
        importing.add_argument("file", type=Path)
        importing.add_argument("--source", default="file")
        identity = what.add_parser("identity", help="how well persons are told apart when their ids are hidden")
        identity.add_argument("file", type=Path)
        searching = what.add_parser("search", help="ranked search, counts and facets by kinds of queries")
        searching.add_argument("--queries", type=int, default=200, help="of each kind")
        listing = what.add_parser("lists", help="every filter with every order, and deep pages")
        known = what.add_parser("known-items", help="how well a paper is found by what one remembers of it")
        known.add_argument("file", type=Path, help="the file that the real papers were imported from")
        scoring = what.add_parser("scores", help="what Novelty costs, and what it separates")
        metrics = what.add_parser("metrics", help="what it takes to compute metrics: all, and those of one edited paper")
        for seeded in (searching, listing, known, scoring, metrics):
            seeded.add_argument("--seed", type=int, default=1)
        what.add_parser("pages", help="queries and milliseconds of every page and endpoint")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{connection.vendor}\n")
        try:
            for line in self.lines(options):
                self.stdout.write(line)
                self.stdout.flush()
        except FileError as error:
            raise CommandError(str(error)) from error

    def lines(self, options: dict[str, Any]) -> Iterable[str]:
        what, seed = options["what"], options.get("seed", 1)
        if what == "import":
            return measure_import(options["file"], options["source"])
        if what == "identity":
            return measure_identity(options["file"])
        if what == "search":
            return measure_search(queries=options["queries"], seed=seed)
        if what in SEEDED:
            return SEEDED[what](seed=seed)
        return measure_known_items(options["file"], seed=seed) if what == "known-items" else measure_pages()
