"""How well persons are told apart without identifiers: those of a file are hidden, and what comes of it is compared with them.

Scores are of one id system at a time, by its raw truth: two lines with the same id are one person, with different ids two.
Pairwise precision and recall count pairs of lines; B³ weighs every line alike (Bagga and Baldwin, 1998).
"""

import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from authors import names
from authors.curation.models import Provenance
from papers.importers.reading import read_records
from papers.importers.runs import PAPERS, run_import
from papers.importers.saving.people import People
from papers.management.benchmarks.scratch import scratch_database
from papers.management.benchmarks.timing import table
from papers.models import Authorship

SOURCE = "file"
FEWEST = 200  # lines of an id system that are worth a row
NAMED = 60  # homonyms named


@dataclass(frozen=True)
class Line:
    """One line of a list of authors: `truth` is its id, `found` the person it was settled on."""

    truth: str
    name: str
    found: Hashable


@dataclass(frozen=True)
class Scores:
    precision: float
    recall: float
    b_cubed: float


def measure_identity(path: Path) -> Iterator[str]:
    """Lines of Markdown."""
    with scratch_database(), tempfile.TemporaryDirectory() as folder:
        hidden = Path(folder) / "hidden.jsonl"
        truths, count = _hide_ids(path, hidden)
        began, cpu_before = time.perf_counter(), time.process_time()
        with _timed_settling() as settling:
            run_import(PAPERS, hidden, source=SOURCE)
        taken, cpu = time.perf_counter() - began, time.process_time() - cpu_before
        systems = _lines(truths)
    yield f"{count:,} lines of authors, {count / sum(settling.values()):,.0f} settled per CPU-second, writing people included"
    yield f"everything that an import does included: {count / cpu:,.0f} per CPU-second, {count / taken:,.0f} a second"
    yield ""
    rows = [row for system, lines in sorted(systems.items()) if len(lines) >= FEWEST for row in _rows(system, lines)]
    yield from table(["id system", "lines", "rule", "precision", "recall", "B³ F1", "namesakes merged"], rows)
    for system, lines in sorted(systems.items()):
        merged, _ = homonyms(lines)
        if merged and len(lines) >= FEWEST:
            yield ""
            yield f"{system}, namesakes merged: {'; '.join(sorted(merged)[:NAMED])}"


@contextmanager
def _timed_settling() -> Iterator[dict[str, float]]:
    """CPU-seconds by part: looking up whom names may mean, settling, writing people."""
    spent: dict[str, float] = defaultdict(float)

    def timed(name: str) -> Callable[..., Any]:
        method = getattr(People, name)

        @wraps(method)
        def call(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return method(*given, **named)
            finally:
                spent[name] += time.process_time() - began

        return call

    with ExitStack() as stack:
        for name in ("__init__", "settle", "write"):
            stack.enter_context(patch.object(People, name, timed(name)))
        yield spent


# --- the file ----------------------------------------------------------------------------------------------------------


def _hide_ids(path: Path, hidden: Path) -> tuple[dict[str, list[tuple[str, str]]], int]:
    """Write the file without ids of people; gives (id, name) line by line for each work, and how many lines there are."""
    truths: dict[str, list[tuple[str, str]]] = {}
    count = 0
    with hidden.open("w") as file:
        for raw in read_records(path, skip=0):
            work = raw.value
            if not isinstance(work, dict) or not isinstance(work.get("authorships"), list):
                continue
            lines = [line for line in work["authorships"] if isinstance(line, dict)]
            truths[str(work.get("id"))] = [_taken_out(line) for line in lines]
            count += len(lines)
            file.write(json.dumps(work) + "\n")
    return truths, count


def _taken_out(line: dict[str, Any]) -> tuple[str, str]:
    author = line.get("author") or {}
    truth, name = str(author.get("id") or ""), str(line.get("raw_author_name") or author.get("display_name") or "")
    line["author"] = {"display_name": author.get("display_name")}
    return truth, name


def _lines(truths: dict[str, list[tuple[str, str]]]) -> dict[str, list[Line]]:
    """Lines with a known id, by the host of the id's address."""
    papers = dict(Provenance.objects.filter(kind="P", source=SOURCE).values_list("source_key", "record_id"))
    rows = Authorship.objects.order_by().values_list("paper", "position", "author", "raw_name", "pk")
    settled = {(paper, position): (author or f"line {pk}", raw_name) for paper, position, author, raw_name, pk in rows}
    found: dict[str, list[Line]] = defaultdict(list)
    for work, lines in truths.items():
        for position, (truth, name) in enumerate(lines, start=1):
            person, printed = settled.get((papers.get(work, 0), position), (None, ""))
            if truth and person is not None and names.search_key(printed) == names.search_key(name):
                found[urlsplit(truth).netloc or "other"].append(Line(truth, name, person))
    return found


# --- scores ------------------------------------------------------------------------------------------------------------


def _rows(system: str, lines: Sequence[Line]) -> Iterator[list[str]]:
    rules: dict[str, list[Hashable]] = {
        "everybody alone": list(range(len(lines))),
        "name only": [names.search_key(line.name) for line in lines],
        "ours": [line.found for line in lines],
    }
    truth = [line.truth for line in lines]
    for rule, clusters in rules.items():
        scored = scores(truth, clusters)
        merged, total = homonyms([Line(line.truth, line.name, cluster) for line, cluster in zip(lines, clusters, strict=True)])
        figures = [f"{value:.4f}" for value in (scored.precision, scored.recall, scored.b_cubed)]
        yield [system, f"{len(lines):,}", rule, *figures, f"{len(merged)} of {total}"]


def _pairs(counts: Counter[Any]) -> int:
    return sum(number * (number - 1) // 2 for number in counts.values())


def scores(truth: Sequence[Hashable], clusters: Sequence[Hashable]) -> Scores:
    """Pairwise precision and recall, and B³ F1. Without a pair on one side its figure is 1."""
    cells, persons, groups = Counter(zip(truth, clusters, strict=True)), Counter(truth), Counter(clusters)
    right, merged, wanted = _pairs(cells), _pairs(groups), _pairs(persons)
    size = max(len(truth), 1)
    precise = sum(number**2 / groups[cluster] for (_, cluster), number in cells.items()) / size
    complete = sum(number**2 / persons[person] for (person, _), number in cells.items()) / size
    f1 = 2 * precise * complete / (precise + complete) if precise + complete else 0.0
    return Scores(right / merged if merged else 1.0, right / wanted if wanted else 1.0, f1)


def homonyms(lines: Sequence[Line]) -> tuple[set[str], int]:
    """Pairs of persons of one name: those of whom any two lines were merged, by name; and how many pairs there are."""
    by_name: dict[str, dict[str, set[Hashable]]] = defaultdict(lambda: defaultdict(set))
    shown: dict[str, str] = {}
    for line in lines:
        key = names.search_key(line.name)
        by_name[key][line.truth].add(line.found)
        shown.setdefault(key, line.name)
    merged, total = set(), 0
    for key, people in by_name.items():
        listed = sorted(people)
        pairs = [(one, other) for place, one in enumerate(listed) for other in listed[place + 1 :]]
        total += len(pairs)
        merged |= {f"{shown[key]} ({one} = {other})" for one, other in pairs if people[one] & people[other]}
    return merged, total
