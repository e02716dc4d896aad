"""The tables there are: papers, people, institutions, with their columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet

from authors.countries import country_name
from authors.models import Author, Institution
from papers.models import Authorship, Paper, PaperLink
from papers.querysets import with_shown_name
from papers.tables.cells import joined
from papers.tables.columns import Claims, Column, Day, Field, Information, PartialDay, Texts, YesNo
from papers.tables.lists import Aliases, FurtherCategories, Identifiers, Links, Names, not_left_behind
from papers.tables.pointing import Parent, PrimaryCategory, VenueByName

VERSION = "version"
OF_PAPERS = ("doi", "arxiv", "pmid", "pmcid", "openalex")
OF_PEOPLE = ("orcid", "openalex")
OF_INSTITUTIONS = ("ror", "openalex")


@dataclass(frozen=True)
class Kind:
    """`records` are read with all that the columns look at; `told` with what is only information, too."""

    name: str
    model: type[Any]
    columns: Sequence[Column]
    records: Callable[[], "QuerySet[Any]"]
    told: Callable[["QuerySet[Any]"], "QuerySet[Any]"]

    @property
    def letter(self) -> str:
        return str(self.model.letter)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def main(self) -> Column:
        """The column that a new record must have."""
        return next(column for column in self.columns if column.required)

    @property
    def changeable(self) -> list[Column]:
        return [column for column in self.columns if column.changeable]

    @property
    def information(self) -> list[Column]:
        return [column for column in self.columns if not column.changeable]


# --- columns of one kind -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DisplayName(Field):
    def parse(self, text: str, record: Any) -> Any:
        name = super().parse(text, record)
        not_left_behind(name, record)
        return name


@dataclass(frozen=True)
class Country(Field):
    def parse(self, text: str, record: Any) -> Any:
        code = super().parse(text.upper(), record)
        if code and country_name(code) == code:
            raise ValidationError(f"{text!r} is not a country's two-letter code.")
        return code


@dataclass(frozen=True)
class Tag(Field):
    """Nobody else may have it, here or in the table."""

    def check(self, cells: Any, claims: Claims) -> None:
        wanted = {cell.value for cell in cells}
        holders = {row.tag: row for row in Institution.objects.filter(tag__among=sorted(wanted))}
        for cell in cells:
            holder = holders.get(cell.value)
            if holder is not None and holder.pk != cell.record.pk:
                cell.problem = f"{holder.public_id} ({holder}) has the tag {cell.value}."
            elif claims.setdefault(("tag", cell.value), cell.number) != cell.number:
                cell.problem = f"Row {claims['tag', cell.value]} has the tag {cell.value} too."


def authors_of(paper: Paper) -> str:
    return joined(row.shown_name or "[no name]" for row in paper.authorships.all())


def papers_of(record: Any) -> str:
    found = getattr(record, "metrics", None)
    return "" if found is None else str(found.papers_count)


# --- the tables ----------------------------------------------------------------------------------------------------------

_LINKS = [Links(str(kind), help=f"Web addresses: {kind.label}.", kind=str(kind)) for kind in PaperLink.Kind]


def _authors_told(papers: "QuerySet[Any]") -> "QuerySet[Any]":
    shown = with_shown_name(Authorship.objects.defer("author__biography")).select_related("author").order_by("position")
    return papers.prefetch_related(Prefetch("authorships", shown))


PAPERS = Kind(
    "papers",
    Paper,
    [
        Field("title", "Needed for a new paper.", required=True),
        Information("authors", "As printed; changed on the paper's page.", says=authors_of),
        Field("abstract", "Line ends stay.", lines=True),
        PartialDay("published", "As far as it is known: 2023, 2023-06 or 2023-06-28."),
        Field("state", "draft, review, published or withdrawn."),
        Field("type", "article, preprint, book-chapter …"),
        PrimaryCategory("primary_category", "The code, such as cs.CL."),
        FurtherCategories("categories", "Codes of further categories."),
        VenueByName("venue", "The name of a venue that is here, or its id (V6)."),
        *(Field(name) for name in ("volume", "issue", "first_page", "last_page", "publisher", "track")),
        Field("acceptance", "Oral, Poster, Findings …"),
        Field("award"),
        Field("language", "A code such as en."),
        Field("licence", "cc-by …"),
        Field("open_access", "gold, green, hybrid, bronze, closed …"),
        Texts("keywords", "Several, by semicolons."),
        *(Identifiers(scheme, "Bare, or its address.", scheme=scheme) for scheme in OF_PAPERS),
        Identifiers("identifiers", "Any others, with their scheme: wikidata:Q1.", elsewhere=OF_PAPERS),
        *_LINKS,
        YesNo("has_code", "yes or no."),
        YesNo("is_retracted", "yes or no."),
        Field("retraction_notice", "The notice's address."),
        Day("retracted_on", "As 2023-06-28."),
        Information("cited_by", "Citations, empty when unknown.", says=lambda paper: _count(paper.cited_by_count)),
    ],
    lambda: Paper.objects.select_related("venue").prefetch_related("identifiers", "links", "further_categories"),
    _authors_told,
)

PEOPLE = Kind(
    "people",
    Author,
    [
        DisplayName("display_name", "Needed for a new person.", required=True, repeated=("sort_key",)),
        Names("other_names", "Further public names."),
        *(Identifiers(scheme, "Bare, or its address.", scheme=scheme) for scheme in OF_PEOPLE),
        Identifiers("identifiers", "Any others, with their scheme: dblp:t/AdaTestwright.", elsewhere=OF_PEOPLE),
        Field("homepage"),
        Field("biography", lines=True),
        Field("visibility", "auto, public or hidden."),
        Information("papers", "Published papers.", says=papers_of),
    ],
    lambda: Author.objects.prefetch_related("names", "identifiers"),
    lambda people: people.select_related("metrics"),
)

INSTITUTIONS = Kind(
    "institutions",
    Institution,
    [
        Field("name", "Needed for a new institution.", required=True, repeated=("name_key",)),
        Tag("tag", "The short name on cards; a new institution gets one."),
        *(Identifiers(scheme, "Bare, or its address.", scheme=scheme) for scheme in OF_INSTITUTIONS),
        Identifiers("identifiers", "Any others, with their scheme: wikidata:Q1.", elsewhere=OF_INSTITUTIONS),
        Aliases("aliases", "Further names."),
        Country("country_code", "Two letters, such as GB."),
        Field("city"),
        Field("kind", "education, company, facility, funder, government, healthcare, nonprofit, archive or other."),
        Field("homepage"),
        Parent("parent", "The institution that it is part of, by its id: I5."),
        Information("papers", "Published papers.", says=papers_of),
    ],
    lambda: Institution.objects.prefetch_related("aliases", "identifiers"),
    lambda institutions: institutions.select_related("metrics"),
)

KINDS = {kind.name: kind for kind in (PAPERS, PEOPLE, INSTITUTIONS)}
OF_MODEL = {kind.model: kind for kind in KINDS.values()}


def _count(number: int | None) -> str:
    return "" if number is None else str(number)
