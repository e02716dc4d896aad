"""A paper in schema.org's words, and in the tags that Google Scholar and reference managers read. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from papers.exports.records import Item, Kind
from papers.structured.parts import CONTEXT, Contributor, Data, known, web

_CONTAINERS = {"journal": "Periodical", "book series": "BookSeries", "ebook platform": "Book"}
_VENUE_TAGS = {
    Kind.CONFERENCE: "citation_conference_title", Kind.CHAPTER: "citation_inbook_title",
    Kind.THESIS: "citation_dissertation_institution", Kind.REPORT: "citation_technical_report_institution",
}  # fmt: skip
Tag = tuple[str, str]


@dataclass(frozen=True)
class Article:
    """`item` as exports have it, and what they have no room for; `address` is the page, `subjects` are (code, name)."""

    item: Item
    address: str
    title: str
    abstract: str
    people: Sequence[Contributor]
    subjects: Sequence[tuple[str, str]] = ()
    licence: str = ""
    same_as: Sequence[str] = ()
    is_retracted: bool = False
    is_free: bool | None = None


def article_data(article: Article) -> Data:
    """Books and theses are called articles too: so whoever looks for scholarly works finds them."""
    item = article.item
    return known({
        "@context": CONTEXT,
        "@type": "ScholarlyArticle",
        "@id": item.url,
        "url": article.address,
        "mainEntityOfPage": article.address,
        "name": article.title,
        "headline": article.title,
        "author": [person.data() for person in article.people],
        "datePublished": "-".join(f"{part:02}" for part in item.date_parts),
        "abstract": article.abstract,
        "isPartOf": _container(item),
        "pagination": item.pages("-"),
        "publisher": {"@type": "Organization", "name": item.publisher} if item.publisher else None,
        "keywords": list(item.keywords),
        "about": [{"@type": "DefinedTerm", "termCode": code, "name": name} for code, name in article.subjects],
        "inLanguage": item.language,
        "license": article.licence,
        "isAccessibleForFree": article.is_free,
        "creativeWorkStatus": "Retracted" if article.is_retracted else "",
        "identifier": [_value(name, value) for name, value in _identifiers(item)],
        "sameAs": web(article.same_as),
        "encoding": [_pdf(address) for address in web([item.pdf])],
    })  # fmt: skip


def _container(item: Item) -> Data | None:
    """From the issue up to the journal, as far as they are known."""
    if not item.venue:
        return None
    whole = known({"@type": _CONTAINERS.get(item.venue_type, "CreativeWork"), "name": item.venue, "issn": item.issn})
    if item.volume:
        whole = {"@type": "PublicationVolume", "volumeNumber": item.volume, "isPartOf": whole}
    if item.issue:
        whole = {"@type": "PublicationIssue", "issueNumber": item.issue, "isPartOf": whole}
    return whole


def _identifiers(item: Item) -> list[Tag]:
    given = [("DOI", item.doi), ("arXiv", item.arxiv), ("PMID", item.pmid), ("PMCID", item.pmcid)]
    return [(name, value) for name, value in given if value]


def _pdf(address: str) -> Data:
    return {"@type": "MediaObject", "contentUrl": address, "encodingFormat": "application/pdf"}


def _value(name: str, value: str) -> Data:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


# --- Highwire Press's tags -----------------------------------------------------------------------------------------------


def citation_tags(article: Article) -> list[Tag]:
    """The order matters: what follows an author's name is about them."""
    item = article.item
    whole = [
        ("citation_title", article.title),
        *_author_tags(article.people),
        ("citation_publication_date", "/".join(f"{part:02}" for part in item.date_parts)),
        (_VENUE_TAGS.get(item.kind, "citation_journal_title"), item.venue),
        ("citation_volume", item.volume),
        ("citation_issue", item.issue),
        ("citation_firstpage", item.first_page),
        ("citation_lastpage", item.last_page),
        ("citation_issn", item.issn),
        ("citation_publisher", item.publisher),
        ("citation_doi", item.doi),
        ("citation_arxiv_id", item.arxiv),
        ("citation_pmid", item.pmid),
        ("citation_language", item.language),
        ("citation_keywords", "; ".join(item.keywords)),
        ("citation_abstract_html_url", article.address),
        ("citation_pdf_url", next(iter(web([item.pdf])), "")),
    ]
    return [(name, value) for name, value in whole if value]


def _author_tags(people: Sequence[Contributor]) -> Iterator[Tag]:
    for person in people:
        yield "citation_author", person.name
        yield from (("citation_author_institution", place.name) for place in person.places)
        yield "citation_author_orcid", person.orcid
