"""Do what waits in the background."""

import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authors.curation.jobs.queue import do_next, only_worker

EVERY_SECONDS = 2


class Command(BaseCommand):
    help = (
        "Do the jobs that wait: large imports, harvests, changes of many records. Runs until it is stopped; a job that is cut"
        " off goes on when the worker is started again. There is one worker for a database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing waits any more")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: self.stop())
        with only_worker() as mine:
            if not mine:
                raise CommandError("A worker is running already.")
            self.work(once=options["once"], quiet=options["verbosity"] == 0)

    @staticmethod
    def stop() -> None:
        raise SystemExit(0)

    def work(self, *, once: bool, quiet: bool) -> None:
        while True:
            job = do_next()
            if job is not None and not quiet:
                self.stdout.write(f"{job.summary}: {job.get_state_display()}. {job.message}")
            if job is None and once:
                return
            if job is None:
                time.sleep(EVERY_SECONDS)
