"""Look for records that are likely the same."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from authors.curation.public_ids import LETTERS
from papers.duplicates.finding import FINDERS, Progress, find_all

EVERY_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Bring the queue of likely duplicates up to date: people, papers, institutions. What editors decided stays. A run that"
        " was interrupted goes on with --kind and --after."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=list(FINDERS), help="A people, P papers, I institutions; all three without it")
        parser.add_argument("--after", type=int, default=0, metavar="KEY", help="begin after the record of this key")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["verbosity"] == 0
        for kind in [options["kind"]] if options["kind"] else FINDERS:
            self.follow(kind, options["after"] if options["kind"] else 0)

    def follow(self, kind: str, after: int) -> None:
        """Say how far it got, every few seconds and at the end."""
        records, pairs, began = 0, 0, time.monotonic()
        reached, said = Progress(after, 0, 0), began
        for reached in find_all(kind, after=after):
            records, pairs = records + reached.records, pairs + reached.pairs
            if time.monotonic() - said > EVERY_SECONDS:
                said = time.monotonic()
                self.say(kind, records, pairs, reached)
        self.say(kind, records, pairs, reached)

    def say(self, kind: str, records: int, pairs: int, reached: Progress) -> None:
        if not self.quiet:
            told = f"{LETTERS[kind]}s: {records:,} records, {pairs:,} likely pairs, reached {kind}{reached.reached}"
            self.stdout.write(told)
