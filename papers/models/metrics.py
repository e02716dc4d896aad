"""Figures about records: counts that this catalogue computes, and values that a source reported or a method gave.

Null is unknown and never zero. Computed counts cover published papers that are not retracted.
"""

from django.db import models
from django.db.models import F, Q

from papers.expressions import known_count


class Metrics(models.Model):
    """Counts computed from the catalogue. `citations` is the sum over the `cited_papers` whose count is known; `h_index` and
    `i10_index` are over these too, null when there is none.

    The series are {"2019": 3}, without years of nothing: papers by their year, and citations by the year they were made in, as
    far as sources tell years. Null is not computed yet, {} is nothing known.
    """

    papers_count = models.PositiveIntegerField(default=0)
    retracted_count = models.PositiveIntegerField(default=0, help_text="Published papers left out because they are retracted.")
    citations = models.PositiveBigIntegerField(null=True)
    cited_papers = models.PositiveIntegerField(default=0, help_text="Papers whose citation count is known.")
    h_index = models.PositiveIntegerField(null=True)
    i10_index = models.PositiveIntegerField(null=True)
    papers_by_year = models.JSONField(null=True)
    citations_by_year = models.JSONField(null=True)
    refreshed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.papers_count} papers"


class AuthorMetrics(Metrics):
    """`primary_category` is the one with the most papers; `reported_category` is what a source says of the person, shown
    only while the catalogue has no paper to compute it from.
    """

    author = models.OneToOneField("authors.Author", models.CASCADE, primary_key=True, related_name="metrics")
    first_year = models.PositiveSmallIntegerField(null=True)
    last_year = models.PositiveSmallIntegerField(null=True)
    primary_category = models.ForeignKey("papers.Category", models.SET_NULL, null=True, related_name="+", db_index=False)
    reported_category = models.ForeignKey("papers.Category", models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = "metrics"
        indexes = [
            models.Index(known_count("papers_count").desc(), F("author").desc(), name="author_by_papers"),
            models.Index(known_count("citations").desc(), F("author").desc(), name="author_by_citations"),
        ]


class InstitutionMetrics(Metrics):
    institution = models.OneToOneField("authors.Institution", models.CASCADE, primary_key=True, related_name="metrics")
    authors_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "metrics"


class VenueMetrics(Metrics):
    venue = models.OneToOneField("papers.Venue", models.CASCADE, primary_key=True, related_name="metrics")

    class Meta:
        verbose_name = verbose_name_plural = "metrics"


class CategoryMetrics(Metrics):
    category = models.OneToOneField("papers.Category", models.CASCADE, primary_key=True, related_name="metrics")

    class Meta:
        verbose_name = verbose_name_plural = "metrics"


class CitationTally(models.Model):
    """How many counted papers have each citation count, {"12": 3}: the h-index of many papers without reading them all.

    Beside the metrics and not in them, for lists show these and never need it.
    """

    papers_by_count = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{len(self.papers_by_count)} counts"


class InstitutionTally(CitationTally):
    institution = models.OneToOneField("authors.Institution", models.CASCADE, primary_key=True, related_name="tally")


class VenueTally(CitationTally):
    venue = models.OneToOneField("papers.Venue", models.CASCADE, primary_key=True, related_name="tally")


class CategoryTally(CitationTally):
    category = models.OneToOneField("papers.Category", models.CASCADE, primary_key=True, related_name="tally")


class Figure(models.Model):
    """A number with its meaning: what a source reported, or what a method computed, or why there is none.

    Scores (`novelty`, `ai_score`) run from 0 to 100. `parts` and `n` are the method's inputs.
    """

    class Name(models.TextChoices):
        PAPERS = "papers", "Papers"
        CITATIONS = "citations", "Citations"
        H_INDEX = "h_index", "h-index"
        NOVELTY = "novelty", "Novelty"
        AI_SCORE = "ai_score", "AI Score"

    class Origin(models.TextChoices):
        COMPUTED = "computed", "computed here"
        REPORTED = "reported", "reported by a source"

    name = models.CharField(max_length=10, choices=Name)
    origin = models.CharField(max_length=8, choices=Origin)
    source = models.CharField(max_length=60, blank=True, help_text="Who reported it.")
    value = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why there is no value.")
    method = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=40, blank=True)
    parts = models.JSONField(default=dict, blank=True)
    n = models.PositiveIntegerField(null=True, blank=True)
    as_of = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["subject", "name", "origin", "source"], name="%(class)s_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="%(class)s_not_negative"),
            models.CheckConstraint(
                condition=~Q(name__in=["novelty", "ai_score"]) | Q(value=None) | Q(value__lte=100),
                name="%(class)s_score_in_range",
                violation_error_message="A score runs from 0 to 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} {'unknown' if self.value is None else f'{self.value:g}'}"


unscored_novelty = Q(name="novelty", origin="computed", value=None)


class PaperFigure(Figure):
    subject = models.ForeignKey("papers.Paper", models.CASCADE, related_name="figures", db_index=False)

    class Meta(Figure.Meta):
        verbose_name = "figure"
        indexes = [models.Index(fields=["subject"], name="paper_without_novelty", condition=unscored_novelty)]


class AuthorFigure(Figure):
    subject = models.ForeignKey("authors.Author", models.CASCADE, related_name="figures", db_index=False)

    class Meta(Figure.Meta):
        verbose_name = "figure"


class InstitutionFigure(Figure):
    subject = models.ForeignKey("authors.Institution", models.CASCADE, related_name="figures", db_index=False)

    class Meta(Figure.Meta):
        verbose_name = "figure"
