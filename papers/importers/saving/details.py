"""What hangs on a paper beside its authors, gathered for one bulk write: identifiers, links, versions, categories,
institutions, counts by year, further figures."""

from collections.abc import Collection
from typing import Any

from authors.curation.bulk import insert
from papers.importers.records import Identifier, PaperRecord
from papers.importers.saving.context import Incoming, Saving
from papers.importers.saving.institutions import Institutions
from papers.models import CitationsInYear, PaperCategory, PaperIdentifier, PaperInstitution, PaperLink, PaperVersion

COLUMNS: dict[type[Any], list[str]] = {
    PaperIdentifier: ["paper", "scheme", "value", "disputed"],
    PaperLink: ["paper", "kind", "url", "official"],
    PaperVersion: ["paper", "position", "kind", "where", "url", "licence", "is_open"],
    PaperCategory: ["paper", "category", "origin"],
    PaperInstitution: ["paper", "institution", "of_whole_paper"],
    CitationsInYear: ["paper", "year", "count", "source", "as_of"],
}
Rows = dict[type[Any], list[tuple[Any, ...]]]


class DetailRows:
    def __init__(self, institutions: Institutions, categories: dict[str, str]) -> None:
        self._institutions, self._categories = institutions, categories
        self._rows: Rows = {model: [] for model in COLUMNS}

    def add_new(
        self, paper: int, record: PaperRecord, incoming: Incoming, saving: Saving, disputed: Collection[Identifier]
    ) -> None:
        for model, rows in self.of(paper, record, incoming, saving).items():
            if model is PaperIdentifier:
                rows = [(*row[:3], (row[1], row[2]) in disputed) for row in rows]  # noqa: PLW2901 - the same rows, marked
            self.add(model, rows)

    def add(self, model: type[Any], rows: list[tuple[Any, ...]]) -> None:
        self._rows[model] += rows

    def of(self, paper: int, record: PaperRecord, incoming: Incoming, saving: Saving) -> Rows:
        """Everything the record says, as rows in the order of COLUMNS."""
        as_of = record.as_of or saving.today
        primary = self._categories.get(record.primary_category)
        further = dict.fromkeys(
            code for given in record.categories if (code := self._categories.get(given)) and code != primary
        )
        return {
            PaperIdentifier: [(paper, scheme, value, False) for scheme, value in record.identifiers],
            PaperLink: [(paper, kind, url, None) for kind, url in record.links],
            PaperVersion: [
                (paper, place, v.kind, v.where, v.url, v.licence, v.is_open) for place, v in enumerate(record.versions, 1)
            ],
            PaperCategory: [(paper, code, "source") for code in further],
            PaperInstitution: self._institution_rows(paper, record),
            CitationsInYear: [(paper, year, count, incoming.source, as_of) for year, count in record.counts_by_year],
        }

    def _institution_rows(self, paper: int, record: PaperRecord) -> list[tuple[Any, ...]]:
        whole = {self._institutions[mention] for mention in record.institutions}
        stated = {
            self._institutions[given]
            for author in record.authors
            for part in author.affiliations
            for given in part.institutions
        }
        return [(paper, institution, institution in whole) for institution in sorted(whole | stated)]

    def counts_by_year(self) -> dict[int, dict[int, int]]:
        """Of each new paper whose record tells any, its citations per year."""
        found: dict[int, dict[int, int]] = {}
        for paper, year, count, *_ in self._rows[CitationsInYear]:
            found.setdefault(paper, {})[year] = count
        return found

    def write(self) -> None:
        for model, rows in self._rows.items():
            insert(model, COLUMNS[model], rows)
