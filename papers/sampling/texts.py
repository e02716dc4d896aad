"""Titles and abstracts recombined from others: shuffled sentences in which words are as frequent as in the source.

Sentences of neighbours replace those of the template. Words that a paper repeats would so come to stand in more papers
than before ("data" in a third more), so of a few sentences the one is taken that brings common words which stand in too
few of the papers made so far rather than in too many. The 300 commonest words come within a hundredth or so.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from papers.sampling.source import Template

STEERED = 300  # words
WINDOW = 10  # how far on either side neighbours are drawn from
NEIGHBOURS, CANDIDATES = 3, 3
RENEWED_AFTER = 20  # papers
TRIES = 30
BELOW_ONE = 1 - 1e-9
Sentences = list[tuple[str, int]]  # each with the mask of its words
_WORD = re.compile(r"[^\W\d_]{2,}")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z]|\()")


def words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def in_order_of_topics(templates: Sequence[Template]) -> list[Template]:
    """So that neighbours share category and subject: the words that they repeat and few others use."""
    frequency = Counter(word for template in templates for word in words(f"{template.title} {template.abstract}"))
    return sorted(templates, key=lambda template: (template.category, _topics(template, frequency, len(templates))))


def _topics(template: Template, frequency: Counter[str], papers: int) -> list[str]:
    times = Counter(word for sentence in sentences(template.abstract) for word in words(sentence))
    times.update(2 * list(words(template.title)))
    telling = {
        word: (count - 1) * math.log(papers / frequency[word])
        for word, count in times.items()
        if count > 1 and frequency[word] * 2_000 >= papers
    }
    return sorted(telling, key=lambda word: (-telling[word], word))[:2]


def sentences(abstract: str) -> list[str]:
    return _BETWEEN_SENTENCES.split(abstract) if abstract else []


class Balance:
    """Which common words stand in too few of the papers made so far, and which in too many.

    Sets of words are bit masks, the commonest word's bit the highest.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        frequency = Counter(word for text in texts for word in words(text))
        common = sorted(frequency, key=lambda word: (-frequency[word], word))[:STEERED]
        self._width = len(common)
        self._bits = {word: 1 << self._width - 1 - place for place, word in enumerate(common)}
        self._shares = [frequency[word] / len(texts) for word in common]
        self.restart()

    def restart(self) -> None:
        self._papers, self._counts = 0, [0] * self._width
        self._recent: list[bytes] = []
        self._rare = self._frequent = 0

    def mask(self, text: str) -> int:
        return sum(self._bits.get(word, 0) for word in words(text))

    def gain(self, fresh: int) -> int:
        return (fresh & self._rare).bit_count() - (fresh & self._frequent).bit_count()

    def add(self, paper: int) -> None:
        self._recent.append(f"{paper:0{self._width}b}".encode())
        if len(self._recent) == RENEWED_AFTER:
            self._renew()

    def _renew(self) -> None:
        self._papers += len(self._recent)
        for place, column in enumerate(zip(*self._recent, strict=True)):
            self._counts[place] += column.count(ord("1"))
        self._recent = []
        too_few = (count < share * self._papers for count, share in zip(self._counts, self._shares, strict=True))
        self._rare = int("0" + "".join("1" if is_rare else "0" for is_rare in too_few), 2)
        self._frequent = (1 << self._width) - 1 - self._rare


class Texts:
    """`templates` in the order of topics. `is_taken` says of a title whether a paper has it already."""

    def __init__(self, templates: Sequence[Template], is_taken: Callable[[str], bool]) -> None:
        self._is_taken = is_taken
        self._titles = [template.title.split() for template in templates]
        self.balance = Balance([f"{template.title} {template.abstract}" for template in templates])
        self._sentences: list[Sentences] = [
            [(sentence, self.balance.mask(sentence)) for sentence in sentences(template.abstract)] for template in templates
        ]

    def make(self, place: int, random: Random) -> tuple[str, str]:
        """A title and an abstract like those of the template at `place`."""
        title = self._title(place, random)
        abstract, mask = self._abstract(place, self.balance.mask(title), random)
        self.balance.add(mask)
        return title, abstract

    def _neighbour(self, place: int, random: Random, window: int = WINDOW) -> int:
        return (place + (1 + int(random.random() * window)) * (-1 if random.random() < 0.5 else 1)) % len(self._titles)

    def _title(self, place: int, random: Random) -> str:
        """Two words at a time from the same part of neighbours' titles: the length and every word's share stay, and made titles
        have no more in common with each other than real ones.
        """
        length = len(self._titles[place])
        for tried in range(TRIES):
            made: list[str] = []
            while len(made) < length:
                other = self._titles[self._neighbour(place, random, WINDOW * (1 + tried // 5))] or self._titles[place]
                at = round(len(made) / length * len(other))
                made += other[at : at + 2] or other[-1:]
            title = " ".join(made[:length])
            if title and not self._is_taken(title):
                return title
        return self._numbered(" ".join(self._titles[place]) or "Untitled", random)

    def _numbered(self, title: str, random: Random) -> str:
        """The way out where the source has too few titles."""
        number = 2
        while self._is_taken(f"{title}, Part {number}"):
            number += random.randint(1, number)
        return f"{title}, Part {number}"

    def _abstract(self, place: int, mask: int, random: Random) -> tuple[str, int]:
        wanted = len(self._sentences[place])
        near = [self._neighbour(place, random) for _ in range(NEIGHBOURS)]
        donors = [found for donor in near if (found := self._sentences[donor])] or [self._sentences[place]]
        chosen: list[str] = []
        for number in range(wanted):
            text, its_words = self._fitting(donors, number / wanted, (number + 1) / wanted, mask, random)
            if text not in chosen:
                chosen.append(text)
                mask |= its_words
        return " ".join(chosen), mask

    def _fitting(self, donors: Sequence[Sentences], begin: float, end: float, mask: int, random: Random) -> tuple[str, int]:
        """A sentence from about the same place in its abstract: first ones say why, last ones what came out."""
        best, best_gain, gain = donors[0][0], -STEERED, self.balance.gain
        for _ in range(CANDIDATES):
            donor = donors[int(random.random() * len(donors))]
            candidate = donor[int(len(donor) * (begin + random.random() * (end - begin)) * BELOW_ONE)]
            if (its_gain := gain(candidate[1] & ~mask)) > best_gain:
                best, best_gain = candidate, its_gain
        return best
