"""What the head of a page says to programs, of the records that the page is about. See templates/partials/head.html."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator

from authors.models import Author, AuthorIdentifier, Institution, SiteIdentity
from authors.models.identifier import Identifier
from papers.export_pages import short_address
from papers.exporting import item_of_page
from papers.exports.texts import line
from papers.models import Authorship, Category, Paper, Venue
from papers.signposting import Link, author_links, paper_links
from papers.structured import records
from papers.structured.articles import Article, article_data, citation_tags
from papers.structured.parts import Contributor, Data, Place, breadcrumbs
from papers.typesetting import plain

MOST_AUTHORS = 300  # named to programs; the page itself names all
DESCRIPTION = 300  # characters


@dataclass(frozen=True)
class Head:
    """`data` are blocks of JSON-LD; `tags` (name, content); `kind` is Open Graph's word for the page."""

    title: str
    kind: str = "website"
    description: str = ""
    canonical: str = ""
    data: Sequence[Data] = ()
    tags: Sequence[tuple[str, str]] = ()
    links: Sequence[Link] = field(default=())


def site_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


def _short(text: str) -> str:
    return Truncator(line(plain(text))).chars(DESCRIPTION)


# --- a paper ---------------------------------------------------------------------------------------------------------------


def article_of(paper: Paper, site: str) -> Article:
    """Of a paper from `papers.paper_page.with_page()`, in two queries more."""
    orcids = _orcids(paper)
    named = [row for row in paper.authorships.all() if line(row.shown_name)]
    categories = [paper.primary_category, *(row.category for row in paper.further_categories.all())]
    addresses = [row.url for row in sorted(paper.identifiers.all(), key=lambda row: row.scheme != "doi") if not row.disputed]
    return Article(
        item=item_of_page(paper, site=site),
        address=site + paper.get_absolute_url(),
        title=line(plain(paper.title_or_mark)),
        abstract=line(plain(paper.abstract)),
        people=[_contributor(row, orcids, site) for row in named[:MOST_AUTHORS]],
        subjects=[(category.code, category.name) for category in dict.fromkeys(categories) if category],
        licence=paper.licence if paper.licence.startswith(("https://", "http://")) else "",
        same_as=addresses,
        is_retracted=paper.is_retracted,
        is_free=None if not paper.open_access else paper.open_access != "closed",
    )


def _orcids(paper: Paper) -> dict[int, str]:
    """Of those whom the public may see behind the paper."""
    shown = Authorship.objects.filter(paper=paper, hidden_on_profile=False).exclude(author__visibility=Author.Visibility.HIDDEN)
    rows = AuthorIdentifier.objects.filter(scheme="orcid", disputed=False, author__in=shown.values("author"))
    return {row.author_id: row.url for row in rows.order_by("-id")}


def _contributor(row: Authorship, orcids: dict[int, str], site: str) -> Contributor:
    author = row.author
    shown = author is not None and author.visibility != Author.Visibility.HIDDEN and not row.hidden_on_profile
    stated = [affiliation.institution for affiliation in row.affiliations.all() if affiliation.institution]
    return Contributor(
        name=line(row.shown_name),
        url=site + author.get_absolute_url() if author and shown else "",
        orcid=orcids.get(author.pk, "") if author and shown else "",
        places=tuple(_place(institution, site) for institution in stated),
    )


def _place(institution: Institution, site: str) -> Place:
    return Place(line(institution.name), site + institution.get_absolute_url())


def paper_head(request: HttpRequest, paper: Paper) -> Head:
    site = site_of(request)
    article = article_of(paper, site)
    return Head(
        title=article.title,
        kind="article",
        description=_short(paper.abstract),
        canonical=article.address,
        data=[article_data(article), _trail(paper, site, name=article.title)],
        tags=citation_tags(article),
        links=paper_links(article, site),
    )


# --- people and places -------------------------------------------------------------------------------------------------------


