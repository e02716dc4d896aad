"""Fixtures of the papers' tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from papers.importers.fetching import client
from papers.importers.fetching.client import Service
from tests.services import Fake, served


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[Fake]:
    """All four services on one address of this machine, in a hurry."""
    settings.VAR_DIR = tmp_path
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "")
    with served() as server:
        monkeypatch.setattr(client, "SERVICES", {name: Service(server.origin, 0.0) for name in client.SERVICES})
        monkeypatch.setattr(client, "PAUSE", 0.01)
        yield server
