"""The texts that are compared, and their digests: what a paper says, when, and of which work it is a version."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import TypeVar

from authors.names import fold
from papers.dates import PartialDate, Precision
from papers.fingerprint import title_key
from papers.models import Authorship, Paper

AT_ONCE = 2_000
Item = TypeVar("Item")


def in_parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of `size` items, the last one shorter."""
    remaining = iter(items)
    while part := list(islice(remaining, size)):
        yield part


@dataclass(frozen=True)
class Text:
    """`begins` and `ends` are days (as `date.toordinal` counts them); `work` is the same for versions of one work."""

    paper: int
    text: str
    begins: int
    ends: int
    work: str

    def digest(self, version: str) -> str:
        said = f"{version}|{self.begins}|{self.ends}|{self.work}|{self.text}"
        return blake2b(said.encode(errors="replace"), digest_size=8).hexdigest()

    @property
    def own(self) -> bytes:
        """The same for papers that say word for word the same."""
        return blake2b(fold(self.text).encode(errors="replace"), digest_size=8).digest()


def texts() -> Iterator[Text]:
    """Of the published papers that are not retracted, have an abstract and a date."""
    after = 0
    while rows := list(_chunk(after)):
        after = rows[-1][0]
        first_authors = dict(
            Authorship.objects.filter(paper__among=[row[0] for row in rows], position=1).values_list("paper", "raw_name")
        )
        for row in rows:
            yield _text(*row, first_author=first_authors.get(row[0], ""))


def text_of(paper: Paper, *, first_author: str) -> Text | None:
    """The text as it would be compared today; None if it would not be."""
    if not paper.abstract or paper.published is None:
        return None
    return _text(paper.pk, paper.title, paper.abstract, paper.published, paper.date_precision, first_author=first_author)


def _chunk(after: int) -> Iterator[tuple[int, str, str, date, str]]:
    rows = Paper.objects.counted().exclude(abstract="").filter(published__isnull=False, pk__gt=after).order_by("pk")
    columns = rows.values_list("pk", "title", "abstract", "published", "date_precision")
    return iter(columns[:AT_ONCE])


def _text(paper: int, title: str, abstract: str, published: date, precision: str, *, first_author: str) -> Text:
    begins, ends = _days(published, precision)
    return Text(paper, f"{title}\n{abstract}", begins, ends, _work(paper, title, first_author))


@lru_cache(4096)  # a few hundred years, and the days of conferences
def _days(published: date, precision: str) -> tuple[int, int]:
    interval = PartialDate(published, Precision(precision))
    return interval.first.toordinal(), interval.last.toordinal()


def _work(paper: int, title: str, first_author: str) -> str:
    """Versions of one work carry the same title and first author, in whatever year."""
    key, author = title_key(title), fold(first_author)
    return f"{key}|{author}" if key and author else f"P{paper}"
