"""Measure this installation; docs/benchmarks.md keeps what we saw and how."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from papers.importers.records import FileError
from papers.management.benchmarks.api import measure_api
from papers.management.benchmarks.identity import measure_identity
from papers.management.benchmarks.importing import measure_import
from papers.management.benchmarks.known_items import measure_known_items
from papers.management.benchmarks.listing import measure_lists
from papers.management.benchmarks.metrics import measure_metrics
from papers.management.benchmarks.pages import measure_pages
from papers.management.benchmarks.scoring import measure_scores
from papers.management.benchmarks.searching import measure_search
from papers.management.benchmarks.walk import SORTS, measure_walk


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
        walk = what.add_parser("walk", help="all papers by cursor: is each met once, and do pages stay as quick")
        walk.add_argument("--sort", action="append", default=[], help=f"default: {', '.join(SORTS)}")
        walk.add_argument(
            "--writes", type=int, default=0, help="papers added, changed and taken out meanwhile: only on a copy!"
        )
        for seeded in (searching, listing, known, scoring, metrics, walk):
            seeded.add_argument("--seed", type=int, default=1)
        api = what.add_parser("api", help="the API against bare SQL, nested serializers, an empty view and Datasette")
        api.add_argument("--datasette", type=Path, metavar="PATH", help="Datasette's program, where it is installed")
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
        seed = options.get("seed", 1)
        measures: dict[str, Callable[[], Iterable[str]]] = {
            "import": lambda: measure_import(options["file"], options["source"]),
            "identity": lambda: measure_identity(options["file"]),
            "search": lambda: measure_search(queries=options["queries"], seed=seed),
            "known-items": lambda: measure_known_items(options["file"], seed=seed),
            "api": lambda: measure_api(datasette=options["datasette"]),
            "walk": lambda: measure_walk(sorts=tuple(options["sort"]), writes=options["writes"], seed=seed),
            "lists": lambda: measure_lists(seed=seed),
            "scores": lambda: measure_scores(seed=seed),
            "metrics": lambda: measure_metrics(seed=seed),
            "pages": measure_pages,
        }
        return measures[options["what"]]()
