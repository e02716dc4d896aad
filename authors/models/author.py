"""People who write: their names, identifiers and affiliations. Nothing here knows of papers."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from authors import names
from authors.curation.public_ids import PublicIdModel, page_address, slug_of
from authors.models.identifier import Identifier
from authors.querysets import AuthorQuerySet


class Author(PublicIdModel):
    """One person. `visibility` decides whether there is a public page.

    The slug in the address is decoration: the public id finds the page.
    """

    letter = "A"

    class Visibility(models.TextChoices):
        AUTOMATIC = "auto", "public as soon as a published paper names them"
        PUBLIC = "public", "public"
        HIDDEN = "hidden", "hidden from the public"

    display_name = models.CharField(max_length=300)
    sort_key = models.CharField(max_length=300, editable=False, help_text="Family name first, without accents.")
    homepage = models.URLField(max_length=500, blank=True)
    biography = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.AUTOMATIC)
    scores_hidden = models.BooleanField(default=False, db_default=False, help_text="Novelty and AI Score are shown nowhere.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="author_by_name"),
            models.Index(fields=["visibility"], name="author_by_decision", condition=~Q(visibility="auto")),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = names.sort_key(self.display_name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return page_address("author", self.public_id, self.slug)

    @property
    def slug(self) -> str:
        return slug_of(self.display_name, "author")


class AuthorName(models.Model):
    """A name the person goes or went by.

    A name that is not public finds the person for editors only. `search_key` is the name without accents, case and
    order; `short_key` is family name and first initial: what "J. Kaplan" and "Jared Kaplan" have in common.
    """

    author = models.ForeignKey(Author, models.CASCADE, related_name="names", db_index=False)
    name = models.CharField(max_length=300)
    public = models.BooleanField(default=True)
    search_key = models.CharField(max_length=300, editable=False)
    short_key = models.CharField(max_length=300, editable=False)

    class Meta:
        verbose_name = "name"
        ordering = ["author", "id"]
        constraints = [models.UniqueConstraint(fields=["author", "name"], name="author_name_once")]
        indexes = [
            models.Index(fields=["search_key"], name="author_name_search"),
            models.Index(fields=["short_key"], name="author_name_short"),
            models.Index(fields=["author"], name="author_name_hidden", condition=Q(public=False)),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key, self.short_key = names.search_key(self.name), names.short_key(self.name)
        super().save(*args, **kwargs)


class AuthorIdentifier(Identifier):
    """`verified`: the person, or an editor who asked them, confirmed it; otherwise it was harvested from a source."""

    author = models.ForeignKey(Author, models.CASCADE, related_name="identifiers")
    verified = models.BooleanField(default=False)

    class Meta(Identifier.Meta):
        verbose_name = "identifier"


class Affiliation(models.Model):
    """The person was at the institution from `start_year` to `end_year`; open ends are unknown or current."""

    author = models.ForeignKey(Author, models.CASCADE, related_name="affiliations", db_index=False)
    institution = models.ForeignKey("authors.Institution", models.CASCADE, related_name="affiliations")
    start_year = models.PositiveSmallIntegerField(null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_current = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-is_current", F("end_year").desc(nulls_last=True), F("start_year").desc(nulls_last=True), "id"]
        constraints = [
            # An unknown first year counts as one value, on both databases.
            models.UniqueConstraint("author", "institution", Coalesce("start_year", 0), name="affiliation_once"),
            models.CheckConstraint(
                condition=Q(end_year=None) | Q(start_year=None) | Q(end_year__gte=F("start_year")),
                name="affiliation_years_in_order",
                violation_error_message="The last year comes before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} at {self.institution}"

    @property
    def years(self) -> str:
        """`2018–2020`, `2018–`, `–2020`, `2020` or nothing."""
        if self.start_year == self.end_year:
            return str(self.start_year or "")
        return f"{self.start_year or ''}–{self.end_year or ''}"
