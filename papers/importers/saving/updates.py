"""Bringing what a record says into a paper that is already here, field by field, without taking anything back."""

from typing import TYPE_CHECKING, Any

from django.conf import settings

from authors import names
from authors.curation.bulk import column_of
from authors.curation.models import Provenance
from authors.models import AuthorIdentifier
from papers.fingerprint import fingerprint
from papers.importers.records import AuthorMention, Note, PaperRecord
from papers.importers.saving.authorships import AuthorshipRows, Kept
from papers.importers.saving.context import Incoming, Owners, may_write, owners_of
from papers.importers.saving.details import COLUMNS, DetailRows
from papers.importers.saving.matching import Known
from papers.importers.saving.values import Columns, current_value, given_fields
from papers.models import (
    Authorship,
    CitationsInYear,
    Paper,
    PaperCategory,
    PaperFigure,
    PaperIdentifier,
    PaperInstitution,
    PaperLink,
    PaperVersion,
)
from papers.models.paper import CategoryOrigin

if TYPE_CHECKING:
    from papers.importers.saving.papers import Pass

# The field whose editor's mark keeps a collection as it is.
LOCKS = {"PaperIdentifier": "identifiers", "PaperLink": "links", "PaperVersion": "versions", "PaperCategory": "categories",
         "PaperInstitution": "institutions", "CitationsInYear": "counts_by_year"}  # fmt: skip

TELLING = {
    PaperLink: ["kind", "url"],
    PaperVersion: ["url", "kind"],
    PaperCategory: ["category"],
    PaperInstitution: ["institution"],
}


def update_paper(
    work: "Pass", incoming: Incoming, record: PaperRecord, known: Known, authorships: AuthorshipRows, details: DetailRows
) -> list[str]:
    """Write what is new; gives the names of the fields that the record owns from now on."""
    paper = Paper.objects.get(pk=known.pk)
    owners = owners_of("P", [paper.pk]).get(paper.pk, {})
    fields = given_fields(incoming, record, work.saving, work.venues, work.categories)
    changes: Columns = {}
    written = [name for name, columns in fields.items() if _take(paper, name, columns, owners, incoming, changes)]
    if _new_author_list(paper, record, owners, incoming, authorships):
        changes |= {"authors_count": len(record.authors), "authors_complete": record.authors_complete}
        written.append("authorships")
        work.relisted.append(paper.pk)
    else:
        _learn_identifiers(paper, record)
    collections = _add_details(work, paper, record, owners, incoming, details)
    if changes:
        _write(paper, changes, record, work)
    if changes or collections:
        work.saving.updated += 1
    else:
        work.saving.unchanged += 1
    return sorted({*written, *collections})


def _take(paper: Paper, name: str, columns: Columns, owners: Owners, incoming: Incoming, changes: Columns) -> bool:
    """Add the field's columns to `changes` if the record may write them."""
    first = next(iter(columns))
    current, value = current_value(paper, first), columns[first]
    if name == "cited_by_count":
        return _take_count(paper, columns, owners, incoming, changes)
    if name == "primary_category" and columns["primary_category_origin"] == CategoryOrigin.VENUE and current:
        return False
    if name == "primary_category" and paper.primary_category_origin == CategoryOrigin.VENUE:
        current = None  # what the venue suggested gives way to what a source says
    if not may_write(name, current=current, incoming=value, owners=owners, me=incoming.me):
        return False
    changes |= columns
    return True


def _take_count(paper: Paper, columns: Columns, owners: Owners, incoming: Incoming, changes: Columns) -> bool:
    """One source's citation count is shown, by the order in settings; the others are kept as reported figures."""
    if owners.get("cited_by_count", ("",))[0] == Provenance.EDITOR:
        return False
    value, shown = columns["cited_by_count"], paper.citations_source
    if paper.cited_by_count is None or _rank(incoming.source) < _rank(shown):
        if paper.cited_by_count is not None:
            _keep_figure(paper, paper.cited_by_count, shown, paper.citations_as_of)
        changes |= columns
        return True
    if incoming.source != shown:
        _keep_figure(paper, value, incoming.source, columns["citations_as_of"])
        return False
    if value == paper.cited_by_count or owners.get("cited_by_count") != incoming.me:
        return False
    changes |= columns
    return True


def _rank(source: str) -> int:
    order = settings.CITATION_SOURCES
    return order.index(source) if source in order else len(order)


def _keep_figure(paper: Paper, value: int, source: str, as_of: Any) -> None:
    PaperFigure.objects.update_or_create(
        subject=paper, name="citations", origin="reported", source=source, defaults={"value": value, "as_of": as_of}
    )


def _write(paper: Paper, changes: Columns, record: PaperRecord, work: "Pass") -> None:
    title, year = changes.get("title", paper.title), changes.get("year", paper.year)
    first = record.first_author if "authors_count" in changes else _first_author(paper)
    columns = {column_of(Paper, name).attname: value for name, value in changes.items()}
    Paper.objects.filter(pk=paper.pk).update(**columns, fingerprint=fingerprint(title, year, first), updated_at=work.saving.now)


def _first_author(paper: Paper) -> str:
    return paper.authorships.filter(position=1).values_list("raw_name", flat=True).first() or ""


