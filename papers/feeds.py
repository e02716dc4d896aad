"""Any list of papers as an Atom feed: what is typed and chosen at /papers/ serves here under the same names.

A person, an institution, a venue and a category have feeds of their own, which outlive a change of name and a merge.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.contrib.syndication.views import Feed
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from authors.models import SiteIdentity
from papers import choices, profiles
from papers.conditional import kept
from papers.cursors import BadCursor, read_cursor, write_cursor
from papers.models import Authorship, Category, Paper
from papers.paper_lists import MULTIPLE, PaperListing
from papers.querysets import with_shown_name
from papers.record_pages import record_page
from papers.search.finding import key_of
from papers.search.tree import Tag
from papers.typesetting import plain

MOST = 50
MOST_AUTHORS = 100
SECONDS = 900
NEWEST = "created_date:desc"
LONGEST_TITLE = 120
NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)  # when an empty feed was last changed: the same at every request
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@kept(SECONDS)
def papers_feed(request: HttpRequest) -> HttpResponse:
    """The newest papers of a search by the day they were added."""
    return _feed(PaperListing(request, ordered=False), own=reverse("papers-feed"), page=reverse("papers"))


def feed_address(record: Any) -> str:
    return reverse(f"{record._meta.model_name}-feed", args=[record.public_id])


def _record_feed(request: HttpRequest, record: Any) -> HttpResponse:
    """The papers of a person, an institution, a venue or a category."""
    kind = str(record._meta.model_name)
    listing = PaperListing(request, scope=Tag(kind, str(record.pk)), fixed=kind, ordered=False)
    name = getattr(record, "display_name", "") or record.name
    return _feed(listing, own=feed_address(record), page=record.get_absolute_url(), name=name)


def _feed(listing: PaperListing, *, own: str, page: str, name: str = "") -> HttpResponse:
    """400 naming every filter that cannot be used."""
    wrong = [f"{listing.form[name].label}: {' '.join(map(str, told))}" for name, told in listing.form.errors.items()]
    if wrong:
        return render(listing.request, "400.html", {"message": " ".join(wrong)}, status=400)
    return PapersFeed(listing, own=own, page=page, name=name)(listing.request)


_of_record = partial(record_page, at=feed_address)
author_feed = kept(SECONDS)(_of_record(profiles.authors_with_page)(_record_feed))
institution_feed = kept(SECONDS)(_of_record(profiles.institutions_with_page)(_record_feed))
venue_feed = kept(SECONDS)(_of_record(profiles.venues_with_page)(_record_feed))


@kept(SECONDS)
def category_feed(request: HttpRequest, code: str) -> HttpResponse:
    found = Category.objects.filter(pk=code).first() if "\0" not in code else None
    if found is None:
        raise Http404("No category has this code.")
    return _record_feed(request, found)


class EntriesFeed(Atom1Feed):
    """Atom with every author of an entry, where Django's knows one, and summaries that are text, where Django's are HTML."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})

    def add_root_elements(self, handler: Any) -> None:
        """The feed goes on to its end in pages (RFC 5005)."""
        super().add_root_elements(handler)
        if self.feed["next"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next"]})

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NOTHING_YET


class PapersFeed(Feed):
    feed_type = EntriesFeed

    def __init__(self, listing: PaperListing, *, own: str, page: str, name: str) -> None:
        self.listing, self.own, self.page, self.name = listing, own, page, name
        self.site = SiteIdentity.current()

    # --- the feed ----------------------------------------------------------------------------------------------------------

    def title(self) -> str:
        asked = "; ".join(filter(None, [self.name, *self._asked()]))
        return written(f"{asked[:LONGEST_TITLE] or 'Papers'} · {self.site.name}")

    def _asked(self) -> list[str]:
        """What is typed and chosen, people and places by their names."""
        names: dict[str, str] = {}
        for kind in set(MULTIPLE) - {"category"}:
            if chosen := self.listing.chosen(kind):
                names |= choices.names_of(kind, (*chosen.wanted, *chosen.excluded))
        told = [(name, "|".join(names.get(part, part) for part in value.split("|"))) for name, value in self._given()]
        return [value if name == "q" else f"{self.listing.form[name].label}: {value}" for name, value in told]

    def subtitle(self) -> str:
        return "Papers, those added last first"

    def author_name(self) -> str:
        return written(self.site.name)

    def link(self) -> str:
        return f"{self.page}{self._query()}"

    def feed_url(self) -> str:
        return f"{self.own}{self._query(after=self._after)}"

    def feed_guid(self) -> str:
        """Without the words of a name, which may change."""
        return self._absolute(f"{self.own}{self._query()}")

    def feed_extra_kwargs(self, obj: Any) -> dict[str, Any]:
        full = len(self.places) == MOST
        after = write_cursor(self.places[-1], of=self._list) if full else ""
        return {"next": self._absolute(f"{self.own}{self._query(after=after)}") if after else ""}

    def _absolute(self, address: str) -> str:
        return self.listing.request.build_absolute_uri(address)

    def _given(self) -> list[tuple[str, str]]:
        known = {"q", *self.listing.form.fields}
        return [(name, value) for name, value in self.listing.given_except() if name in known]

    def _query(self, after: str = "") -> str:
        given = [*self._given(), *([("after", after)] if after else [])]
        return f"?{urlencode(given)}" if given else ""

    # --- its entries -------------------------------------------------------------------------------------------------------

    @property
    def _list(self) -> str:
        return f"feed {self.own}{self._query()}"

    @cached_property
    def _after(self) -> str:
        """Where the page before ended; one that was changed by hand gives the first page."""
        given = self.listing.request.GET.get("after", "")
        try:
            return given if given and read_cursor(given, of=self._list) else ""
        except BadCursor:
            return ""

    @cached_property
    def places(self) -> list[Any]:
        after = read_cursor(self._after, of=self._list) if self._after else None
        return self.listing.search.places(NEWEST, size=MOST, after=after)

    def items(self) -> list[Paper]:
        papers = with_entry(Paper.objects.published().filter(pk__among=[key_of(place) for place in self.places]))
        return sorted(papers, key=lambda paper: -paper.pk)

    # --- an entry ----------------------------------------------------------------------------------------------------------

    def item_title(self, item: Paper) -> str:
        return written(f"{'Retracted: ' if item.is_retracted else ''}{plain(item.title_or_mark)}")

    def item_description(self, item: Paper) -> str:
        return written(" ".join(filter(None, [retraction(item), plain(item.abstract)])))

    def item_link(self, item: Paper) -> str:
        return item.get_absolute_url()

    def item_guid(self, item: Paper) -> str:
        """Without the words of the title, which may change."""
        return self.listing.request.build_absolute_uri(reverse("paper-short", args=[item.public_id]))

    def item_pubdate(self, item: Paper) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Paper) -> datetime:
        return item.updated_at

    def item_categories(self, item: Paper) -> Sequence[str]:
        further = (row.category_id for row in item.further_categories.all())
        return [code for code in dict.fromkeys([item.primary_category_id, *further]) if code]

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        return {"authors": [written(row.shown_name) for row in item.feed_authorships if row.shown_name]}


def with_entry(papers: Any) -> Any:
    """All that an entry shows, in three queries whatever the rows."""
    authorships = with_shown_name(Authorship.objects.filter(position__lte=MOST_AUTHORS))
    named = authorships.select_related("author").order_by("position")
    return papers.prefetch_related(Prefetch("authorships", named, to_attr="feed_authorships"), "further_categories")


def retraction(paper: Paper) -> str:
    """When the paper was retracted and where that is said; nothing of one that stands."""
    if not paper.is_retracted:
        return ""
    when = f" on {paper.retracted_on.day} {paper.retracted_on:%B %Y}" if paper.retracted_on else ""
    where = f" Notice: {paper.retraction_notice}" if paper.retraction_notice.startswith(("https://", "http://")) else ""
    return f"This paper was retracted{when}.{where}"


def written(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return _NO_XML.sub(" ", text)
