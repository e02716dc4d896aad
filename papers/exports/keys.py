"""Citation keys: testwright2021counting, and with a letter at the end where a file has that one already. Pure."""

import re
from collections.abc import Iterator
from itertools import count, product
from string import ascii_lowercase
from zlib import crc32

from authors.names import fold
from papers.exports.records import Item

PLACES = 2**27
_NO_KEY = re.compile("[^a-z0-9]")
_SMALL = frozenset(
    "a an and are as at by can do does for from how in into is it its new no not of on or the their this to toward towards"
    " using via we what when where which why with within without".split()
)


def key_of(item: Item) -> str:
    """By what the paper alone says: the first author's family name, the year, the first telling word of the title.

    Names and titles in other scripts than Latin have no letters for a key; the paper's id stands in for both.
    """
    family = _letters(item.people[0].family) if item.people else ""
    telling = (word for word in fold(item.title).split() if word not in _SMALL)
    word = next((found for word in telling if (found := _letters(word))), "")
    return f"{family}{item.when.year if item.when else ''}{word}" if family else f"{item.id.lower()}{word}"


def _letters(text: str) -> str:
    return _NO_KEY.sub("", fold(text))[:30]


class Keys:
    """The keys of one file.

    A bit for each checksum: 16 MB at most however long the file is, touched only as far as it is used. Two keys may
    share a bit; then one of them gets a letter that it could have gone without, and none ever stands twice.
    """

    def __init__(self) -> None:
        self._taken = bytearray(PLACES // 8)

    def unique(self, key: str) -> str:
        return next(f"{key}{letters}" for letters in _endings() if self._take(f"{key}{letters}"))

    def _take(self, key: str) -> bool:
        byte, bit = divmod(crc32(key.encode()) % PLACES, 8)
        if self._taken[byte] >> bit & 1:
            return False
        self._taken[byte] |= 1 << bit
        return True


def _endings() -> Iterator[str]:
    """Nothing, a to z, aa, ab and so on."""
    yield ""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))
