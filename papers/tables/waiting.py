"""Files of tables that wait: for an editor to look, then for the worker."""

import re
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from time import time

from django.conf import settings

WAITING, UNDER_WAY = "looked-at", "under-way"
KEPT = {WAITING: 24 * 3600, UNDER_WAY: 30 * 24 * 3600}  # seconds; a job that was cancelled may be tried again


def _folder(state: str) -> Path:
    folder = Path(settings.VAR_DIR) / "imports" / "tables" / state
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(name: str, blocks: Iterable[bytes]) -> Path:
    """The file in a folder whose name nobody can guess; old ones go."""
    for state, seconds in KEPT.items():
        for old in _folder(state).iterdir():
            if old.stat().st_mtime < time() - seconds:
                rmtree(old, ignore_errors=True)
    path = _folder(WAITING) / token_hex(16) / (re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-80:] or "table.csv")
    path.parent.mkdir()
    with path.open("wb") as file:
        file.writelines(blocks)
    return path


def token_of(path: Path) -> str:
    return path.parent.name


def waiting(token: str) -> Path | None:
    """The file of that token if it waits; nothing that leads out of the folder."""
    found = next((folder for folder in _folder(WAITING).iterdir() if folder.name == token), None)
    return next(found.iterdir(), None) if found else None


def claim(path: Path) -> Path | None:
    """Take the file for one's own; None if a second click was faster."""
    mine = _folder(UNDER_WAY) / path.parent.name
    try:
        path.parent.rename(mine)
    except OSError:
        return None
    return mine / path.name


def discard(path: Path) -> None:
    rmtree(path.parent, ignore_errors=True)
