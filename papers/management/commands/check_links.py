"""Ask for a look at the code links."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.linking import DAYS, ask_for_check


class Command(BaseCommand):
    help = (
        "Put a check of the papers' code links into the queue; `manage.py work` does it. Links that gave no sure answer are"
        " asked for again with every check."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", type=int, default=DAYS, metavar="DAYS", help=f"ask again after DAYS days ({DAYS})")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["again"] <= 36_500:
            raise CommandError("--again: give a number of days from 0 to 36500.")
        job = ask_for_check(again=options["again"])
        if options["verbosity"]:
            self.stdout.write("It waits for the worker." if job else "A check is waiting or under way already.")
