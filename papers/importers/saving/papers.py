"""Saving a batch of paper records: the only place that writes papers from outside.

Within the caller's transaction: resolve institutions and venues, match papers, settle people, write rows in bulk. Records
that describe a paper of the same pass wait for the next, so that every update finds its paper in the database.
"""

from collections.abc import Sequence
from typing import Any, cast

from authors.curation.bulk import insert, reserve_ids
from authors.curation.models import Provenance
from papers.affiliating import keep_paper_institutions
from papers.importers.records import AuthorMention, Identifier, InstitutionMention, Note, PaperRecord
from papers.importers.saving.authorships import AuthorshipRows
from papers.importers.saving.context import Incoming, Saving
from papers.importers.saving.details import DetailRows
from papers.importers.saving.institutions import Institutions
from papers.importers.saving.matching import Known, Papers, split_pass
from papers.importers.saving.people import People
from papers.importers.saving.references import link_references
from papers.importers.saving.updates import update_paper
from papers.importers.saving.values import EMPTY, Columns, given_fields, new_row
from papers.importers.saving.venues import Venues
from papers.metrics.refreshing import Touched, refresh_authors, refresh_categories, refresh_venues, touched_by
from papers.models import Category, Paper, PaperIdentifier

KIND = "P"


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
    categories = category_codes()
    waiting = list(batch)
    while waiting:
        waiting = Pass(waiting, saving, categories).save()


class Pass:
    """Records of which no two describe the same paper; `save` returns those that must wait."""

    def __init__(self, batch: Sequence[Incoming], saving: Saving, categories: dict[str, str]) -> None:
        self.saving, self.categories = saving, categories
        records = [cast(PaperRecord, incoming.record) for incoming in batch]
        self.matches = Papers(records)
        decided, waiting = split_pass(self.matches, records)
        self.new = [(batch[place], records[place]) for place, known in decided if known is None]
        self.known = [(batch[place], records[place], known) for place, known in decided if known is not None]
        self.waiting = [batch[place] for place in waiting]
        self.institutions, self.venues = Institutions(saving), Venues(saving, set(categories.values()))
        self.disputed: set[Identifier] = set()
        self.relisted: list[int] = []  # papers whose list of authors was replaced

    def save(self) -> list[Incoming]:
        taken = [record for _, record in self.new] + [record for _, record, _ in self.known]
        self.institutions.resolve(mention for record in taken for mention in _institutions_of(record))
        self.venues.resolve(record.venue for record in taken if record.venue)
        before = touched_by([known.pk for *_, known in self.known]) if self.known else Touched(set(), set(), set(), set())
        self._save_all()
        keep_paper_institutions(self.relisted)
        refresh_authors(before.authors | self.authors_touched)
        if self.known:
            _refresh_what_was_left(before, touched_by([known.pk for *_, known in self.known]))
        return self.waiting

    def _save_all(self) -> None:
        people = People(self.saving, [author for _, record in self.new for author in record.authors] + self._authors_of_known())
        authorships = AuthorshipRows(self.institutions, people)
        details = DetailRows(self.institutions, self.categories)
        rows: list[tuple[Incoming, PaperRecord, int]] = []
        papers: list[Columns] = []
        given: list[tuple[int, Incoming, list[str]]] = []
        for (incoming, record), pk in zip(self.new, reserve_ids(Paper, len(self.new)), strict=True):
            fields = given_fields(incoming, record, self.saving, self.venues, self.categories)
            papers.append({"id": pk} | new_row(fields, record, self.saving))
            rows.append((incoming, record, pk))
            self._dispute(incoming, record, Known(pk, record.title, record.first_author))
            authorships.add(pk, record.authors, line=incoming.line)
            details.add_new(pk, record, incoming, self.saving, self.disputed)
            given.append((pk, incoming, sorted([*fields, *_collections(record)])))
        for incoming, record, known in self.known:
            changed = update_paper(self, incoming, record, known, authorships, details)
            given.append((known.pk, incoming, changed))
            rows.append((incoming, record, known.pk))
        people.write()
        insert(Paper, ["id", *EMPTY], [list(row.values()) for row in papers])
        self.authors_touched = authorships.write()
        details.write()
        if self.disputed:
            _mark_disputed(self.disputed)
        link_references([(pk, record) for _, record, pk in rows])
        write_provenance(KIND, given, self.saving)
        self.saving.created += len(papers)

    def _authors_of_known(self) -> list[AuthorMention]:
        return [author for _, record, _ in self.known for author in record.authors]

    def _dispute(self, incoming: Incoming, record: PaperRecord, own: Known) -> None:
        """Identifiers of a new paper that other papers carry too, which did not agree with it."""
        for identifier in record.identifiers:
            others = [
                known
                for known in self.matches.holders(identifier)
                if (known.title, known.first_author) != (own.title, own.first_author)
            ]
            if others:
                self.disputed.add(identifier)
                reason = f"{':'.join(identifier)} also stands on “{others[0].title[:80]}”; both papers kept, the value disputed"
                self.saving.report(incoming.line, [Note("ids", reason)], record=record.title or incoming.me[1])


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
    """Venues and categories that papers moved away from; those they are in now the end of the run refreshes."""
    refresh_venues(before.venues - after.venues)
    refresh_categories(before.categories - after.categories)


def _mark_disputed(identifiers: set[Identifier]) -> None:
    values = {value for _, value in identifiers}
    rows = PaperIdentifier.objects.filter(value__in=values, disputed=False)
    keys = [row.pk for row in rows if (row.scheme, row.value) in identifiers]
    PaperIdentifier.objects.filter(pk__in=keys).update(disputed=True)


def write_provenance(kind: str, given: list[tuple[int, Incoming, list[str]]], saving: Saving) -> None:
    """One row for each source record: inserted when it is new, else with the fields it owns now."""
    keys = {pk for pk, *_ in given}
    rows = Provenance.objects.filter(kind=kind, record_id__in=keys)
    there: dict[Any, Provenance] = {(row.record_id, row.source, row.source_key): row for row in rows}
    fresh, changed = [], []
    for pk, incoming, fields in given:
        row = there.get((pk, *incoming.me))
        if row is None:
            fresh.append((kind, pk, *incoming.me, fields, incoming.digest, saving.run.pk, saving.now))
        else:
            row.fields, row.digest, row.run, row.given_at = (
                sorted({*row.fields, *fields}),
                incoming.digest,
                saving.run,
                saving.now,
            )
            changed.append(row)
    columns = ["kind", "record_id", "source", "source_key", "fields", "digest", "run", "given_at"]
    insert(Provenance, columns, fresh)
    Provenance.objects.bulk_update(changed, ["fields", "digest", "run", "given_at"], batch_size=200)
