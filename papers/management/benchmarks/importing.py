"""How fast a file goes in, how fast it is found unchanged, and how much memory that takes."""

import resource
import time
from pathlib import Path

from papers.importers.runs import PAPERS, run_import
from papers.management.benchmarks.scratch import scratch_database

SPEED, MEMORY, AGAIN = 1_000, 300, 3  # what we promise: papers a second, MB, times faster the second time


def measure_import(path: Path, source: str) -> list[str]:
    """Lines of a Markdown table."""
    with scratch_database():
        first, first_cpu, count = _timed(path, source)
        again, again_cpu, _ = _timed(path, source)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        "| what | measured | limit |",
        "|---|---|---|",
        f"| records | {count:,} | |",
        f"| first run | {first:.1f} s, {count / first:,.0f} a second | ≥ {SPEED:,} a second |",
        f"| per CPU-second of this process | {count / first_cpu:,.0f} | |",
        f"| second run | {again:.1f} s, {first / again:.1f} × as fast ({again_cpu:.1f} CPU-seconds) | ≥ {AGAIN} × |",
        f"| peak memory | {peak:.0f} MB | < {MEMORY} MB |",
    ]


def _timed(path: Path, source: str) -> tuple[float, float, int]:
    wall, cpu = time.perf_counter(), time.process_time()
    run = run_import(PAPERS, path, source=source)
    return time.perf_counter() - wall, time.process_time() - cpu, run.checkpoint
