"""OpenAlex objects (works, authors, institutions) as records. Pure.

The shape is OpenAlex's (https://docs.openalex.org), as answered by its API and written in its snapshots, with a few
further keys that docs/import.md lists: `abstract`, `primary_category`, `categories`, `code_url`, `has_code`,
`authors_truncated`, `profile_position`, `institutions` of a work, `reported_scores`, `track`, `status`, `award`.
"""

from typing import Any

from authors.names import fold
from papers.dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate, Precision, parse_date
from papers.fingerprint import fingerprint
from papers.importers.cleaning import clean_name, clean_text
from papers.importers.fields import Fields
from papers.importers.records import (
    AffiliationMention,
    AuthorMention,
    AuthorRecord,
    Identifier,
    InstitutionMention,
    InstitutionRecord,
    Note,
    PaperRecord,
    RecordError,
    VenueMention,
    VersionMention,
)

# Keys of `ids` and the schemes they are written in.
ID_KEYS = {
    "openalex": "openalex", "doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "arxiv": "arxiv", "mag": "mag", "orcid": "orcid",
    "ror": "ror", "grid": "grid", "wikidata": "wikidata", "openreview": "openreview", "acl": "acl", "dblp": "dblp",
    "google_scholar": "scholar", "scholar": "scholar", "ieee": "ieee", "semanticscholar": "semanticscholar",
}  # fmt: skip
KINDS = frozenset("education company facility funder government healthcare nonprofit archive other".split())
VENUE_TYPES = frozenset(["conference", "journal", "repository", "book series", "ebook platform"])
OPENALEX_WORK, OPENALEX_AUTHOR, OPENALEX_INSTITUTION = "W", "A", "I"
REFERENCES_AT_MOST = 5_000


def source_of(value: Any, default: str) -> str:
    """`openalex` for objects with an OpenAlex id, else `default`."""
    given = value.get("id") if isinstance(value, dict) else None
    return "openalex" if isinstance(given, str) and given.lower().startswith("https://openalex.org/") else default


def paper_record(value: Any, source: str, notes: list[Note]) -> PaperRecord:
    """Translate one work. Raises RecordError when it is none; what is wrong inside it goes to `notes`."""
    work = Fields(value, notes)
    if not ({"title", "display_name", "authorships", "abstract", "abstract_inverted_index", "doi"} & value.keys()):
        raise RecordError("record", "is not a work: it has neither title nor authors nor abstract")
    own = work.own_identifier(source)
    if own and own[0] == "openalex" and not own[1].startswith(OPENALEX_WORK):
        raise RecordError("id", f"{own[1]} is not a work")
    identifiers = _identifiers(work, own)
    title = work.line("title", 5_000) or work.line("display_name", 5_000)
    when = _date(work)
    authors = _authors(work)
    record = PaperRecord(
        key=own[1] if own else "",
        identifiers=identifiers,
        own_identifier=own,
        title=title,
        abstract=work.text("abstract") or _from_inverted_index(work),
        type=work.line("type", 40),
        when=when,
        primary_category=work.line("primary_category", 40),
        categories=tuple(work.lines("categories", 40)),
        venue=_venue(work),
        fields=_plain_fields(work),
        keywords=_keywords(work),
        authors=authors,
        authors_complete=not (work.flag("authors_truncated") or work.flag("is_authors_truncated")),
        institutions=tuple(
            mention for key in ("institutions", "unaligned_institutions") for item in _objects_or_names(work, key)
            if (mention := _institution(item))
        ),
        links=_links(work),
        versions=_versions(work),
        has_code=bool(work.flag("has_code")) or bool(work.value.get("code_url")),
        is_retracted=bool(work.flag("is_retracted")),
        cited_by_count=work.count("cited_by_count"),
        referenced_count=work.count("referenced_works_count"),
        references=_references(work),
        counts_by_year=_counts_by_year(work),
        as_of=work.day("updated_date"),
        fingerprint=fingerprint(title, when.first.year if when else None, authors[0].raw_name if authors else ""),
    )
    if not record.key:
        record.key = next((f"{scheme}:{value}" for scheme, value in identifiers), "") or record.fingerprint
    if not title and not authors and not record.abstract and not identifiers:
        raise RecordError("title", "there is no title, no author, no abstract and no identifier to keep")
    return record


def _identifiers(item: Fields, own: Identifier | None) -> tuple[Identifier, ...]:
    found = [own] if own else []
    for key in ("doi", "orcid", "ror"):
        if item.value.get(key) and (given := item.identifier(key, key)):
            found.append(given)
    if ids := item.part("ids"):
        for key in ids.value:
            if key in ID_KEYS and (given := ids.identifier(key, ID_KEYS[key])):
                found.append(given)
    return tuple(dict.fromkeys(found))


def _date(work: Fields) -> PartialDate | None:
    """The date if there is one, else the year."""
    if when := work.partial_date("publication_date"):
        return when
    year = work.count("publication_year")
    if year is None:
        return None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        work.note("publication_year", f"{year} does not lie between {EARLIEST_YEAR} and {LATEST_YEAR}; left out")
        return None
    return PartialDate(parse_date(f"{year:04}").first, Precision.YEAR)


