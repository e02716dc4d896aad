"""An empty database beside the real one, on the same server, for as long as a measurement takes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def scratch_database() -> Iterator[None]:
    """Within, every query goes to a fresh, migrated database; afterwards it is gone."""
    with tempfile.TemporaryDirectory(prefix="bylines-benchmark-") as folder:
        usual = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = (
            str(Path(folder) / "scratch.sqlite3") if connection.vendor == "sqlite" else "bylines_benchmark"
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(usual, verbosity=0)
