"""What follows a change of many records at once, whatever changed them: repeated facts, figures, the search index."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from authors.curation.changes import Change
from authors.curation.undoing import concerned
from authors.models import Author, Institution
from papers.affiliating import keep_paper_institutions
from papers.metrics.citing import count_citations
from papers.metrics.refreshing import Touched, touched_by
from papers.models import Category, Citation, Paper, Venue
from papers.search.indexing import (
    index_authors,
    index_institutions,
    index_papers,
    index_papers_of_authors,
    index_papers_of_venue,
)


@transaction.atomic
def settle(records: Mapping[str, Collection[int]], categories: Iterable[str] = ()) -> None:
    """Bring everything up to date that depends on these records, by letter; some of them may be gone."""
    papers = _there(Paper, records.get("P", ()))
    keep_paper_institutions(papers)
    touched = touched_by(papers) | Touched(
        set(_there(Author, records.get("A", ()))),
        set(_there(Institution, records.get("I", ()))),
        set(_there(Venue, records.get("V", ()))),
        set(_there(Category, categories)),
    )
    touched.refresh()
    count_citations({*papers, *Citation.objects.filter(citing__among=papers).values_list("cited", flat=True)})
    index_papers(records.get("P", ()))
    index_authors(records.get("A", ()))
    index_institutions(records.get("I", ()))
    index_papers_of_authors(records.get("A", ()))
    for venue in records.get("V", ()):
        index_papers_of_venue(venue)


def settle_changes(changes: Iterable[Change]) -> None:
    """The same for all that these changes concern."""
    of_papers = [change for change in changes if change.model == Paper._meta.label_lower]
    rows = [row for change in of_papers for row in (change.before, change.after) if row]
    settle(concerned(changes), {row["primary_category_id"] for row in rows if row.get("primary_category_id")})


def _there(model: Any, keys: Iterable[Any]) -> list[Any]:
    return list(model.objects.filter(pk__among=list(keys)).order_by().values_list("pk", flat=True))
