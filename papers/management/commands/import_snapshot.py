"""Take a snapshot into an empty site."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from papers.snapshots.checking import BadSnapshot
from papers.snapshots.taking import Taken, finish, take_in

EVERY_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Take a snapshot into a site without records: the same records under the same addresses. Either all rows come in or"
        " none; a run that is cut off afterwards, while figures and search index are made, goes on when it is started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with manifest.json")

    def handle(self, *args: Any, **options: Any) -> None:
        self.said, self.quiet = time.monotonic(), options["verbosity"] == 0
        try:
            taken = take_in(options["folder"], self.say)
        except BadSnapshot as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self.tell(taken)
        call_command("refresh_metrics", verbosity=options["verbosity"], stdout=self.stdout)
        call_command("rebuild_search", verbosity=options["verbosity"], stdout=self.stdout)
        finish(taken.run)

    def say(self, what: str, done: int) -> None:
        if not self.quiet and time.monotonic() - self.said > EVERY_SECONDS:
            self.said = time.monotonic()
            self.stdout.write(f"{what}: {done:,}")

    def tell(self, taken: Taken) -> None:
        if self.quiet:
            return
        was = "were in already" if taken.again else "are in"
        self.stdout.write(f"{taken.run.created_count:,} records {was}. Figures and search index follow.")
        for what, number in sorted(taken.left_out.items()):
            self.stdout.write(f"left out: {number:,} of {what}, for what they name is not in the snapshot or is another's")
