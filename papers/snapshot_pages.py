"""The page that lists the snapshots, and their files, of which a broken download may fetch the rest."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from papers.snapshots.parts import digest_of
from papers.snapshots.shelf import snapshot_named, snapshots

PIECE = 2**16
TYPES = {".gz": "application/gzip", ".json": "application/json", ".parquet": "application/vnd.apache.parquet"}
_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?")


@require_safe
def snapshot_list(request: HttpRequest) -> HttpResponse:
    return render(request, "snapshots/list.html", {"snapshots": snapshots()})


@require_safe
def snapshot_file(request: HttpRequest, name: str, path: str) -> HttpResponseBase:
    """Only what the manifest names. The checksum is the tag: a snapshot made anew on the same day is another."""
    snapshot = snapshot_named(name)
    found = snapshot.path_of(path) if snapshot else None
    if snapshot is None or found is None:
        raise Http404("No file of a snapshot stands at this address.")
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # it is compressed already, and a part of it must stay a part
    tag = f'"{snapshot.sha256_of(path) or digest_of(found)}"'
    when = int(found.stat().st_mtime)
    response: Any = _answer(request, found, tag)
    response["ETag"], response["Last-Modified"] = tag, http_date(when)
    response["Accept-Ranges"] = "bytes"
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, tag, when, response) or response


def _answer(request: HttpRequest, path: Path, tag: str) -> HttpResponseBase:
    size = path.stat().st_size
    wanted = _wanted(request, size, tag)
    if wanted is not None and not wanted:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = wanted or range(size)
    body: Any = () if request.method == "HEAD" else _pieces(path, part)
    response = StreamingHttpResponse(body, status=206 if wanted else 200, content_type=TYPES.get(path.suffix, "text/plain"))
    response["Content-Length"] = str(len(part))
    if wanted:
        response["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{size}"
    return response


def _wanted(request: HttpRequest, size: int, tag: str) -> range | None:
    """The one range that is asked for; an empty one if the file has no such part, None for the whole file."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or asked[0] == "bytes=-" or request.headers.get("If-Range", tag) != tag:
        return None
    if asked[1] is None:
        return range(max(0, size - int(asked[2])), size)
    if asked[2] is not None and int(asked[2]) < int(asked[1]):
        return None
    last = size - 1 if asked[2] is None else min(int(asked[2]), size - 1)
    return range(int(asked[1]), last + 1)


def _pieces(path: Path, part: range) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(part.start)
        left = len(part)
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
