"""What follows a change of many records at once, whatever changed them: repeated facts, figures, the search index."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from authors.curation.changes import Change
from authors.curation.undoing import concerned
from authors.models import Author, AuthorName, Institution
from papers.affiliating import keep_paper_institutions
from papers.metrics.citing import count_citations
from papers.metrics.refreshing import Touched, facts_before, touched_by
from papers.models import Authorship, AuthorshipAffiliation, Category, Citation, Paper, PaperInstitution, Venue
from papers.search.indexing import (
    index_authors,
    index_institutions,
    index_papers,
    index_papers_of_authors,
    index_papers_of_institutions,
    index_papers_of_venue,
)


@transaction.atomic
def settle(
    records: Mapping[str, Collection[int]],
    categories: Iterable[str] = (),
    *,
    renamed: Collection[int] = (),
    relocated: Collection[int] = (),
    of_people: bool = False,
    left: Touched | None = None,
) -> None:
    """Bring everything up to date that depends on these records, by letter; some of them may be gone.

    `renamed` are people who are called or shown otherwise than before: their papers are indexed under their names; `relocated`
    are institutions whose country changed: their papers are found by it.
    `left` is whom the papers entered before, and what they added there. `of_people`: of the papers only who wrote them changed,
    which concerns no venue, category or co-author.
    """
    papers = _there(Paper, records.get("P", ()))
    if not of_people:
        keep_paper_institutions(papers)
    since, left = left, left or Touched(set(), set(), set(), set())
    touched = (_institutions_of(papers) if of_people else touched_by(papers)) | Touched(
        set(_there(Author, {*records.get("A", ()), *left.authors})),
        set(_there(Institution, {*records.get("I", ()), *left.institutions})),
        set(_there(Venue, {*records.get("V", ()), *left.venues})),
        set(_there(Category, {*categories, *left.categories})),
    )
    touched.refresh(since=since)
    if not of_people:
        count_citations({*papers, *Citation.objects.filter(citing__among=papers).values_list("cited", flat=True)})
    index_papers(records.get("P", ()))
    index_authors(records.get("A", ()))
    index_institutions(records.get("I", ()))
    index_papers_of_authors(renamed)
    index_papers_of_institutions(relocated)
    for venue in records.get("V", ()):
        index_papers_of_venue(venue)


def settle_changes(changes: Iterable[Change], taken_out: Mapping[str, Collection[int]], left: Touched | None) -> None:
    """The same for all that these changes concern, for records that are gone with them, and for what these `left`."""
    of_papers = [change for change in changes if change.model == Paper._meta.label_lower]
    rows = [row for change in of_papers for row in (change.before, change.after) if row]
    records = concerned(changes)
    for kind, keys in taken_out.items():
        records[kind].update(keys)
    categories = {row["primary_category_id"] for row in rows if row.get("primary_category_id")}
    records["I"] |= _institutions_of_people(_shown_otherwise(changes))
    only_people = not taken_out and all(map(_is_of_people, changes))
    renamed, relocated = _renamed(changes), _relocated(changes)
    settle(records, categories, renamed=renamed, relocated=relocated, of_people=only_people, left=left)


def before_changes(changes: Sequence[Change]) -> Touched | None:
    """What to tell `settle_changes` as `left` where only who wrote papers is about to change: so that institutions of very many
    papers need not be counted anew."""
    papers = concerned(changes)["P"]
    apt = papers and not _shown_otherwise(changes) and all(map(_is_of_people, changes))
    return facts_before(papers) if apt else None


def _shown_otherwise(changes: Iterable[Change]) -> set[int]:
    """People who were hidden or shown."""
    edited = (change for change in changes if change.model == Author._meta.label_lower)
    return {change.record_id for change in edited if "visibility" in _edited(change)}


def _institutions_of_people(authors: Collection[int]) -> set[int]:
    """They do not count who is hidden."""
    stated = AuthorshipAffiliation.objects.filter(authorship__author__among=authors, institution__isnull=False)
    return {*stated.order_by().values_list("institution", flat=True).distinct()}


def _edited(change: Change) -> set[str]:
    """Columns of a row that was there before and after."""
    return (change.before or {}).keys() & (change.after or {}).keys()


def _institutions_of(papers: Collection[int]) -> Touched:
    """They count the people who worked there."""
    rows = PaperInstitution.objects.filter(paper__among=list(papers)).values_list("institution", flat=True)
    return Touched(set(), set(rows.distinct()), set(), set())


def _is_of_people(change: Change) -> bool:
    """Whether it concerns people alone, or who of them wrote a line."""
    if change.model != Authorship._meta.label_lower:
        return change.kind in ("", "A")
    columns = _edited(change)
    return bool(columns) and columns <= {"author_id", "decided_by", "profile_position"}


def _renamed(changes: Iterable[Change]) -> set[int]:
    """People whose displayed name or visibility changed, or a name that is not public."""
    found, moved = set(), {}
    for change in changes:
        told = {**(change.before or {}), **(change.after or {})}
        edited = _edited(change)
        if change.model == "authors.author" and edited & {"display_name", "visibility"}:
            found.add(change.record_id)
        if change.model == "authors.authorname" and edited == {"author_id"}:
            moved[int(change.row_id)] = change.record_id
        elif change.model == "authors.authorname" and (edited or told.get("public") is False):
            found.add(change.record_id)
    return found | {moved[pk] for pk in AuthorName.objects.filter(pk__among=moved, public=False).values_list("pk", flat=True)}


def _relocated(changes: Iterable[Change]) -> set[int]:
    """Institutions whose country changed."""
    edited = (change for change in changes if change.model == Institution._meta.label_lower)
    return {change.record_id for change in edited if "country_code" in _edited(change)}


def _there(model: Any, keys: Iterable[Any]) -> list[Any]:
    return list(model.objects.filter(pk__among=list(keys)).order_by().values_list("pk", flat=True))
