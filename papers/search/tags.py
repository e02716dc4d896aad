"""Facts about a paper as words of the index, so that filters and text meet in one look-up. Pure.

Every tag begins with a sign that no word of a text holds; what follows holds letters, digits and non-ASCII signs only,
because that is what SQLite's tokenizer keeps together.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

SIGN = "§"
KINDS = {
    "category": "c", "year": "y", "code": "k", "venue": "v", "institution": "i", "author": "a", "type": "t",
    "retracted": "r", "citations": "n", "paper": "p", "has": "h",
    "sample": "s", "tier": "w", "country": "o", "language": "l",
}  # fmt: skip
ALL = f"{SIGN}all"
SAMPLES = 128  # parts of the catalogue of about the same size, whatever they are about
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
_SPELL = str.maketrans({".": "·", "-": "–", "_": "–", " ": "–", "/": "–"})


def tag(kind: str, value: object) -> str:
    """The word that says this of a paper."""
    return f"{SIGN}{KINDS[kind]}{value if isinstance(value, int) else _spelled(str(value))}"


@lru_cache(10_000)
def _spelled(value: str) -> str:
    return "".join(c for c in value.lower().translate(_SPELL) if not c.isascii() or c.isalnum())


def sample_of(key: int) -> str:
    """Which part of the catalogue a paper is in: spread evenly, and the same for ever."""
    return tag("sample", (key * 2654435761 >> 9) % SAMPLES)


def is_language(text: str) -> bool:
    """Whether it is written as codes of languages are: en, pt-BR."""
    return _LANGUAGE.fullmatch(text) is not None


def languages_of(code: str) -> list[str]:
    """What a paper in this language is found by: pt-BR by itself and by pt."""
    return list(dict.fromkeys((code, re.split("[-_]", code)[0]))) if code else []


def citations_step(count: int) -> int:
    """0, 1, 2–3, 4–7 …: the number of binary digits."""
    return count.bit_length()


def steps_between(low: float | None, high: float | None) -> Iterable[int]:
    """The steps that hold every count from `low` to `high`, and some below or above them."""
    first = citations_step(max(0, int(low or 0)))
    last = citations_step(int(high)) if high is not None else 32
    return range(first, last + 1)
