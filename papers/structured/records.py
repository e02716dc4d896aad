"""People, institutions, collections of papers and the catalogue itself in schema.org's words. Pure."""

from collections.abc import Iterable, Sequence

from papers.structured.parts import CONTEXT, Data, Place, known, web

_KINDS = {
    "education": "CollegeOrUniversity", "company": "Corporation", "funder": "FundingAgency", "nonprofit": "NGO",
    "government": "GovernmentOrganization", "healthcare": "MedicalOrganization", "archive": "ArchiveOrganization",
    "facility": "ResearchOrganization",
}  # fmt: skip


def person_page(
    *,
    name: str,
    address: str,
    own: str,
    other_names: Iterable[str],
    same_as: Iterable[str],
    places: Sequence[Place],
    about: str = "",
    subject: str = "",
) -> Data:
    """`own` is the address without the words of the name: what stands for the person."""
    at = [known({"@type": "Organization", "name": place.name, "url": place.url}) for place in places]
    person = known({
        "@type": "Person",
        "@id": own,
        "url": address,
        "name": name,
        "alternateName": list(other_names),
        "description": about,
        "affiliation": at,
        "knowsAbout": subject,
        "sameAs": web(same_as),
    })  # fmt: skip
    return {"@context": CONTEXT, "@type": "ProfilePage", "url": address, "name": name, "mainEntity": person}


def organization(
    *,
    name: str,
    kind: str,
    address: str,
    own: str,
    other_names: Iterable[str],
    same_as: Iterable[str],
    city: str,
    country: str,
    parent: Place | None,
) -> Data:
    return known({
        "@context": CONTEXT,
        "@type": _KINDS.get(kind, "Organization"),
        "@id": own,
        "url": address,
        "mainEntityOfPage": address,
        "name": name,
        "alternateName": list(other_names),
        "sameAs": web(same_as),
        "address": known({"@type": "PostalAddress", "addressLocality": city, "addressCountry": country})
        if city or country else None,
        "parentOrganization": known({"@type": "Organization", "name": parent.name, "url": parent.url}) if parent else None,
    })  # fmt: skip


def collection(*, name: str, address: str, about: Data, site: str, root: str) -> Data:
    """The papers of a category or a venue."""
    part_of = {"@type": "WebSite", "name": site, "url": root}
    return {"@context": CONTEXT, "@type": "CollectionPage", "name": name, "url": address, "about": about, "isPartOf": part_of}


def subject(*, code: str, name: str, group: str) -> Data:
    return known({"@type": "DefinedTerm", "termCode": code, "name": name, "inDefinedTermSet": group})


def periodical(*, name: str, is_journal: bool, issns: Sequence[str], publisher: str, same_as: Iterable[str]) -> Data:
    by = {"@type": "Organization", "name": publisher} if publisher else None
    kind = "Periodical" if is_journal else "CreativeWork"
    return known(
        {"@type": kind, "name": name, "issn": list(issns) if is_journal else [], "publisher": by, "sameAs": web(same_as)}
    )


def website(*, name: str, root: str, search: str) -> Data:
    """`search` is the address of a search, with `{q}` in the place of the words."""
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": search},
        "query-input": "required name=q",
    }
    return {"@context": CONTEXT, "@type": "WebSite", "@id": root, "name": name, "url": root, "potentialAction": action}


def dataset(*, name: str, root: str, licence: str, files: Sequence[tuple[str, str, str]]) -> Data:
    """The catalogue as data; `files` are (name, media type, address)."""
    return known({
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": f"{name}: papers, people and institutions",
        "description": f"The catalogue of {name}: papers with their authors, institutions, venues, categories, identifiers and "
        "citation counts, each record with an identifier of its own and a page.",
        "url": root,
        "license": licence,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": name, "url": root},
        "distribution": [_download(*file) for file in files],
    })  # fmt: skip


def _download(name: str, kind: str, address: str) -> Data:
    return {"@type": "DataDownload", "name": name, "encodingFormat": kind, "contentUrl": address}
