"""What the import commands share: arguments, progress, report, exit code."""

import re
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from authors.curation.models import ImportRun, Provenance
from papers.importers.problems import problem_lines
from papers.importers.records import FileError
from papers.importers.runs import Importer, run_import

SOME_SKIPPED = 3
EVERY_SECONDS = 5


def source_name(text: str) -> str:
    """`editor` marks what people changed by hand, so no source may be called so."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", text) or text == Provenance.EDITOR:
        raise ArgumentTypeError(
            f"{text!r}: give up to 40 small letters, digits, dots and hyphens, and not {Provenance.EDITOR!r}"
        )
    return text


class ImportCommand(BaseCommand):
    """Imports files one after another. Exit code 0: all in; 1: a file could not be read; 3: some records were skipped."""

    importer: Importer

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="in a format of docs/import.md, told by its content; or gzip of it",
        )
        parser.add_argument(
            "--source", default="file", type=source_name, help="name of the source for records that do not name theirs"
        )

    def options_of_run(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"source": options["source"]}

    def handle(self, *args: Any, **options: Any) -> None:
        failed, skipped = [], 0
        for path in options["files"]:
            meter, began = Meter(self.stderr, quiet=options["verbosity"] == 0), timezone.now()
            run: ImportRun | None
            try:
                run = run_import(self.importer, path, progress=meter.show, **self.options_of_run(options))
            except FileError as error:
                meter.end()
                failed.append(str(error))
                self.stderr.write(self.style.ERROR(str(error)))
                run = ImportRun.objects.filter(state=ImportRun.State.FAILED, finished_at__gte=began).first()
            meter.end()
            if run is not None:
                skipped += run.skipped_count
                if options["verbosity"]:
                    self.report(run)
        if failed:
            raise CommandError(f"{len(failed)} of {len(options['files'])} files could not be read to the end.")
        if skipped:
            sys.exit(SOME_SKIPPED)

    def report(self, run: ImportRun) -> None:
        counts = f"{run.created_count:,} new, {run.updated_count:,} updated, {run.unchanged_count:,} unchanged"
        self.stdout.write(f"{run.file_name}: {counts}, {run.skipped_count:,} skipped")
        problems = run.problems.count()
        if problems:
            self.stdout.write(f"{problems:,} {'remark' if problems == 1 else 'remarks'}: {write_problems(run)}")


class Meter:
    """A bar that counts on a terminal, a plain line every few seconds elsewhere."""

    def __init__(self, out: Any, *, quiet: bool) -> None:
        self._out, self._quiet = out, quiet
        self._terminal = sys.stderr.isatty()
        self._began = self._said = time.monotonic()
        self._first: int | None = None

    def show(self, run: ImportRun) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = run.checkpoint
        if self._quiet or (not self._terminal and now - self._said < EVERY_SECONDS):
            return
        self._said = now
        speed = (run.checkpoint - self._first) / max(now - self._began, 0.001)
        text = f"{run.file_name}: {run.checkpoint:,} records, {speed:,.0f} a second, {run.skipped_count:,} skipped"
        self._out.write(f"\r{text}\033[K" if self._terminal else text, ending="" if self._terminal else "\n")
        self._out.flush()

    def end(self) -> None:
        if self._terminal and not self._quiet:
            self._out.write("\r\033[K", ending="")


def write_problems(run: ImportRun) -> Path:
    """All remarks on the run's records as a CSV file under `var/imports`."""
    folder = Path(settings.VAR_DIR) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{Path(run.file_name).stem[:60]}.run{run.pk}.problems.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(problem_lines(run))
    return path
