"""Files of imports from the admin, kept so that an import can go on after a restart, or be run again.

Each stands in a folder named by its fingerprint: `VAR_DIR/imports/kept/<fingerprint>/<name>`.
"""

import os
import shutil
import time
from pathlib import Path

from django.conf import settings

from authors.curation.jobs.models import Job
from papers.importers.reading import file_fingerprint

KEPT_SECONDS = 30 * 24 * 3600


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "imports" / "kept"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(path: Path) -> str:
    """Move the file to the kept ones; gives the fingerprint by which it is found again."""
    tidy()
    fingerprint = file_fingerprint(path)
    place = _folder() / fingerprint
    place.mkdir(exist_ok=True)
    if kept(fingerprint) is None:
        shutil.move(path, place / path.name)
    else:
        path.unlink()
    os.utime(place)
    return fingerprint


def kept(fingerprint: str) -> Path | None:
    """The file with this content, if it is kept."""
    place = _folder() / fingerprint
    return next(place.iterdir(), None) if fingerprint.isalnum() and place.is_dir() else None


def tidy() -> None:
    """Let files go that nobody has used for 30 days, unless a job still needs them."""
    needed = {*Job.objects.unfinished().values_list("parameters__fingerprint", flat=True)}
    for place in _folder().iterdir():
        if place.name not in needed and place.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(place, ignore_errors=True)