def author_head(request: HttpRequest, about: Mapping[str, Any]) -> Head:
    """`about` is what the page shows: author, other_names, identifiers, stays, category."""
    site, author, category = site_of(request), about["author"], about["category"]
    page = records.person_page(
        name=line(author.display_name),
        address=site + author.get_absolute_url(),
        own=site + short_address(author),
        other_names=[line(name) for name in about["other_names"]],
        same_as=[*_addresses(about["identifiers"]), author.homepage],
        places=[_place(stay.institution, site) for stay in about["stays"] if stay.has_page],
        about=line(author.biography),
        subject=category.name if category else "",
    )
    links = author_links(author.public_id, site)
    name = line(author.display_name)
    data = [page, _trail(author, site, name=name)]
    return Head(name, "profile", _short(author.biography), data=data, links=links)


def institution_head(request: HttpRequest, about: Mapping[str, Any]) -> Head:
    """`about` is what the page shows: institution, aliases, identifiers, parent_has_page."""
    site, institution = site_of(request), about["institution"]
    parent = institution.parent
    above = Place(line(parent.name), site + parent.get_absolute_url() if about["parent_has_page"] else "") if parent else None
    page = records.organization(
        name=line(institution.name),
        kind=institution.kind,
        address=site + institution.get_absolute_url(),
        own=site + short_address(institution),
        other_names=[line(name) for name in about["aliases"]],
        same_as=[*_addresses(about["identifiers"]), institution.homepage],
        city=institution.city,
        country=institution.country_code,
        parent=above,
    )
    return Head(line(institution.name), "profile", data=[page, _trail(institution, site, name=line(institution.name))])


def _addresses(identifiers: Iterable[Identifier]) -> list[str]:
    return [row.url for row in identifiers if not row.disputed]


_LISTS = {
    "P": ("Papers", "papers"), "A": ("People", "authors"), "I": ("Institutions", "institutions"), "V": ("Venues", "venues"),
}  # fmt: skip


def _trail(record: Any, site: str, *, name: str) -> Data:
    label, listed = _LISTS.get(getattr(record, "letter", ""), ("Categories", "categories"))
    home = (SiteIdentity.current().name, f"{site}/")
    return breadcrumbs(home, (label, site + reverse(listed)), (name, site + record.get_absolute_url()))


# --- lists -------------------------------------------------------------------------------------------------------------------


def category_head(request: HttpRequest, category: Category) -> Head:
    about = records.subject(code=category.code, name=category.name, group=category.group)
    return _collection(request, category, about)


def venue_head(request: HttpRequest, venue: Venue, *, identifiers: Iterable[Identifier]) -> Head:
    rows = [row for row in identifiers if not row.disputed]
    about = records.periodical(
        name=line(venue.name),
        is_journal=venue.type == Venue.Type.JOURNAL,
        issns=[row.value for row in rows if row.scheme == "issn"],
        publisher=line(venue.publisher),
        same_as=[row.url for row in rows],
    )
    return _collection(request, venue, about)


def _collection(request: HttpRequest, record: Any, about: Data) -> Head:
    site, identity = site_of(request), SiteIdentity.current()
    address = site + record.get_absolute_url()
    page = records.collection(name=line(record.name), address=address, about=about, site=identity.name, root=f"{site}/")
    return Head(line(record.name), data=[page, _trail(record, site, name=line(record.name))])


def home_head(request: HttpRequest) -> Head:
    site, identity = site_of(request), SiteIdentity.current()
    root = f"{site}/"
    files = [
        ("API", "application/json", site + reverse("api-papers")),
        ("Latest papers", "application/atom+xml", site + reverse("latest-feed")),
    ]
    data = [
        records.website(name=identity.name, root=root, search=f"{site}{reverse('search')}?q={{q}}"),
        records.dataset(name=identity.name, root=root, licence=identity.data_licence_url, files=files),
    ]
    return Head(identity.name, description=_short(identity.introduction or identity.tagline), data=data)
