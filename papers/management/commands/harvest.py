"""Ask for the harvests that are due."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authors.curation.harvests import Harvest
from papers.harvesting import run_due, run_harvest


class Command(BaseCommand):
    help = "Put the harvests that are due into the queue, or the one that is named; `manage.py work` does them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the harvest of this name, due or not")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] is None:
            jobs = run_due()
        else:
            harvest = Harvest.objects.filter(name=options["name"]).first()
            if harvest is None:
                raise CommandError(f"There is no harvest {options['name']!r}.")
            job = run_harvest(harvest)
            jobs = [job] if job else []
        if options["verbosity"]:
            self.stdout.write("\n".join(job.summary for job in jobs) or "Nothing is due, or it is under way already.")
