"""Identifier schemes: how each is written, checked and turned into an address. Pure: no database.

A source's own record id is the scheme `source:<name>`; it has no address.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import idutils


@dataclass(frozen=True)
class Scheme:
    """`shape` is of the bare value; `prefixes` are ways of writing it that end before the bare value begins."""

    label: str
    shape: str
    url: str
    prefixes: tuple[str, ...] = ()
    check: Callable[[str], object] | None = None
    fold: Callable[[str], str] = str.strip


SCHEMES: dict[str, Scheme] = {
    "orcid": Scheme("ORCID", r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", "https://orcid.org/{}",
                    ("https://orcid.org/", "http://orcid.org/", "orcid.org/", "orcid:"), idutils.is_orcid, str.upper),
    "ror": Scheme("ROR", r"0[a-z0-9]{8}", "https://ror.org/{}",
                  ("https://ror.org/", "http://ror.org/", "ror.org/", "ror:"), fold=str.lower),
    "doi": Scheme("DOI", r"10\.\d{4,9}(?:\.\d+)*/\S+", "https://doi.org/{}",
                  ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi.org/", "doi:"),
                  fold=str.lower),
    "arxiv": Scheme("arXiv", r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})", "https://arxiv.org/abs/{}",
                    ("https://arxiv.org/abs/", "http://arxiv.org/abs/", "https://arxiv.org/pdf/", "arxiv.org/abs/", "arxiv:"),
                    fold=lambda value: re.sub(r"(v\d+)?(\.pdf)?$", "", value.lower() if "/" not in value else value)),
    "openalex": Scheme("OpenAlex", r"[AWISTCPFV]\d+", "https://openalex.org/{}",
                       ("https://openalex.org/", "http://openalex.org/", "openalex:"), fold=str.upper),
    "pmid": Scheme("PubMed", r"\d{1,9}", "https://pubmed.ncbi.nlm.nih.gov/{}/",
                   ("https://pubmed.ncbi.nlm.nih.gov/", "https://www.ncbi.nlm.nih.gov/pubmed/", "pmid:"),
                   fold=lambda value: value.rstrip("/")),
    "pmcid": Scheme("PubMed Central", r"PMC\d+", "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/",
                    ("https://www.ncbi.nlm.nih.gov/pmc/articles/", "pmcid:"),
                    fold=lambda value: "PMC" + value.upper().rstrip("/").removeprefix("PMC")),
    "mag": Scheme("MAG", r"\d+", "", ("mag:",)),
    "openreview": Scheme("OpenReview", r"~\S+", "https://openreview.net/profile?id={}",
                         ("https://openreview.net/profile?id=", "openreview:")),
    "acl": Scheme("ACL Anthology", r"[a-z0-9-]+", "https://aclanthology.org/people/{}/",
                  ("https://aclanthology.org/people/", "acl:"), fold=lambda value: value.strip("/").rpartition("/")[2]),
    "dblp": Scheme("dblp", r"[\w./-]+", "https://dblp.org/pid/{}",
                   ("https://dblp.org/pid/", "https://dblp.org/pers/", "http://dblp.org/pid/", "dblp:"),
                   fold=lambda value: value.removesuffix(".html")),
    "scholar": Scheme("Google Scholar", r"[\w-]{12}", "https://scholar.google.com/citations?user={}",
                      ("https://scholar.google.com/citations?user=", "scholar:", "google_scholar:"),
                      fold=lambda value: value.partition("&")[0]),
    "ieee": Scheme("IEEE", r"\d{6,}", "https://ieeexplore.ieee.org/author/{}",
                   ("https://ieeexplore.ieee.org/author/", "ieee:")),
    "semanticscholar": Scheme("Semantic Scholar", r"\d+|[0-9a-f]{40}", "https://api.semanticscholar.org/{}",
                              ("https://www.semanticscholar.org/author/", "semanticscholar:")),
    "wikidata": Scheme("Wikidata", r"Q\d+", "https://www.wikidata.org/wiki/{}",
                       ("https://www.wikidata.org/wiki/", "http://www.wikidata.org/entity/", "wikidata:"), fold=str.upper),
    "grid": Scheme("GRID", r"grid\.\d+\.[0-9a-f]+", "", ("grid:",), fold=str.lower),
    "fundref": Scheme("Funder Registry", r"\d+", "https://doi.org/10.13039/{}", ("fundref:", "https://doi.org/10.13039/")),
    "isni": Scheme("ISNI", r"\d{15}[\dX]", "https://isni.org/isni/{}", ("https://isni.org/isni/", "isni:"),
                   fold=lambda value: value.replace(" ", "").upper()),
    "issn": Scheme("ISSN", r"\d{4}-\d{3}[\dX]", "https://portal.issn.org/resource/ISSN/{}", ("issn:",), fold=str.upper),
    "profile": Scheme("Profile", r"[\w.-]+", "", ("profile:",)),
}  # fmt: skip

# When two identifiers of one mention point to two people, the one whose scheme stands first decides.
AUTHOR_ORDER = ("orcid", "openalex", "profile", "openreview", "semanticscholar", "ieee", "dblp", "scholar", "acl")
_SHAPES = {name: re.compile(scheme.shape) for name, scheme in SCHEMES.items()}
_ANY_PREFIX = tuple(prefix for scheme in SCHEMES.values() for prefix in scheme.prefixes)


@lru_cache(4096)
def normalise(scheme: str, value: str) -> str | None:
    """The bare value in the scheme's own spelling, or None when it is not one (wrong shape or check digit).

    >>> normalise("doi", "https://doi.org/10.1000/ABC")
    '10.1000/abc'
    """
    if scheme.startswith("source:"):
        return value.strip()[:500] or None
    known = SCHEMES[scheme]
    bare = value.strip()
    while bare.lower().startswith(known.prefixes):  # some sources put an address before an address
        prefix = next(prefix for prefix in known.prefixes if bare[: len(prefix)].lower() == prefix)
        bare = bare[len(prefix) :]
    bare = known.fold(bare).strip()
    if len(bare) > 400 or not _SHAPES[scheme].fullmatch(bare) or (known.check and not known.check(bare)):
        return None
    return bare


@lru_cache(4096)
def recognise(text: str) -> tuple[str, str] | None:
    """(scheme, value) of an address or a prefixed value; None when no scheme claims it.

    A bare DOI, ORCID or ROR is recognised too: their shapes are nobody else's.
    """
    given = text.strip()
    lower = given.lower()
    for name, scheme in SCHEMES.items() if lower.startswith(_ANY_PREFIX) else ():
        if lower.startswith(scheme.prefixes) and (value := normalise(name, given)):
            return name, value
    for name in ("doi", "orcid"):
        if value := normalise(name, given):
            return name, value
    return None


def label_of(scheme: str) -> str:
    """The scheme's name for readers; a source's own ids carry the source's name."""
    return SCHEMES[scheme].label if scheme in SCHEMES else scheme.removeprefix("source:")


def address_of(scheme: str, value: str) -> str:
    known = SCHEMES.get(scheme)
    if not known or not known.url:
        return ""
    return known.url.format(quote(value, safe="/:;()~.,-_"))
