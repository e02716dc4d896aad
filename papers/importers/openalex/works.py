"""OpenAlex works as paper records. Pure."""

from typing import Any

from authors.identifiers import normalise
from authors.names import fold, is_person
from papers.dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate, Precision, parse_date
from papers.fingerprint import fingerprint
from papers.importers.cleaning import clean_name, clean_text
from papers.importers.fields import Fields, short
from papers.importers.openalex.shared import identifiers_of, institution_mention, own_identifier
from papers.importers.records import (
    AffiliationMention,
    AuthorMention,
    Identifier,
    InstitutionMention,
    Note,
    PaperRecord,
    RecordError,
    VenueMention,
    VersionMention,
)

VENUE_TYPES = frozenset(["conference", "journal", "repository", "book series", "ebook platform"])
REFERENCES_AT_MOST = 5_000
FEWEST_WORDS_SAID_TWICE = 3
LONGEST_ABSTRACT = 1_000_000  # words
WORK_KEYS = frozenset({"title", "authorships", "abstract", "abstract_inverted_index", "doi"})


def paper_record(value: Any, source: str, notes: list[Note]) -> PaperRecord:
    """Translate one work. Raises RecordError when it is none; what is wrong inside it goes to `notes`."""
    work = Fields(value, notes)
    if not (WORK_KEYS & value.keys()):
        raise RecordError("record", "is not a work: it has neither title nor authors nor abstract")
    own = own_identifier(work, source, letter="W", kind="a work")
    record = PaperRecord(
        key=own[1] if own else "",
        identifiers=identifiers_of(work, own),
        own_identifier=own,
        title=_title(work),
        abstract=work.text("abstract") or _from_inverted_index(work),
        when=_date(work),
        authors=_authors(work),
        **_about(work),
        **_figures_and_links(work),
    )
    if not (record.title or record.authors or record.abstract or record.identifiers):
        raise RecordError("title", "there is no title, no author, no abstract and no identifier to keep")
    record.fingerprint = fingerprint(record.title, record.when.first.year if record.when else None, record.first_author)
    record.key = record.key or next((":".join(given) for given in record.identifiers), record.fingerprint)
    return record


def _title(work: Fields) -> str:
    title = work.line("title", 5_000) or work.line("display_name", 5_000)
    words = title.split()
    half = len(words) // 2
    if half < FEWEST_WORDS_SAID_TWICE or words[:half] != words[half:]:
        return title
    work.note("title", "says the same twice; taken once")
    return " ".join(words[:half])


def _about(work: Fields) -> dict[str, Any]:
    """What kind of paper it is, where it appeared and whose it is as a whole."""
    mentions = [institution_mention(item) for key in ("institutions", "unaligned_institutions") for item in _named(work, key)]
    return {
        "type": work.line("type", 40),
        "primary_category": work.line("primary_category", 40),
        "categories": tuple(work.lines("categories", 40)),
        "venue": _venue(work),
        "fields": _plain_fields(work),
        "keywords": _keywords(work),
        "authors_complete": not (work.flag("authors_truncated") or work.flag("is_authors_truncated") or _unreadable(work)),
        "institutions": tuple(mention for mention in mentions if mention),
        "is_retracted": bool(work.flag("is_retracted")),
    }


def _figures_and_links(work: Fields) -> dict[str, Any]:
    return {
        "links": _links(work),
        "versions": _versions(work),
        "has_code": bool(work.flag("has_code")) or bool(work.value.get("code_url")),
        "cited_by_count": work.count("cited_by_count"),
        "referenced_count": work.count("referenced_works_count"),
        "references": _references(work),
        "counts_by_year": _counts_by_year(work),
        "as_of": work.day("updated_date"),
    }


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
            if isinstance(position, int) and 0 <= position < LONGEST_ABSTRACT:
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
    if source is None or not (name := source.line("display_name", 400)):
        return None
    if not fold(name):
        source.note("display_name", f"{short(name)} names no venue; left out")
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
        version = place.line("version", 20)
        kind = version if version.endswith("Version") else ""
        if url:
            mention = VersionMention(kind, where, url, place.line("license", 80), place.flag("is_oa"))
            found.setdefault((url, mention.kind), mention)
    return tuple(found.values())[:20]


