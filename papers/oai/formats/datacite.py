"""`oai_datacite`: DataCite's kernel 4, which names people by ORCID, places by ROR, and the volume a paper stands in.

The kernel demands a creator, a publisher and a year of everything: where nobody knows, it has words for that.
"""

import re
from typing import Any

from papers.oai.formats.values import address, categories, day, person, retraction
from papers.oai.xml import Writer

NAMESPACE = "http://datacite.org/schema/kernel-4"
SCHEMA = "http://schema.datacite.org/meta/kernel-4.5/metadata.xsd"
UNKNOWN, UNKNOWN_YEAR = ":unav", "0000"
ORCID, ROR = "https://orcid.org", "https://ror.org"
TYPES = {
    "book": "Book", "book-chapter": "BookChapter", "dataset": "Dataset", "dissertation": "Dissertation",
    "peer-review": "PeerReview", "preprint": "Preprint", "report": "Report", "standard": "Standard", "software": "Software",
}  # fmt: skip
ARTICLES = {"conference": "ConferencePaper", "journal": "JournalArticle"}  # by type of the venue
VENUES = {"conference": "ConferenceProceeding", "journal": "Journal", "book series": "Book"}
SUPPLEMENTS = ("code", "data", "model")


def write(xml: Writer, paper: Any, site: str) -> None:
    with xml.root("resource", {"": NAMESPACE}, f"{NAMESPACE} {SCHEMA}"):
        _identifiers(xml, paper, site)
        with xml.inside("creators"):
            _creators(xml, paper)
        with xml.inside("titles"):
            xml.element("title", paper.title or UNKNOWN)
        venue = paper.venue
        xml.element("publisher", paper.publisher or (venue and (venue.publisher or venue.name)) or UNKNOWN)
        xml.element("publicationYear", f"{paper.year:04}" if paper.year else UNKNOWN_YEAR)
        by_venue = ARTICLES.get(venue.type, "Text") if venue else "Text"
        xml.element("resourceType", paper.type, resourceTypeGeneral=TYPES.get(paper.type, by_venue))
        _subjects(xml, paper)
        _dates(xml, paper)
        if re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", paper.language):
            xml.element("language", paper.language)
        _related(xml, paper)
        if paper.licence:
            with xml.inside("rightsList"):
                xml.element("rights", paper.licence)
        with xml.inside("descriptions"):
            xml.elements("description", [retraction(paper)], descriptionType="Other")
            xml.elements("description", [paper.abstract], descriptionType="Abstract")
        _place(xml, paper)


def _identifiers(xml: Writer, paper: Any, site: str) -> None:
    """The DOI, or where it has none its page here; the others beside it."""
    rows = sorted(paper.kept_identifiers, key=lambda row: row.scheme != "doi")
    page = address(paper, site)
    doi = rows.pop(0).value if rows and rows[0].scheme == "doi" else ""
    xml.element("identifier", doi or page, identifierType="DOI" if doi else "URL")
    with xml.inside("alternateIdentifiers"):
        xml.elements("alternateIdentifier", [page if doi else ""], alternateIdentifierType="URL")
        for row in rows:
            xml.element("alternateIdentifier", row.value, alternateIdentifierType=row.label)


def _creators(xml: Writer, paper: Any) -> None:
    named = [row for row in paper.record_authorships if row.shown_name]
    for row in named:
        with xml.inside("creator"):
            xml.element("creatorName", row.shown_name)
            author = person(row)
            for orcid in author.orcids[:1] if author else ():
                xml.element("nameIdentifier", orcid.value, nameIdentifierScheme="ORCID", schemeURI=ORCID)
            _affiliations(xml, row, paper)
    if not named:
        with xml.inside("creator"):
            xml.element("creatorName", UNKNOWN)


def _affiliations(xml: Writer, authorship: Any, paper: Any) -> None:
    places = {row.institution_id: row.institution for row in paper.record_institutions}
    for stated in authorship.stated:
        place = places.get(stated.institution_id)
        told = {"affiliationIdentifierScheme": "ROR", "schemeURI": ROR} if place and place.rors else {}
        if place and told:
            told["affiliationIdentifier"] = place.rors[0].url
        xml.elements("affiliation", [place.name if place else stated.raw], **told)


def _subjects(xml: Writer, paper: Any) -> None:
    with xml.inside("subjects"):
        for category in categories(paper):
            xml.element("subject", f"{category.name} ({category.code})", subjectScheme="category")
        xml.elements("subject", map(str, paper.keywords))


def _dates(xml: Writer, paper: Any) -> None:
    with xml.inside("dates"):
        xml.elements("date", [day(paper)], dateType="Issued")
        if paper.retracted_on and paper.is_retracted:
            xml.element("date", paper.retracted_on.isoformat(), dateType="Withdrawn", dateInformation="Retracted")


def _related(xml: Writer, paper: Any) -> None:
    versions = [(version.url, "HasVersion") for version in paper.versions.all()]
    links = [(link.url, "IsSupplementedBy") for link in paper.links.all() if link.kind in SUPPLEMENTS]
    with xml.inside("relatedIdentifiers"):
        for url, relation in dict.fromkeys(versions + links):
            xml.elements("relatedIdentifier", [url], relatedIdentifierType="URL", relationType=relation)


def _place(xml: Writer, paper: Any) -> None:
    """Where the paper stands: the venue, with volume and pages."""
    if not paper.venue:
        return
    of_type = VENUES.get(paper.venue.type, "Collection")
    with xml.inside("relatedItems"), xml.inside("relatedItem", relatedItemType=of_type, relationType="IsPublishedIn"):
        issns = [row.value for row in paper.venue.issns[:1]]
        xml.elements("relatedItemIdentifier", issns, relatedItemIdentifierType="ISSN")
        with xml.inside("titles"):
            xml.element("title", paper.venue.name)
        for name, text in (
            ("volume", paper.volume), ("issue", paper.issue), ("firstPage", paper.first_page), ("lastPage", paper.last_page),
        ):  # fmt: skip
            xml.elements(name, [text])
