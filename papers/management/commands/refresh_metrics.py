"""Compute all stored metrics anew, or check them."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from papers.metrics.checking import CHECKS, check_all
from papers.metrics.refreshing.everything import REFRESHERS, refresh_all

EVERY_SECONDS = 5
SHOWN = 50  # differences


class Command(BaseCommand):
    help = (
        "Compute the metrics of papers, people, institutions, venues and categories anew. A run that was interrupted goes on"
        " with --kind and --after. With --check nothing is written: what is stored is compared with a second, plain one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = ", ".join(f"{kind} {refresher.name}" for kind, refresher in REFRESHERS.items())
        parser.add_argument("--kind", choices=list(REFRESHERS), help=f"{kinds}; all of them without it")
        parser.add_argument("--after", metavar="KEY", help="begin after the record of this key, such as 4711 or cs.CL")
        parser.add_argument("--check", action="store_true", help="say what is wrong, and fail if anything is")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["after"] and not options["kind"]:
            raise CommandError("--after needs --kind.")
        self.quiet, self.said = options["verbosity"] == 0, time.monotonic()
        kinds = [options["kind"]] if options["kind"] else list(REFRESHERS)
        after = self.key(kinds[0], options["after"])
        wrong = sum(self.compare(kind, after) if options["check"] else self.refresh(kind, after) for kind in kinds)
        if wrong:
            raise CommandError(f"{wrong:,} differences")
        if options["check"] and not self.quiet:
            self.stdout.write("No differences.")

    def key(self, kind: str, given: str | None) -> Any:
        if given is None:
            return None
        try:
            return REFRESHERS[kind].model._meta.pk.to_python(given)
        except ValidationError as error:
            raise CommandError(f"{given!r} is no key of {REFRESHERS[kind].name}.") from error

    def refresh(self, kind: str, after: Any) -> int:
        records, reached = 0, after
        for step in refresh_all(kind, after=after):
            records, reached = records + step.records, step.reached
            self.say(f"{REFRESHERS[kind].name}: {records:,}, reached {reached}")
        self.say(f"{REFRESHERS[kind].name}: {records:,} refreshed", always=True)
        return 0

    def compare(self, kind: str, after: Any) -> int:
        records, wrong = 0, 0
        for step in check_all(CHECKS[kind], after=after):
            records += step.records
            for difference in step.differences:
                wrong += 1
                if wrong <= SHOWN:
                    self.stdout.write(str(difference))
            self.say(f"{REFRESHERS[kind].name}: {records:,} checked, reached {step.reached}")
        self.say(f"{REFRESHERS[kind].name}: {records:,} checked, {wrong:,} differences", always=True)
        return wrong

    def say(self, told: str, *, always: bool = False) -> None:
        """A line every few seconds, and at the end."""
        if not self.quiet and (always or time.monotonic() - self.said > EVERY_SECONDS):
            self.said = time.monotonic()
            self.stdout.write(told)