def _from_inverted_index(work: Fields) -> str:
    """OpenAlex stores abstracts as {word: [positions]}."""
    index = work.part("abstract_inverted_index")
    if index is None:
        return ""
    places: dict[int, str] = {}
    for word, positions in index.value.items():
        for position in positions if isinstance(positions, list) else ():
            if isinstance(position, int) and 0 <= position < 1_000_000:
                places[position] = word
    return clean_text(" ".join(places[position] for position in sorted(places)))


def _plain_fields(work: Fields) -> dict[str, str]:
    """Further text columns of a paper; empty ones are left out."""
    found = {
        "language": work.line("language", 12),
        "track": work.line("track", 200),
        "acceptance": work.line("status", 60),
        "award": work.line("award", 200),
    }
    if biblio := work.part("biblio"):
        found |= {name: biblio.line(name, 60) for name in ("volume", "issue", "first_page", "last_page")}
    if location := work.part("primary_location"):
        found["licence"] = location.line("license", 80)
        if source := location.part("source"):
            found["publisher"] = source.line("host_organization_name", 300)
    if access := work.part("open_access"):
        found["open_access"] = access.line("oa_status", 20)
    return {name: value for name, value in found.items() if value}


def _keywords(work: Fields) -> tuple[str, ...]:
    words = work.lines("keywords", 200)
    if topic := work.part("primary_topic"):
        words = [topic.line("display_name", 200), *words]
    return tuple(dict.fromkeys(word for word in words if word))[:50]


def _venue(work: Fields) -> VenueMention | None:
    location = work.part("primary_location")
    source = location.part("source") if location else None
    name = source.line("display_name", 400) if source else ""
    if source is None or not name:
        return None
    identifiers = [source.identifier("id", "openalex"), source.identifier("issn_l", "issn")]
    kind = source.line("type", 40)
    return VenueMention(
        name,
        kind if kind in VENUE_TYPES else "other" if kind and kind != "article" else "",
        source.line("host_organization_name", 300),
        tuple(given for given in identifiers if given),
    )


def _links(work: Fields) -> tuple[tuple[str, str], ...]:
    found = []
    if location := work.part("primary_location"):
        found += [("landing", location.address("landing_page_url")), ("pdf", location.address("pdf_url"))]
    found.append(("code", work.address("code_url")))
    if access := work.part("best_oa_location"):
        found.append(("pdf", access.address("pdf_url")))
    return tuple(dict.fromkeys((kind, url) for kind, url in found if url))


def _versions(work: Fields) -> tuple[VersionMention, ...]:
    found: dict[tuple[str, str], VersionMention] = {}
    for place in work.parts("locations"):
        url = place.address("landing_page_url") or place.address("pdf_url")
        source = place.part("source")
        where = source.line("display_name", 400) if source else ""
        kind = place.line("version", 20)
        if url:
            mention = VersionMention(kind if kind.endswith("Version") else "", where, url, place.line("license", 80), place.flag("is_oa"))
            found.setdefault((url, mention.kind), mention)
    return tuple(found.values())[:20]


def _references(work: Fields) -> tuple[Identifier, ...]:
    found = []
    for given in work.items("referenced_works")[:REFERENCES_AT_MOST]:
        text = given.rpartition("/")[2].upper() if isinstance(given, str) else ""
        if text.startswith("W") and text[1:].isdigit():
            found.append(("openalex", text))
    return tuple(dict.fromkeys(found))


def _counts_by_year(item: Fields) -> tuple[tuple[int, int], ...]:
    found = {}
    for row in item.parts("counts_by_year"):
        year, count = row.count("year"), row.count("cited_by_count")
        if year is not None and count is not None and EARLIEST_YEAR <= year <= LATEST_YEAR:
            found[year] = count
    return tuple(sorted(found.items()))


def _authors(work: Fields) -> tuple[AuthorMention, ...]:
    position = work.count("profile_position")
    found = []
    for item in work.parts("authorships"):
        author = item.part("author")
        name = clean_name(author.line("display_name", 500)) if author else ""
        raw_name = clean_name(item.line("raw_author_name", 500)) or name
        if not raw_name:
            item.note("author.display_name", "is empty; kept as an author without a name")
        own = author.own_identifier("") if author else None
        identifiers = _identifiers(author, own if own and not own[0].startswith("source:") else None) if author else ()
        on_profile = position if position and any(scheme == "profile" for scheme, _ in identifiers) else None
        found.append(
            AuthorMention(raw_name, (name or raw_name)[:300], identifiers, _affiliations(item), bool(item.flag("is_corresponding")), on_profile)
        )
    return tuple(found)


