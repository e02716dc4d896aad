"""Compare the search index with the catalogue."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from papers.search.rebuilding import check

EVERY = 50_000


class Command(BaseCommand):
    help = "Find rows of the search index that are missing, stale or orphaned. Exit code 1 when there are any."

    def handle(self, *args: Any, **options: Any) -> None:
        seen: Counter[str] = Counter()

        def tell(what: str, records: int) -> None:
            before, seen[what] = seen[what] // EVERY, seen[what] + records
            if options["verbosity"] and seen[what] // EVERY > before:
                self.stderr.write(f"{seen[what]:,} {what} compared")

        findings = check(tell)
        for found in findings:
            counts = f"{found.missing:,} missing, {found.stale:,} stale, {found.orphaned:,} orphaned"
            examples = f" ({', '.join(found.examples)})" if found.examples else ""
            self.stdout.write(f"{found.what}: {counts}{examples}")
        if any(found.wrong for found in findings):
            self.stderr.write("Run manage.py rebuild_search to mend this.")
            sys.exit(1)
