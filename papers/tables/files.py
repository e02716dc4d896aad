"""Reading tables from files: which encoding, which delimiter, which columns; a row at a time. Pure: no database."""

import csv
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LONGEST_CELL = 2_000_000  # characters
BLOCK = 2**20
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
csv.field_size_limit(LONGEST_CELL)


class TableError(Exception):
    """The file cannot be read as a table; the message says why."""


@dataclass(frozen=True)
class Line:
    """`number` is the row's in a spreadsheet: the header is row 1, however many lines its cells have. `problem` says why
    the cells cannot be told apart."""

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class TableFile:
    path: Path

    @cached_property
    def encoding(self) -> str:
        """By its mark, else UTF-8 if it can be that, else what spreadsheets on Windows write."""
        with self.path.open("rb") as file:
            head = file.read(4)
        if head.startswith(b"PK"):
            raise TableError("This is a workbook, not a CSV file: save it as “CSV UTF-8” in your spreadsheet.")
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        for encoding in ("utf-8-sig", "cp1252"):
            if self._can_be(encoding):
                return encoding
        raise TableError("The file is neither UTF-8 nor UTF-16 nor Windows-1252: save it as “CSV UTF-8”.")

    def _can_be(self, encoding: str) -> bool:
        decoder = getincrementaldecoder(encoding)()
        try:
            with self.path.open("rb") as file:
                while block := file.read(BLOCK):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    @cached_property
    def delimiter(self) -> str:
        """The one that parts the header into the most columns."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            header = file.readline(LONGEST_CELL)
        return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([header], delimiter=delimiter), [])))

    @cached_property
    def header(self) -> list[str]:
        names = [name.strip().lower() for name in next(self._rows(), [])]
        while names and not names[-1]:
            names.pop()
        if "id" not in names:
            raise TableError("The first row has no column “id”. Take a table out first: its header shows what is expected.")
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise TableError(f"The column “{twice[0]}” stands in the header twice.")
        return names

    def _rows(self) -> Iterator[list[str]]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            try:
                yield from csv.reader(file, delimiter=self.delimiter)
            except (csv.Error, UnicodeError) as error:
                raise TableError(f"The file cannot be read to its end: {error}.") from error

    def lines(self) -> Iterator[Line]:
        """Every row below the header that has something in it."""
        header = self.header
        for number, row in enumerate(self._rows(), start=1):
            if number > 1 and any(row):
                yield Line(number, dict(zip(header, row, strict=False)), _misshapen(header, row))

    @cached_property
    def twice(self) -> dict[str, list[int]]:
        """Ids that stand in several rows, and in which."""
        found: dict[str, list[int]] = {}
        for line in self.lines():
            if key := line.cells.get("id", "").strip().upper():
                found.setdefault(key, []).append(line.number)
        return {key: numbers for key, numbers in found.items() if len(numbers) > 1}

    def count(self) -> int:
        return sum(1 for _ in self.lines())


def _misshapen(header: list[str], row: list[str]) -> str:
    """Cells that are missing are no empty cells, and cells too many have moved the others."""
    if len(row) < len(header):
        return f"The row has {len(row)} cells, the header {len(header)}."
    return f"The row has {len(row)} cells, the header only {len(header)}." if any(row[len(header) :]) else ""
