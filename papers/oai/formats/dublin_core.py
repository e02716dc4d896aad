"""`oai_dc`: the fifteen elements of Dublin Core that every harvester reads."""

from typing import Any

from papers.oai.formats.values import address, addresses, categories, day, retraction
from papers.oai.xml import Writer

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
ELEMENTS = "http://purl.org/dc/elements/1.1/"


def write(xml: Writer, paper: Any, site: str) -> None:
    with xml.root("oai_dc:dc", {"oai_dc": NAMESPACE, "dc": ELEMENTS}, f"{NAMESPACE} {SCHEMA}"):
        xml.element("dc:title", paper.title_or_mark)
        xml.elements("dc:creator", [row.shown_name for row in paper.record_authorships])
        xml.elements("dc:subject", [f"{category.name} ({category.code})" for category in categories(paper)])
        xml.elements("dc:subject", map(str, paper.keywords))
        xml.elements("dc:description", [retraction(paper), paper.abstract])
        xml.elements("dc:publisher", [paper.publisher or (paper.venue.publisher if paper.venue else "")])
        xml.elements("dc:date", [day(paper)])
        xml.elements("dc:type", [paper.type, "Text"])
        xml.elements("dc:identifier", [address(paper, site), *addresses(paper)])
        xml.elements("dc:source", [_source(paper)])
        xml.elements("dc:language", [paper.language])
        xml.elements("dc:relation", dict.fromkeys(_related(paper)))
        xml.elements("dc:rights", [paper.licence])


def _source(paper: Any) -> str:
    """Venue, 12(3), 45-67"""
    issue = f"{paper.volume}({paper.issue})" if paper.issue else paper.volume
    pages = "-".join(page for page in (paper.first_page, paper.last_page) if page)
    return ", ".join(part for part in (paper.venue.name if paper.venue else "", issue, pages) if part)


def _related(paper: Any) -> list[str]:
    return [version.url for version in paper.versions.all()] + [link.url for link in paper.links.all()]
