"""A worker that is killed in the middle of its work: the next one ends with what an unbroken one would have left."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from tests.benchmarks.killed_import import ROOT, digest
from tests.payloads import author, work

PEOPLE = {"Ada Testwright": 100, "Ben Example": 200}
WORKS, CHANGED = 2_600, 1_000  # three batches of an import, five steps of a change
MIGRATE = 'from django.core.management import call_command\ncall_command("migrate", verbosity=0)\n'
WORK = 'from django.core.management import call_command\ncall_command("work", once=True, verbosity=0)\n'
ASK_IMPORT = """
from pathlib import Path
from authors.curation.jobs.queue import enqueue
from papers.importers.keeping import keep
job = enqueue("import", "Import works.jsonl", fingerprint=keep(Path("{file}")), kind="P", source="test", state="published")
"""
ASK_CHANGE = f"""
from authors.curation.jobs.queue import enqueue
from papers.models import Paper
from papers.tasks import ranges_of
keys = list(Paper.objects.order_by("title").values_list("pk", flat=True)[:{CHANGED}])
enqueue("bulk", "1,000 papers, withdrawn", total=len(keys), change="state", value="withdrawn", ranges=ranges_of(keys))
"""
HOW_FAR = "SELECT done, total FROM authors_job ORDER BY id DESC LIMIT 1"
OUTCOME = """
import json
from authors.curation.changes import Change, ChangeSet
from authors.curation.jobs.models import Job
from papers.models import Paper, PaperEntry
jobs = [(job.state, job.message, job.done, job.total) for job in Job.objects.order_by("pk")]
print(json.dumps([jobs, ChangeSet.objects.count(), Change.objects.count(), PaperEntry.objects.count(),
                  sorted(Paper.objects.filter(state="withdrawn").values_list("title", flat=True))]))
"""


class Site:
    """A catalogue with a database and files of its own, whose commands are processes of their own."""

    def __init__(self, folder: Path, address: str) -> None:
        folder.mkdir()
        plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        told = {"VAR_DIR": str(folder), "DATABASE_URL": address, "PYTHONPATH": str(ROOT), "SCORES_HOURS": "0"}
        self.environment = {**plain, **told}
        self.folder, self.address = folder, address

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *words]

    def run(self, *words: str) -> str:
        answer = subprocess.run(
            self.command(*words), check=False, env=self.environment, cwd=ROOT, capture_output=True, text=True
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def python(self, *scripts: str) -> str:
        """Several share a process, whose start takes more than a second."""
        return self.run("shell", "-v", "0", "-c", "".join(scripts))

    def kill_a_worker(self, *, after: int) -> None:
        """Start a worker, and kill it once so much of the newest job is done."""
        worker = subprocess.Popen(self.command("work", "-v", "0"), env=self.environment, cwd=ROOT)
        try:
            deadline = time.monotonic() + 120
            while self.asked(HOW_FAR)[0] < after:
                assert time.monotonic() < deadline, "the worker does nothing"
                assert worker.poll() is None, "the worker ended"
                time.sleep(0.02)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        done, total = self.asked(HOW_FAR)
        assert done < total, "it was killed too late"

    def asked(self, query: str) -> Any:
        """One row, without the second that a process of its own would take."""
        if not self.address.startswith("sqlite"):
            return _on_the_server(self.address, query)
        with closing(sqlite3.connect(self.folder / "bylines.sqlite3", timeout=20)) as connection:
            return connection.execute(query).fetchone()

    def work_to_the_end(self, *scripts: str) -> Any:
        """What there is then."""
        return json.loads(self.python(*scripts, WORK, OUTCOME)), digest(self.environment)


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Callable[[str], Site]]:
    """Sites with empty tables: a file each, or a database each on the server that the tests use."""
    made: list[tuple[str, str]] = []

    def build(name: str) -> Site:
        server = os.environ.get("DATABASE_URL", "")
        if not server.startswith("postgres"):
            return Site(tmp_path / name, f"sqlite:///{tmp_path / name / 'bylines.sqlite3'}")
        database = f"killed_{uuid4().hex[:12]}"
        _on_the_server(server, f'CREATE DATABASE "{database}"')
        made.append((server, database))
        return Site(tmp_path / name, urlunsplit(urlsplit(server)._replace(path=f"/{database}")))

    yield build
    for server, database in made:
        _on_the_server(server, f'DROP DATABASE "{database}" WITH (FORCE)')


def _on_the_server(address: str, statement: str) -> Any:
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone() if cursor.description else None


@pytest.fixture
def works(tmp_path: Path) -> Path:
    """People with a few papers each, some of them together."""
    path = tmp_path / "works.jsonl"
    with path.open("w") as file:
        for number in range(WORKS):
            people = [author(name, f"https://openalex.org/A{start + number % 40}") for name, start in PEOPLE.items()]
            title, key = f"Examples of examples {number:05}", f"https://openalex.org/W{number + 1}"
            file.write(json.dumps(work(title, *people, id=key)) + "\n")
    return path


def ask_import(site: Site, works: Path) -> str:
    copy = site.folder / works.name
    shutil.copyfile(works, copy)
    return ASK_IMPORT.format(file=copy)


def test_a_killed_worker_loses_nothing_and_repeats_nothing(new_site: Callable[[str], Site], works: Path) -> None:
    broken, whole = new_site("broken"), new_site("whole")
    broken.python(MIGRATE, ask_import(broken, works))
    broken.kill_a_worker(after=1_000)
    broken.python(WORK, ASK_CHANGE)
    for after in (200, 600):
        broken.kill_a_worker(after=after)
    told, contents = broken.work_to_the_end()
    assert told[0] == [
        ["done", f"{WORKS:,} new, 0 updated, 0 unchanged, 0 skipped.", WORKS, WORKS],
        ["done", "All of them are done.", CHANGED, CHANGED],
    ]
    assert (told[1], told[3], len(told[4])) == (2, WORKS - CHANGED, CHANGED)
    assert (told, contents) == whole.work_to_the_end(MIGRATE, ask_import(whole, works), WORK, ASK_CHANGE)
