"""Saving a batch of paper records: the only place that writes papers from outside.

Within the caller's transaction: match papers, resolve institutions and venues, settle people, write rows in bulk. A record
that describes a paper of the same pass waits for the next, and so do all after it: every update finds its paper in the
database, and everything happens in file order.
"""

from collections.abc import Sequence
from typing import Any, cast

from authors.curation.bulk import insert, reserve_ids
from authors.curation.models import Provenance
from authors.curation.recording import watch, watch_rows
from papers.affiliating import keep_paper_institutions
from papers.importers.records import Identifier, InstitutionMention, Note, PaperRecord
from papers.importers.saving.authorships import AuthorshipRows
from papers.importers.saving.context import Incoming, Saving, owners_of
from papers.importers.saving.details import DetailRows
from papers.importers.saving.institutions import Institutions
from papers.importers.saving.matching import Decision, Papers
from papers.importers.saving.people import People
from papers.importers.saving.references import link_references
from papers.importers.saving.updates import load_papers, update_paper
from papers.importers.saving.values import EMPTY, Columns, given_fields, new_row, same_of_new
from papers.importers.saving.venues import Venues
from papers.metrics.refreshing import (
    Touched,
    refresh_authors,
    refresh_categories,
    refresh_institutions,
    refresh_venues,
    touched_by,
    write_figures_of_new_authors,
)
from papers.models import Category, Paper, PaperIdentifier
from papers.search.indexing import index_authors, index_institutions, index_papers

KIND = "P"
FACTS = ("is_retracted", "year", "cited_by_count", "primary_category")  # of a paper, for the figures of its authors


def category_codes() -> dict[str, str]:
    """Category codes by the codes that sources use: their own and arXiv's."""
    codes: dict[str, str] = {}
    for code, arxiv_code in Category.objects.values_list("code", "arxiv_code"):
        codes[code] = code
        if arxiv_code:
            codes.setdefault(arxiv_code, code)
    return codes


def save_papers(batch: Sequence[Incoming], saving: Saving) -> None:
    """Save every record of `batch`; must run inside a transaction."""
    categories, matches = category_codes(), Papers([cast(PaperRecord, incoming.record) for incoming in batch])
    waiting = batch
    while waiting:
        decisions = matches.decide_all(cast(PaperRecord, incoming.record) for incoming in waiting)
        Pass(list(zip(waiting, decisions, strict=False)), saving, categories).save()
        waiting = waiting[len(decisions) :]


class Pass:
    """Records that describe different papers."""

    def __init__(self, decided: list[tuple[Incoming, Decision]], saving: Saving, categories: dict[str, str]) -> None:
        self.saving, self.categories = saving, categories
        self.items = [(incoming, cast(PaperRecord, incoming.record), decision) for incoming, decision in decided]
        known = [decision.known.pk for *_, decision in self.items if not decision.is_new]
        watch(KIND, known)
        self.there, self.owners = load_papers(known), owners_of(KIND, known) if known else {}
        self.institutions, self.venues = Institutions(saving), Venues(saving, set(categories.values()))
        self.counted: set[int] = set()  # people whose figures are written
        self.relisted: list[int] = []  # papers whose list of authors was replaced
        self.retracted: list[int] = []  # papers that are retracted from now on, or no more

    def save(self) -> None:
        records = [record for _, record, _ in self.items]
        self.institutions.resolve(mention for record in records for mention in _institutions_of(record))
        self.venues.resolve(record.venue for record in records if record.venue)
        settled = [row.author_id for paper in self.there.values() for row in paper.authorships.all() if row.author_id]
        self.people = People(self.saving, [record.authors for record in records], settled)
        self.authorships = AuthorshipRows(self.institutions, self.people)
        self.details = DetailRows(self.institutions, self.categories)
        before = touched_by(list(self.there), facts=False) if self.there else Touched(set(), set(), set(), set())
        touched = self._write()
        keep_paper_institutions(self.relisted)
        refresh_authors((before.authors | touched) - self.counted)
        if self.there:
            _refresh_what_was_left(before, touched_by(list(self.there), facts=False))
        index_papers(decision.known.pk for *_, decision in self.items)
        index_authors(before.authors | touched)

    def _write(self) -> set[int]:
        """Gives the keys of the people whom the new lists of authors name."""
        new = [decision.known for *_, decision in self.items if decision.is_new]
        for known, pk in zip(new, reserve_ids(Paper, len(new)), strict=True):
            known.pk = pk
        rows: list[Columns] = []
        given: list[tuple[int, Incoming, list[str]]] = []
        for incoming, record, decision in self.items:
            _report(self.saving, incoming, record, decision, self.categories)
            if decision.is_new:
                row, owned = self._new_row(incoming, record, decision)
                rows.append(row)
            else:
                owned = update_paper(self, incoming, record, decision)
            given.append((decision.known.pk, incoming, sorted(owned)))
        self.people.write()
        insert(Paper, ["id", *EMPTY], [list(row.values()) for row in rows], same=same_of_new(self.saving))
        touched = self.authorships.write()
        if not self.there:
            self._count_new_people(rows)
        self.details.write()
        _mark_disputed({identifier for *_, decision in self.items for identifier in decision.clashes})
        link_references([(decision.known.pk, record) for _, record, decision in self.items], retracted=self.retracted)
        write_provenance(KIND, given, self.saving)
        self.saving.created += len(rows)
        return touched

    def _count_new_people(self, rows: Sequence[Columns]) -> None:
        """Where all papers are new, so is all that new people have written."""
        self.counted = self.people.new
        papers = {row["id"]: [row[name] for name in FACTS] for row in rows} if self.saving.state == "published" else {}
        written = [
            (author, paper, *papers[paper])
            for paper, author in self.authorships.written
            if author in self.counted and paper in papers
        ]
        write_figures_of_new_authors(self.counted, written, self.details.counts_by_year())

    def _new_row(self, incoming: Incoming, record: PaperRecord, decision: Decision) -> tuple[Columns, list[str]]:
        pk = decision.known.pk
        self.authorships.add(pk, record.authors, line=incoming.line)
        self.details.add_new(pk, record, incoming, self.saving, decision.clashes)
        fields = given_fields(incoming, record, self.saving, self.venues, self.categories)
        return {"id": pk} | new_row(fields, record), [*fields, *_collections(record)]


