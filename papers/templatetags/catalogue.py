"""How records look in templates. Formatting only: no query is made here."""

import html
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.safestring import SafeString, mark_safe

from authors.models import Author, Institution
from papers import typesetting
from papers.dates import Precision, display_date
from papers.models import Authorship, Paper, PaperLink
from papers.paper_lists import in_form
from papers.querysets import CARD_AUTHORS
from papers.search.finding import Count
from papers.search.highlighting import asked_stems, marked, snippet
from papers.search.tree import Node

register = template.Library()
PART, MOST_PARTS, LONGEST_TITLE, SHORTEST_PART = " · ", 3, 70, 20  # of what stands in <title>
CARD_TAGS = 2  # how many institutions a card names


@register.filter
def typeset(text: str) -> SafeString:
    """An abstract or another text with its mathematics and addresses."""
    return mark_safe(typesetting.typeset(text))  # noqa: S308 - typesetting escapes everything


@register.filter
def typeset_title(text: str) -> SafeString:
    """The same without links, so that it may stand inside one."""
    return mark_safe(typesetting.typeset(text, links=False))  # noqa: S308 - as above


@register.filter
def typeset_found(text: str, asked: Node) -> SafeString:
    """A title with the words that a search asks for marked."""
    stems = asked_stems(asked)
    return mark_safe(typesetting.typeset(text, links=False, written=lambda part: marked(part, stems)))  # noqa: S308 - as above


@register.filter
def found_in(text: str, asked: Node) -> SafeString:
    """The stretch of an abstract that has most of what a search asks for; nothing when it has none of it."""
    return mark_safe(snippet(typesetting.plain(text), asked_stems(asked)))  # noqa: S308 - it escapes everything


@register.filter
def plain(text: str) -> str:
    """Without markup, for <title> and other places that know none."""
    return typesetting.plain(text)


@register.filter
def shortened_title(text: str) -> SafeString:
    """Of a title as it stands in <title>, at most 70 characters: the longest part between dots gives way.

    >>> shortened_title("A title that goes on and on and says so many things before its end · Search · Bylines")
    'A title that goes on and on and says so many… · Search · Bylines'
    """
    parts = html.unescape(text).strip().split(PART)
    if len(parts) > MOST_PARTS:  # then the dots are a record's own
        parts = [PART.join(parts[:-1]), parts[-1]]
    longest = max(parts, key=len)
    room = len(longest) - (len(PART.join(parts)) - LONGEST_TITLE)
    if room < len(longest):
        parts[parts.index(longest)] = _shortened(longest, max(room, SHORTEST_PART))
    return mark_safe(html.escape(PART.join(parts), quote=False))  # noqa: S308 - nothing is left that HTML would read


def _shortened(text: str, room: int) -> str:
    """Between two words if the last one is not all too long."""
    kept = text[: room - 1]
    whole = kept.rpartition(" ")[0]
    return f"{(whole if len(whole) > room / 2 else kept).rstrip(' ,;:–—-')}…"


@register.filter
def web(address: str) -> str:
    """The address if a browser may follow it, else nothing: records may hold any text."""
    return address if address.startswith(("https://", "http://")) else ""


@register.filter
def code_url(paper: Paper) -> str:
    """Where the paper's code stands: dead links come last, before them those of others; nothing when no link is known."""
    links = [link for link in paper.links.all() if link.kind == PaperLink.Kind.CODE and web(link.url)]
    found = min(links, key=lambda link: (link.status == PaperLink.Status.DEAD, link.official is not True), default=None)
    return found.url if found else ""


@register.filter
def shown_date(paper: Paper) -> str:
    """`Jun 28, 2023`, as exactly as it is known."""
    return display_date(paper.published, paper.date_precision)


@register.filter
def machine_date(paper: Paper) -> str:
    """The same as `2023-06-28`, `2023-06` or `2023`, four digits of year whatever the century."""
    if paper.published is None:
        return ""
    return paper.published.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(paper.date_precision), 10)]


@register.filter
def page_numbers(page: Page[Any]) -> list[int | str]:
    """The numbers to offer: the first, the last and those around the page, `…` between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.filter
def rounded(number: int) -> int:
    """An estimate with the three digits that mean something.

    >>> rounded(12_345)
    12300
    """
    return round(number, min(0, 3 - len(str(number))))


@register.filter
def told(count: Count) -> str:
    """`1,240`, or `about 12,300` where that is an estimate.

    >>> told(Count(12_345, exact=False))
    'about 12,300'
    """
    return f"{count.value:,}" if count.exact else f"about {rounded(count.value):,}"


@dataclass(frozen=True)
class Name:
    """A person as a list of authors shows them; `url` is empty while there is no page, `own` on their own profile."""

    text: str
    url: str
    own: bool


@dataclass(frozen=True)
class Byline:
    """`own` is the profile's author when not among `names`."""

    names: list[Name]
    more: bool
    own: str
    tags: list[Institution]


@register.simple_tag(takes_context=True)
def carried(context: dict[str, Any], *names: str) -> list[tuple[str, str]]:
    """What the page's address says beside `names`, for a form to say again; as its facets do where it has some."""
    given = [
        (name, value) for name, values in context["request"].GET.lists() for value in values if value and name not in names
    ]
    return [(in_form(name), value) for name, value in given] if "listing" in context else given


@register.simple_tag
def byline(paper: Any, profile: Author | None = None) -> Byline:
    """Who wrote `paper` (from `with_card()`), as its card says it."""
    names = [name_of(authorship, profile) for authorship in paper.first_authorships]
    return Byline(
        names=names,
        more=not paper.authors_complete or paper.authors_count > CARD_AUTHORS,
        own=profile.display_name if profile and not any(name.own for name in names) else "",
        tags=[row.institution for row in paper.tag_rows[:CARD_TAGS]],
    )


@register.simple_tag
def name_of(authorship: Authorship, profile: Author | None = None) -> Name:
    """The name as printed unless it is to be left out, linked to the person's page when that shows the paper."""
    author = authorship.author
    shown = author and author.visibility != Author.Visibility.HIDDEN and not authorship.hidden_on_profile
    url = author.get_absolute_url() if author and shown else ""
    return Name(authorship.shown_name or str(authorship), url, profile is not None and author == profile)
