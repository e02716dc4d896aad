"""One part of a kind as files, under another name until it is whole: compressed JSON Lines and, where wanted, Parquet."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from papers.snapshots.kinds import Kind
from papers.snapshots.parquet import ParquetPart
from papers.snapshots.tables import Record

LEVEL = 6
UNFINISHED = ".unfinished"
File = dict[str, Any]  # as the manifest tells of it


class Part:
    """The same records give the same bytes: no time and no name stands in the compressed file."""

    def __init__(self, folder: Path, kind: Kind, number: int, *, parquet: bool) -> None:
        self.folder, self.kind, self.records = folder, kind.name, 0
        self.stem = f"{kind.name}/part-{number:05}"
        (folder / kind.name).mkdir(exist_ok=True)
        self._raw = self._path("jsonl.gz").open("wb")
        self._packed = gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=self._raw, mtime=0)
        self._parquet = ParquetPart(self._path("parquet"), kind.table) if parquet else None

    def _path(self, suffix: str) -> Path:
        return self.folder / f"{self.stem}.{suffix}{UNFINISHED}"

    def write(self, records: Sequence[Record]) -> None:
        self._packed.write(lines(records))
        if self._parquet:
            self._parquet.write(records)
        self.records += len(records)

    def finish(self) -> list[File]:
        """Nothing of a part without records remains."""
        self._packed.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        if self._parquet:
            self._parquet.close()
        suffixes = ["jsonl.gz", *(["parquet"] if self._parquet else [])]
        if not self.records:
            for suffix in suffixes:
                self._path(suffix).unlink()
            with suppress(OSError):  # other parts stand there
                (self.folder / self.kind).rmdir()
            return []
        return [self._finished(suffix) for suffix in suffixes]

    def _finished(self, suffix: str) -> File:
        path = self._path(suffix)
        about = told_of(path, f"{self.stem}.{suffix}") | {"kind": self.kind, "format": suffix, "records": self.records}
        path.rename(self.folder / f"{self.stem}.{suffix}")
        return about


def lines(records: Iterable[Record]) -> bytes:
    return "".join(f"{json.dumps(record, ensure_ascii=False, separators=(',', ':'))}\n" for record in records).encode()


def told_of(path: Path, name: str) -> File:
    return {
        "path": name,
        "kind": None,
        "format": None,
        "records": None,
        "bytes": path.stat().st_size,
        "sha256": digest_of(path),
    }


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
