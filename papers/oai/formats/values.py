"""What both formats say of a paper, from an instance whose parts were fetched before."""

from typing import Any

from authors.models import Author
from papers.dates import Precision
from papers.feeds import retraction

__all__ = ["address", "addresses", "categories", "day", "person", "retraction"]


def address(paper: Any, site: str) -> str:
    """Without the words of the title, which may change."""
    return f"{site}/papers/{paper.public_id}/"


def addresses(paper: Any) -> list[str]:
    """Where its undisputed identifiers lead: the DOI first."""
    rows = sorted(paper.kept_identifiers, key=lambda row: row.scheme != "doi")
    return [row.url for row in rows if row.url]


def categories(paper: Any) -> list[Any]:
    """The primary one first."""
    rows = [paper.primary_category, *(row.category for row in paper.further_categories.all())]
    return list(dict.fromkeys(category for category in rows if category))


def day(paper: Any) -> str:
    """As precise as it is known: 2023, 2023-06 or 2023-06-28."""
    if paper.published is None:
        return ""
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(paper.date_precision, 10)
    return str(paper.published.isoformat()[:length])


def person(authorship: Any) -> Any:
    """Whom the line leads to in public: nobody while that is not known, or not to be shown."""
    author = authorship.author
    shown = author and author.visibility != Author.Visibility.HIDDEN and not authorship.hidden_on_profile
    return author if shown else None
