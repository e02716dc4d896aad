"""Subject categories. They begin as arXiv's taxonomy; the site's administrators change them as they like."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from authors.models.site import HEX_COLOUR
from papers.querysets import CategoryQuerySet


class Category(models.Model):
    """`code` (cs.CL) is the public id; `short_code` (CL) is what badges show."""

    code = models.CharField(
        max_length=40,
        primary_key=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9.-]*$", "Letters, digits, dots and hyphens only.")],
    )
    archive = models.CharField(max_length=20, blank=True, help_text="The part of the code before the dot.")
    short_code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    group = models.CharField(max_length=80, blank=True, db_index=True)
    arxiv_code = models.CharField("arXiv code", max_length=40, blank=True, help_text="Which arXiv category imports map here.")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    colour = models.CharField(max_length=7, blank=True, validators=[HEX_COLOUR])

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("category", args=[self.code])

    @property
    def public_id(self) -> str:
        return self.code
