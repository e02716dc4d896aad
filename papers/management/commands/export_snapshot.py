"""Write the published catalogue as files."""

import time
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.changefeed import Unsettled
from papers.snapshots.making import SnapshotError, make_snapshot
from papers.snapshots.parquet import is_possible
from papers.snapshots.shelf import folder, keep_newest

EVERY_SECONDS = 5


def some(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise ArgumentTypeError(f"{text!r}: give a whole number from 1 to 10000.")
    return int(text)


class Command(BaseCommand):
    help = (
        "Write the published catalogue as compressed JSON Lines, with schema, counts, checksums and licence, into a folder"
        " named after the day. A run that was cut off goes on when it is started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, help="where the snapshots stand; SNAPSHOT_DIR without it")
        parser.add_argument(
            "--parquet", action=BooleanOptionalAction, default=None, help="Parquet as well; usual where pyarrow is installed"
        )
        parser.add_argument(
            "--force", action="store_true", help="begin anew, even if there is one of today or an unfinished one"
        )
        parser.add_argument("--keep", type=some, metavar="N", help="afterwards take all but the N newest away")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["parquet"] and not is_possible():
            raise CommandError("Parquet needs a package that is not installed: pip install pyarrow")
        self.said, self.quiet = time.monotonic(), options["verbosity"] == 0
        shelf = options["folder"] or folder()
        parquet = is_possible() if options["parquet"] is None else options["parquet"]
        try:
            made = make_snapshot(shelf, parquet=parquet, force=options["force"], say=self.say)
        except SnapshotError as error:
            raise CommandError(str(error)) from error
        except Unsettled as error:
            raise CommandError("The catalogue is being written to; try again soon.") from error
        removed = keep_newest(shelf, options["keep"]) if options["keep"] else []
        if not self.quiet:
            self.stdout.write(f"{made}" + "".join(f"\ntaken away: {name}" for name in removed))

    def say(self, what: str, done: int) -> None:
        if not self.quiet and time.monotonic() - self.said > EVERY_SECONDS:
            self.said = time.monotonic()
            self.stdout.write(f"{what}: {done:,}")
