"""Where papers appear: conferences, journals, repositories."""

from typing import Any

from django.db import models

from authors import names
from authors.curation.public_ids import PublicIdModel, page_address, slug_of
from authors.models.identifier import Identifier
from papers.querysets import VenueQuerySet


class Venue(PublicIdModel):
    """`default_category` is given to papers of the venue whose source names none, and marked as the venue's."""

    letter = "V"

    class Type(models.TextChoices):
        CONFERENCE = "conference"
        JOURNAL = "journal"
        REPOSITORY = "repository"
        BOOK_SERIES = "book series"
        EBOOK_PLATFORM = "ebook platform"
        OTHER = "other"

    name = models.CharField(max_length=400)
    name_key = models.CharField(max_length=400, editable=False)
    type = models.CharField(max_length=20, choices=Type, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    default_category = models.ForeignKey("papers.Category", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        indexes = [models.Index(fields=["name_key", "id"], name="venue_by_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = names.fold(self.name)[:400]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return page_address("venue", self.public_id, self.slug)

    @property
    def slug(self) -> str:
        return slug_of(self.name, "venue")


class VenueIdentifier(Identifier):
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="identifiers")

    class Meta(Identifier.Meta):
        verbose_name = "identifier"
