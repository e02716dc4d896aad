"""OpenAlex institutions as records. Pure."""

from typing import Any

from authors.names import fold
from papers.importers.fields import Fields
from papers.importers.openalex.shared import WORKS_OWN, identifiers_of, institution_mention, own_identifier, reported_figures
from papers.importers.records import InstitutionRecord, Note, RecordError


def institution_record(value: Any, source: str, notes: list[Note]) -> InstitutionRecord:
    """Translate one institution. Raises RecordError when it is none."""
    item = Fields(value, notes)
    own = own_identifier(item, source, letter="I", kind="an institution", foreign=WORKS_OWN | {"orcid"})
    mention = institution_mention(item)
    if mention is None:
        raise RecordError("display_name", "there is no name")
    geo = item.part("geo")
    related = [(row.line("relationship", 20), row.identifier("ror", "ror")) for row in item.parts("associated_institutions")]
    return InstitutionRecord(
        key=own[1] if own else fold(mention.name),
        name=mention.name,
        identifiers=identifiers_of(item, own),
        names=tuple(item.lines("display_name_alternatives")),
        acronyms=tuple(item.lines("display_name_acronyms", 60)),
        country_code=mention.country_code,
        city=geo.line("city", 120) if geo else "",
        kind=mention.kind,
        homepage=mention.homepage,
        parents=tuple(ror for relation, ror in related if relation == "parent" and ror),
        children=tuple(ror for relation, ror in related if relation == "child" and ror),
        figures=tuple(figure for figure in reported_figures(item) if figure[0] in ("papers", "citations")),
        as_of=item.day("updated_date"),
    )
