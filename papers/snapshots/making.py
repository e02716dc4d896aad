"""Making a snapshot: part by part, each whole or not there, so that a run that was cut off goes on where it was."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.utils import timezone

from authors.models import Redirect, SiteIdentity
from papers.changefeed import SCOPE, place_now
from papers.cursors import write_cursor
from papers.models import GonePaper
from papers.snapshots.kinds import KINDS, LETTERED, Kind
from papers.snapshots.parts import File, Part, told_of
from papers.snapshots.readme import README, readme
from papers.snapshots.records import batches
from papers.snapshots.schemas import schema_of
from papers.snapshots.shelf import FORMAT, MANIFEST, SUMS, VERSION

PART = 50_000  # records in a file
WORK, STATE, LOCK = ".unfinished", "state.json", ".lock"
Say = Callable[[str, int], None]


class SnapshotError(Exception):
    """Why there is no snapshot; a sentence."""


def quiet(what: str, records: int) -> None: ...


@dataclass
class Work:
    """A snapshot that is not finished, and how far it got."""

    folder: Path
    state: dict[str, Any]

    @property
    def files(self) -> list[File]:
        found: list[File] = self.state["files"]
        return found

    def save(self) -> None:
        _write(self.folder / STATE, _as_json(self.state))


def make_snapshot(shelf: Path, *, parquet: bool, force: bool = False, say: Say = quiet) -> Path:
    """Give the folder of the finished snapshot. `force`: begin anew, and take the place of one of the same day."""
    shelf.mkdir(parents=True, exist_ok=True)
    with _alone(shelf):
        work = _unfinished(shelf, parquet=parquet, force=force) or _begin(shelf, parquet=parquet)
        target = shelf / work.state["made_at"][:10]
        if target.exists() and not force:
            raise SnapshotError(f"{target} is there already. --force makes it anew.")
        for kind in KINDS:
            if kind.name not in work.state["done"]:
                _write_kind(kind, work, say)
        _finish(work)
        _put(work.folder, target)
    return target


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    with (shelf / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SnapshotError(f"Another process is making a snapshot in {shelf}.") from error
        yield


# --- beginning, or going on -----------------------------------------------------------------------------------------------


def _unfinished(shelf: Path, *, parquet: bool, force: bool) -> Work | None:
    """One that a run of the same kind left behind; any other is thrown away."""
    folder = shelf / WORK
    try:
        state = json.loads((folder / STATE).read_bytes())
    except (FileNotFoundError, ValueError):
        state = {}
    if not force and (state.get("version"), state.get("parquet")) == (VERSION, parquet):
        return Work(folder, state)
    shutil.rmtree(folder, ignore_errors=True)
    return None


def _begin(shelf: Path, *, parquet: bool) -> Work:
    """The place in the history is taken before anything is read: what changes later is told from there on."""
    cursor = write_cursor(place_now().values, of=SCOPE)
    made_at = _moment(timezone.now())
    state = {
        "version": VERSION,
        "parquet": parquet,
        "made_at": made_at,
        "cursor": cursor,
        "files": [],
        "reached": {},
        "done": [],
    }
    return Work(shelf / WORK, state)


def _moment(when: datetime) -> str:
    return when.replace(microsecond=0).isoformat().replace("+00:00", "Z")


# --- parts ----------------------------------------------------------------------------------------------------------------


def _write_kind(kind: Kind, work: Work, say: Say) -> None:
    """The state is saved after a part's files are whole: at worst a part is written twice."""
    rows = kind.rows()
    while _write_part(kind, rows, work, say):
        pass
    work.state["done"].append(kind.name)
    work.save()


def _write_part(kind: Kind, rows: Any, work: Work, say: Say) -> bool:
    """Whether there may be more."""
    before = sum(file["records"] for file in work.files if file["kind"] == kind.name and file["format"] == "jsonl.gz")
    after = work.state["reached"].get(kind.name, kind.first)
    work.folder.mkdir(exist_ok=True)
    part = Part(work.folder, kind, before // PART, parquet=work.state["parquet"])
    for reached, records in batches(kind, rows, after, PART):
        part.write(records)
        after = reached
        say(kind.name, before + part.records)
    work.files.extend(part.finish())
    work.state["reached"][kind.name] = after
    work.save()
    return part.records == PART


# --- ending ---------------------------------------------------------------------------------------------------------------


def _finish(work: Work) -> None:
    (work.folder / "schema").mkdir(exist_ok=True)
    texts = {f"schema/{kind.name}.json": _as_json(schema_of(kind)) for kind in KINDS}
    manifest = _manifest(work)
    for name, text in {**texts, README: readme(manifest)}.items():
        _write(work.folder / name, text)
    others = [told_of(work.folder / name, name) for name in (*texts, README)]
    manifest["files"] = [*work.files, *others]
    _write(work.folder / MANIFEST, _as_json(manifest))
    listed = [*manifest["files"], told_of(work.folder / MANIFEST, MANIFEST)]
    _write(work.folder / SUMS, "".join(f"{file['sha256']}  {file['path']}\n" for file in listed))
    (work.folder / STATE).unlink()


def _manifest(work: Work) -> dict[str, Any]:
    site = SiteIdentity.current()
    counts = {kind.name: 0 for kind in KINDS}
    for file in work.files:
        counts[file["kind"]] += file["records"] if file["format"] == "jsonl.gz" else 0
    licence = {"name": site.data_licence_name, "url": site.data_licence_url, "text": site.data_licence_text}
    return {
        "format": FORMAT, "version": VERSION, "site": site.name, "licence": licence, "made_at": work.state["made_at"],
        "finished_at": _moment(timezone.now()), "changes_cursor": work.state["cursor"], "highest_ids": _highest_ids(),
        "records": counts,
    }  # fmt: skip


def _highest_ids() -> dict[str, int]:
    """Of all that there were, public or not: a copy hands none of them out again."""
    found = {}
    for letter, model in LETTERED.items():
        there = model._base_manager.aggregate(highest=Max("pk"))["highest"]
        moved = Redirect.objects.filter(kind=letter).aggregate(highest=Max("old_id"))["highest"]
        gone = GonePaper.objects.aggregate(highest=Max("paper_id"))["highest"] if letter == "P" else 0
        found[letter] = max(there or 0, moved or 0, gone or 0)
    return found


def _put(folder: Path, target: Path) -> None:
    """In its place at once; one of the same day goes."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    folder.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
