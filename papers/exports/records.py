"""A paper as exports see it, whatever the format. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from papers.dates import Precision
from papers.exports.people import Person


class Kind(StrEnum):
    """What reference managers tell apart."""

    ARTICLE = "article"
    CONFERENCE = "conference paper"
    CHAPTER = "chapter"
    BOOK = "book"
    THESIS = "thesis"
    REPORT = "report"
    DATASET = "dataset"
    PREPRINT = "preprint"
    STANDARD = "standard"
    ENTRY = "reference entry"
    OTHER = "other"


_KINDS = {
    "book-chapter": Kind.CHAPTER, "book-section": Kind.CHAPTER, "book": Kind.BOOK, "monograph": Kind.BOOK,
    "dissertation": Kind.THESIS, "report": Kind.REPORT, "dataset": Kind.DATASET, "preprint": Kind.PREPRINT,
    "standard": Kind.STANDARD, "reference-entry": Kind.ENTRY,
}  # fmt: skip
_IN_PROCEEDINGS = frozenset({"conference", "book series"})


@dataclass(frozen=True, slots=True)
class Item:
    """Text is clean (papers.exports.texts); empty text and None mean that it is not known.

    `title` says "[untitled]" where there is none, `url` is the paper's page here, `retraction` a sentence.
    """

    id: str
    url: str
    title: str
    type: str = ""
    people: tuple[Person, ...] = ()
    complete: bool = True
    when: date | None = None
    precision: str = ""
    venue: str = ""
    venue_type: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    publisher: str = ""
    issn: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    language: str = ""
    doi: str = ""
    arxiv: str = ""
    arxiv_class: str = ""
    pmid: str = ""
    pmcid: str = ""
    pdf: str = ""
    code: str = ""
    retraction: str = ""
    cited_by_count: int | None = None
    citations_source: str = ""

    @property
    def kind(self) -> Kind:
        if known := _KINDS.get(self.type):
            return known
        if not self.venue or self.venue_type == "repository":
            return Kind.PREPRINT if self.arxiv else Kind.ARTICLE if self.type else Kind.OTHER
        return Kind.CONFERENCE if self.venue_type in _IN_PROCEEDINGS else Kind.ARTICLE

    @property
    def date_parts(self) -> tuple[int, ...]:
        """Year, month and day as far as they are known."""
        if self.when is None:
            return ()
        known = {Precision.YEAR: 1, Precision.MONTH: 2}.get(Precision(self.precision or Precision.YEAR), 3)
        return (self.when.year, self.when.month, self.when.day)[:known]

    def pages(self, dash: str) -> str:
        return f"{self.first_page}{dash}{self.last_page}" if self.first_page and self.last_page else self.first_page
