"""What works, authors and institutions of OpenAlex have in common. Pure."""

from functools import lru_cache
from typing import Any

from authors.names import fold
from papers.importers.fields import Fields, short
from papers.importers.records import Identifier, InstitutionMention, Note, RecordError

# Keys of `ids` and the schemes they are written in.
ID_KEYS = {
    "openalex": "openalex", "doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "arxiv": "arxiv", "mag": "mag", "orcid": "orcid",
    "ror": "ror", "grid": "grid", "wikidata": "wikidata", "openreview": "openreview", "acl": "acl", "dblp": "dblp",
    "google_scholar": "scholar", "scholar": "scholar", "ieee": "ieee", "semanticscholar": "semanticscholar",
}  # fmt: skip
TELLING = ("display_name", "id", "ror", "type", "country_code", "homepage_url")  # what is read of an institution
MEMORY = 10_000  # institutions remembered
WORKS_OWN = frozenset({"title", "authorships"})  # keys that only works have
KINDS = frozenset(["education", "company", "facility", "funder", "government", "healthcare", "nonprofit", "archive", "other"])


def own_identifier(
    item: Fields, source: str, *, letter: str, kind: str, foreign: frozenset[str] = frozenset()
) -> Identifier | None:
    """The object's id. Raises RecordError when the object is something else.

    It is when its id is OpenAlex's for a concept, a country, a licence …, or when it has `foreign` keys.
    """
    if found := sorted(foreign & item.value.keys()):
        raise RecordError("record", f"is not {kind}: it has {' and '.join(found)}")
    own = item.own_identifier(source)
    if own and (own[0] == "source:openalex" or (own[0] == "openalex" and not own[1].startswith(letter))):
        raise RecordError("id", f"{own[1]} is not {kind}")
    return own


def identifiers_of(item: Fields, own: Identifier | None) -> tuple[Identifier, ...]:
    found = [own] if own else []
    for key in ("doi", "orcid", "ror"):
        if item.value.get(key) and (given := item.identifier(key, key)):
            found.append(given)
    if ids := item.part("ids"):
        for key in ids.value:
            if key in ID_KEYS and (given := ids.identifier(key, ID_KEYS[key])):
                found.append(given)
    return tuple(dict.fromkeys(found))


def institution_mention(item: Fields) -> InstitutionMention | None:
    if not item.value:
        return None
    told = [item.value.get(key) for key in TELLING]
    try:
        mention, notes = _mention_of(*told)
    except TypeError:  # a list or an object where text belongs: nothing to remember it by
        mention, notes = _mention_of.__wrapped__(*told)
    for note in notes:
        item.note(note.field, note.reason)
    return mention


@lru_cache(MEMORY, typed=True)
def _mention_of(*told: Any) -> tuple[InstitutionMention | None, tuple[Note, ...]]:
    """Remembered, with what is wrong: papers name the same few thousand institutions over and over."""
    notes: list[Note] = []
    return _mention(Fields(dict(zip(TELLING, told, strict=True)), notes)), tuple(notes)


def _mention(item: Fields) -> InstitutionMention | None:
    name = item.line("display_name")
    if not fold(name):
        item.note("display_name", "names no institution; left out")
        return None
    own = item.identifier("id", "openalex") if str(item.value.get("id") or "").startswith("https://openalex.org/") else None
    identifiers = [given for given in (item.identifier("ror", "ror"), own) if given]
    kind = item.line("type", 20).lower()
    kind = kind if kind in KINDS else ""
    return InstitutionMention(name, tuple(identifiers), item.country("country_code"), kind, item.address("homepage_url", 500))


def reported_figures(item: Fields) -> tuple[tuple[str, float], ...]:
    """What the source reports: papers, citations, h-index and scores from 0 to 100."""
    found: list[tuple[str, float]] = []
    for key, name in (("works_count", "papers"), ("cited_by_count", "citations")):
        if (count := item.count(key)) is not None:
            found.append((name, count))
    if (stats := item.part("summary_stats")) and (h := stats.count("h_index")) is not None:
        found.append(("h_index", h))
    if scores := item.part("reported_scores"):
        for key in ("novelty", "ai_score"):
            score = scores.value.get(key)
            if isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 100:
                found.append((key, float(score)))
            elif score is not None:
                scores.note(key, f"{short(score)} is not a score from 0 to 100; left out")
    return tuple(found)
