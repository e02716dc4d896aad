"""People and places as structured data sees them. Pure."""

from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]
CONTEXT = "https://schema.org"


@dataclass(frozen=True)
class Place:
    """`url` is the institution's page here, if it has one."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Contributor:
    """An author as the public reads them; `url` is their page here and `orcid` an address, both empty while unknown."""

    name: str
    url: str = ""
    orcid: str = ""
    places: tuple[Place, ...] = ()

    def data(self) -> Data:
        at = [known({"@type": "Organization", "name": place.name, "url": place.url}) for place in self.places]
        about = {"name": self.name, "@id": self.orcid or self.url, "url": self.url, "sameAs": self.orcid, "affiliation": at}
        return known({"@type": "Person", **about})


def known(data: Data) -> Data:
    """Without what is not known: a program takes an empty text for a value."""
    return {name: value for name, value in data.items() if value not in (None, "", [], ())}


def web(addresses: Any) -> list[str]:
    """Addresses that a browser may follow, each once."""
    return list(dict.fromkeys(address for address in addresses if address.startswith(("https://", "http://"))))


def breadcrumbs(*steps: tuple[str, str]) -> Data:
    """The way to the page, (name, address) by (name, address)."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": address}
        for number, (name, address) in enumerate(steps, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}
