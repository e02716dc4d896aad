"""Milliseconds, and how they are written down."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of one call, and what it gave."""
    began = time.perf_counter()
    given = action()
    return (time.perf_counter() - began) * 1000, given


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def median_and_p95(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f} / {percentile(values, 0.95):.1f}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Lines of a Markdown table, as they are measured; the first column is text, the others numbers."""
    yield f"| {' | '.join(head)} |"
    yield "|---|" + "---:|" * (len(head) - 1)
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"
