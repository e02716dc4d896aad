"""What holds for every test."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test finds what another one cached, such as the site's identity."""
    cache.clear()
    yield
    cache.clear()
