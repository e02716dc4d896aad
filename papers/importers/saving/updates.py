"""Bringing what a record says into a paper that is already here, field by field, without taking anything back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from authors import names
from authors.curation.bulk import column_of
from authors.curation.models import Provenance
from papers.fingerprint import fingerprint
from papers.importers.records import AuthorMention, PaperRecord
from papers.importers.saving.authorships import AuthorshipRows, Kept
from papers.importers.saving.context import Incoming, Owners, may_write
from papers.importers.saving.details import COLUMNS
from papers.importers.saving.matching import Decision
from papers.importers.saving.people import People
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

# The relation of a paper that holds a collection's rows, and the columns that tell these apart.
TELLING = {
    PaperLink: ("links", ["kind", "url"]),
    PaperVersion: ("versions", ["url", "kind"]),
    PaperCategory: ("further_categories", ["category"]),
    PaperInstitution: ("paper_institutions", ["institution"]),
}
RELATIONS = ("authorships__affiliations", "identifiers", "counts_by_year", *(relation for relation, _ in TELLING.values()))


def load_papers(keys: Sequence[int]) -> dict[int, Paper]:
    """The papers with everything that updates compare."""
    return {paper.pk: paper for paper in Paper.objects.filter(pk__among=keys).prefetch_related(*RELATIONS)} if keys else {}


def update_paper(work: "Pass", incoming: Incoming, record: PaperRecord, decision: Decision) -> list[str]:
    """Write what is new; gives the names of the fields that the record owns from now on."""
    paper = work.there[decision.known.pk]
    owners = work.owners.get(paper.pk, {})
    fields = given_fields(incoming, record, work.saving, work.venues, work.categories)
    changes: Columns = {}
    written = {name for name, columns in fields.items() if _take(paper, name, columns, owners, incoming, changes)}
    if _new_author_list(paper, record, owners, incoming, work.authorships):
        changes |= {"authors_count": len(record.authors), "authors_complete": record.authors_complete}
        written.add("authorships")
        work.relisted.append(paper.pk)
    learned = "authorships" not in written and _learn_about_authors(paper, record, owners, work.people)
    written |= _add_details(work, paper, record, owners, incoming, decision)
    if changes:
        _write(paper, changes, record, work)
    decision.known.title = changes.get("title", paper.title)
    decision.known.first_author = record.first_author if "authorships" in written else _first_author(paper)
    if written or learned:
        work.saving.updated += 1
    else:
        work.saving.unchanged += 1
    return sorted(written)


def _take(paper: Paper, name: str, columns: Columns, owners: Owners, incoming: Incoming, changes: Columns) -> bool:
    """Add the field's columns to `changes` if the record may write them."""
    if name == "cited_by_count":
        return _take_count(paper, columns, owners, incoming, changes)
    current = tuple(current_value(paper, column) for column in columns)
    value, is_empty = tuple(columns.values()), not current[0]
    if name == "primary_category" and columns["primary_category_origin"] == CategoryOrigin.VENUE and not is_empty:
        return False
    if name == "primary_category" and paper.primary_category_origin == CategoryOrigin.VENUE:
        is_empty = True  # what the venue suggested gives way to what a source says
    if value == current:
        return False
    if not may_write(name, current=None if is_empty else current, incoming=value, owners=owners, me=incoming.me):
        return False
    changes |= columns
    return True


def _take_count(paper: Paper, columns: Columns, owners: Owners, incoming: Incoming, changes: Columns) -> bool:
    """One source's citation count is shown, by the order in settings; the others are kept as reported figures."""
    if owners.get("cited_by_count", ("",))[0] == Provenance.EDITOR:
        return False
    value, shown = columns["cited_by_count"], paper.citations_source
    if paper.cited_by_count is None or _rank(incoming.source) < _rank(shown):
        if paper.cited_by_count is not None and shown:
            _keep_figure(paper, paper.cited_by_count, shown, paper.citations_as_of)
        changes |= columns
        return True
    if incoming.source != shown:
        _keep_figure(paper, value, incoming.source, columns["citations_as_of"])
        return False
    owner = owners.get("cited_by_count", incoming.me)
    if value == paper.cited_by_count or (owner[0] == incoming.source and owner != incoming.me):
        return False
    changes |= columns
    return True


def _rank(source: str) -> int:
    """The smaller the better: by the order in settings, then any other source, then what is counted here (no source)."""
    order = settings.CITATION_SOURCES
    return order.index(source) if source in order else len(order) + (not source)


def _keep_figure(paper: Paper, value: int, source: str, as_of: Any) -> None:
    PaperFigure.objects.update_or_create(
        subject=paper, name="citations", origin="reported", source=source, defaults={"value": value, "as_of": as_of}
    )


def _write(paper: Paper, changes: Columns, record: PaperRecord, work: "Pass") -> None:
    title, year = changes.get("title", paper.title), changes.get("year", paper.year)
    first = record.first_author if "authors_count" in changes else _first_author(paper)
    columns = {column_of(Paper, name).attname: value for name, value in changes.items()}
    if "is_retracted" in changes:
        work.retracted.append(paper.pk)
    Paper.objects.filter(pk=paper.pk).update(**columns, fingerprint=fingerprint(title, year, first), updated_at=work.saving.now)


def _first_author(paper: Paper) -> str:
    return next((row.raw_name for row in paper.authorships.all()), "")


