"""Who cites whom, where it is known, and the counts per year that sources report."""

from django.db import models
from django.db.models import F, Q


class Citation(models.Model):
    citing = models.ForeignKey("papers.Paper", models.CASCADE, related_name="references", db_index=False)
    cited = models.ForeignKey("papers.Paper", models.CASCADE, related_name="citations", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["citing", "cited"], name="citation_once"),
            models.CheckConstraint(condition=~Q(citing=F("cited")), name="citation_not_of_itself"),
        ]
        indexes = [models.Index(fields=["cited", "citing"], name="citation_cited")]

    def __str__(self) -> str:
        return f"P{self.citing_id} cites P{self.cited_id}"


class PendingReference(models.Model):
    """A reference to a paper that the catalogue does not have yet; it becomes a citation when the paper arrives."""

    citing = models.ForeignKey("papers.Paper", models.CASCADE, related_name="pending_references", db_index=False)
    scheme = models.CharField(max_length=60)
    value = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["citing", "scheme", "value"], name="pending_reference_once")]
        indexes = [models.Index(fields=["value", "scheme"], name="pending_reference_value")]

    def __str__(self) -> str:
        return f"P{self.citing_id} cites {self.scheme}:{self.value}"


class CitationsInYear(models.Model):
    """How often the paper was cited in one year, as `source` said on `as_of`."""

    paper = models.ForeignKey("papers.Paper", models.CASCADE, related_name="counts_by_year", db_index=False)
    year = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    source = models.CharField(max_length=60)
    as_of = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "citations in a year"
        verbose_name_plural = "citations by year"
        ordering = ["paper", "year"]
        constraints = [models.UniqueConstraint(fields=["paper", "year", "source"], name="citations_in_year_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.count}"
