"""Reading files of JSON records: arrays, saved API answers, JSON Lines, gzip of any; one record at a time. Pure."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

import ijson

from papers.importers.records import FileError

LINE_LIMIT = 64 * 2**20  # bytes of one line, and so of one record
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Raw:
    """One record before translation: `line` counts lines in JSON Lines and records in arrays, from 1.

    `error` says why there is no `value`.
    """

    line: int
    value: Any = None
    error: str = ""


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


def _open(path: Path) -> IO[bytes]:
    """Plain or gzip by what the file begins with, whatever its name says."""
    file = path.open("rb")
    start = file.read(2)
    file.seek(0)
    return gzip.open(file, "rb") if start == GZIP_MAGIC else file  # type: ignore[return-value]


def read_records(path: Path, *, skip: int = 0) -> Iterator[Raw]:
    """Every record of the file but the first `skip`. Raises FileError where the file cannot be read (on)."""
    seen = 0
    try:
        with _open(path) as file:
            for raw in _records(file, path):
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


def _records(file: IO[bytes], path: Path) -> Iterator[Raw]:
    first = file.readline(LINE_LIMIT)
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        rest = file.read(1)
        if not rest:
            return
        raise FileError(f"{path}: begins with empty lines; give a file that begins with a record")
    if start[:1] not in (b"{", b"["):
        raise FileError(f"{path}: line 1 is not JSON; it begins with {start[:20].decode(errors='replace')!r}")
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
        return Raw(number, json.loads(line.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        return Raw(number, error=f"not UTF-8 at byte {error.start + 1} of the line")
    except json.JSONDecodeError as error:
        return Raw(number, error=f"not JSON: {error.msg} at character {error.pos + 1} of the line")
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
        if isinstance(raw.value, dict) and isinstance(raw.value.get("results"), list):
            yield from (Raw(number, value) for value in raw.value["results"])
        else:
            yield raw


def _document(file: IO[bytes], path: Path, *, is_array: bool) -> Iterator[Raw]:
    """One JSON document: an array, an API answer with `results`, or a single record."""
    number = 0
    try:
        for prefix in ("item",) if is_array else ("results.item", ""):
            file.seek(0)
            for value in ijson.items(_without_mark(file), prefix, use_float=True):
                number += 1
                yield Raw(number, value)
            if number:
                return
    except (ijson.JSONError, UnicodeDecodeError) as error:
        where = f"after record {number}" if number else "at its beginning"
        raise FileError(f"{path}: not valid JSON {where}: {str(error).splitlines()[0]}") from error


def _without_mark(file: IO[bytes]) -> IO[bytes]:
    """Step over a byte order mark."""
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)
    return file
