"""Making the whole index anew, and checking it against the catalogue."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from authors.curation.bulk import insert
from authors.models import Author, AuthorName, Institution
from papers.models import AuthorText, InstitutionText, Paper, PaperText, SearchWord, WaitingPaper
from papers.search import words
from papers.search.documents import author_rows, institution_rows, paper_documents
from papers.search.engines import engine
from papers.search.engines.base import AUTHORS, INSTITUTIONS, Row, query
from papers.search.indexing import index_authors, index_institutions, index_waiting, remove_papers, stored_papers

__all__ = ["check", "finish", "index_all_authors", "index_all_institutions", "index_waiting", "queue_papers"]
AT_ONCE = 2_000
MOST_WORDS = 2_000_000  # different words counted; bounds the memory

_PUBLISHED = "SELECT p.id FROM papers_paper p WHERE p.state = 'published'"
_MISSING = (
    "SELECT p.id FROM papers_paper p LEFT JOIN papers_paperentry e ON e.paper_id = p.id"
    " WHERE p.state = 'published' AND e.rank IS NULL"
)
_ORPHANED = (
    "SELECT e.paper_id FROM papers_paperentry e LEFT JOIN papers_paper p ON p.id = e.paper_id AND p.state = 'published'"
    " WHERE p.id IS NULL"
)
_TEXTS_ALONE = "SELECT t.rank FROM papers_papertext t LEFT JOIN papers_paperentry e ON e.rank = t.rank WHERE e.rank IS NULL"


def _chunks(keys: Iterator[int], size: int = AT_ONCE) -> Iterator[list[int]]:
    while chunk := list(islice(keys, size)):
        yield chunk


def _keys(model: type[models.Model]) -> Iterator[list[int]]:
    """All keys in order, a chunk at a time, each by a query of its own: the table may change meanwhile."""
    last = 0
    while chunk := list(model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        last = chunk[-1]
        yield chunk


# --- rebuilding -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def queue_papers(*, only_missing: bool = False) -> int:
    """Let every published paper, or those the index lacks, wait to be indexed; take out what is not published any more.

    Gives how many wait. The queue is kept in the database, so that an interrupted run goes on where it was.
    """
    remove_orphans()
    with connection.cursor() as cursor:
        wanted = _MISSING if only_missing else _PUBLISHED
        cursor.execute(f"INSERT INTO papers_waitingpaper (paper_id) {wanted} ON CONFLICT DO NOTHING")
    return WaitingPaper.objects.count()


def remove_orphans() -> None:
    remove_papers([row[0] for row in query(_ORPHANED)])
    engine().remove(list(PaperText.objects.filter(rank__among=[row[0] for row in query(_TEXTS_ALONE)]).values_list()))


def index_all_authors() -> Iterator[int]:
    """Gives how many people each step saw. Those who are in the index without being public are taken out."""
    for chunk in _keys(Author):
        index_authors(chunk)
        yield len(chunk)
    engine().remove_people(AUTHORS, _alone(AuthorText, "author", "authors_author"))


def index_all_institutions() -> Iterator[int]:
    for chunk in _keys(Institution):
        index_institutions(chunk)
        yield len(chunk)
    engine().remove_people(INSTITUTIONS, _alone(InstitutionText, "institution", "authors_institution"))


def _alone(model: type[models.Model], of: str, table: str) -> list[Row]:
    """Rows of the index whose record is gone."""
    sql = f"SELECT t.rank FROM {model._meta.db_table} t LEFT JOIN {table} r ON r.id = t.{of}_id WHERE r.id IS NULL"  # noqa: S608
    ranks = [row[0] for row in query(sql)]
    return list(model._default_manager.filter(pk__among=ranks).values_list("rank", f"{of}_id", "words"))


def finish() -> None:
    """Count the words anew, and bring the database's own structures up to date."""
    counted: dict[str, Counter[str]] = {
        SearchWord.Kind.TITLE: _count(Paper.objects.published().values_list("title", flat=True)),
        SearchWord.Kind.NAME: _count(
            AuthorName.objects.filter(public=True, author__in=AuthorText.objects.values("author")).values_list(
                "name", flat=True
            )
        ),
    }
    rows = [(kind, word, words.stem(word) or word, uses) for kind, used in counted.items() for word, uses in used.items()]
    with transaction.atomic():
        SearchWord.objects.all().delete()
        insert(SearchWord, ["kind", "word", "stem", "uses"], rows)
    engine().settle()


def _count(texts: Any) -> Counter[str]:
    used: Counter[str] = Counter()
    for text in texts.order_by().iterator(chunk_size=5_000):
        used.update(words.countable(text))
        if len(used) > MOST_WORDS:
            used = Counter({word: uses for word, uses in used.items() if uses > 1})
    return used


# --- checking -------------------------------------------------------------------------------------------------------------


@dataclass
class Findings:
    """What is wrong with the index of one kind of record; `examples` are public ids."""

    what: str
    missing: int = 0
    stale: int = 0
    orphaned: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        return self.missing + self.stale + self.orphaned

    def compare(self, letter: str, stored: dict[int, Any], wanted: dict[int, Any]) -> None:
        missing = sorted(wanted.keys() - stored.keys())
        orphaned = sorted(stored.keys() - wanted.keys())
        stale = [key for key, value in wanted.items() if key in stored and stored[key] != value]
        self.missing += len(missing)
        self.orphaned += len(orphaned)
        self.stale += len(stale)
        self.examples += [f"{letter}{key}" for key in (*missing, *stale, *orphaned)][: max(0, 5 - len(self.examples))]


def check(tell: Callable[[str, int], None]) -> list[Findings]:
    """Compare the whole index with what it should hold; `tell` hears of progress. Changes nothing."""
    return [_check_papers(tell), _check_people(tell), _check_institutions(tell), _check_words()]


def _check_papers(tell: Callable[[str, int], None]) -> Findings:
    found = Findings("papers")
    for chunk in _keys(Paper):
        wanted = {document.entry[1]: document for document in paper_documents(chunk)}
        found.compare("P", stored_papers(chunk), wanted)
        tell("papers", len(chunk))
    gone = query("SELECT e.paper_id FROM papers_paperentry e LEFT JOIN papers_paper p ON p.id = e.paper_id WHERE p.id IS NULL")
    found.orphaned += len(gone) + len(query(_TEXTS_ALONE))
    found.examples += [f"P{row[0]}" for row in gone[:5]]
    return found


def _check_people(tell: Callable[[str, int], None]) -> Findings:
    found = Findings("people")
    for chunk in _keys(Author):
        stored = {
            row[1]: row for row in AuthorText.objects.filter(author__among=chunk).values_list("rank", "author_id", "words")
        }
        found.compare("A", stored, {row[1]: row for row in author_rows(chunk)})
        tell("people", len(chunk))
    found.orphaned += len(_alone(AuthorText, "author", "authors_author"))
    return found


def _check_institutions(tell: Callable[[str, int], None]) -> Findings:
    found = Findings("institutions")
    for chunk in _keys(Institution):
        rows = InstitutionText.objects.filter(institution__among=chunk).values_list("rank", "institution_id", "words")
        found.compare("I", {row[1]: row for row in rows}, {row[1]: row for row in institution_rows(chunk)})
        tell("institutions", len(chunk))
    found.orphaned += len(_alone(InstitutionText, "institution", "authors_institution"))
    return found


def _check_words() -> Findings:
    """Does the database's own index say what the texts say?"""
    return Findings("index of words", stale=engine().differences(), examples=[])
