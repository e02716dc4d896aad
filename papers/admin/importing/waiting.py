"""Files that wait for their import: between the preview and the click, at most a day."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex
from time import time

from django.conf import settings

from papers.importers.reading import file_fingerprint

KEPT_SECONDS = 24 * 3600


def folder() -> Path:
    found = Path(settings.VAR_DIR) / "imports" / "waiting"
    found.mkdir(parents=True, exist_ok=True)
    return found


def written(chunks: Iterable[bytes], name: str) -> Path:
    """A file with this content, block by block: it may be larger than memory."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-80:] or "pasted.txt"
    path = folder() / f"incoming-{token_hex(8)}" / safe
    path.parent.mkdir()
    with path.open("wb") as file:
        file.writelines(chunks)
    return path


def wait(path: Path) -> Path:
    """Move the file into a folder whose name nobody can guess who does not have it; files of yesterday go."""
    for old in folder().iterdir():
        if old.stat().st_mtime < time() - KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    place = folder() / file_fingerprint(path)[:24]
    shutil.rmtree(place, ignore_errors=True)  # the same content under another name
    place.mkdir()
    shutil.move(path, place / path.name)
    if path.parent.parent == folder():
        path.parent.rmdir()
    return place / path.name


def taken(token: str) -> Path | None:
    """The file of that name if it waits, for nobody else from now on; nothing that leads out of the folder."""
    waiting = next((path for path in folder().iterdir() if path.name == token), None)
    if waiting is None:
        return None
    mine = waiting.with_name(f"{waiting.name}-{token_hex(4)}")
    try:
        waiting.rename(mine)
    except FileNotFoundError:  # a second click was faster
        return None
    return next(mine.iterdir(), None)
