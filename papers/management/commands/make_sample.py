"""Grow the catalogue with made papers, so that anyone can measure; docs/benchmarks.md says what came out."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from papers.models import Paper
from papers.sampling.comparing import Comparison, compare, farthest
from papers.sampling.figures import refresh_figures
from papers.sampling.making import NothingToGrowFrom, Progress, make_papers
from papers.sampling.source import made_papers

WARNING = (
    "This fills the catalogue with {count:,} invented papers by invented people, to measure with. Do it in a copy that "
    "nobody relies on, and say --yes."
)


class Command(BaseCommand):
    help = "Grow the catalogue to any size with papers recombined from its own; run again, it goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--papers", type=int, required=True, help="how many papers the catalogue shall have in all")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same papers (default: 1)")
        parser.add_argument("--yes", action="store_true", help="fill this catalogue with invented papers")
        parser.add_argument("--no-search", action="store_true", help="leave the search index as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["verbosity"] == 0
        self.must_be_meant(wanted := options["papers"], sure=options["yes"])
        began = time.monotonic()
        try:
            made = make_papers(wanted, seed=options["seed"], progress=self.show)
        except NothingToGrowFrom as error:
            raise CommandError(f"Nothing to grow from: {error}.") from error
        self.say(f"{made:,} papers made in {time.monotonic() - began:,.0f} s; counting …")
        refresh_figures()
        if not options["no_search"]:
            call_command("rebuild_search", verbosity=options["verbosity"])
        self.say("\n".join(table(farthest(compare()))))

    def must_be_meant(self, wanted: int, *, sure: bool) -> None:
        there = Paper.objects.count()
        if wanted < there:
            raise CommandError(f"The catalogue has {there:,} papers already; --papers is how many it shall have in all.")
        if not sure and not made_papers().exists():
            raise CommandError(WARNING.format(count=wanted - there))

    def show(self, progress: Progress) -> None:
        self.say(f"{progress.papers:,} papers, {progress.people:,} made people, {progress.speed:,.0f} papers a second")

    def say(self, text: str) -> None:
        if not self.quiet:
            self.stdout.write(text)


def table(comparisons: list[Comparison]) -> list[str]:
    rows = [["what", "source", "sample", "ratio"]]
    rows += [[f"{row.group}: {row.what}", *map(_number, (row.source, row.sample, row.ratio))] for row in comparisons]
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    return [" | ".join([row[0].ljust(widths[0]), *(row[n].rjust(widths[n]) for n in (1, 2, 3))]) for row in rows]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.3f}" if value < 100 else f"{value:,.0f}"
