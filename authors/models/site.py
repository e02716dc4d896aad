"""How this site presents itself: data that an administrator edits, not code."""

import re
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models

from authors.colours import ENOUGH, NIGHT, PAPER, contrast

_HEX = r"^#[0-9a-fA-F]{6}$"
HEX_COLOUR = RegexValidator(_HEX, "Give a colour as # and six hexadecimal digits, like #00616b.")
CACHE_KEY = "site-identity"


class SiteIdentity(models.Model):
    """The one row that holds name, logo, colours, contact and legal texts."""

    name = models.CharField(max_length=80, default="Bylines")
    tagline = models.CharField(max_length=200, blank=True, default="Who wrote what")
    introduction = models.TextField(blank=True, help_text="Shown on the home page. Plain text; addresses become links.")
    logo = models.FileField(
        upload_to="logo",
        blank=True,
        validators=[FileExtensionValidator(["png", "svg", "webp", "jpg"])],
        help_text="Shown before the name, 32 pixels high.",
    )
    accent = models.CharField(
        "accent colour",
        max_length=7,
        blank=True,
        validators=[HEX_COLOUR],
        help_text="Links and marks on light pages; empty for the built-in teal.",
    )
    accent_dark = models.CharField("accent colour, dark mode", max_length=7, blank=True, validators=[HEX_COLOUR])
    contact_email = models.EmailField(blank=True)
    contact_text = models.TextField(blank=True)
    privacy_text = models.TextField(blank=True)
    data_licence_name = models.CharField(max_length=80, blank=True, default="CC0 1.0")
    data_licence_url = models.URLField(blank=True, default="https://creativecommons.org/publicdomain/zero/1.0/")
    data_licence_text = models.TextField(blank=True)
    top_lists = models.BooleanField(
        default=False, help_text="Show lists of people, institutions and papers with the highest figures."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "site identity"
        verbose_name_plural = "site identity"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_site_identity")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)
        cache.delete(CACHE_KEY)

    def clean(self) -> None:
        """Links must be readable: a colour too near the page's own is refused."""
        pages = (("accent", self.accent, PAPER, "light", "darker"), ("accent_dark", self.accent_dark, NIGHT, "dark", "lighter"))
        weak = {
            field: f"On {page} pages this has a contrast of {contrast(colour, ground):.1f}, and text needs {ENOUGH}: "
            f"choose a {better} colour."
            for field, colour, ground, page, better in pages
            if re.fullmatch(_HEX, colour) and contrast(colour, ground) < ENOUGH
        }
        if weak:
            raise ValidationError(weak)

    @classmethod
    def current(cls) -> "SiteIdentity":
        """The site's identity, from the cache for a minute; the defaults while nobody has edited it."""
        found: SiteIdentity | None = cache.get(CACHE_KEY)
        if found is None:
            found = cls.objects.filter(pk=1).first() or cls(pk=1)
            cache.set(CACHE_KEY, found, 60)
        return found
