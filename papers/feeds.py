"""Any list of papers as an Atom feed: what is typed and chosen at /papers/ serves here under the same names."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.syndication.views import Feed
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from authors.models import SiteIdentity
from papers.models import Authorship, Paper
from papers.paper_lists import PaperListing
from papers.querysets import with_shown_name
from papers.typesetting import plain

MOST = 50
MOST_AUTHORS = 100
SECONDS = 900
NEWEST = "created_date:desc"
LONGEST_TITLE = 120
NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)  # when an empty feed was last changed: the same at every request
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@require_safe
@cache_control(public=True, max_age=SECONDS)
@conditional_page
def papers_feed(request: HttpRequest) -> HttpResponse:
    """The newest papers of a search by the day they were added; 400 naming every filter that cannot be used."""
    listing = PaperListing(request, ordered=False)
    wrong = [f"{listing.form[name].label}: {' '.join(map(str, told))}" for name, told in listing.form.errors.items()]
    if wrong:
        return render(request, "400.html", {"message": " ".join(wrong)}, status=400)
    return PapersFeed(listing)(request)


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

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NOTHING_YET


class PapersFeed(Feed):
    feed_type = EntriesFeed

    def __init__(self, listing: PaperListing) -> None:
        self.listing, self.site = listing, SiteIdentity.current()

    # --- the feed ----------------------------------------------------------------------------------------------------------

    def title(self) -> str:
        asked = [value if name == "q" else f"{self.listing.form[name].label}: {value}" for name, value in self._given()]
        return written(f"{'; '.join(asked)[:LONGEST_TITLE] or 'Papers'} · {self.site.name}")

    def subtitle(self) -> str:
        return "Papers, those added last first"

    def author_name(self) -> str:
        return written(self.site.name)

    def link(self) -> str:
        return f"{reverse('papers')}{self._query()}"

    def feed_url(self) -> str:
        return f"{reverse('papers-feed')}{self._query()}"

    def _given(self) -> list[tuple[str, str]]:
        known = {"q", *self.listing.form.fields}
        return [(name, value) for name, value in self.listing.given_except() if name in known]

    def _query(self) -> str:
        return f"?{urlencode(self._given())}" if self._given() else ""

    def items(self) -> list[Paper]:
        keys = self.listing.search.page(NEWEST, size=MOST)
        papers = with_entry(Paper.objects.published().filter(pk__among=keys))
        return sorted(papers, key=lambda paper: -paper.pk)

    # --- an entry ----------------------------------------------------------------------------------------------------------

    def item_title(self, item: Paper) -> str:
        return written(plain(item.title_or_mark))

    def item_description(self, item: Paper) -> str:
        return written(plain(item.abstract))

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


def written(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return _NO_XML.sub(" ", text)
