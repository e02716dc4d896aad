"""Where people work: universities, companies, laboratories, funders."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from authors import names
from authors.curation.public_ids import PublicIdModel, page_address, slug_of
from authors.models.identifier import Identifier
from authors.querysets import InstitutionQuerySet


class Institution(PublicIdModel):
    """`tag` is the short slug shown on cards (openai, stanford); `name_key` is the name as matching sees it."""

    letter = "I"

    class Kind(models.TextChoices):
        EDUCATION = "education"
        COMPANY = "company"
        FACILITY = "facility"
        FUNDER = "funder"
        GOVERNMENT = "government"
        HEALTHCARE = "healthcare"
        NONPROFIT = "nonprofit"
        ARCHIVE = "archive"
        OTHER = "other"

    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300, editable=False)
    tag = models.SlugField(max_length=60, unique=True, allow_unicode=True, db_index=False)
    country_code = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, two letters.")
    city = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    homepage = models.URLField(max_length=500, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        indexes = [models.Index(fields=["name_key", "id"], name="institution_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="institution_not_its_own_parent",
                violation_error_message="An institution cannot be part of itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = names.institution_key(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a parent that is part of this institution, however many steps away."""
        seen, above = set(), self.parent
        while above is not None and above.pk not in seen:
            if self.pk and above.pk == self.pk:
                raise ValidationError({"parent": "This institution would become part of itself."})
            seen.add(above.pk)
            above = above.parent

    def get_absolute_url(self) -> str:
        return page_address("institution", self.public_id, self.slug)

    @property
    def slug(self) -> str:
        return slug_of(self.name, "institution")


class InstitutionAlias(models.Model):
    """Another name of the institution: acronym, other language, former name, or how papers spell it."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="aliases", db_index=False)
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300, editable=False)

    class Meta:
        verbose_name = "alias"
        verbose_name_plural = "aliases"
        ordering = ["institution", "id"]
        constraints = [models.UniqueConstraint(fields=["institution", "name"], name="institution_alias_once")]
        indexes = [models.Index(fields=["name_key"], name="institution_alias_key")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = names.institution_key(self.name)
        super().save(*args, **kwargs)


class InstitutionIdentifier(Identifier):
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="identifiers")

    class Meta(Identifier.Meta):
        verbose_name = "identifier"
