"""What translators give and the saver takes: plain records that know neither a source's shape nor the database.

An identifier is a pair (scheme, bare value). Text is clean: no control characters, composed Unicode, bounded length.
Empty text and None mean that the source says nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from papers.dates import PartialDate

Identifier = tuple[str, str]


class RecordError(ValueError):
    """The record cannot be taken at all; `field` says where."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


class FileError(Exception):
    """The file as a whole, or its rest, cannot be read; the message says why and where."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a record that was left out or mended, for the report."""

    field: str
    reason: str


# Mentions come by the hundred thousand: tuples are made, compared and hashed several times faster than dataclasses.
class InstitutionMention(NamedTuple):
    """An institution as a paper or a person names it."""

    name: str
    identifiers: tuple[Identifier, ...] = ()
    country_code: str = ""
    kind: str = ""
    homepage: str = ""
    city: str = ""


class AffiliationMention(NamedTuple):
    """An affiliation as printed, with the institutions the source resolved it to."""

    raw: str
    institutions: tuple[InstitutionMention, ...] = ()


class AuthorMention(NamedTuple):
    """`raw_name` is as printed; `name` is what the source calls the person."""

    raw_name: str
    name: str
    identifiers: tuple[Identifier, ...] = ()
    affiliations: tuple[AffiliationMention, ...] = ()
    is_corresponding: bool = False
    profile_position: int | None = None


class VenueMention(NamedTuple):
    name: str
    type: str = ""
    publisher: str = ""
    identifiers: tuple[Identifier, ...] = ()


class VersionMention(NamedTuple):
    kind: str
    where: str
    url: str
    licence: str = ""
    is_open: bool | None = None


@dataclass(slots=True)
class PaperRecord:
    """One paper as one source describes it. `key` names the source's record among the source's others."""

    key: str
    identifiers: tuple[Identifier, ...] = ()
    own_identifier: Identifier | None = None
    title: str = ""
    abstract: str = ""
    type: str = ""
    when: PartialDate | None = None
    primary_category: str = ""
    categories: tuple[str, ...] = ()
    venue: VenueMention | None = None
    fields: dict[str, str] = field(default_factory=dict)  # further text columns of Paper by name
    keywords: tuple[str, ...] = ()
    authors: tuple[AuthorMention, ...] = ()
    authors_complete: bool = True
    institutions: tuple[InstitutionMention, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (kind, address)
    versions: tuple[VersionMention, ...] = ()
    has_code: bool = False
    is_retracted: bool = False
    cited_by_count: int | None = None
    referenced_count: int | None = None
    references: tuple[Identifier, ...] = ()
    counts_by_year: tuple[tuple[int, int], ...] = ()
    as_of: date | None = None
    fingerprint: str = ""

    @property
    def first_author(self) -> str:
        return self.authors[0].raw_name if self.authors else ""


@dataclass(slots=True)
class AuthorRecord:
    """One person as one source describes them. `figures` are (name, value) that the source reports."""

    key: str
    name: str
    identifiers: tuple[Identifier, ...] = ()
    names: tuple[str, ...] = ()
    homepage: str = ""
    affiliations: tuple[tuple[InstitutionMention, int | None, int | None], ...] = ()
    figures: tuple[tuple[str, float], ...] = ()
    primary_category: str = ""
    as_of: date | None = None


@dataclass(slots=True)
class InstitutionRecord:
    """One institution as one source describes it; `parents` and `children` are identifiers of others."""

    key: str
    name: str
    identifiers: tuple[Identifier, ...] = ()
    names: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    country_code: str = ""
    city: str = ""
    kind: str = ""
    homepage: str = ""
    parents: tuple[Identifier, ...] = ()
    children: tuple[Identifier, ...] = ()
    figures: tuple[tuple[str, float], ...] = ()
    as_of: date | None = None


Record = PaperRecord | AuthorRecord | InstitutionRecord
