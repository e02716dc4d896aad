"""Reading an answer while it comes: bounded in size and time, whatever the service sends."""

import time
import zlib
from typing import Any

from urllib3.exceptions import HTTPError

from papers.importers.fetching.errors import Offline, TooLarge, Unreadable

LIMIT, BLOCK = 50 * 2**20, 2**16  # bytes, unpacked


def read_body(response: Any, *, wanted: str, host: str, until: float) -> bytes:
    """The unpacked body. Raises TooLarge, Unreadable, Offline."""
    _check_type(response.headers.get("Content-Type", ""), wanted, host)
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "", "gzip"):
        raise Unreadable(f"{host} answered in a packing that nobody asked for.")
    unpacker = zlib.decompressobj(31) if encoding == "gzip" else None
    body = bytearray()
    try:
        while block := response.read1(BLOCK, decode_content=False):
            body += unpacker.decompress(block, LIMIT + 1 - len(body)) if unpacker else block
            if len(body) > LIMIT:
                raise TooLarge(f"The answer of {host} is larger than {LIMIT // 2**20} MB.")
            if time.monotonic() > until:
                raise Offline(f"{host} takes too long to answer. Try again later.", lasting=True)
    except (HTTPError, OSError) as error:
        raise Offline(f"The answer of {host} breaks off. Try again later.", again=True) from error
    except zlib.error as error:
        raise Unreadable(f"The answer of {host} is damaged.") from error
    if unpacker and not unpacker.eof:
        raise Unreadable(f"The answer of {host} ends too early.")
    return bytes(body)


def _check_type(given: str, wanted: str, host: str) -> None:
    """JSON where JSON was asked for, XML where Atom was."""
    kind = given.partition(";")[0].strip().lower()
    if not kind.endswith(("json", "javascript") if wanted.endswith("json") else ("xml",)):
        raise Unreadable(f"{host} answered with {kind or 'something'} and not with a record.")
