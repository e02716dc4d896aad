"""A walk by cursor through all papers, also while others write: is every one met once, and do pages stay as quick?"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from django.test.utils import override_settings

from papers.management.benchmarks.asking import Application, application
from papers.management.benchmarks.timing import percentile, table
from papers.models import Paper
from papers.search.indexing import index_papers

SORTS = ("publication_date:desc", "created_date:desc", "cited_by_count:desc", "title")
SIZE = 200


def measure_walk(*, sorts: tuple[str, ...], writes: int, seed: int) -> Iterator[str]:
    """Lines of Markdown. `writes` papers are added, changed and taken out meanwhile, and stay so."""
    head = ["order", "pages", "papers", "missed", "twice", "CPU ms a page", "first tenth", "last tenth", "ratio", "MB more"]
    if writes:
        head += ["added and met", "removed and met", "edited: 0, 1, 2 times"]
    with override_settings(API_RATE=[]):
        yield from table(head, (_Walk(sort, writes, seed).row() for sort in sorts or SORTS))


class _Walk:
    """`met` counts how often each key came."""

    def __init__(self, sort: str, writes: int, seed: int) -> None:
        self.sort, self.dice = sort, random.Random(seed)  # noqa: S311 - the same papers every time is what is wanted
        there = list(Paper.objects.published().order_by().values_list("pk", flat=True))
        self.there = bytearray(max(there) + writes + 2)
        for key in there:
            self.there[key] = 1
        self.met = bytearray(len(self.there))
        self.chosen = self.dice.sample(there, min(len(there), 2 * (writes // 3 + 1)))
        self.kinds: dict[str, list[int]] = {"add": [], "edit": [], "remove": []}
        self.pages = -(-len(there) // SIZE)
        self.every = max(1, self.pages // writes) if writes else 0
        self.at_once = -(-writes // max(1, self.pages)) if writes else 0
        self.left = writes

    def row(self) -> list[object]:
        ask, cursor, taken = application(), "*", []
        memory: list[float] = []
        while cursor:
            cursor, cpu = self._page(ask, cursor)
            taken.append(cpu)
            if len(taken) == self.pages // 10 or not cursor:
                memory.append(_anonymous())
            if self.left and len(taken) % self.every == 0:
                self._write()
        return self._told(taken, memory)

    def _page(self, ask: Application, cursor: str) -> tuple[str, float]:
        began = time.process_time()
        answer = ask(f"/api/v1/papers?select=id&per-page={SIZE}&sort={self.sort}&cursor={cursor}")
        cpu = (time.process_time() - began) * 1000
        told = orjson.loads(answer.body)
        for record in told["results"]:
            self.met[int(record["id"][1:])] += 1
        return told["meta"]["next_cursor"] or "", cpu

    def _told(self, taken: list[float], memory: list[float]) -> list[object]:
        touched = {key for keys in self.kinds.values() for key in keys}
        same = [key for key, there in enumerate(self.there) if there and key not in touched]
        missed, twice = sum(not self.met[key] for key in same), sum(self.met[key] > 1 for key in same)
        tenth = max(1, len(taken) // 10)
        first, last = percentile(taken[:tenth], 0.5), percentile(taken[-tenth:], 0.5)
        figures = [f"{percentile(taken, 0.5):.1f}", f"{first:.1f}", f"{last:.1f}", f"{last / first:.2f}"]
        row: list[object] = [self.sort, f"{len(taken):,}", f"{len(same):,}", missed, twice, *figures]
        return [*row, f"{memory[-1] - memory[0]:.1f}", *(self._of_writes() if touched else [])]

    def _of_writes(self) -> list[str]:
        added, removed = (sum(bool(self.met[key]) for key in self.kinds[kind]) for kind in ("add", "remove"))
        times = Counter(min(self.met[key], 2) for key in self.kinds["edit"])
        return [
            f"{added} of {len(self.kinds['add'])}",
            f"{removed} of {len(self.kinds['remove'])}",
            ", ".join(str(times[number]) for number in range(3)),
        ]

    # --- what others write -------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        """In turns a paper comes, changes its place in every order but that of ids, and goes."""
        for _ in range(min(self.at_once, self.left)):
            kind = ("add", "edit", "remove")[self.left % 3]
            key = self._add() if kind == "add" or not self.chosen else self._change(self.chosen.pop(), kind)
            self.kinds[kind].append(key)
            index_papers([key])
            self.left -= 1

    def _add(self) -> int:
        return int(Paper.objects.create(**self._columns(), date_precision="day").pk)

    def _change(self, key: int, kind: str) -> int:
        columns: dict[str, Any] = self._columns() if kind == "edit" else {"state": Paper.State.WITHDRAWN}
        Paper.objects.filter(pk=key).update(**columns)
        return key

    def _columns(self) -> dict[str, Any]:
        year, letter = self.dice.randint(1990, 2025), self.dice.choice("abcdefghijklmnopqrstuvwxyz")
        title = f"{letter.upper()} walk that others cross {self.dice.random()}"
        return {"title": title, "cited_by_count": self.dice.randint(0, 500), "year": year, "published": date(year, 6, 28)}


def _anonymous() -> float:
    """MB of this process that no file stands behind, as Linux tells them."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024
