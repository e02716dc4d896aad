"""One run of an importer over one file: batches, checkpoints, report.

Each batch is one transaction that writes its rows, its problems and how far the run got. A run that was killed is found
again by the file's fingerprint and goes on after its last batch, with the same batches as an unbroken run.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from authors.curation.models import ImportProblem, ImportRun, Provenance
from authors.curation.recording import Action, importing, recorded
from authors.models import Author, AuthorIdentifier, AuthorName, Institution, InstitutionIdentifier
from papers.duplicates.following import follow_run
from papers.importers.formats import Format, Translate, format_of
from papers.importers.reading import Raw, file_fingerprint
from papers.importers.records import FileError, Note, Record, RecordError
from papers.importers.saving.authors import save_authors
from papers.importers.saving.context import Incoming, Saving, digest_of, known_digests
from papers.importers.saving.organisations import save_institutions
from papers.importers.saving.papers import save_papers
from papers.metrics.refreshing import refresh_categories, refresh_institutions, refresh_venues, touched_by_run
from papers.models import AuthorMetrics, Authorship, AuthorshipAffiliation, Paper, PaperIdentifier, PaperInstitution
from papers.search.engines import engine
from papers.search.indexing import index_all_waiting, index_institutions

# A batch must commit within about a second, so that nobody waits long for the writer, and fit into memory.
BATCH = 1_000  # records
LINES_IN_BATCH = 20_000  # lines of their lists of authors and references; some papers have thousands
LISTS = ("authorships", "referenced_works", "author", "reference", "authors", "AU", "A1")
NOTES_ON_RECORD = 100
ROOMY = {"mmap_size": 0, "cache_size": -32_000, "wal_autocheckpoint": 4_000}  # bytes, KiB with a minus, pages
GROWING = (
    Author, AuthorIdentifier, AuthorName, Institution, InstitutionIdentifier, Provenance,
    AuthorMetrics, Authorship, AuthorshipAffiliation, Paper, PaperIdentifier, PaperInstitution,
)  # fmt: skip
ONE_IMPORT = 4_021_964  # the advisory lock that keeps two imports from adding the same person twice

Save = Callable[[Sequence[Incoming], Saving], None]
Progress = Callable[[ImportRun], None]


class Overtaken(FileError):
    """The run was undone, or another process goes on with it: nothing more was written here."""


@dataclass(frozen=True)
class Importer:
    """What is imported, and the saver that does it; the format of the file has the translator."""

    kind: str
    save: Save


PAPERS = Importer("P", save_papers)
AUTHORS = Importer("A", save_authors)
INSTITUTIONS = Importer("I", save_institutions)


def run_import(
    importer: Importer,
    path: Path,
    *,
    source: str,
    state: str = "published",
    progress: Progress | None = None,
    most: int | None = None,
) -> ImportRun:
    """Read the whole file or `most` records, going on where an unfinished run of the same file stopped.

    Raises FileError when the file cannot be read, or not to its end; what came before is in, and the run says so. Raises
    Overtaken when the run was undone meanwhile, or another process goes on with it.
    """
    run = _open_run(importer, path, source=source, options={"state": state})
    with _rare_collections(), _roomy_cache():
        try:
            form = format_of(path)
            form.translator(importer.kind)
            for batch in _batches(islice(form.read(path, skip=run.checkpoint), most)):
                _save_batch(importer, form, batch, run, state)
                if progress:
                    progress(run)
        except Overtaken:
            raise
        except FileError as error:
            index_all_waiting()
            close_run(run, ImportRun.State.FAILED, str(error))
            raise
        index_all_waiting()
        close_run(run, ImportRun.State.DONE)
    return run


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let Python look for reference cycles less often: a batch makes many objects and no cycles (a fifth faster)."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _roomy_cache() -> Iterator[None]:
    """Let SQLite keep the indexes' pages in its own cache and move the log into the file less often: a batch touches
    pages all over the file, and pages mapped from it cannot be those that were just written. The cache takes less memory
    than the map (35 MB).
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        answers = {name: cursor.execute(f"PRAGMA {name}").fetchone() for name in ROOMY}
    _set_pragmas(ROOMY)
    try:
        yield
    finally:
        _set_pragmas({name: answer[0] for name, answer in answers.items() if answer})  # a database in memory has no map


def _set_pragmas(values: Mapping[str, int]) -> None:
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"PRAGMA {name} = {value}").fetchall()


def _open_run(importer: Importer, path: Path, *, source: str, options: dict[str, str]) -> ImportRun:
    about = {"kind": importer.kind, "fingerprint": file_fingerprint(path), "source": source, "options": options}
    unfinished = ImportRun.objects.filter(**about, state=ImportRun.State.RUNNING).first()
    return unfinished or ImportRun.objects.create(**about, file_name=_printable(path.name)[-255:])


def _printable(text: str) -> str:
    """File names may hold bytes that are no text."""
    return text.encode(errors="backslashreplace").decode()


def _batches(raws: Iterator[Raw]) -> Iterator[list[Raw]]:
    """Batches of records. When the file breaks off, the records before the break still come."""
    batch: list[Raw] = []
    lines = 0
    try:
        for raw in raws:
            batch.append(raw)
            lines += _lines_of(raw.value)
            if len(batch) == BATCH or lines >= LINES_IN_BATCH:
                yield batch
                batch, lines = [], 0
    except FileError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _lines_of(value: Any) -> int:
    lists = (value.get(name) for name in LISTS) if isinstance(value, dict) else ()
    return sum(_length(given) for given in lists)


