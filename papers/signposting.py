"""Links that lead programs from a paper's page to what belongs to it: signposting.org, levels 1 and 2."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri

from papers.exports.formats import OF_ONE
from papers.structured.articles import Article
from papers.structured.parts import web

LINKSET = "application/linkset+json"
MARKDOWN = "text/markdown"
_UNSAFE = str.maketrans({"'": "%27", "[": "%5B", "]": "%5D"})
MOST_AUTHORS = 10  # in headers, which servers and proxies cut; the linkset names all


@dataclass(frozen=True)
class Link:
    """`href` is absolute and holds nothing that a header or an attribute could not."""

    rel: str
    href: str
    type: str = ""

    @property
    def header(self) -> str:
        return f'<{self.href}>; rel="{self.rel}"' + (f'; type="{self.type}"' if self.type else "")


def paper_links(article: Article, site: str) -> list[Link]:
    """Level 1, and where level 2 stands."""
    item = article.item
    own = [person.orcid for person in article.people if person.orcid]
    links = [
        Link("cite-as", next(iter(web(article.same_as)), "") if item.doi else item.url),
        Link("type", "https://schema.org/ScholarlyArticle"),
        Link("type", "https://schema.org/AboutPage"),
        *(Link("author", orcid) for orcid in dict.fromkeys(own)),
        *(Link("license", address) for address in web([article.licence])),
        *(Link("item", address, "application/pdf") for address in web([item.pdf])),
        *_descriptions(item.id, site),
        Link("linkset", site + reverse("paper-linkset", args=[item.id]), LINKSET),
    ]
    return [Link(link.rel, _written(link.href), link.type) for link in links if link.href]


def _descriptions(public_id: str, site: str) -> list[Link]:
    """The record in each format there is."""
    files = [(reverse("paper-file", args=[public_id, form.suffix]), form.media_type) for form in OF_ONE.values()]
    files.append((reverse("paper-markdown", args=[public_id]), MARKDOWN))
    return [Link("describedby", site + address, kind) for address, kind in files]


def author_links(public_id: str, site: str) -> list[Link]:
    plain, record = reverse("author-markdown", args=[public_id]), reverse("api-author", args=[public_id])
    return [
        Link("type", "https://schema.org/ProfilePage"),
        Link("describedby", site + record, "application/json"),
        Link("describedby", site + plain, MARKDOWN),
    ]


def linkset(links: Sequence[Link], anchor: str) -> dict[str, Any]:
    """RFC 9264's form of the links of the page at `anchor`; its own address is none of them."""
    targets: dict[str, list[dict[str, str]]] = defaultdict(list)
    for link in links:
        if link.rel != "linkset":
            targets[link.rel].append({"href": link.href} | ({"type": link.type} if link.type else {}))
    return {"linkset": [{"anchor": anchor, **targets}]}


def _written(address: str) -> str:
    return str(iri_to_uri(address)).translate(_UNSAFE)


def signposted(response: HttpResponse, links: Sequence[Link]) -> HttpResponse:
    authors = [link for link in links if link.rel == "author"]
    shown = [link for link in links if link not in authors[MOST_AUTHORS:]]
    response["Link"] = ", ".join(link.header for link in shown)
    return response
