"""Made people: whom a paper names next, and what they are called.

Yule and Simon's process: a mention is of somebody new at the source's rate, else of whoever an earlier mention, drawn
at random, names. So most have one paper and few have many. It runs among the people of one institution (of one category,
where there is none), so that institutions keep their shares and everybody has a home. Some pass by and are never drawn
again, so that as many people have one paper, and as many have ten, as in the source. A hundred prolific ones have a share
of their own: at a million papers some of them have more than 2,000.
"""

from array import array
from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
from math import exp, lgamma
from random import Random

from authors import names
from authors.curation.bulk import insert, reserve_ids
from authors.models import Author, AuthorName
from papers.sampling.source import MANY, Home, Source

MOST_PAPERS = 2_500  # of one person
PROLIFIC, FIRST_SHARE, DECLINE = 100, 0.0028, 0.3  # the n-th has FIRST_SHARE / n ** DECLINE of all papers
LARGEST_PART = 0.1  # of a home's mentions that one prolific person may have
TRIES = 4
SPREAD = 0.6180339887498949  # multiples of the golden ratio fall evenly between whole numbers
TOGETHER = 0.5  # how often the next author is who followed the last one on an earlier paper


def seeded(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - nothing here is a secret


class House:
    """Mentions of the people at one home, in order. The first people are the prolific ones, as many as there are shares;
    what names them is not among the mentions.
    """

    __slots__ = ("mentions", "named", "people", "prolific", "shares")

    def __init__(self) -> None:
        self.mentions, self.prolific = array("i"), array("i")
        self.shares: list[float] = []  # cumulative, of the mentions at this home
        self.named = self.people = 0  # mentions so far, and how many people they name

    def learn(self, person: int) -> None:
        if person in self.prolific:
            return
        joins = len(self.prolific) < len(self.shares)
        (self.prolific if joins else self.mentions).append(person)


class People:
    """A person is a number from 0, in the order in which they came; `ids` are their keys once they are written."""

    def __init__(self, source: Source) -> None:
        self.ids, self._counts = array("q"), array("i")
        self._names: list[str] = []
        self._second_names: dict[int, str] = {}
        self._given, self._family = zip(*map(names.split, source.names), strict=True)
        self._rate, self._second_rate = source.people_per_mention, source.names_per_person - 1
        self._passing = _passing(source)
        self._houses = _houses(source)

    def __len__(self) -> int:
        return len(self._names)

    def load(
        self, people: Iterable[tuple[int, str]], second_names: Iterable[tuple[int, str]], mentions: Iterable[tuple[int, Home]]
    ) -> None:
        """Go on with those made before: their keys and names in order, and the mentions in the order of papers."""
        for key, name in people:
            self.ids.append(key)
            self._names.append(name)
        self._counts = array("i", bytes(self._counts.itemsize * len(self.ids)))
        self._second_names = {bisect_left(self.ids, key): name for key, name in second_names}
        for key, home in mentions:
            person = bisect_left(self.ids, key)
            self._counts[person] += 1
            self._learn(self._houses.setdefault(home, House()), person)

    def choose(self, homes: Sequence[Home], random: Random) -> list[int]:
        """The authors of one paper, each from one of `homes`; nobody twice."""
        chosen: list[int] = []
        last: dict[Home, int] = {}
        for home in homes:
            house = self._houses[home]
            person = self._known(house, chosen, last.get(home, -1), random)
            if person is None:
                person = self._new(random)
            chosen.append(person)
            self._counts[person] += 1
            self._learn(house, person)
            last[home] = self._place
        return chosen

    def _known(self, house: House, taken: Sequence[int], last: int, random: Random) -> int | None:
        """Somebody whom an earlier paper names; None when it is somebody new's turn."""
        self._place = -1
        if (number := bisect(house.shares, random.random())) < len(house.shares):
            person = house.prolific[number] if number < len(house.prolific) else None
            if person is None or self._may_write(person, taken):
                return person
        if not house.mentions or random.random() < self._chance_of_somebody_new(house):
            return None
        for _ in range(TRIES):
            last = last + 1 if last >= 0 and random.random() < TOGETHER else int(random.random() * len(house.mentions))
            if last < len(house.mentions) and self._may_write(house.mentions[last], taken):
                self._place = last
                return house.mentions[last]
        return None

    def _chance_of_somebody_new(self, house: House) -> float:
        """Less where there are too many people already: a home begins with somebody new, whatever the rate."""
        others = 1 - (house.shares[-1] if house.shares else 0)
        return (self._rate + (self._rate * house.named - house.people) / (house.named + 1)) / others

    def _learn(self, house: House, person: int) -> None:
        house.named += 1
        house.people += self._counts[person] == 1
        if person * SPREAD % 1 >= self._passing:  # whoever makes papers after us must decide the same
            house.learn(person)

    def _may_write(self, person: int, taken: Sequence[int]) -> bool:
        return person not in taken and self._counts[person] < MOST_PAPERS

    def _new(self, random: Random) -> int:
        given, family = (part[int(random.random() * len(part))] for part in (self._given, self._family))
        person, name = len(self._names), f"{given} {family}"[:300]
        self._names.append(name)
        self._counts.append(0)
        if random.random() < self._second_rate and (initials := f"{given[0]}. {family}"[:300]) != name:
            self._second_names[person] = initials
        return person

    def printed(self, person: int, random: Random) -> str:
        other = self._second_names.get(person)
        return other if other and random.random() < 0.5 else self._names[person]

    def write(self, now: datetime) -> None:
        """Insert everybody who came since the last time; now they have keys."""
        fresh = range(len(self.ids), len(self._names))
        self.ids.extend(reserve_ids(Author, len(fresh)))
        insert(
            Author,
            ["id", "display_name", "sort_key", "homepage", "biography", "visibility", "created_at", "updated_at"],
            [(self.ids[p], name, names.sort_key(name), "", "", "auto", now, now) for p in fresh for name in [self._names[p]]],
        )
        called = [(self.ids[person], self._names[person]) for person in fresh]
        called += [(self.ids[person], name) for person in fresh if (name := self._second_names.get(person))]
        insert(
            AuthorName,
            ["author", "name", "public", "search_key", "short_key"],
            [(key, name, True, names.search_key(name), names.short_key(name)) for key, name in called],
        )


def _passing(source: Source) -> float:
    """Which part of the people passes by: that with which the process comes nearest to the source's people."""

    def miss(part: float) -> float:
        rate = source.people_per_mention * (1 - part) / (1 - source.people_per_mention * part)
        one = (part + (1 - part) / (2 - rate)) / source.people_with_one
        many = (1 - part) * _with_at_least(MANY, rate) / source.people_with_many if source.people_with_many else 1
        return abs(one - 1) + abs(many - 1)

    return min((step / 100 for step in range(100)), key=miss)


def _with_at_least(papers: int, rate: float) -> float:
    """The share of people with so many papers when `rate` of all mentions are of somebody new (Simon 1955)."""
    exponent = 1 / (1 - min(rate, 0.999))
    return exp(lgamma(papers) + lgamma(exponent + 1) - lgamma(papers + exponent))


def _houses(source: Source) -> dict[Home, House]:
    sizes = Counter(home for template in source.templates for home in template.homes)
    houses = {home: House() for home in sizes}
    homes, weights, random = list(sizes), list(sizes.values()), seeded("prolific")
    parts: dict[Home, list[float]] = {home: [] for home in homes}
    for number in range(1, PROLIFIC + 1):
        for home in random.choices(homes, weights, k=TRIES) if homes else ():
            part = FIRST_SHARE / number**DECLINE * len(source.templates) / sizes[home]
            if part <= LARGEST_PART and sum(parts[home]) + part <= 3 * LARGEST_PART:
                parts[home].append(part)
                break
    for home, house in houses.items():
        house.shares = list(accumulate(parts[home]))
    return houses