def _affiliations(item: Fields) -> tuple[AffiliationMention, ...]:
    """Raw strings with their institutions; OpenAlex says which belongs to which, other sources give both side by side."""
    institutions = {mention.identifiers[0] if mention.identifiers else mention.name: mention
                    for given in item.parts("institutions") if (mention := _institution(given))}  # fmt: skip
    found, used = [], set()
    for stated in item.parts("affiliations"):
        keys = [("openalex", str(key).rpartition("/")[2]) for key in stated.items("institution_ids")]
        named = tuple(institutions[key] for key in keys if key in institutions)
        used.update(key for key in keys if key in institutions)
        if raw := stated.line("raw_affiliation_string", 2_000):
            found.append(AffiliationMention(raw, named))
    rest = tuple(mention for key, mention in institutions.items() if key not in used)
    if found:
        return (*found, AffiliationMention("", rest)) if rest else tuple(found)
    raws = item.lines("raw_affiliation_strings", 2_000) or [item.line("raw_affiliation_string", 2_000)]
    raw = "; ".join(text for text in raws if text)[:2_000]
    return (AffiliationMention(raw, rest),) if raw or rest else ()


def _objects_or_names(item: Fields, key: str) -> list[Fields]:
    """A list of objects, or of plain names."""
    values = [{"display_name": given} if isinstance(given, str) else given for given in item.items(key)]
    return [Fields(given, item.notes, f"{item.path}{key}[{number}].") for number, given in enumerate(values, 1) if isinstance(given, dict)]


def _institution(item: Fields) -> InstitutionMention | None:
    name = item.line("display_name")
    if not fold(name):
        return None
    own = item.identifier("id", "openalex") if str(item.value.get("id") or "").startswith("https://openalex.org/") else None
    identifiers = [given for given in (item.identifier("ror", "ror"), own) if given]
    kind = item.line("type", 20).lower()
    homepage = str(item.value.get("homepage_url") or "")
    homepage = homepage if len(homepage) <= 500 and homepage.startswith(("http://", "https://")) else ""
    return InstitutionMention(name, tuple(identifiers), _country(item), kind if kind in KINDS else "", homepage)


def _country(item: Fields) -> str:
    given = item.line("country_code", 20).upper()
    return given if len(given) == 2 and given.isascii() and given.isalpha() else ""


def author_record(value: Any, source: str, notes: list[Note]) -> AuthorRecord:
    """Translate one author. Raises RecordError when it is none."""
    item = Fields(value, notes)
    own = item.own_identifier(source)
    if own and own[0] == "openalex" and not own[1].startswith(OPENALEX_AUTHOR):
        raise RecordError("id", f"{own[1]} is not an author")
    name = clean_name(item.line("display_name"))
    if not fold(name):
        raise RecordError("display_name", "there is no name")
    stays = [(_institution(given), sorted(_years(row))) for row in item.parts("affiliations") if (given := row.part("institution"))]
    return AuthorRecord(
        key=own[1] if own else fold(name),
        name=name,
        identifiers=_identifiers(item, own),
        names=tuple(dict.fromkeys(filter(None, (clean_name(other) for other in item.lines("display_name_alternatives"))))),
        homepage=item.address("homepage_url", 500),
        affiliations=tuple((mention, years[0] if years else None, years[-1] if years else None) for mention, years in stays if mention),
        figures=_figures(item),
        primary_category=item.line("primary_category", 40),
        as_of=item.day("updated_date"),
    )


def _years(row: Fields) -> set[int]:
    return {year for year in row.items("years") if isinstance(year, int) and EARLIEST_YEAR <= year <= LATEST_YEAR}


def _figures(item: Fields) -> tuple[tuple[str, float], ...]:
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
                scores.note(key, f"{score!r} is not a score from 0 to 100; left out")
    return tuple(found)


def institution_record(value: Any, source: str, notes: list[Note]) -> InstitutionRecord:
    """Translate one institution. Raises RecordError when it is none."""
    item = Fields(value, notes)
    own = item.own_identifier(source)
    if own and own[0] == "openalex" and not own[1].startswith(OPENALEX_INSTITUTION):
        raise RecordError("id", f"{own[1]} is not an institution")
    mention = _institution(item)
    if mention is None:
        raise RecordError("display_name", "there is no name")
    geo = item.part("geo")
    related = [(row.line("relationship", 20), row.identifier("ror", "ror")) for row in item.parts("associated_institutions")]
    return InstitutionRecord(
        key=own[1] if own else fold(mention.name),
        name=mention.name,
        identifiers=_identifiers(item, own),
        names=tuple(item.lines("display_name_alternatives")),
        acronyms=tuple(item.lines("display_name_acronyms", 60)),
        country_code=mention.country_code,
        city=geo.line("city", 120) if geo else "",
        kind=mention.kind,
        homepage=item.address("homepage_url", 500),
        parents=tuple(ror for relation, ror in related if relation == "parent" and ror),
        children=tuple(ror for relation, ror in related if relation == "child" and ror),
        figures=tuple(figure for figure in _figures(item) if figure[0] in ("papers", "citations")),
        as_of=item.day("updated_date"),
    )
