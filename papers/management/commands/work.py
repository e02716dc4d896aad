"""Do what waits in the background."""

import os
import signal
import time
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authors.curation.jobs.queue import do_next, only_worker
from papers.harvesting import run_due
from papers.tasks import ask_for_due_scores, ask_for_due_snapshot

EVERY_SECONDS = 2
DUE_SECONDS = 300  # between two looks at what is due by the calendar


class Command(BaseCommand):
    help = (
        "Do the jobs that wait: large imports, harvests, changes of many records. Runs until it is stopped; a job that is cut"
        " off goes on when the worker is started again. There is one worker for a database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--with-parent", type=int, metavar="PID", help="stop when the process that started it is gone")
        parser.add_argument("--once", action="store_true", help="stop when nothing waits any more")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: self.stop())
        if options["with_parent"]:
            Thread(target=self.end_with, args=[options["with_parent"]], daemon=True).start()
        with only_worker() as mine:
            if not mine:
                raise CommandError("A worker is running already.")
            self.work(once=options["once"], quiet=options["verbosity"] == 0)

    @staticmethod
    def stop() -> None:
        raise SystemExit(0)

    @staticmethod
    def end_with(parent: int) -> None:
        """Whatever ended the parent, nobody else would end this process."""
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    def work(self, *, once: bool, quiet: bool) -> None:
        looked: float | None = None
        while True:
            if looked is None or time.monotonic() - looked >= DUE_SECONDS:
                run_due()
                ask_for_due_scores()
                ask_for_due_snapshot()
                looked = time.monotonic()
            job = do_next()
            if job is not None and not quiet:
                self.stdout.write(f"{job.summary}: {job.get_state_display()}. {job.message}")
            if job is None and once:
                return
            if job is None:
                time.sleep(EVERY_SECONDS)
