"""Not too often, and not too long."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from django.conf import settings

from papers.importers.fetching.errors import FetchError, Offline

Result = TypeVar("Result")
LOOK = 0.05  # seconds between two looks whether it is our turn


def wait_turn(name: str, every: float, until: float) -> None:
    """Return when `every` seconds have passed since anybody's last turn, in whatever process of this machine."""
    folder = Path(settings.VAR_DIR) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.turn").open("a") as file:
        while not _locked(file.fileno()):
            _sleep(LOOK, until)
        _sleep(min(every, os.fstat(file.fileno()).st_mtime + every - time.time()), until)
        os.utime(file.fileno())


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sleep(seconds: float, until: float) -> None:
    if time.monotonic() + max(seconds, 0) > until:
        raise Offline("There was no time left for this one. Ask for it again.")
    time.sleep(max(seconds, 0))


def within(until: float, function: Callable[[], Result], *, late: FetchError) -> Result:
    """What the function returns or raises, or `late`. It runs in a thread of its own: time-outs of a socket begin anew with
    every byte, and looking up a name has none.
    """
    ended: SimpleQueue[tuple[Result | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            ended.put((function(), None))
        except BaseException as error:  # raised again where somebody waits
            ended.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        result, error = ended.get(timeout=max(until - time.monotonic(), 0.01))
    except Empty:
        raise late from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]
