"""Compute Novelty and the AI Score of all papers, people and institutions."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from papers.metrics.score_runs import run_scores

EVERY_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Compare what is new or changed with earlier papers, and compute Novelty and the AI Score of all papers, people and"
        " institutions. A run that was cut off goes on when it is started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--refit", action="store_true", help="learn the words of the texts anew: another version of the method"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.said, self.quiet = time.monotonic(), options["verbosity"] == 0
        run = run_scores(refit=options["refit"], say=self.say)
        if not self.quiet:
            scored = ", ".join(f"{name} of {count:,}" for name, count in sorted(run.scored.items())) or "nothing"
            self.stdout.write(f"{run.papers:,} papers: {scored}; {run.people:,} people, {run.institutions:,} institutions.")
            for name, reasons in run.unscored.items():
                for reason, count in sorted(reasons.items()):
                    self.stdout.write(f"  no {name}: {count:,}. {reason}")

    def say(self, what: str, done: int, total: int) -> None:
        """A line every few seconds."""
        if not self.quiet and time.monotonic() - self.said > EVERY_SECONDS:
            self.said = time.monotonic()
            self.stdout.write(f"{what}: {done:,} of {total:,}")
