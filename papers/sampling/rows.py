"""The rows of a batch of made papers, gathered for one bulk write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from authors import names
from authors.curation.bulk import insert, reserve_ids
from authors.models import Provenance
from papers.fingerprint import fingerprint
from papers.models import (
    Authorship,
    AuthorshipAffiliation,
    Paper,
    PaperCategory,
    PaperInstitution,
    PaperLink,
)
from papers.sampling.source import COPIED, SOURCE, Template

COLUMNS: dict[type[Any], list[str]] = {
    Paper: [
        "id", "title", "abstract", *COPIED, "is_retracted", "retraction_notice", "authors_count", "cited_by_count",
        "citations_source", "fingerprint", "created_at", "updated_at",
    ],
    Authorship: ["id", "paper", "position", "raw_name", "name_key", "author", "decided_by", "is_corresponding"],
    AuthorshipAffiliation: ["authorship", "raw", "institution"],
    PaperInstitution: ["paper", "institution", "of_whole_paper"],
    PaperCategory: ["paper", "category", "origin"],
    PaperLink: ["paper", "kind", "url", "official"],
    Provenance: ["kind", "record_id", "source", "source_key", "fields", "digest", "given_at"],
}  # fmt: skip
CODE = "https://code.example/sample/{}"
YEAR, HAS_CODE = COPIED.index("year"), COPIED.index("has_code")
FEW = 10  # citations: as many as these are copied, more are scattered by a tenth


@dataclass(frozen=True, slots=True)
class Made:
    """What a made paper does not have from its template as it is. `authors`: who they are, and their names as printed."""

    pk: int
    number: int
    title: str
    abstract: str
    authors: list[tuple[int, str]]
    citations: int | None


class Rows:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self._rows: dict[type[Any], list[tuple[Any, ...]]] = {model: [] for model in COLUMNS}
        self._authors: list[tuple[int, int, int, str, list[tuple[str, int | None]]]] = []

    def reserve(self, count: int) -> list[int]:
        """Keys of as many papers."""
        return reserve_ids(Paper, count)

    def add(self, made: Made, template: Template) -> None:
        pk, unknown = made.pk, made.citations is None
        first = made.authors[0][1] if made.authors else ""
        self._rows[Paper].append((
            pk, made.title, made.abstract, *template.copied, False, "", len(made.authors), made.citations,
            "" if unknown else SOURCE, fingerprint(made.title, template.copied[YEAR], first), self.now, self.now,
        ))  # fmt: skip
        for position, ((person, printed), stated) in enumerate(zip(made.authors, template.affiliations, strict=True), start=1):
            self._authors.append((pk, position, person, printed, stated))
        self._rows[PaperInstitution] += [(pk, *institution) for institution in template.institutions]
        self._rows[PaperCategory] += [(pk, *category) for category in template.categories]
        if template.copied[HAS_CODE]:
            self._rows[PaperLink].append((pk, "code", CODE.format(made.number), None))
        self._rows[Provenance].append(("P", pk, SOURCE, str(made.number), [], "", self.now))

    def write(self, author_ids: Sequence[int]) -> None:
        """Insert all rows. People must be written before."""
        keys = reserve_ids(Authorship, len(self._authors))
        for pk, (paper, position, person, printed, stated) in zip(keys, self._authors, strict=True):
            key = names.search_key(printed)
            self._rows[Authorship].append((pk, paper, position, printed, key, author_ids[person], "new", False))
            self._rows[AuthorshipAffiliation] += [(pk, *affiliation) for affiliation in stated]
        for model, columns in COLUMNS.items():
            insert(model, columns, self._rows[model])


def scattered(citations: int | None, random: Random) -> int | None:
    return citations if citations is None or citations <= FEW else round(citations * random.uniform(0.9, 1.1))
