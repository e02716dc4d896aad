"""Text that somebody typed or a program sent, tidied as imports tidy what they read. Pure."""

import re
import unicodedata

from papers.importers.cleaning import clean_line

_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")  # what turns the direction of all that follows
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that have no ink


def one_line(text: str) -> str:
    """What nobody sees is gone, every run of blanks and line ends is one blank."""
    return clean_line(_TURNED.sub("", text))


def tidied(text: str) -> str:
    """The same line by line."""
    return "\n".join(one_line(line) for line in text.split("\n")).strip()


def is_seen(text: str) -> bool:
    """Whether there is a letter, a digit or a sign in it, and not only accents, blanks and marks of joining."""
    return any(unicodedata.category(one)[0] in "LNPS" and one not in _BLANKS for one in text)