# --- the list of authors -----------------------------------------------------------------------------------------------


def _new_author_list(paper: Paper, record: PaperRecord, owners: Owners, incoming: Incoming, rows: AuthorshipRows) -> bool:
    """Replace the list when the record gave it, or when it is the first complete one; what was settled stays settled."""
    if not record.authors or owners.get("authorships", ("",))[0] == Provenance.EDITOR:
        return False
    there = list(paper.authorships.all())
    mine = owners.get("authorships") == incoming.me
    completes = record.authors_complete and not paper.authors_complete
    shortens = paper.authors_complete and not record.authors_complete
    if there and (shortens or not (mine or completes)):
        return False
    if not completes and _as_printed(there) == [
        (author.raw_name, author.is_corresponding, sorted(rows.stated(author), key=str)) for author in record.authors
    ]:
        return False
    kept = _settled_before(there, record.authors)
    rows.hide(paper.pk, [row.author_id for row in there if row.author_id and row.hidden_on_profile])
    Authorship.objects.filter(paper=paper).delete()
    rows.add(paper.pk, record.authors, line=incoming.line, kept=kept)
    return True


def _as_printed(there: list[Authorship]) -> list[tuple[str, bool, list[tuple[str, int | None]]]]:
    parts = [[(part.raw, part.institution_id) for part in row.affiliations.all()] for row in there]
    return [(row.raw_name, row.is_corresponding, sorted(said, key=str)) for row, said in zip(there, parts, strict=True)]


def _settled_before(there: list[Authorship], mentions: tuple[AuthorMention, ...]) -> dict[int, Kept]:
    """By place in the new list: whom the old list had settled for the same name. An editor's decisions and rules' alike."""
    free = [row for row in there if row.author_id or row.decided_by == Authorship.DecidedBy.EDITOR]
    kept: dict[int, Kept] = {}
    for place, mention in enumerate(mentions):
        key = names.search_key(mention.raw_name)
        row = next((row for row in free if row.name_key == key), None)
        if row is not None:
            free.remove(row)
            kept[place] = row.author_id, row.decided_by, row.profile_position
    return kept


def _learn_about_authors(paper: Paper, record: PaperRecord, owners: Owners, people: People) -> bool:
    """Where the list stays as it is: what the record knows of the people on it, by names that occur once in both lists."""
    telling = [author for author in record.authors if author.identifiers or author.profile_position]
    if not telling or owners.get("authorships", ("",))[0] == Provenance.EDITOR:
        return False
    rows = [(row, row.author_id) for row in paper.authorships.all() if row.author_id]
    learned = False
    for mention in telling:
        key = names.search_key(mention.raw_name)
        named = [(row, author) for row, author in rows if row.name_key == key]
        if len(named) != 1 or sum(names.search_key(author.raw_name) == key for author in record.authors) != 1:
            continue
        row, author = named[0]
        learned |= people.teach(people[author], mention)
        if mention.profile_position and row.profile_position != mention.profile_position:
            Authorship.objects.filter(pk=row.pk).update(profile_position=mention.profile_position)
            learned = True
    return learned


# --- collections -------------------------------------------------------------------------------------------------------


def _add_details(
    work: "Pass", paper: Paper, record: PaperRecord, owners: Owners, incoming: Incoming, decision: Decision
) -> set[str]:
    """Add the rows that are not there yet; nothing is removed. Gives the names of the collections that grew."""
    grown = set()
    for model, rows in work.details.of(paper.pk, record, incoming, work.saving).items():
        lock = LOCKS[model.__name__]
        if not rows or owners.get(lock, ("",))[0] == Provenance.EDITOR:
            continue
        if model is PaperIdentifier:
            fresh = _fresh_identifiers(paper, rows, decision)
        elif model is CitationsInYear:
            fresh = _fresh_counts(paper, rows)
        else:
            fresh = _fresh_rows(
                paper, model, _held_by_no_line(work, paper, rows, owners) if model is PaperInstitution else rows
            )
        if fresh:
            work.details.add(model, fresh)
            grown.add(lock)
    return grown


def _held_by_no_line(work: "Pass", paper: Paper, rows: list[Any], owners: Owners) -> list[Any]:
    """Institutions of authors whose list was not taken over are the whole paper's, for no line here says them; an editor's list
    says all there is to say."""
    if paper.pk in work.relisted:
        return rows
    if owners.get("authorships", ("",))[0] == Provenance.EDITOR:
        return [row for row in rows if row[2]]
    return [(key, institution, True) for key, institution, _ in rows]


def _fresh_rows(paper: Paper, model: Any, rows: list[Any]) -> list[Any]:
    """Rows that differ from those there in the columns that tell rows of a paper apart."""
    relation, columns = TELLING[model]
    stored = [column_of(model, column).attname for column in columns]
    there = {tuple(getattr(row, name) for name in stored) for row in getattr(paper, relation).all()}
    places = [COLUMNS[model].index(column) for column in columns]
    return [row for row in rows if tuple(row[place] for place in places) not in there]


def _fresh_identifiers(paper: Paper, rows: list[Any], decision: Decision) -> list[Any]:
    """Identifiers the paper lacks; one that another paper carries is added as disputed."""
    there = {(row.scheme, row.value) for row in paper.identifiers.all()}
    return [
        (key, scheme, value, (scheme, value) in decision.clashes)
        for key, scheme, value, _ in rows
        if (scheme, value) not in there
    ]


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
