"""Make the search index anew from the catalogue."""

import time
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from papers.models import WaitingPaper
from papers.search import rebuilding

EVERY_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Bring the search index up to date with the catalogue, row by row: the site stays searchable, rows that are right are"
        " left alone, and a run that was interrupted goes on where it was (--waiting)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--missing", action="store_true", help="only if the index lacks papers, such as after an upgrade")
        which.add_argument("--waiting", action="store_true", help="only what an interrupted run or a large change left")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["verbosity"] == 0
        if options["waiting"]:
            waiting = WaitingPaper.objects.count()
        else:
            waiting = rebuilding.queue_papers(only_missing=options["missing"])
        if options["missing"] and not waiting:
            return
        self.follow("papers", rebuilding.index_waiting(), waiting)
        if options["waiting"]:
            return
        self.follow("people", rebuilding.index_all_authors())
        self.follow("institutions", rebuilding.index_all_institutions())
        rebuilding.finish()

    def follow(self, what: str, steps: Iterable[int], total: int | None = None) -> None:
        """Say how far it got, every few seconds and at the end."""
        done, began, said = 0, time.monotonic(), time.monotonic()
        for step in steps:
            done += step
            if time.monotonic() - said > EVERY_SECONDS:
                said = time.monotonic()
                self.say(what, done, total, said - began)
        self.say(what, done, total, time.monotonic() - began)

    def say(self, what: str, done: int, total: int | None, seconds: float) -> None:
        if not self.quiet:
            of = f" of {total:,}" if total else ""
            self.stdout.write(f"{what}: {done:,}{of}, {done / max(seconds, 0.001):,.0f} a second")
