"""What identifiers of people, institutions, papers and venues have in common."""

from django.db import models
from django.db.models import Q

from authors.identifiers import SCHEMES, address_of, label_of


class Identifier(models.Model):
    """A value in a scheme (DOI, ORCID, ROR …) that names the record; unique per scheme while undisputed.

    `disputed`: the same value stands on several records that do not agree otherwise. It is shown with a caveat and
    decides nothing until an editor does.
    """

    scheme = models.CharField(max_length=60, help_text="For instance " + ", ".join(list(SCHEMES)[:6]) + ", source:name.")
    value = models.CharField(max_length=500)
    disputed = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ["scheme", "value"]
        indexes = [models.Index(fields=["value", "scheme"], name="%(class)s_value")]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                condition=Q(disputed=False),
                name="%(class)s_once",
                violation_error_message="Another record has this identifier; mark it as disputed or merge the two.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @property
    def label(self) -> str:
        return label_of(self.scheme)

    @property
    def url(self) -> str:
        """Where the identifier resolves, or "" when its scheme has no public address."""
        return address_of(self.scheme, self.value)
