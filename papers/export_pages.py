"""Records and lists as files: by the suffix of an address, or by what a program says it accepts."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from papers.exporting import Keys, in_portions, items_of, keys_of, records_of
from papers.exports.formats import FORMATS, OF_ONE, Format
from papers.models import Paper
from papers.paper_lists import PaperListing

PAGE = "text/html"
PIECE = 2**15  # characters sent at once
View = Callable[..., HttpResponseBase]


def any_of(suffixes: Iterable[str]) -> str:
    """As a regular expression."""
    return "|".join(map(re.escape, suffixes))


class ExportSuffix:
    """In addresses: the end of a file of several papers."""

    regex = any_of(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def short_address(record: Any) -> str:
    """Without the words of the name: files are asked for by programs."""
    return str(record.get_absolute_url()).removesuffix(f"{record.slug}/")


def paper_address(paper: Paper) -> str:
    """A suffix follows."""
    return short_address(paper).removesuffix("/")


def paper_file(request: HttpRequest, paper: Paper, suffix: str) -> HttpResponseBase:
    """One paper, in any format or as the API's record."""
    return _file(request, [[paper.pk]], OF_ONE[suffix], paper.public_id)


def listing_file(listing: PaperListing, suffix: str, *, name: str) -> HttpResponseBase:
    """All papers of the list in its order; 400 that says which filters cannot be used."""
    if listing.problems:
        return render(listing.request, "400.html", {"message": " ".join(listing.problems)}, status=400)
    return _file(listing.request, keys_of(listing), FORMATS[suffix], name)


def _file(request: HttpRequest, chunks: Iterable[Keys], form: Format, name: str) -> HttpResponseBase:
    site = request.build_absolute_uri("/")[:-1]
    made = records_of if form.of_records else items_of
    rows: Iterator[Any] = (row for keys in in_portions(chunks) for row in made(keys, site))
    body = () if request.method == "HEAD" else _pieces(form.write(rows))
    response = StreamingHttpResponse(body, content_type=f"{form.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form.suffix}"'
    response["X-Robots-Tag"] = "noindex"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    """Joined to larger ones: each costs the server a call of its own."""
    kept: list[str] = []
    size = 0
    for text in texts:
        kept.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(kept)
            kept, size = [], 0
    yield "".join(kept)


def negotiated(as_file: View, *, formats: dict[str, Format] = FORMATS) -> Callable[[View], View]:
    """Makes a page answer with a file to programs that would rather have one; `as_file` takes what the page takes, and
    `suffix`."""

    def decorate(page: View) -> View:
        @wraps(page)
        def answer(request: HttpRequest, *records: Any, **given: Any) -> HttpResponseBase:
            suffix = _accepted(request, formats)
            given |= {"suffix": suffix} if suffix else {}
            response = (as_file if suffix else page)(request, *records, **given)
            patch_vary_headers(response, ["Accept"])
            return response

        return answer

    return decorate


def _accepted(request: HttpRequest, formats: dict[str, Format]) -> str:
    """Nothing for whoever takes a page at least as gladly."""
    suffixes = {media: form.suffix for form in formats.values() for media in (form.media_type, *form.further_types)}
    return suffixes.get(request.get_preferred_type([PAGE, *suffixes]) or "", "")
