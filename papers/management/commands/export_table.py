"""Take out papers, people or institutions as CSV."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from authors.models import Author
from papers.tables.exporting import csv_of
from papers.tables.kinds import KINDS, Kind


class Command(BaseCommand):
    help = "Write papers, people or institutions as a CSV table to the standard output; import_table takes it in again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("--query", default="", help="only records whose title or names have these words, or one id (P34)")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = KINDS[options["kind"]]
        out = getattr(self.stdout._out, "buffer", None)
        for piece in csv_of(kind, _found(kind, options["query"].strip())):
            if out is not None:
                out.write(piece.encode())
            else:
                self.stdout.write(piece, ending="")


def _found(kind: Kind, query: str) -> Any:
    records = kind.model.objects.all()
    if not query or records.with_public_id(query):
        return records.with_public_id(query) if query else records
    if kind.model is Author:
        return records.named(query, hidden_names=True)
    return records.titled(query) if kind.letter == "P" else records.named(query)