# --- the list of authors -----------------------------------------------------------------------------------------------


def _new_author_list(paper: Paper, record: PaperRecord, owners: Owners, incoming: Incoming, rows: AuthorshipRows) -> bool:
    """Replace the list when the record gave it, or when it is the first complete one; what was settled stays settled."""
    if not record.authors or owners.get("authorships", ("",))[0] == Provenance.EDITOR:
        return False
    there = list(paper.authorships.order_by("position"))
    mine = owners.get("authorships") == incoming.me
    completes = record.authors_complete and not paper.authors_complete
    if there and not mine and not completes:
        return False
    printed = [(row.raw_name, row.is_corresponding) for row in there]
    if printed == [(author.raw_name, author.is_corresponding) for author in record.authors] and not completes:
        return False
    kept = _settled_before(there, record.authors)
    paper.authorships.all().delete()
    rows.add(paper.pk, record.authors, line=incoming.line, kept=kept)
    return True


def _settled_before(there: list[Authorship], mentions: tuple[AuthorMention, ...]) -> dict[int, Kept]:
    """By place in the new list: whom the old list had settled for the same name. An editor's decisions and rules' alike."""
    free = [row for row in there if row.author_id]
    kept: dict[int, Kept] = {}
    for place, mention in enumerate(mentions):
        key = names.search_key(mention.raw_name)
        row = next((row for row in free if row.name_key == key), None)
        if row is not None:
            free.remove(row)
            kept[place] = row.author_id, row.decided_by, row.profile_position
    return kept


def _learn_identifiers(paper: Paper, record: PaperRecord) -> None:
    """Give the people already settled the identifiers that this record knows of them, where nobody has these."""
    mentioned = {names.search_key(author.raw_name): author.identifiers for author in record.authors if author.identifiers}
    if not mentioned:
        return
    rows = paper.authorships.filter(author__isnull=False, name_key__in=mentioned).values_list("author", "name_key")
    wanted = {identifier: author for author, key in rows for identifier in mentioned[key]}
    taken = set(AuthorIdentifier.objects.filter(value__in={value for _, value in wanted}).values_list("scheme", "value"))
    known = set(AuthorIdentifier.objects.filter(author__in=set(wanted.values())).values_list("author", "scheme"))
    AuthorIdentifier.objects.bulk_create(
        AuthorIdentifier(author_id=author, scheme=scheme, value=value)
        for (scheme, value), author in wanted.items()
        if (scheme, value) not in taken and (author, scheme) not in known
    )


# --- collections -------------------------------------------------------------------------------------------------------


def _add_details(
    work: "Pass", paper: Paper, record: PaperRecord, owners: Owners, incoming: Incoming, details: DetailRows
) -> list[str]:
    """Add the rows that are not there yet; nothing is removed. Gives the names of the collections that grew."""
    grown = []
    for model, rows in details.of(paper.pk, record, incoming, work.saving).items():
        lock = LOCKS[model.__name__]
        if not rows or owners.get(lock, ("",))[0] == Provenance.EDITOR:
            continue
        if model is PaperIdentifier:
            fresh = _fresh_identifiers(work, paper, record, incoming, rows)
        elif model is CitationsInYear:
            fresh = _fresh_counts(paper, rows)
        else:
            fresh = _fresh_rows(paper, model, rows)
        if fresh:
            details.add(model, fresh)
            grown.append(lock)
    return grown


def _fresh_rows(paper: Paper, model: Any, rows: list[Any]) -> list[Any]:
    """Rows that differ from those there in the columns that tell rows of a paper apart."""
    columns = TELLING[model]
    there = set(model.objects.filter(paper=paper).values_list(*columns))
    places = [COLUMNS[model].index(column) for column in columns]
    return [row for row in rows if tuple(row[place] for place in places) not in there]


def _fresh_identifiers(work: "Pass", paper: Paper, record: PaperRecord, incoming: Incoming, rows: list[Any]) -> list[Any]:
    """Identifiers the paper lacks; one that another paper carries is added as disputed, and disputed there too."""
    there = set(paper.identifiers.values_list("scheme", "value"))
    fresh = []
    for _, scheme, value, _ in rows:
        if (scheme, value) in there:
            continue
        others = [known for known in work.matches.holders((scheme, value)) if known.pk != paper.pk]
        if others:
            work.disputed.add((scheme, value))
            reason = f"{scheme}:{value} also stands on “{others[0].title[:80]}”; marked as disputed"
            work.saving.report(incoming.line, [Note("ids", reason)], record=record.title)
        fresh.append((paper.pk, scheme, value, bool(others)))
    return fresh


def _fresh_counts(paper: Paper, rows: list[Any]) -> list[Any]:
    """Years not counted yet; years whose count changed are updated in place."""
    there = {(row.year, row.source): row for row in paper.counts_by_year.all()}
    fresh = []
    for row in rows:
        _, year, count, source, as_of = row
        known = there.get((year, source))
        if known is None:
            fresh.append(row)
        elif known.count != count:
            CitationsInYear.objects.filter(pk=known.pk).update(count=count, as_of=as_of)
    return fresh
