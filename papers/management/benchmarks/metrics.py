"""What it takes to compute all metrics anew, and those that one edited paper enters."""

import random
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max

from papers.management.benchmarks.timing import percentile, table, timed
from papers.metrics.refreshing import touched_by
from papers.metrics.refreshing.everything import REFRESHERS, refresh_all
from papers.models import Category, Paper

ALL_PEOPLE, ONE_EDIT = 60, 20  # what we promise: seconds, milliseconds
EDITED = 200  # papers


def measure_metrics(*, seed: int) -> Iterator[str]:
    """On the catalogue at hand. The metrics are written as they are; edits are taken back."""
    yield from table(("metrics", "records", "s", "CPU s here", "limit, s"), _all())
    yield ""
    chance = random.Random(seed)  # noqa: S311 - to draw samples
    yield from table(("one paper edited", "papers", "ms, median", "95 %", "most", "limit, ms"), _edits(chance))


def _all() -> Iterator[list[object]]:
    for kind in "AIVC":
        wall, cpu = time.perf_counter(), time.process_time()
        records = sum(step.records for step in refresh_all(kind))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        limit = f"≤ {ALL_PEOPLE}" if kind == "A" else ""
        yield [REFRESHERS[kind].name, f"{records:,}", f"{wall:.1f}", f"{cpu:.1f}", limit]


def _edits(chance: random.Random) -> Iterator[list[object]]:
    edits: dict[str, dict[str, Any]] = {
        "title": {"title": "Another title"},
        "year": {"year": 1999, "published": "1999-01-01", "date_precision": "year"},
        "retracted": {"is_retracted": True},
        "category": {"primary_category": Category.objects.order_by("pk").first()},
    }
    papers = _some(chance)
    for name, columns in edits.items():
        times = [_edit(paper, columns) for paper in papers]
        yield [name, len(times), *_spread(times), f"≤ {ONE_EDIT}"]
    without = [_recount(paper) for paper in papers[:10]]
    yield ["all counted anew, as after undoing", len(without), *_spread(without), ""]


def _some(chance: random.Random) -> list[int]:
    last = Paper.objects.aggregate(last=Max("pk"))["last"] or 0
    drawn = sorted({chance.randint(1, last) for _ in range(EDITED)}) if last else []
    return list(Paper.objects.counted().filter(pk__in=drawn).values_list("pk", flat=True))


@transaction.atomic
def _edit(paper: int, columns: dict[str, Any]) -> float:
    """What the metrics take of it: asking what the paper adds before, and writing what has changed."""
    asking, before = timed(partial(touched_by, [paper]))
    Paper.objects.filter(pk=paper).update(**columns)
    writing, _ = timed(lambda: (touched_by([paper]) | before).count(since=before))
    transaction.set_rollback(True)
    return asking + writing


@transaction.atomic
def _recount(paper: int) -> float:
    took, _ = timed(lambda: touched_by([paper]).count())
    transaction.set_rollback(True)
    return took


def _spread(times: list[float]) -> list[str]:
    return [f"{percentile(times, share):.1f}" for share in (0.5, 0.95, 1)]
