"""OpenAlex authors as records of people. Pure."""

from typing import Any

from authors.names import fold
from papers.dates import EARLIEST_YEAR, LATEST_YEAR
from papers.importers.cleaning import clean_name
from papers.importers.fields import Fields
from papers.importers.openalex.shared import WORKS_OWN, identifiers_of, institution_mention, own_identifier, reported_figures
from papers.importers.records import AuthorRecord, Note, RecordError


def author_record(value: Any, source: str, notes: list[Note]) -> AuthorRecord:
    """Translate one author. Raises RecordError when it is none."""
    item = Fields(value, notes)
    own = own_identifier(item, source, letter="A", kind="an author", foreign=WORKS_OWN | {"ror", "country_code"})
    name = clean_name(item.line("display_name"))
    if not fold(name):
        raise RecordError("display_name", "there is no name")
    stays = [
        (institution_mention(given), sorted(_years(row)))
        for row in item.parts("affiliations")
        if (given := row.part("institution"))
    ]
    return AuthorRecord(
        key=own[1] if own else fold(name),
        name=name,
        identifiers=identifiers_of(item, own),
        names=tuple(dict.fromkeys(filter(None, (clean_name(other) for other in item.lines("display_name_alternatives"))))),
        homepage=item.address("homepage_url", 500),
        affiliations=tuple(
            (mention, years[0] if years else None, years[-1] if years else None) for mention, years in stays if mention
        ),
        figures=reported_figures(item),
        primary_category=item.line("primary_category", 40),
        as_of=item.day("updated_date"),
    )


def _years(row: Fields) -> set[int]:
    return {year for year in row.items("years") if isinstance(year, int) and EARLIEST_YEAR <= year <= LATEST_YEAR}
