"""Making papers batch by batch, each in a transaction of its own, and going on where an earlier run stopped."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from authors.models import Author, AuthorName
from papers.models import Authorship, AuthorshipAffiliation, Paper
from papers.sampling.people import People, seeded
from papers.sampling.rows import Made, Rows, scattered
from papers.sampling.source import home_of, load_source, made_papers
from papers.sampling.texts import Texts, in_order_of_topics

BATCH = 5_000  # papers
CACHE = 64 * 2**10  # KiB of SQLite's cache: new keys fall all over its indexes


class NothingToGrowFrom(Exception):
    """The catalogue has no paper to recombine; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Progress:
    papers: int  # in the catalogue
    people: int  # made so far
    speed: float  # papers a second


def make_papers(wanted: int, *, seed: int = 1, progress: Callable[[Progress], None] | None = None) -> int:
    """Make papers until the catalogue has `wanted`, and give how many were made. Counts are not refreshed yet."""
    already = Paper.objects.count()
    if wanted <= already:
        return 0
    with _for_bulk():
        maker = Maker(seed)
        first, began = maker.made, time.monotonic()
        last = first + wanted - already
        for begin in range(first, last, BATCH):
            done = min(last, begin + BATCH) - first
            maker.make(range(begin, first + done))
            if progress:
                progress(Progress(already + done, len(maker.people), done / (time.monotonic() - began)))
    return wanted - already


@contextmanager
def _for_bulk() -> Iterator[None]:
    """Thousands of papers live for the whole run: look for reference cycles rarely. Let SQLite keep more in memory."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1_000)
    before = _sqlite_cache(-CACHE)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        _sqlite_cache(before)


def _sqlite_cache(size: int) -> int:
    """Set the size of SQLite's cache and give what it was."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before: int = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = {size}")
    return before


class Maker:
    """All that a run keeps in memory: what it recombines, whom papers name so far, and the titles that are taken.

    The n-th made paper depends on the seed and on what was made before, not on how many runs made it.
    """

    def __init__(self, seed: int) -> None:
        source = load_source()
        if not source.templates:
            raise NothingToGrowFrom("there is no published paper to grow from; import some first")
        if not source.names:
            raise NothingToGrowFrom("no published paper names a person with given and family name; import some that do")
        self._seed = seed
        self._templates = in_order_of_topics(source.templates)
        self._titles = {hash(title) for title in Paper.objects.values_list("title", flat=True).iterator()}
        self._texts = Texts(self._templates, lambda title: hash(title) in self._titles)
        self._order: tuple[int, list[int]] = (-1, [])
        self.people = People(source)
        self.made = made_papers().count()
        if self.made:
            _load_people(self.people)

    def make(self, numbers: range) -> None:
        """Make and write the papers of these numbers, counted from 0."""
        random, rows = seeded(f"{self._seed} {numbers.start}"), Rows(timezone.now())
        self._texts.balance.restart()
        with transaction.atomic():
            for number, pk in zip(numbers, rows.reserve(len(numbers)), strict=True):
                place = self._place(number)
                title, abstract = self._texts.make(place, random)
                self._titles.add(hash(title))
                template = self._templates[place]
                people = self.people.choose(template.homes, random)
                authors = [(person, self.people.printed(person, random)) for person in people]
                rows.add(Made(pk, number, title, abstract, authors, scattered(template.citations, random)), template)
            self.people.write(rows.now)
            rows.write(self.people.ids)

    def _place(self, number: int) -> int:
        """Every template is used once before any is used again, so that all shares stay."""
        turn, place = divmod(number, len(self._templates))
        if turn != self._order[0]:
            order = list(range(len(self._templates)))
            seeded(f"{self._seed} order {turn}").shuffle(order)
            self._order = turn, order
        return self._order[1][place]


def _load_people(people: People) -> None:
    mentions = Authorship.objects.filter(paper__in=made_papers(), author__isnull=False)
    made = Author.objects.filter(pk__in=mentions.values("author")).order_by("pk")
    second = AuthorName.objects.filter(author__in=made.order_by()).exclude(name=F("author__display_name"))
    stated = AuthorshipAffiliation.objects.filter(authorship=OuterRef("pk"), institution__isnull=False).order_by("pk")
    rows = mentions.order_by("paper_id", "position").annotate(where=Subquery(stated.values("institution")[:1]))
    people.load(
        made.values_list("pk", "display_name").iterator(),
        second.values_list("author", "name").iterator(),
        (
            (author, home_of([where], category or ""))
            for author, where, category in rows.values_list("author", "where", "paper__primary_category").iterator()
        ),
    )