def _report(saving: Saving, incoming: Incoming, record: PaperRecord, decision: Decision, categories: dict[str, str]) -> None:
    """What the record says that does not fit into the catalogue as it is."""
    notes = [
        Note("ids", f"{':'.join(identifier)} also stands on “{other.title[:80]}”; both papers kept, the value disputed")
        for identifier, other in decision.clashes.items()
    ]
    notes += [
        Note("categories", f"{code!r} is not a category of this catalogue; left out")
        for code in dict.fromkeys((record.primary_category, *record.categories))
        if code and code not in categories
    ]
    saving.report(incoming.line, notes, record=record.title or incoming.me[1])


def _institutions_of(record: PaperRecord) -> list[InstitutionMention]:
    stated = [
        mention for author in record.authors for affiliation in author.affiliations for mention in affiliation.institutions
    ]
    return [*stated, *record.institutions]


def _collections(record: PaperRecord) -> list[str]:
    """The collections that the record has something for, by the names that provenance and editors' marks use."""
    present = {
        "authorships": record.authors,
        "institutions": record.institutions,
        "links": record.links,
        "versions": record.versions,
        "categories": record.categories,
        "counts_by_year": record.counts_by_year,
        "references": record.references,
    }
    return [name for name, value in present.items() if value]


def _refresh_what_was_left(before: Touched, after: Touched) -> None:
    """What papers moved away from; where they are now the end of the run refreshes."""
    refresh_institutions(before.institutions - after.institutions)
    index_institutions(before.institutions - after.institutions)
    refresh_venues(before.venues - after.venues)
    refresh_categories(before.categories - after.categories)


def _mark_disputed(identifiers: set[Identifier]) -> None:
    if not identifiers:
        return
    rows = PaperIdentifier.objects.filter(disputed=False).filter(value__among={value for _, value in identifiers})
    keys = [row.pk for row in rows if (row.scheme, row.value) in identifiers]
    watch_rows(PaperIdentifier.objects.filter(pk__among=keys))
    PaperIdentifier.objects.filter(pk__among=keys).update(disputed=True)


def write_provenance(kind: str, given: list[tuple[int, Incoming, list[str]]], saving: Saving) -> None:
    """One row for each source record: inserted when it is new, else with the fields it owns now."""
    keys = {pk for pk, *_ in given}
    rows = Provenance.objects.filter(kind=kind, record_id__among=keys)
    there: dict[Any, Provenance] = {(row.record_id, row.source, row.source_key): row for row in rows}
    fresh, changed = [], []
    for pk, incoming, fields in given:
        row = there.get((pk, *incoming.me))
        if row is None:
            fresh.append((pk, *incoming.me, fields, incoming.digest))
        else:
            row.fields, row.digest, row.run, row.given_at = (
                sorted({*row.fields, *fields}),
                incoming.digest,
                saving.run,
                saving.now,
            )
            changed.append(row)
    columns = ["record_id", "source", "source_key", "fields", "digest"]
    insert(Provenance, columns, fresh, same={"kind": kind, "run": saving.run.pk, "given_at": saving.now})
    Provenance.objects.bulk_update(changed, ["fields", "digest", "run", "given_at"], batch_size=200)
