"""Taking a snapshot into an empty site: all of its rows in one transaction, or none."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from authors.curation.models import ImportRun
from authors.curation.recording import Action, Recording, importing, recorded
from authors.models import Redirect
from papers.models import Category, GonePaper, ScoreRun, TextEncoder
from papers.snapshots.checking import BadSnapshot, batches_of, read_manifest, span, verify
from papers.snapshots.kinds import KINDS, LETTERED, Kind
from papers.snapshots.parts import digest_of
from papers.snapshots.rows import Rows
from papers.snapshots.shelf import MANIFEST

SOURCE = "snapshot"
EMPTY = (*LETTERED.values(), Redirect, GonePaper)
Say = Callable[[str, int], None]


@dataclass(frozen=True)
class Taken:
    """`again`: the rows were in already, from a run that was cut off afterwards. `left_out` says what, and how often."""

    run: ImportRun
    left_out: dict[str, int]
    again: bool = False


def take_in(folder: Path, say: Say) -> Taken:
    """The rows alone: figures and search index are still to be made, then `finish`. Raises BadSnapshot, and nothing changed."""
    manifest = read_manifest(folder)
    about = {"source": SOURCE, "fingerprint": digest_of(folder / MANIFEST), "kind": "P"}
    run = ImportRun.objects.filter(**about, state=ImportRun.State.RUNNING).first()
    if run is not None:
        return Taken(run, {}, again=True)
    _refuse_unless_empty()
    verify(folder, manifest)
    rows = Rows(manifest["highest_ids"])
    with transaction.atomic():
        _refuse_unless_empty()
        total = sum(manifest["records"][kind.name] for kind in KINDS)
        run = ImportRun.objects.create(**about, file_name=folder.resolve().name[-255:], checkpoint=total, created_count=total)
        with importing(run):
            _take_all(folder, manifest, rows, say)
    _tell_the_planner()
    return Taken(run, dict(rows.left_out))


def finish(run: ImportRun) -> None:
    run.state, run.finished_at = ImportRun.State.DONE, timezone.now()
    run.save(update_fields=["state", "finished_at"])


def _refuse_unless_empty() -> None:
    unfinished = ImportRun.objects.filter(source=SOURCE, state=ImportRun.State.RUNNING).first()
    if unfinished:
        raise BadSnapshot(
            f"Another snapshot is in, but its figures are not made yet: first import {unfinished.file_name} again."
        )
    for model in EMPTY:
        if model._base_manager.exists():
            what = model._meta.verbose_name_plural
            raise BadSnapshot(f"This site is not empty: it has {what}. A snapshot is taken in by a site without records only.")


# --- within the transaction -------------------------------------------------------------------------------------------------


def _take_all(folder: Path, manifest: dict[str, Any], rows: Rows, say: Say) -> None:
    """Categories in a recording of their own, before there are papers: a renamed one would make all of its papers new."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else it would remember every row until the end
    summary = f"Took in the snapshot {folder.resolve().name}"
    first, *others = KINDS
    with recorded(Action.IMPORT, summary=summary) as recording:
        recording.watch_rows(Category.objects.all())
        Category.objects.all().delete()
        _take(first, folder, manifest, rows, say)
    with recorded(Action.IMPORT, summary=summary) as recording:
        ScoreRun.objects.all().delete()
        TextEncoder.objects.all().delete()
        for kind in others:
            _take(kind, folder, manifest, rows, say)
        _record(recording)
        _keep_keys(manifest["highest_ids"])


def _take(kind: Kind, folder: Path, manifest: dict[str, Any], rows: Rows, say: Say) -> None:
    done = 0
    for batch in batches_of(folder, manifest, kind.name):
        try:
            rows.insert(kind.table, batch)
        except (DatabaseError, OverflowError) as error:
            raise BadSnapshot(f"{span(batch)}: the database refuses them: {str(error).splitlines()[0]}") from error
        done += len(batch)
        say(kind.name, done)
    if done != manifest["records"][kind.name]:
        raise BadSnapshot(f"{folder / MANIFEST} says {manifest['records'][kind.name]:,} {kind.name}; its files have {done:,}.")
    rows.finish(kind.table)


def _record(recording: Recording) -> None:
    """One range for each kind, though keys may be missing within: there was nothing before."""
    for model in LETTERED.values():
        keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
        if (last := keys.last()) is not None:
            recording.created(model, range(keys[0], last + 1))


def _keep_keys(highest: dict[str, int]) -> None:
    """What was ever given out, no record gets again."""
    with connection.cursor() as cursor:
        for letter, model in LETTERED.items():
            table, last = model._meta.db_table, highest[letter]
            if connection.vendor == "postgresql":
                if last:
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
                continue
            cursor.execute("UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [last, table])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _tell_the_planner() -> None:
    """PostgreSQL takes tables that have just been filled for empty ones until it looks."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
