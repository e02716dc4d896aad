"""The head of a page as programs read it, and a paper of which much is known."""

from html.parser import HTMLParser
from typing import Any

import extruct

from papers.models import AuthorshipAffiliation, Paper, PaperIdentifier, PaperLink, VenueIdentifier
from tests.factories import make_author, make_institution, make_paper, make_venue

SITE = "http://testserver"


class Head(HTMLParser):
    """The tags of a page's head, its scripts and what they hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: list[tuple[str, str]] = []
        self.links: list[dict[str, str]] = []
        self.scripts: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta":
            self.meta.append((given.get("name") or given.get("property") or "", given.get("content") or ""))
        elif tag == "link":
            self.links.append({name: value or "" for name, value in attrs})
        elif tag == "script":
            self.scripts.append(given)

    def all(self, name: str) -> list[str]:
        return [content for given, content in self.meta if given == name]

    def linked(self, rel: str) -> list[str]:
        return [link["href"] for link in self.links if link["rel"] == rel]


def page_of(client: Any, record: Any) -> str:
    answer = client.get(record.get_absolute_url())
    assert answer.status_code == 200
    return str(answer.text)


def data_of(page: str) -> dict[str, Any]:
    """The blocks of JSON-LD by type."""
    blocks = extruct.extract(page, base_url=SITE, syntaxes=["json-ld"], errors="strict")["json-ld"]
    return {block["@type"]: block for block in blocks}


def rich_paper() -> Paper:
    ada, bob = make_author("Ada Testwright", orcid="0000-0002-1825-0097"), make_author("Bob Exampleman")
    venue = make_venue("Journal of Examples", type="journal")
    VenueIdentifier.objects.create(venue=venue, scheme="issn", value="0891-2017")
    paper = make_paper(
        "Bounds on $\\alpha$ & more", authors=(ada, bob), venue=venue, volume="12", issue="3", first_page="101",
        last_page="131", abstract="If p < 0.05.", doi="10.1234/example", keywords=["tests"], licence="https://creativecommons.org/licenses/by/4.0/",
    )  # fmt: skip
    first = paper.authorships.get(position=1)
    AuthorshipAffiliation.objects.create(authorship=first, raw="Inst.", institution=make_institution("Example Institute"))
    PaperIdentifier.objects.create(paper=paper, scheme="arxiv", value="2301.00001")
    PaperIdentifier.objects.create(paper=paper, scheme="pmid", value="7", disputed=True)
    PaperLink.objects.create(paper=paper, kind="pdf", url="https://example.org/paper.pdf")
    return paper