def _references(work: Fields) -> tuple[Identifier, ...]:
    found = []
    for given in work.items("referenced_works")[:REFERENCES_AT_MOST]:
        text = normalise("openalex", given) if isinstance(given, str) else None
        if text and text.startswith("W"):
            found.append(("openalex", text))
    return tuple(dict.fromkeys(found))


def _counts_by_year(item: Fields) -> tuple[tuple[int, int], ...]:
    found = {}
    for row in item.parts("counts_by_year"):
        year, count = row.count("year"), row.count("cited_by_count")
        if year is not None and count is not None and EARLIEST_YEAR <= year <= LATEST_YEAR:
            found[year] = count
    return tuple(sorted(found.items()))


def _unreadable(work: Fields) -> bool:
    """Something stands in the list of authors that is none."""
    given = work.value.get("authorships")
    return isinstance(given, list) and not all(isinstance(item, dict) for item in given)


def _authors(work: Fields) -> tuple[AuthorMention, ...]:
    position = work.count("profile_position")
    if position == 0:
        work.note("profile_position", "0 is no position, they count from 1; left out")
    found = []
    for item in work.parts("authorships"):
        author = item.part("author")
        name = clean_name(author.line("display_name", 500)) if author else ""
        raw_name = clean_name(item.line("raw_author_name", 500)) or name
        if not raw_name:
            item.note("author.display_name", "is empty; kept as an author without a name")
        elif not is_person(name or raw_name):
            item.note("author.display_name", f"{short(name or raw_name)} names no one person; kept as printed")
        own = author.own_identifier("") if author else None
        identifiers = identifiers_of(author, own if own and not own[0].startswith("source:") else None) if author else ()
        on_profile = position if position and any(scheme == "profile" for scheme, _ in identifiers) else None
        found.append(
            AuthorMention(
                raw_name,
                (name or raw_name)[:300],
                identifiers,
                _affiliations(item),
                bool(item.flag("is_corresponding")),
                on_profile,
            )
        )
    return tuple(found)


def _affiliations(item: Fields) -> tuple[AffiliationMention, ...]:
    """Raw strings with their institutions; OpenAlex says which belongs to which, other sources give both side by side."""
    mentions = list(dict.fromkeys(mention for given in item.parts("institutions") if (mention := institution_mention(given))))
    by_id = {value: mention for mention in mentions for _, value in mention.identifiers}
    found, used = [], set[InstitutionMention]()
    for stated in item.parts("affiliations"):
        ids = [given.rpartition("/")[2] for given in stated.items("institution_ids") if isinstance(given, str)]
        named = tuple(dict.fromkeys(by_id[given] for given in ids if given in by_id))
        raw = stated.line("raw_affiliation_string", 2_000)
        if raw or named:
            found.append(AffiliationMention(raw, named))
            used.update(named)
    rest = tuple(mention for mention in mentions if mention not in used)
    if found:
        return (*found, AffiliationMention("", rest)) if rest else tuple(found)
    raws = item.lines("raw_affiliation_strings", 2_000) or [item.line("raw_affiliation_string", 2_000)]
    raw = "; ".join(text for text in raws if text)[:2_000]
    return (AffiliationMention(raw, rest),) if raw or rest else ()


def _named(item: Fields, key: str) -> list[Fields]:
    """A list of objects, or of plain names."""
    values = [{"display_name": given} if isinstance(given, str) else given for given in item.items(key)]
    numbered = [(number, given) for number, given in enumerate(values, 1) if isinstance(given, dict)]
    return [Fields(given, item.notes, item, f"{key}[{number}]") for number, given in numbered]
