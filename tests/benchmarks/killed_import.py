"""Kill an import at random points, run it again each time, and compare the outcome with one clean run.

Usage: python tests/benchmarks/killed_import.py FILE [--points 20] [--seed 1]
Works on SQLite, and on PostgreSQL under tests/with_postgres.sh. Content is compared without keys and times.
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Rows as a visitor could see them: keys replaced by what they stand for, no times.
QUERIES = {
    "papers": """
        SELECT p.title, p.abstract, p.published, p.date_precision, p.primary_category_id, p.primary_category_origin, v.name,
               p.authors_count, p.has_code, p.cited_by_count, p.fingerprint
        FROM papers_paper p LEFT JOIN papers_venue v ON v.id = p.venue_id""",
    "authorships": """
        SELECT p.fingerprint, p.title, s.position, s.raw_name, s.decided_by, a.display_name,
               m.papers_count, m.citations, m.h_index
        FROM papers_authorship s JOIN papers_paper p ON p.id = s.paper_id
        LEFT JOIN authors_author a ON a.id = s.author_id LEFT JOIN papers_authormetrics m ON m.author_id = a.id""",
    # Who is one person: every pair of papers that share an author, by the papers' titles.
    "persons": """
        SELECT p.title, s.position, q.title, t.position
        FROM papers_authorship s JOIN papers_authorship t ON t.author_id = s.author_id AND t.id <> s.id
        JOIN papers_paper p ON p.id = s.paper_id JOIN papers_paper q ON q.id = t.paper_id""",
    "affiliations": """
        SELECT p.title, s.position, f.raw, i.name, i.tag
        FROM papers_authorshipaffiliation f JOIN papers_authorship s ON s.id = f.authorship_id
        JOIN papers_paper p ON p.id = s.paper_id LEFT JOIN authors_institution i ON i.id = f.institution_id""",
    "institutions": """
        SELECT i.name, i.tag, i.country_code, i.homepage, m.papers_count, m.citations, m.authors_count
        FROM authors_institution i LEFT JOIN papers_institutionmetrics m ON m.institution_id = i.id""",
    "identifiers": """
        SELECT p.title, d.scheme, d.value, d.disputed
        FROM papers_paperidentifier d JOIN papers_paper p ON p.id = d.paper_id""",
    "people's identifiers": """
        SELECT a.display_name, d.scheme, d.value FROM authors_authoridentifier d JOIN authors_author a ON a.id = d.author_id""",
    "links": "SELECT p.title, l.kind, l.url FROM papers_paperlink l JOIN papers_paper p ON p.id = l.paper_id",
    "venues": """
        SELECT v.name, v.default_category_id, m.papers_count
        FROM papers_venue v LEFT JOIN papers_venuemetrics m ON m.venue_id = v.id""",
    "provenance": "SELECT source, source_key, digest FROM authors_provenance",
    "problems": "SELECT line, record, field, reason, skipped FROM authors_importproblem",
    # A kill after the last checkpoint leaves a finished run; the next one then has nothing to do and is not counted.
    "counts": """
        SELECT created_count, updated_count, unchanged_count, skipped_count, state
        FROM authors_importrun WHERE created_count + updated_count > 0""",
}


def command(*words: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *words]


def digest(environment: dict[str, str]) -> dict[str, str]:
    """One digest a table, made in a process of its own."""
    script = "from tests.benchmarks.killed_import import print_digests; print_digests()"
    answer = subprocess.run(
        command("shell", "-v", "0", "-c", script), env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return dict(line.rsplit(" ", 1) for line in answer.stdout.splitlines())


def print_digests() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for name, query in QUERIES.items():
            cursor.execute(query)
            total = 0  # the sum does not depend on the order of rows
            for row in cursor:
                total += int.from_bytes(hashlib.blake2b(repr(tuple(map(str, row))).encode(), digest_size=16).digest())
            sys.stdout.write(f"{name} {total % 2**128:032x}\n")


def killed_run(environment: dict[str, str], file: Path, source: str, delays: list[float]) -> int:
    """Start the import once for each delay and kill it, then let it finish; gives how many kills hit it running."""
    hit = 0
    for delay in delays:
        process = subprocess.Popen(
            command("import_papers", "--skip-checks", "-v", "0", "--source", source, str(file)),
            env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(timeout=delay)
            return hit
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            hit += 1
    subprocess.run(
        command("import_papers", "-v", "0", "--source", source, str(file)),
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return hit


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--source", default="file")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VAR_DIR": folder, "PYTHONPATH": str(ROOT)}
        fresh = fresh_postgres if os.environ.get("DATABASE_URL", "").startswith("postgres") else fresh_sqlite
        fresh(environment)
        began = time.monotonic()
        killed_run(environment, options.file.resolve(), options.source, [])
        whole = time.monotonic() - began
        expected = digest(environment)
        done, differences = 0, 0
        while done < options.points:
            fresh(environment)
            # Several kills to one import: each goes on where the last one was stopped.
            delays = [chance.uniform(1.0, 1.0 + whole / 2) for _ in range(min(4, options.points - done))]
            hit = killed_run(environment, options.file.resolve(), options.source, delays)
            found = digest(environment)
            wrong = [name for name in expected if found[name] != expected[name]]
            differences += bool(wrong)
            done += hit
            sys.stdout.write(f"{done} kills, {differences} imports that differ {wrong or ''}\n")
            sys.stdout.flush()
    return 1 if differences else 0


def fresh_sqlite(environment: dict[str, str]) -> None:
    for file in Path(environment["VAR_DIR"]).glob("bylines.sqlite3*"):
        file.unlink()
    migrate(environment)


def fresh_postgres(environment: dict[str, str]) -> None:
    script = (
        "from django.db import connection; c = connection.cursor();"
        " c.execute('DROP SCHEMA public CASCADE'); c.execute('CREATE SCHEMA public')"
    )
    subprocess.run(command("shell", "-v", "0", "-c", script), env=environment, cwd=ROOT, check=True, capture_output=True)
    migrate(environment)


def migrate(environment: dict[str, str]) -> None:
    subprocess.run(command("migrate", "-v", "0"), env=environment, cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
