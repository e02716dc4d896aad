"""Is a folder a snapshot, is it whole, and what stands in its lines? Says of anything wrong in which file and line it is."""

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papers.snapshots.kinds import KINDS
from papers.snapshots.parts import digest_of
from papers.snapshots.shelf import FORMAT, MANIFEST, VERSION

AT_ONCE, MOST_BYTES = 500, 4_000_000  # lines taken together
LONGEST_LINE = 100_000_000  # the encoder of a large catalogue is one line


class BadSnapshot(Exception):
    """Why it cannot be taken in; a sentence that names the file."""


@dataclass(frozen=True)
class Line:
    file: str
    number: int
    record: dict[str, Any]

    def wrong(self, reason: str) -> BadSnapshot:
        return BadSnapshot(f"{self.file}, line {self.number}: {reason}.")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Raises BadSnapshot."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise BadSnapshot(f"{folder} is no snapshot: it has no {MANIFEST}.") from error
    except (OSError, ValueError) as error:
        raise BadSnapshot(f"{folder / MANIFEST} cannot be read: {error}.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadSnapshot(f"{folder / MANIFEST} does not say that this is a snapshot of this kind of catalogue ({FORMAT}).")
    if manifest.get("version") != VERSION:
        known = f"this version of the software reads version {VERSION} of the format"
        raise BadSnapshot(f"{folder / MANIFEST} says version {manifest.get('version')!r}; {known}.")
    if not _is_complete(manifest):
        raise BadSnapshot(f"{folder / MANIFEST} lacks its files, numbers of records or highest ids.")
    return manifest


def _is_complete(manifest: dict[str, Any]) -> bool:
    files, counts, highest = (manifest.get(name) for name in ("files", "records", "highest_ids"))
    told = ("path", "kind", "format", "records", "bytes", "sha256")
    return (
        isinstance(files, list)
        and all(isinstance(file, dict) and all(name in file for name in told) for file in files)
        and all(isinstance(file["path"], str) and _stays_within(file["path"]) for file in files)
        and isinstance(counts, dict)
        and all(type(counts.get(kind.name)) is int for kind in KINDS)
        and isinstance(highest, dict)
        and all(type(highest.get(letter)) is int and 0 <= highest[letter] < 2**62 for letter in "AIPV")
    )


def _stays_within(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/") and "\0" not in path


def verify(folder: Path, manifest: dict[str, Any]) -> None:
    """Every file is there and has its checksum. Raises BadSnapshot."""
    for file in manifest["files"]:
        path = folder / file["path"]
        if not path.is_file():
            raise BadSnapshot(f"{path} is missing.")
        if path.stat().st_size != file["bytes"]:
            raise BadSnapshot(f"{path} has {path.stat().st_size:,} bytes; the manifest says {file['bytes']:,}. Fetch it again.")
        if digest_of(path) != file["sha256"]:
            raise BadSnapshot(f"{path} has another checksum than the manifest says. Fetch it again.")


def batches_of(folder: Path, manifest: dict[str, Any], kind: str) -> Iterator[list[Line]]:
    """All lines of a kind, some at a time. Raises BadSnapshot, also when there are more or fewer than the manifest says."""
    for file in manifest["files"]:
        if (file["kind"], file["format"]) == (kind, "jsonl.gz"):
            yield from _batches(folder, file)


def _batches(folder: Path, file: dict[str, Any]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    size = number = 0
    for number, text in enumerate(_texts(folder / file["path"]), start=1):
        batch.append(_line(str(folder / file["path"]), number, text))
        size += len(text)
        if len(batch) == AT_ONCE or size > MOST_BYTES:
            yield batch
            batch, size = [], 0
    if number != file["records"]:
        raise BadSnapshot(f"{folder / file['path']} has {number:,} lines; the manifest says {file['records']:,}.")
    if batch:
        yield batch


def _texts(path: Path) -> Iterator[bytes]:
    number = 0
    try:
        with gzip.open(path) as lines:
            while text := lines.readline(LONGEST_LINE):
                number += 1
                if not text.endswith(b"\n"):
                    raise BadSnapshot(f"{path}, line {number} breaks off or is too long.")
                yield text
    except (EOFError, OSError, zlib.error) as error:
        raise BadSnapshot(f"{path} breaks off after line {number}: {error}") from error


def _line(file: str, number: int, text: bytes) -> Line:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadSnapshot(f"{file}, line {number} is no JSON: {error}.") from error
    line = Line(file, number, record)
    if not isinstance(record, dict):
        raise line.wrong("it is no JSON object")
    return line


def span(batch: Sequence[Line]) -> str:
    return f"{batch[0].file}, lines {batch[0].number} to {batch[-1].number}"
