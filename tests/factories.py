"""Small makers of records: a test names only what it is about."""

from datetime import date
from itertools import count
from typing import Any

from authors.models import Author, AuthorIdentifier, AuthorName, Institution
from papers.affiliating import keep_paper_institutions
from papers.dates import Precision
from papers.metrics.refreshing import refresh_authors, refresh_paper
from papers.models import Authorship, AuthorshipAffiliation, Category, Paper, PaperIdentifier, PaperInstitution, Venue

_numbers = count(1)


def make_author(display_name: str = "", *, orcid: str = "", **fields: Any) -> Author:
    name = display_name or f"Ada Testwright{next(_numbers)}"
    author = Author.objects.create(display_name=name, **fields)
    AuthorName.objects.create(author=author, name=name)
    if orcid:
        AuthorIdentifier.objects.create(author=author, scheme="orcid", value=orcid)
    if author.visibility == Author.Visibility.PUBLIC:
        refresh_authors([author.pk])
    return author


def make_institution(name: str = "", *, tag: str = "", **fields: Any) -> Institution:
    number = next(_numbers)
    return Institution.objects.create(name=name or f"Example Institute {number}", tag=tag or f"example-{number}", **fields)


def make_venue(name: str = "", **fields: Any) -> Venue:
    return Venue.objects.create(name=name or f"Example Conference {next(_numbers)}", **fields)


def make_category(code: str = "cs.CL") -> Category:
    """A category of the taxonomy that the migrations load."""
    return Category.objects.get(code=code)


def make_authorship(
    paper: Paper, author: Author | None, *, position: int, institutions: tuple[Institution, ...] = (), **fields: Any
) -> Authorship:
    raw_name = fields.pop("raw_name", author.display_name if author else "")
    authorship = Authorship.objects.create(paper=paper, author=author, position=position, raw_name=raw_name, **fields)
    for institution in institutions:
        AuthorshipAffiliation.objects.create(authorship=authorship, institution=institution, raw=institution.name)
    return authorship


def make_paper(
    title: str = "",
    *,
    authors: tuple[Author, ...] = (),
    institutions: tuple[Institution, ...] = (),
    category: str | None = "cs.CL",
    published: date | None = date(2023, 6, 28),
    doi: str = "",
    **fields: Any,
) -> Paper:
    """A published paper with its authors; `institutions` are the whole paper's."""
    fields.setdefault("date_precision", Precision.DAY if published else "")
    paper = Paper.objects.create(
        title=title or f"An Example Paper Number {next(_numbers)}",
        primary_category_id=category,
        primary_category_origin="source" if category else "",
        published=published,
        year=published.year if published else None,
        authors_count=len(authors),
        **fields,
    )
    for position, author in enumerate(authors, start=1):
        make_authorship(paper, author, position=position)
    for institution in institutions:
        PaperInstitution.objects.create(paper=paper, institution=institution, of_whole_paper=True)
    if doi:
        PaperIdentifier.objects.create(paper=paper, scheme="doi", value=doi)
    keep_paper_institutions([paper.pk])
    refresh_paper(paper.pk)
    return paper
