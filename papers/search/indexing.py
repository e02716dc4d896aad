"""Keeping the search index equal to the catalogue: every path that writes papers, people or institutions ends here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from authors.curation.bulk import insert
from papers.models import (
    Authorship,
    AuthorText,
    InstitutionText,
    Paper,
    PaperEntry,
    PaperInstitution,
    PaperText,
    SearchWord,
    WaitingPaper,
)
from papers.models.search import NO_NUMBER
from papers.search.documents import SCORES, author_rows, institution_rows, paper_documents, scores_of, shown_scores
from papers.search.engines import engine
from papers.search.engines.base import AUTHORS, ENTRY_COLUMNS, INSTITUTIONS, TEXT_COLUMNS, Document, People, Row
from papers.search.vocabulary import count_words

AT_ONCE = 500
SCORES_AT_ONCE = 5_000
AT_MOST = 2_000  # papers indexed while somebody waits; the rest wait for `rebuild_search --waiting`


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = iter(sorted({*keys}))
    while chunk := list(islice(ordered, AT_ONCE)):
        yield chunk


def index_papers(paper_ids: Iterable[int]) -> int:
    """Bring the papers' index up to date, and take those out that are not published; gives how many rows changed."""
    return sum(_index_some(chunk) for chunk in _chunks(paper_ids))


@transaction.atomic
def _index_some(paper_ids: Sequence[int]) -> int:
    old = stored_papers(paper_ids)
    new = {document.entry[1]: document for document in paper_documents(paper_ids)}
    stale = [document for key, document in old.items() if new.get(key) != document]
    fresh = [document for key, document in new.items() if old.get(key) != document]
    index = engine()
    index.remove([document.texts for document in stale])
    index.add(fresh)
    count_words(SearchWord.Kind.TITLE, _titles(new.keys() - old.keys()))
    count_words(SearchWord.Kind.TITLE, _titles(old.keys() - new.keys()), gone=True)
    return max(len(stale), len(fresh))


def _titles(paper_ids: Iterable[int]) -> list[str]:
    return list(Paper.objects.filter(pk__among=list(paper_ids)).values_list("title", flat=True))


def stored_papers(paper_ids: Sequence[int]) -> dict[int, Document]:
    """What the index holds of them now, by paper."""
    entries = {row[0]: row for row in PaperEntry.objects.filter(paper__among=paper_ids).values_list(*ENTRY_COLUMNS)}
    if not entries:
        return {}
    texts = {row[0]: row for row in PaperText.objects.filter(rank__among=list(entries)).values_list(*TEXT_COLUMNS)}
    return {row[1]: Document(_plain(row), texts.get(rank, (rank, "", "", "", "", ""))) for rank, row in entries.items()}


def _plain(entry: Row) -> Row:
    return (*entry[:2], entry[2].isoformat(), entry[3].isoformat(), *entry[4:])


def index_scores() -> int:
    """Of all papers what lists are ordered and filtered by after scores were computed; gives how many changed."""
    changed, last = 0, 0
    while entries := _entries_behind(last):
        last = entries[-1][0]
        known = scores_of([key for key, *_ in entries])
        wrong = [key for key, *told in entries if told != [known.get((key, name), NO_NUMBER) for name in SCORES]]
        if wrong:
            stored = {name: Coalesce(Subquery(_score_of_entry(name)), float(NO_NUMBER)) for name in SCORES}
            changed += PaperEntry.objects.filter(paper__among=wrong).update(**stored)
    return changed


def _entries_behind(key: int) -> list[tuple[Any, ...]]:
    return list(PaperEntry.objects.filter(paper__gt=key).order_by("paper").values_list("paper", *SCORES)[:SCORES_AT_ONCE])


def _score_of_entry(name: str) -> Any:
    return shown_scores().filter(subject=OuterRef("paper"), name=name).values("value")[:1]


@transaction.atomic
def remove_papers(paper_ids: Sequence[int]) -> None:
    """Call before papers are deleted, or after; before, their titles' words are taken off the counts as well."""
    count_words(
        SearchWord.Kind.TITLE,
        _titles(PaperEntry.objects.filter(paper__among=paper_ids).values_list("paper", flat=True)),
        gone=True,
    )
    engine().remove([document.texts for document in stored_papers(paper_ids).values()])


def index_authors(author_ids: Iterable[int]) -> int:
    """The people's own index; their papers hold their names too: `index_papers_of_authors`."""
    return sum(_index_people(AUTHORS, AuthorText, author_rows, chunk) for chunk in _chunks(author_ids))


def index_institutions(institution_ids: Iterable[int]) -> int:
    return sum(_index_people(INSTITUTIONS, InstitutionText, institution_rows, chunk) for chunk in _chunks(institution_ids))


@transaction.atomic
def _index_people(
    index: People,
    model: type[AuthorText] | type[InstitutionText],
    rows_of: Callable[[Sequence[int]], list[Row]],
    keys: Sequence[int],
) -> int:
    old = {row[1]: row for row in model.objects.filter(**{f"{index.key}__among": keys}).values_list("rank", index.key, "words")}
    new = {row[1]: row for row in rows_of(keys)}
    stale = [row for key, row in old.items() if new.get(key) != row]
    fresh = [row for key, row in new.items() if old.get(key) != row]
    engine().remove_people(index, stale)
    engine().add_people(index, fresh)
    if index is AUTHORS:
        count_words(SearchWord.Kind.NAME, (row[2] for row in stale), gone=True)
        count_words(SearchWord.Kind.NAME, (row[2] for row in fresh))
    return max(len(stale), len(fresh))


# --- what many papers share ---------------------------------------------------------------------------------------------


def index_papers_of_authors(author_ids: Iterable[int]) -> None:
    """Call when people's names or their visibility changed."""
    papers = Authorship.objects.filter(author__among=list(author_ids)).values_list("paper", flat=True).distinct()
    index_now_or_later(papers)


def index_papers_of_institutions(institution_ids: Iterable[int], *, at_once: bool = True) -> None:
    """Call when the country of institutions changed; who does it again and again calls `index_all_waiting` at the end."""
    if keys := list(institution_ids):
        papers = PaperInstitution.objects.filter(institution__among=keys).values_list("paper", flat=True).distinct()
        (index_now_or_later if at_once else _let_wait)(papers)


def index_papers_of_venue(venue_id: int) -> None:
    """Call when the venue's name changed."""
    index_now_or_later(Paper.objects.published().filter(venue=venue_id).values_list("pk", flat=True))


@transaction.atomic
def index_now_or_later(paper_ids: Iterable[int]) -> None:
    """The newest records at once; of many the rest waits, so that nobody waits for it."""
    ordered = sorted({*paper_ids}, reverse=True)
    index_papers(ordered[:AT_MOST])
    _let_wait(ordered[AT_MOST:])


def _let_wait(paper_ids: Iterable[int]) -> None:
    later = list(paper_ids)
    waiting = set(WaitingPaper.objects.filter(paper__among=later).values_list("paper", flat=True))
    insert(WaitingPaper, ["paper"], [(key,) for key in later if key not in waiting])


def index_waiting() -> Iterator[int]:
    """Index what waits, a chunk at a time; gives how many papers each chunk held."""
    while chunk := list(WaitingPaper.objects.order_by("paper").values_list("paper", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            index_papers(chunk)
            WaitingPaper.objects.filter(paper__among=chunk).delete()
        yield len(chunk)


def index_all_waiting() -> None:
    for _ in index_waiting():
        pass
