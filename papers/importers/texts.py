"""Text files of bibliographies, cut into pieces at the lines where entries begin. Pure.

Encodings: UTF-16 with a byte order mark; else UTF-8 line by line, and Windows-1252 for the lines that are none: files
that were put together from others mix both.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from papers.importers.reading import LINE_LIMIT, MARK

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
PIECE_LIMIT = 2**20  # characters from the beginning of one entry to that of the next
_LINE_END = re.compile("\r\n?|\n")


@dataclass(slots=True)
class Piece:
    """The lines from the beginning of an entry on. `too_long`: they were, and are left out."""

    line: int
    text: str
    note: str = ""
    too_long: bool = False


def decoded(line: bytes) -> tuple[str, bool]:
    """The line as text, and whether it was UTF-8."""
    try:
        return line.decode(), True
    except UnicodeDecodeError:
        pass
    try:
        return line.decode("cp1252"), False
    except UnicodeDecodeError:
        return line.decode("latin-1"), False


def lines_of(file: IO[bytes]) -> Iterator[tuple[str, bool]]:
    """Every line, whichever way lines end in the file, and whether it was in the encoding it should be in."""
    file.seek(0)
    start = file.read(2)
    file.seek(0)
    if start in UTF_16:
        text = io.TextIOWrapper(file, encoding="utf-16", errors="replace", newline=None)
        while line := text.readline(LINE_LIMIT):
            yield line.rstrip("\n"), True
        text.detach()
        return
    first = True
    while raw := file.readline(LINE_LIMIT):
        given, as_it_should = decoded(raw.removeprefix(MARK) if first else raw)
        first = False
        for line in _LINE_END.split(given.removesuffix("\n").removesuffix("\r")):
            yield line, as_it_should


def pieces(file: IO[bytes], begins: Callable[[str], object]) -> Iterator[Piece]:
    """The file from the first line that `begins` an entry on. The first piece with a line in a foreign encoding says so."""
    number, told = 0, False
    kept: list[str] = []
    piece: Piece | None = None
    size = 0
    for line, as_it_should in lines_of(file):
        number += 1
        if begins(line):
            if piece:
                yield _closed(piece, kept)
            piece, kept, size = Piece(number, ""), [], 0
        if piece is None:
            continue
        if not as_it_should and not told:
            told, piece.note = True, "is not UTF-8; this and all other such lines are read as Windows-1252"
        size += len(line) + 1
        if size <= PIECE_LIMIT:
            kept.append(line)
        else:
            piece.too_long, kept = True, []
    if piece:
        yield _closed(piece, kept)


def _closed(piece: Piece, kept: list[str]) -> Piece:
    piece.text = "\n".join(kept)
    return piece
