"""Records of the Research Organization Registry's dump, schema version 2 (https://ror.readme.io). Pure."""

from typing import Any

from authors.identifiers import normalise
from authors.names import fold
from papers.importers.fields import Fields
from papers.importers.openalex.shared import KINDS
from papers.importers.records import Identifier, InstitutionRecord, Note, RecordError

EXTERNAL = {"grid": "grid", "wikidata": "wikidata", "isni": "isni", "fundref": "fundref"}
ALIASES_AT_MOST = 40


def is_ror(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("names"), list) and "ror.org/" in str(value.get("id"))


def institution_record(value: Any, source: str, notes: list[Note]) -> InstitutionRecord:
    """Translate one organization. Raises RecordError when it is none, or when ROR has withdrawn it."""
    item = Fields(value, notes)
    own = item.identifier("id", "ror")
    if own is None:
        raise RecordError("id", "is not a ROR id")
    if item.line("status", 20) == "withdrawn":
        raise RecordError("status", "ROR has withdrawn this record")
    by_type: dict[str, list[str]] = {"ror_display": [], "label": [], "alias": [], "acronym": []}
    for row in item.parts("names"):
        text = row.line("value")
        for kind in row.lines("types"):
            if kind in by_type and fold(text):
                by_type[kind].append(text)
    name = next(iter(by_type["ror_display"] or by_type["label"]), "")
    if not name:
        raise RecordError("names", "there is no name")
    place = next((geo for row in item.parts("locations") if (geo := row.part("geonames_details"))), None)
    kinds = [kind for kind in item.lines("types") if kind in KINDS]
    related = [(row.line("type", 20), row.identifier("id", "ror")) for row in item.parts("relationships")]
    return InstitutionRecord(
        key=own[1],
        name=name,
        identifiers=(own, *_external(item)),
        names=tuple(dict.fromkeys(other for other in by_type["label"] + by_type["alias"] if other != name))[:ALIASES_AT_MOST],
        acronyms=tuple(dict.fromkeys(by_type["acronym"])),
        country_code=place.country("country_code") if place else "",
        city=place.line("name", 120) if place else "",
        kind=next((kind for kind in kinds if kind != "funder"), next(iter(kinds), "")),
        homepage=next(
            (url for row in item.parts("links") if row.line("type") == "website" and (url := row.address("value", 500))), ""
        ),
        parents=tuple(ror for relation, ror in related if relation == "parent" and ror),
        children=tuple(ror for relation, ror in related if relation == "child" and ror),
    )


def _external(item: Fields) -> list[Identifier]:
    found = []
    for row in item.parts("external_ids"):
        scheme = EXTERNAL.get(row.line("type", 20).lower())
        preferred = row.value.get("preferred") or next(iter(row.items("all")), None)
        if scheme and preferred and (value := normalise(scheme, str(preferred))):
            found.append((scheme, value))
    return found
