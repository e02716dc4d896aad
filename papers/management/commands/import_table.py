"""Take in a table that was taken out and edited."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authors.curation.recording import Channel
from papers.management.importing import SOME_SKIPPED
from papers.tables.applying import NotTaken, apply
from papers.tables.comparing import Comparison
from papers.tables.files import TableError, TableFile
from papers.tables.kinds import KINDS, Kind
from papers.tables.reports import Report, dry_run


class Command(BaseCommand):
    help = (
        "Take in a CSV table of papers, people or institutions as export_table writes it. Exit code 0: all rows taken;"
        " 1: the file cannot be read; 3: rows with errors, then nothing is written, or with --leave-out the others."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--kind", choices=sorted(KINDS), help="what the rows are; needed only if the ids do not say")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--leave-out", action="store_true", help="leave out the rows with errors and take the others")
        parser.add_argument("--reason", default="", help="why, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        file = TableFile(options["file"])
        try:
            kind = KINDS[options["kind"]] if options["kind"] else kind_of(file)
            report = dry_run(Comparison(kind, file))
            self._tell(report)
            writes = not options["dry_run"] and (options["leave_out"] or not report.problems)
            if writes and report.writes:
                summary = f"Table {file.path.name}: {report.writes:,} {kind.name}"
                taken = apply(
                    Comparison(kind, file), summary=summary, leave_out=options["leave_out"], channel=Channel.COMMAND,
                    reason=options["reason"],
                )  # fmt: skip
                self.stdout.write(f"Written: {taken}.")
        except (TableError, NotTaken, OSError) as error:
            raise CommandError(str(error)) from error
        if report.problems:
            sys.exit(SOME_SKIPPED)

    def _tell(self, report: Report) -> None:
        told = f"{report.changed:,} changed, {report.new:,} new, {report.unchanged:,} unchanged"
        self.stdout.write(f"{told}, {report.refused:,} with errors")
        for note in report.notes:
            self.stdout.write(note)
        for row, column, problem in report.problems:
            self.stderr.write(f"Row {row}, {column or 'all'}: {problem}")


def kind_of(file: TableFile) -> Kind:
    """What the ids are of; TableError if there is none."""
    for line in file.lines():
        for kind in KINDS.values():
            if line.cells["id"].strip().upper().startswith(kind.letter):
                return kind
    raise TableError("No row has an id: say with --kind what the rows are.")
