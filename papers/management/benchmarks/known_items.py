"""Known-item search: does a paper come up first for who remembers part of its title, or an author and two words of it?"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from papers.importers.reading import read_records
from papers.management.benchmarks.timing import table
from papers.models import Authorship, Paper, PaperEntry
from papers.search import words
from papers.search.documents import title_key
from papers.search.finding import RELEVANCE, Search
from papers.search.resolving import Resolver
from papers.search.syntax import parse

ASKED, LOOKED_AT = 300, 100  # papers asked for, and how far down each is looked for
SHORTEST = 5  # words of a title: of a shorter one hardly anything would be left


def measure_known_items(path: Path, *, seed: int) -> Iterator[str]:
    """Lines of Markdown. `path` is the file that papers came from: made papers are not asked for."""
    dice = random.Random(seed)  # noqa: S311 - the same papers every time is what is wanted
    wanted = _choose(path, dice)
    uncited = [not paper.cited_by_count for paper in wanted]
    yield f"{len(wanted)} papers, {sum(uncited)} of them without a known citation, among {Paper.objects.published().count():,}"
    yield ""
    rows: list[list[str]] = []
    for name, make in QUERIES.items():
        places = [_place_of(paper, make(paper, dice)) for paper in wanted]
        rows.append(_row(name, places))
        rows.append(_row(f"{name}: the uncited", [place for place, alone in zip(places, uncited, strict=True) if alone]))
    yield from table(["what is remembered", "asked", "success@1", "success@10", "MRR"], rows)


def _choose(path: Path, dice: random.Random) -> list[Paper]:
    """Half of them uncited; no title that two papers of the file have."""
    titles = [raw.value.get("title") or "" for raw in read_records(path) if isinstance(raw.value, dict)]
    once = _once(titles)
    dice.shuffle(once)
    found: dict[bool, list[Paper]] = {True: [], False: []}
    for title in once:
        found_by_key = PaperEntry.objects.filter(title_key=title_key(title)).values("paper")
        paper = Paper.objects.filter(pk__in=found_by_key, title=title, authorships__position=1).first()
        if paper and len(found[not paper.cited_by_count]) < ASKED // 2:
            found[not paper.cited_by_count].append(paper)
        if all(len(papers) == ASKED // 2 for papers in found.values()):
            break
    return found[True] + found[False]


def _once(titles: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    for title in titles:
        seen[title] = seen.get(title, 0) + 1
    return sorted(title for title, times in seen.items() if times == 1 and len(title.split()) >= SHORTEST)


def _part_of_title(paper: Paper, dice: random.Random) -> str:
    typed = paper.title.split()
    for place in sorted(dice.sample(range(len(typed)), 2), reverse=True):
        typed.pop(place)
    return " ".join(typed)


def _author_and_words(paper: Paper, dice: random.Random) -> str:
    """The name of one of the authors, and two of the title's words that are not the commonest."""
    return " ".join([dice.choice(_names(paper)), *_telling(paper, dice)])


def _family_and_words(paper: Paper, dice: random.Random) -> str:
    """With the family name alone; often it is one of the most frequent there are."""
    return " ".join([words.names.split(dice.choice(_names(paper)))[1], *_telling(paper, dice)])


def _names(paper: Paper) -> list[str]:
    return list(Authorship.objects.filter(paper=paper).order_by("position").values_list("raw_name", flat=True))


def _telling(paper: Paper, dice: random.Random) -> list[str]:
    telling = [word for word in words.split(paper.title) if words.stem(word) and len(word) > 3]
    return dice.sample(telling, min(2, len(telling)))


QUERIES: dict[str, Callable[[Paper, random.Random], str]] = {
    "the title but two words": _part_of_title,
    "an author and two words of the title": _author_and_words,
    "a family name and two words of the title": _family_and_words,
}


def _place_of(paper: Paper, typed: str) -> int | None:
    """From 1; None when it is not among the first."""
    found: list[Any] = Search(Resolver().match(parse(typed).node)).page(RELEVANCE, size=LOOKED_AT)
    return found.index(paper.pk) + 1 if paper.pk in found else None


def _row(name: str, places: list[int | None]) -> list[str]:
    asked = max(1, len(places))
    found = [place for place in places if place]
    shares = [sum(place <= most for place in found) / asked for most in (1, 10)]
    return [name, str(len(places)), *(f"{share:.3f}" for share in shares), f"{sum(1 / place for place in found) / asked:.3f}"]
