"""Text as the search index sees it: folded, stemmed words without function words, the same on both databases.

Pure. The stored texts are made with it, so a change here needs `manage.py rebuild_search`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Any

import snowballstemmer

from authors import names

LONGEST_WORD = 40
MOST_WORDS = 4_000  # of one text; longer ones are indexed up to here
MEMORY = 300_000  # distinct words whose stems are remembered
STOP_WORDS = frozenset(
    "a an and are as at be been by can for from has have in into is it its of on or such that the their these they this those"
    " to was we were which with".split()
)
PAIR = "·"  # joins the two words of a pair of names; it occurs in no word
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼ`´"))
# Signs that alone make a text more than ASCII; a few replacements are faster than a translation.
_TYPOGRAPHY = tuple(
    {"’": "", "‘": "", "–": " ", "—": " ", "“": " ", "”": " ", "…": " ", "×": " ", "•": " ", "\u00a0": " "}.items()
)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_OTHER_LETTERS = str.maketrans(names.PLAIN_LETTERS)
# Scripts written without blanks give one word a character; the vowel signs of Indic scripts belong to their words.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ASCII_WORDS = re.compile("[a-z0-9]+")
_AROUND = '.,;:!?()[]"“”'
_WORDS = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[^\W_]|[\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd])+")
_COMPOUND = re.compile("([a-z]{2,12})-([a-z]{2,})")
_SHOWN_WORDS = re.compile(r"[^\W_](?:[^\W_]|['’\u0300-\u036f\u0900-\u0dff])*")


class _Stems(dict[str, str]):
    """Stems by word, "" for function words."""

    def __init__(self) -> None:
        self._stem = snowballstemmer.stemmer("english").stemWord

    def __missing__(self, word: str) -> str:
        if len(self) >= MEMORY:
            self.clear()
        found = "" if word in STOP_WORDS else self._stem(word[:LONGEST_WORD]) if word.isascii() else word[:LONGEST_WORD]
        self[word] = found
        return found


_STEMS = _Stems()


def fold(text: str) -> str:
    """Small letters without accents and apostrophes; everything else stays where it is."""
    if not text.isascii():
        for sign, plain in _TYPOGRAPHY:
            text = text.replace(sign, plain)
        if not text.isascii():
            text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_OTHER_LETTERS)
            text = text.translate(_APOSTROPHES).replace("‐", "-").replace("‑", "-")
    return text.lower().replace("'", "").replace("`", "")


def _words_of(folded: str) -> list[str]:
    return _ASCII_WORDS.findall(folded) if folded.isascii() else _WORDS.findall(folded)


def split(text: str) -> list[str]:
    """The folded words of a text in order, function words among them."""
    return _words_of(fold(text))


def stem(word: str) -> str:
    """The stem of one folded word; "" for a function word."""
    return _STEMS[word]


def _stems_of(folded: str) -> list[str]:
    return list(filter(None, map(_STEMS.__getitem__, _words_of(folded)[:MOST_WORDS])))


def stems(text: str) -> list[str]:
    """The stems of a text in order."""
    return _stems_of(fold(text))


def _compounds_of(folded: str) -> list[str]:
    chunks = {chunk.strip(_AROUND) for chunk in folded.split() if "-" in chunk} if "-" in folded else ()
    joined = sorted(parts[1] + parts[2] for chunk in chunks if (parts := _COMPOUND.fullmatch(chunk)))
    return [found for word in joined if (found := _STEMS[word])]


def compounds(text: str) -> list[str]:
    """The stems of words written with a hyphen, joined: "pre-training" is also found as "pretraining"."""
    return _compounds_of(fold(text))


def indexed(text: str) -> str:
    """A text as the index stores it: its stems and joined compounds with a blank around each."""
    folded = fold(text)
    found = _stems_of(folded) + _compounds_of(folded)
    return f" {' '.join(found)} " if found else ""


def countable(text: str) -> set[str]:
    """The words of a text worth completing and suggesting: no numbers and no single letters."""
    return {word for word in split(text) if 2 < len(word) <= LONGEST_WORD and not word.isdigit()}


# --- names ---------------------------------------------------------------------------------------------------------------


def pair(first: str, second: str) -> str:
    """The word that stands for two words of one name, whatever their order."""
    return first + PAIR + second if first <= second else second + PAIR + first


@lru_cache(MEMORY // 10)
def name_words(name: str) -> tuple[str, ...]:
    """What is indexed of one printed name: its words, their pairs, and the family name with each initial."""
    folded = names.fold(name).split()[:12]
    if len(folded) < 2:
        return tuple(_STEMS[word] or word for word in folded)
    family = names.fold(names.split(name)[1]).split()[-1:] or folded[-1:]
    near = folded if len(folded) <= 4 else [folded[0], *family]
    pairs = {pair(a, b) for a, b in combinations(near, 2)}
    initials = {pair(word[0], family[0]) for word in folded if word != family[0]}
    return (*(_STEMS[word] or word for word in folded), *sorted(pairs | initials))


# --- showing what was found -----------------------------------------------------------------------------------------------


def shown_words(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Start, end and stems of every word of a text as it is shown, function words left out."""
    for found in _SHOWN_WORDS.finditer(text):
        inside = [kept for word in split(found[0]) if (kept := _STEMS[word])]
        if inside:
            yield found.start(), found.end(), inside


def clean(text: Any, longest: int) -> str:
    """Text from outside as one line of at most `longest` characters, without control characters and lone surrogates."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in str(text)[: longest * 2])
    return " ".join(kept.split())[:longest]
