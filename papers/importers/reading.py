"""Reading files record by record, plain or gzip; here those of JSON: arrays, saved API answers, JSON Lines. Pure."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

import ijson

from papers.importers.records import FileError

LINE_LIMIT = 16 * 2**20  # bytes of one line, and so of one record
DEEPEST = 2_000  # brackets opened and not closed within one block; the parser's memory grows with the square
MARK = b"\xef\xbb\xbf"
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Raw:
    """One record before translation: `line` counts lines, and records in JSON arrays, from 1.

    `error` says why there is no `value`, `note` what was mended to read it.
    """

    line: int
    value: Any = None
    error: str = ""
    note: str = ""


Reader = Callable[[IO[bytes], Path], Iterator[Raw]]


def file_fingerprint(path: Path) -> str:
    """A digest of the file's bytes; raises FileError when it cannot be read."""
    digest = blake2b(digest_size=32)
    try:
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from error
    return digest.hexdigest()


def open_packed(path: Path) -> IO[bytes]:
    """Plain or gzip by what the file begins with, whatever its name says."""
    file = path.open("rb")
    start = file.read(2)
    file.seek(0)
    return gzip.open(file, "rb") if start == GZIP_MAGIC else file  # type: ignore[return-value]


def read_records(path: Path, *, skip: int = 0, reader: Reader | None = None) -> Iterator[Raw]:
    """Every record of the file but the first `skip`, of JSON unless another `reader` is given.

    Raises FileError where the file cannot be read (on).
    """
    seen = 0
    try:
        with open_packed(path) as file:
            for raw in (reader or json_records)(file, path):
                seen += 1
                if seen > skip:
                    yield raw
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise FileError(f"{path}: damaged gzip data after record {seen}: {error}") from error
        raise FileError(f"{path}: {error.strerror or error}") from error
    except EOFError as error:
        raise FileError(f"{path}: the compressed data ends too early, after record {seen}") from error
    except zlib.error as error:
        raise FileError(f"{path}: damaged gzip data after record {seen}: {error}") from error


def json_records(file: IO[bytes], path: Path) -> Iterator[Raw]:
    """The records of a file of JSON; those of saved answers one by one."""
    number, start = 0, b""
    while not start and (line := file.readline(LINE_LIMIT)):
        number, start = number + 1, line.removeprefix(MARK).lstrip()
    if not start:
        return
    if start[:1] not in (b"{", b"["):
        raise FileError(f"{path}: line {number} is not JSON; it begins with {start[:20].decode(errors='replace')!r}")
    second = file.readline(LINE_LIMIT)
    file.seek(0)
    if start[:1] == b"{" and (_is_object(start) or _is_object(second)):
        yield from _lines(file)
    else:
        yield from _document(file, path, is_array=start[:1] == b"[")


def _is_object(line: bytes) -> bool:
    return isinstance(_parse(1, line).value, dict)


def _parse(number: int, line: bytes) -> Raw:
    try:
        return Raw(number, json.loads(line.removeprefix(MARK).decode().rstrip("\r\n")))
    except UnicodeDecodeError as error:
        return Raw(number, error=f"not UTF-8 at byte {error.start + 1} of the line")
    except json.JSONDecodeError as error:
        return Raw(number, error=f"not JSON at character {error.pos + 1} of the line: {error.msg.removesuffix(' at')}")
    except RecursionError:
        return Raw(number, error="nested too deeply")
    except ValueError as error:  # a whole number of thousands of digits
        return Raw(number, error=f"not usable JSON: {error}")


def _lines(file: IO[bytes]) -> Iterator[Raw]:
    """JSON Lines, cut at line feeds only: abstracts contain other characters that Python calls line ends."""
    number = 0
    while line := file.readline(LINE_LIMIT):
        number += 1
        if len(line) >= LINE_LIMIT and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(LINE_LIMIT)
            yield Raw(number, error=f"longer than {LINE_LIMIT // 2**20} MB")
            continue
        if not line.strip():
            continue
        raw = _parse(number, line)
        listed = _listed(raw.value) if isinstance(raw.value, dict) else None
        if listed is None:
            yield raw
        else:
            yield from (Raw(number, value) for value in listed)


def _listed(answer: dict[str, Any]) -> list[Any] | None:
    """The records of an API answer, OpenAlex's or Crossref's; None when it is no answer but a record."""
    message = answer.get("message")
    if isinstance(message, dict):
        items = message.get("items")
        return items if isinstance(items, list) else [message]
    results = answer.get("results")
    return results if isinstance(results, list) else None


def _document(file: IO[bytes], path: Path, *, is_array: bool) -> Iterator[Raw]:
    """One JSON document: an array, an API answer with a list or a record in it, or a single record."""
    number = 0
    try:
        prefix = "item" if is_array else _prefix(_Document(file))
        for value in ijson.items(_Document(file), prefix, use_float=True):
            number += 1
            yield Raw(number, value)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        where = f"after record {number}" if number else "at its beginning"
        raise FileError(f"{path}: not valid JSON {where}: {_first_line(error)}") from error


def _prefix(document: "_Document") -> str:
    """Where the records stand: as `_listed` finds them, without holding the document in memory."""
    place = ""
    for prefix, event, _ in ijson.parse(document, use_float=True):
        if (prefix, event) in (("results", "start_array"), ("message.items", "start_array")):
            return f"{prefix}.item"
        if (prefix, event) == ("message", "start_map"):
            place = prefix
    return place


def _first_line(error: Exception) -> str:
    said = error.args[0] if error.args else error
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return text.strip().partition("\n")[0]


class _Document:
    """A JSON document from its beginning, without a byte order mark, for a parser that reads it block by block."""

    def __init__(self, file: IO[bytes]) -> None:
        file.seek(0)
        if file.read(len(MARK)) != MARK:
            file.seek(0)
        self._file = file

    def read(self, size: int) -> bytes:
        block = self._file.read(size)
        opened = block.count(b"[") + block.count(b"{")
        if opened - block.count(b"]") - block.count(b"}") > DEEPEST:
            raise RecursionError("nested too deeply")
        return block
