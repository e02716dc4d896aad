"""Where finished snapshots stand, one folder a day, and what each says of itself."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

FORMAT, VERSION = "bylines-snapshot", 1
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
NAME = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Snapshot:
    folder: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["made_at"])

    @property
    def records(self) -> dict[str, int]:
        found: dict[str, int] = self.manifest["records"]
        return found

    @property
    def files(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.manifest["files"]
        return found

    @cached_property
    def bytes(self) -> int:
        return sum(file["bytes"] for file in self.files)

    def path_of(self, name: str) -> Path | None:
        """Only what the manifest names, itself and the list of checksums: whatever else `name` says leads nowhere."""
        known = {MANIFEST, SUMS, *(file["path"] for file in self.files)}
        path = self.folder / name
        return path if name in known and path.is_file() else None

    def sha256_of(self, name: str) -> str:
        """As the manifest says; nothing of itself."""
        return next((file["sha256"] for file in self.files if file["path"] == name), "")


def folder() -> Path:
    return Path(settings.SNAPSHOT_DIR)


def snapshots(shelf: Path | None = None) -> list[Snapshot]:
    """The newest first."""
    return sorted(_finished(shelf or folder()), key=lambda snapshot: snapshot.name, reverse=True)


def _finished(shelf: Path) -> Iterator[Snapshot]:
    """Others that stand there, such as one of a later version, are passed over."""
    for path in shelf.glob(f"*/{MANIFEST}") if shelf.is_dir() else ():
        try:
            manifest = json.loads(path.read_bytes()) if NAME.fullmatch(path.parent.name) else None
        except (OSError, ValueError):  # it may be on its way out
            continue
        if isinstance(manifest, dict) and (manifest.get("format"), manifest.get("version")) == (FORMAT, VERSION):
            yield Snapshot(path.parent, manifest)


def snapshot_named(name: str) -> Snapshot | None:
    return next((found for found in snapshots() if found.name == name), None) if NAME.fullmatch(name) else None


def keep_newest(shelf: Path, number: int) -> list[str]:
    """Take the others away; gives their names."""
    old = snapshots(shelf)[number:]
    for snapshot in old:
        shutil.rmtree(snapshot.folder)
    return [snapshot.name for snapshot in old]
