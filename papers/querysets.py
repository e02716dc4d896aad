"""The vocabulary of queries about papers, venues and categories."""

from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q

from authors import names
from authors.curation.public_ids import PublicIdQuerySet
from authors.models import AuthorIdentifier, AuthorName, InstitutionIdentifier

CARD_AUTHORS = 3  # how many authors a card names before "et al."


def _undisputed(identifiers: type[models.Model], scheme: str) -> models.QuerySet[Any]:
    return identifiers._default_manager.filter(scheme=scheme, disputed=False).order_by("id")


def with_shown_name(authorships: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Fills `left_out`: the name as printed is one of the person's names that are not public, such as a former one."""
    unwanted = AuthorName.objects.filter(author=models.OuterRef("author"), search_key=models.OuterRef("name_key"), public=False)
    return authorships.annotate(left_out=models.Exists(unwanted))


class PaperQuerySet(PublicIdQuerySet):
    def published(self) -> Self:
        """What the public sees. Every page, feed, export and count begins here."""
        return self.filter(state="published")

    def withdrawn(self) -> Self:
        """Taken out, which their addresses say for ever."""
        return self.filter(state="withdrawn")

    def counted(self) -> Self:
        """What counts and scores are made of: published and not retracted."""
        return self.published().filter(is_retracted=False)

    def by(self, author: Any) -> Self:
        """What the person's profile shows as theirs."""
        written = self.model.authorships.rel.related_model._base_manager.filter(author=author, hidden_on_profile=False)
        return self.filter(pk__in=written.values("paper"))

    def with_identifier(self, scheme: str, value: str) -> Self:
        """Also papers whose identifier is disputed: whoever asks for a shared DOI sees all that claim it."""
        return self.filter(identifiers__scheme=scheme, identifiers__value=value)

    def titled(self, text: str) -> Self:
        """Papers whose title contains every word of `text`."""
        found = self
        for word in text.split()[:12]:
            found = found.filter(title__icontains=word)
        return found

    def with_card(self, *, author: Any = None) -> Self:
        """All that a card shows, in five queries whatever the rows.

        Fills `first_authorships` (the first three), `tag_rows` (institutions by tag), `links` (to code only) and, for the
        profile of `author`, `own_authorships`.
        """
        authorships = with_shown_name(self.model.authorships.rel.related_model._base_manager.all())
        authorships = authorships.select_related("author").order_by("position")
        tags = self.model.paper_institutions.rel.related_model._base_manager.select_related("institution")
        found = self.select_related("primary_category", "venue").prefetch_related(
            Prefetch("authorships", authorships.filter(position__lte=CARD_AUTHORS), to_attr="first_authorships"),
            Prefetch("paper_institutions", tags.order_by("institution__tag"), to_attr="tag_rows"),
            Prefetch("links", self.model.links.rel.related_model._base_manager.filter(kind="code").order_by("id")),
        )
        if author is None:
            return found
        return found.prefetch_related(Prefetch("authorships", authorships.filter(author=author), to_attr="own_authorships"))

    def with_record(self) -> Self:
        """All that records for libraries show of a paper, in eleven queries whatever the rows.

        Fills `record_authorships` (each with its `stated` affiliations and an author, hidden ones too, with `orcids`),
        `record_institutions` and `kept_identifiers`. Disputed identifiers are left out.
        """
        authorships = with_shown_name(self.model.authorships.rel.related_model._base_manager.defer("author__biography"))
        institutions = self.model.paper_institutions.rel.related_model._base_manager.select_related("institution")
        further = self.model.further_categories.rel.related_model._base_manager.select_related("category")
        undisputed = self.model.identifiers.rel.related_model._base_manager.filter(disputed=False).order_by("id")
        # The author is joined, not prefetched: Django's prefetch of 1,000 different ones is too deep a condition for SQLite.
        authorships = authorships.select_related("author").order_by("position")
        orcids, rors = _undisputed(AuthorIdentifier, "orcid"), _undisputed(InstitutionIdentifier, "ror")
        return self.select_related("primary_category", "venue").prefetch_related(
            Prefetch("authorships", authorships, to_attr="record_authorships"),
            Prefetch("record_authorships__author__identifiers", orcids, to_attr="orcids"),
            Prefetch("record_authorships__affiliations", to_attr="stated"),
            Prefetch("paper_institutions", institutions.order_by("institution__tag"), to_attr="record_institutions"),
            Prefetch("record_institutions__institution__identifiers", rors, to_attr="rors"),
            Prefetch("further_categories", further.order_by("category")),
            Prefetch("identifiers", undisputed, to_attr="kept_identifiers"),
            "links",
            "counts_by_year",
            "figures",
        )


class VenueQuerySet(PublicIdQuerySet):
    def listed(self) -> Self:
        """Venues with a published paper."""
        return self.filter(metrics__papers_count__gt=0).select_related("metrics", "default_category")

    def named(self, text: str) -> Self:
        """Venues whose name contains every word of `text`; of a text without words, none."""
        wanted = names.fold(text).split()[:8]
        found = self if wanted else self.none()
        for word in wanted:
            found = found.filter(name_key__contains=word)
        return found


class CategoryQuerySet(models.QuerySet[Any]):
    def listed(self) -> Self:
        """Categories with a published paper."""
        return self.filter(metrics__papers_count__gt=0).select_related("metrics")

    def named(self, text: str) -> Self:
        """Categories whose code or name contains every word of `text`; a word may be in either."""
        found = self
        for word in text.replace("\0", " ").split()[:8]:
            found = found.filter(Q(code__icontains=word) | Q(name__icontains=word))
        return found
