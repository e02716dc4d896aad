"""Random samples: some rows of a list, drawn by a number, the same ones as long as the catalogue is the same."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Max

from papers.api.parameters import TEXT, Parameter, error, shortened
from papers.api.rows import Fetch, fetched_in_order
from papers.ordering import Place
from papers.search import tags
from papers.search.finding import EXACT, Count, Search, key_of
from papers.search.tree import Tag, any_of

LARGEST = 10_000
LONGEST_SEED = 60
ROUNDS = 8
PARAMETERS = [
    Parameter(
        "sample", f"Instead of all rows, so many at random, at most {LARGEST:,}, in random order. Paged by number only.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST},
    ),
    Parameter(
        "seed", "A number or word that gives the same sample again while the catalogue is the same.",
        {"type": "string", "maxLength": LONGEST_SEED, "pattern": TEXT},
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Sample:
    size: int
    seed: str

    def of_search(self, search: Search) -> list[int]:
        """Keys of papers. Of many matches, those of as many parts of the catalogue as it takes."""
        chance = random.Random(f"{self.seed}/papers")  # noqa: S311 - a draw, no secret
        if search.count.exact and search.count.value <= EXACT:
            keys = _keys(search, search.count.value)
        else:
            keys = []
            parts = chance.sample(range(tags.SAMPLES), tags.SAMPLES)
            while parts and len(keys) < self.size:
                keys += _keys(Search(search.match.also(any_of(Tag("sample", str(parts.pop()))))), EXACT)
        return chance.sample(sorted(keys), min(self.size, len(keys)))

    def of_queryset(self, rows: Any) -> list[Any]:
        """Keys of rows. Of a long list, keys are guessed and those taken that are there."""
        chance = random.Random(f"{self.seed}/{rows.model.__name__}")  # noqa: S311
        few = sorted(rows.order_by().values_list("pk", flat=True)[: LARGEST + 1])
        if len(few) <= LARGEST:
            return chance.sample(few, min(self.size, len(few)))
        return self._guessed(rows, chance)

    def _guessed(self, rows: Any, chance: random.Random) -> list[Any]:
        highest = rows.model.objects.aggregate(highest=Max("pk"))["highest"]
        found: dict[int, None] = {}
        for _ in range(ROUNDS):
            guesses = [chance.randint(1, highest) for _ in range(2 * self.size)]
            there = set(rows.filter(pk__among=guesses).values_list("pk", flat=True))
            found |= {key: None for key in guesses if key in there}
            if len(found) >= self.size:
                break
        return list(found)[: self.size]


def _keys(search: Search, most: int) -> list[int]:
    return [key_of((rank,)) for rank in search.engine.ranks(search.match, after=-1, offset=0, limit=most)]


@dataclass(frozen=True)
class DrawnRows:
    """Rows of a sample, by `keys` in their order; `fetch` gives those of some keys."""

    draw: Callable[[], Sequence[Any]]
    fetch: Fetch

    @cached_property
    def keys(self) -> Sequence[Any]:
        return self.draw()

    @property
    def count(self) -> Count:
        return Count(len(self.keys))

    def part(self, *, size: int, offset: int = 0, after: Place | None = None) -> tuple[list[Any], Place | None]:
        return fetched_in_order(self.fetch, list(self.keys[offset : offset + size])), None


def sample_in(values: Mapping[str, str]) -> tuple[Sample | None, list[dict[str, Any]]]:
    """The sample that is asked for, and what is wrong with it."""
    given = values.get("sample")
    too_long = len(values.get("seed", "")) > LONGEST_SEED
    errors = [error("seed", "too_long", f"“seed” takes at most {LONGEST_SEED} characters.")] if too_long else []
    if given is None:
        return None, errors
    wrong = [name for name in ("cursor", "sort") if name in values]
    errors += [error(name, "conflict", f"“{name}” means nothing beside “sample”; leave it out.") for name in wrong]
    size = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0
    if not 1 <= size <= LARGEST:
        told = f"“sample” takes a whole number from 1 to {LARGEST}, not “{shortened(given)}”."
        errors.append(error("sample", "invalid", told))
    return Sample(size, values.get("seed") or _any_seed()), errors


def _any_seed() -> str:
    return str(random.SystemRandom().random())
