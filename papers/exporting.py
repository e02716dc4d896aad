"""Exports of papers: from the database piece by piece, in memory that does not grow with the list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from authors.curation.public_ids import page_address
from papers.api.paper_records import paper_records, published_by_key
from papers.exports.people import person
from papers.exports.records import Item
from papers.exports.texts import line, running
from papers.models import Authorship, Paper, PaperIdentifier, PaperLink, VenueIdentifier
from papers.models.paper import CategoryOrigin
from papers.paper_lists import PROFILE, Found, PaperListing
from papers.prepared import PreparedRecords
from papers.querysets import with_shown_name
from papers.search import finding

CHUNK = 500  # papers that are asked for at once
FIRST_CHUNK = 50  # so that the answer begins soon
MOST_AUTHORSHIPS = 20_000  # held at once: some papers have thousands of authors
Keys = list[int]


# --- which papers ------------------------------------------------------------------------------------------------------------


def keys_of(listing: PaperListing) -> Iterator[Keys]:
    """The papers of the list in its order, chunk by chunk. The whole catalogue stands by key unless an order is asked for:
    so the database reads it from end to end."""
    if listing.search.is_everything and not listing.request.GET.get("sort"):
        return _all_by_key()
    if listing.sort == PROFILE:
        return _chunks(Found(listing.search, PROFILE, author=listing.author).in_profile_order())
    return _found(listing)


def _all_by_key() -> Iterator[Keys]:
    last, size = 0, FIRST_CHUNK
    while keys := list(Paper.objects.published().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield keys
        last, size = keys[-1], CHUNK


def _found(listing: PaperListing) -> Iterator[Keys]:
    after, size = None, FIRST_CHUNK
    while places := listing.search.places(listing.sort, size=size, after=after):
        yield [finding.key_of(place) for place in places]
        after, size = places[-1], CHUNK


def _chunks(keys: Keys) -> Iterator[Keys]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def in_portions(chunks: Iterable[Keys]) -> Iterator[Keys]:
    """The same papers, never more at once than have MOST_AUTHORSHIPS together, unless one alone has more."""
    for keys in chunks:
        counts = dict(Paper.objects.filter(pk__among=keys).values_list("pk", "authors_count"))
        portion: Keys = []
        held = 0
        for key in keys:
            held += counts.get(key, 0)
            if portion and held > MOST_AUTHORSHIPS:
                yield portion
                portion, held = [], counts.get(key, 0)
            portion.append(key)
        yield portion


# --- what is written of them -------------------------------------------------------------------------------------------------


def records_of(keys: Keys, site: str) -> list[dict[str, Any]]:
    """As the API gives them, with all their authors."""
    papers = {paper.pk: paper for paper in published_by_key().rows(keys)}
    return paper_records([papers[key] for key in keys if key in papers], site)


def items_of(keys: Keys, site: str) -> list[Item]:
    """In five queries whatever the number of papers."""
    papers = {paper.pk: paper for paper in _PAPERS.rows(keys)}
    names, identifiers, links = _names(keys), _identifiers(keys), _links(keys)
    issns = _issns({paper.venue_id for paper in papers.values() if paper.venue_id})
    return [
        item_of(
            papers[key],
            site=site,
            names=names[key],
            identifiers=identifiers[key],
            links=links[key],
            issn=issns.get(papers[key].venue_id, ""),
        )
        for key in keys
        if key in papers
    ]


def item_of(
    paper: Paper, *, site: str, names: Iterable[str], identifiers: dict[str, str], links: dict[str, str], issn: str
) -> Item:
    """`names` are those the public reads, in order; `identifiers` by scheme, `links` by kind."""
    return Item(
        id=paper.public_id,
        url=site + page_address("paper-short", paper.public_id),
        title=line(paper.title_or_mark),
        people=tuple(person(shown) for name in names if (shown := line(name))),
        complete=paper.authors_complete,
        when=paper.published,
        precision=paper.date_precision,
        venue=line(paper.venue.name) if paper.venue else "",
        venue_type=paper.venue.type if paper.venue else "",
        publisher=line(paper.publisher or (paper.venue.publisher if paper.venue else "")),
        issn=issn,
        abstract=running(paper.abstract),
        keywords=tuple(word for given in paper.keywords or () if isinstance(given, str) and (word := line(given))),
        arxiv_class=(paper.primary_category_id or "") if paper.primary_category_origin == CategoryOrigin.SOURCE else "",
        retraction=_retraction(paper),
        cited_by_count=paper.cited_by_count,
        citations_source=paper.citations_source,
        pdf=_web(links.get(PaperLink.Kind.PDF, "")),
        code=_web(links.get(PaperLink.Kind.CODE, "")),
        **{scheme: identifiers.get(scheme, "") for scheme in SCHEMES},
        **{name: line(getattr(paper, name)) for name in PLAIN},
    )


def item_of_page(paper: Paper, *, site: str) -> Item:
    """Of a paper from `papers.paper_page.with_page()`, in one query more."""
    identifiers = ((paper.pk, row.scheme, row.value) for row in paper.identifiers.all() if not row.disputed)
    links = ((paper.pk, row.kind, row.url) for row in paper.links.all())
    return item_of(
        paper,
        site=site,
        names=[row.shown_name for row in paper.authorships.all()],
        identifiers=_first_of(identifiers)[paper.pk],
        links=_first_of(links)[paper.pk],
        issn=_issns({paper.venue_id} - {None}).get(paper.venue_id, ""),
    )


SCHEMES = ("doi", "arxiv", "pmid", "pmcid")
PLAIN = ("type", "volume", "issue", "first_page", "last_page", "language")


READ = (
    "title", "authors_complete", "published", "date_precision", "venue__name", "venue__type", "venue__publisher", "publisher",
    "abstract", "keywords", "primary_category_id", "primary_category_origin", "is_retracted", "retracted_on",
    "retraction_notice", "cited_by_count", "citations_source", *PLAIN,
)  # fmt: skip
_PAPERS = PreparedRecords(
    lambda keys: Paper.objects.published().filter(pk__among=keys).order_by().select_related("venue").only(*READ)
)


def _retraction(paper: Paper) -> str:
    if not paper.is_retracted:
        return ""
    when = f" on {paper.retracted_on.day} {paper.retracted_on:%B %Y}" if paper.retracted_on else ""
    return " ".join(filter(None, [f"Retracted{when}.", _web(paper.retraction_notice)]))


def _web(address: str) -> str:
    """What a program may open."""
    return line(address) if address.startswith(("https://", "http://")) else ""


def _names(keys: Keys) -> dict[int, list[str]]:
    rows = with_shown_name(Authorship.objects.filter(paper__among=keys)).order_by("paper_id", "position")
    names = defaultdict(list)
    for paper, raw_name, left_out, display_name in rows.values_list("paper_id", "raw_name", "left_out", "author__display_name"):
        names[paper].append(display_name if left_out and display_name else raw_name)
    return names


def _identifiers(keys: Keys) -> dict[int, dict[str, str]]:
    rows = PaperIdentifier.objects.filter(paper__among=keys, disputed=False, scheme__in=SCHEMES).order_by("id")
    return _first_of(rows.values_list("paper_id", "scheme", "value"))


def _links(keys: Keys) -> dict[int, dict[str, str]]:
    kinds = (PaperLink.Kind.PDF, PaperLink.Kind.CODE)
    return _first_of(
        PaperLink.objects.filter(paper__among=keys, kind__in=kinds).order_by("id").values_list("paper_id", "kind", "url")
    )


def _first_of(rows: Iterable[tuple[int, str, str]]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for key, name, value in rows:
        found[key].setdefault(name, value)
    return found


def _issns(venues: set[Any]) -> dict[Any, str]:
    rows = VenueIdentifier.objects.filter(venue__among=list(venues), scheme="issn", disputed=False)
    return dict(rows.order_by("-id").values_list("venue_id", "value")) if venues else {}