def _length(given: Any) -> int:
    if isinstance(given, str):
        return given.count(" and ")  # BibTeX keeps its list of authors in one text
    return len(given) if isinstance(given, list) else 0


def _save_batch(importer: Importer, form: Format, batch: Sequence[Raw], run: ImportRun, state: str) -> None:
    """Save the batch; should the database refuse a record of it, save them one by one and report which."""
    try:
        _save_together(importer, form, batch, run, state)
    except (DataError, IntegrityError) as error:
        run.refresh_from_db()
        if len(batch) > 1:
            for raw in batch:
                _save_batch(importer, form, [raw], run, state)
        else:
            refusal = Raw(batch[0].line, error=f"the database refused it: {str(error).splitlines()[0]}")
            _save_together(importer, form, [refusal], run, state)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT])


def _tell_the_planner(batches: int) -> None:
    """Renew PostgreSQL's statistics after 1, 2, 4, 8 … batches: its own upkeep looks once a minute, and until then the
    planner takes tables that have grown to thousands of rows for empty ones (half of an import's time).
    """
    if batches & (batches - 1) == 0:
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in GROWING)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL default_statistics_target = 10")  # a tenth of the sample is enough to plan by
            cursor.execute(f"ANALYZE {tables}")


def _save_together(importer: Importer, form: Format, batch: Sequence[Raw], run: ImportRun, state: str) -> None:
    summary = f"Imported {run.file_name}"
    with importing(run), recorded(Action.IMPORT, summary=summary):
        _go_on(run)
        if connection.vendor == "postgresql":
            _one_at_a_time()
        saving = Saving(run, timezone.now(), state)
        incoming = _translated(importer.kind, form, batch, saving)
        importer.save(incoming, saving)
        if connection.vendor == "postgresql" and saving.created:
            _tell_the_planner(run.checkpoint // BATCH + 1)
        ImportProblem.objects.bulk_create(saving.problems, batch_size=200)
        run.checkpoint += len(batch)
        for name in ("created", "updated", "unchanged", "skipped"):
            setattr(run, f"{name}_count", getattr(run, f"{name}_count") + getattr(saving, name))
        run.save()


def _go_on(run: ImportRun) -> None:
    """Who undoes the run waits for the batch that is under way; no other begins after that."""
    told = list(ImportRun.objects.select_for_update().filter(pk=run.pk).values_list("state", "checkpoint"))
    if told != [(ImportRun.State.RUNNING, run.checkpoint)]:
        undone = not told or told[0][0] == ImportRun.State.UNDONE
        why = "it was undone while it was under way" if undone else "another process is importing this file"
        raise Overtaken(f"{run.file_name}: the import stopped, for {why}.")


def _translated(kind: str, form: Format, batch: Sequence[Raw], saving: Saving) -> list[Incoming]:
    """The records that have something new to say; the others are counted."""
    fresh: list[tuple[Raw, str, str]] = []
    for raw in batch:
        if raw.error:
            _skip(saving, raw.line, Note("record", raw.error))
            continue
        source = form.source_of(raw.value, saving.run.source)
        try:
            fresh.append((raw, source, digest_of(raw.value, kind=kind, source=source)))
        except RecursionError:
            _skip(saving, raw.line, Note("record", "is nested too deeply"))
    known = known_digests(digest for *_, digest in fresh)
    incoming = []
    for raw, source, digest in fresh:
        if digest in known:
            saving.unchanged += 1
        elif (record := _translate(form.translator(kind), raw, source, saving)) is not None:
            known.add(digest)
            incoming.append(Incoming(raw.line, record, source, digest))
    return incoming


def _translate(translate: Translate, raw: Raw, source: str, saving: Saving) -> Record | None:
    notes = [Note("record", raw.note)] if raw.note else []
    try:
        record = translate(raw.value, source, notes)
    except RecordError as error:
        _skip(saving, raw.line, Note(error.field, error.reason), record=_name_of(raw.value))
        return None
    if len(notes) > NOTES_ON_RECORD:
        notes[NOTES_ON_RECORD:] = [Note("record", f"{len(notes) - NOTES_ON_RECORD:,} further remarks on it are left out")]
    saving.report(raw.line, notes, record=_name_of(raw.value))
    return record


def _skip(saving: Saving, line: int, note: Note, *, record: str = "") -> None:
    saving.skipped += 1
    saving.report(line, [note], record=record, skipped=True)


def _name_of(value: Any) -> str:
    """What a reader of the report finds the record by."""
    if not isinstance(value, dict):
        return ""
    given = (value.get(key) for key in ("id", "title", "display_name", "DOI", "TI", "T1"))
    texts = (name[0] if isinstance(name, list) and name else name for name in given)
    text = next((name for name in texts if isinstance(name, str) and name), "")
    return "".join(character for character in text[:255] if character.isprintable())


@transaction.atomic
def close_run(run: ImportRun, state: str, message: str = "") -> None:
    """Refresh the figures that batches leave to the end, and say how it ended, unless it was undone meanwhile."""
    if not list(ImportRun.objects.select_for_update().filter(pk=run.pk, state=ImportRun.State.RUNNING).values_list("pk")):
        run.refresh_from_db()
        return
    touched = touched_by_run(run.pk)
    refresh_institutions(touched.institutions)
    index_institutions(touched.institutions)
    refresh_venues(touched.venues)
    refresh_categories(touched.categories)
    engine().settle()
    run.state, run.message, run.finished_at = state, _printable(message) or follow_run(run), timezone.now()
    run.save()
