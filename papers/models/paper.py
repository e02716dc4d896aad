"""A paper and what hangs on it alone: categories, identifiers, links, versions."""

from django.db import models
from django.db.models import Q

from authors.curation.public_ids import PublicIdModel, page_address, slug_of
from authors.models.identifier import Identifier
from papers.dates import Precision
from papers.metrics.formulas import one_source
from papers.querysets import PaperQuerySet

UNTITLED = "[untitled]"


class CategoryOrigin(models.TextChoices):
    SOURCE = "source", "given by the source"
    EDITOR = "editor", "set by an editor"
    VENUE = "venue", "the venue's default"


class Paper(PublicIdModel):
    """One publication, its preprint and published versions together.

    `published` is the first day of the interval that `date_precision` says: a paper of "2021" has 1 January 2021 and
    `year`. `has_code`, `authors_count` and `year` repeat what other rows say, for lists; domain functions keep them.
    `cited_by_count` is what `citations_source` says as of `citations_as_of`; null is unknown, never zero.
    """

    letter = "P"

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        REVIEW = "review", "in review"
        PUBLISHED = "published", "published"
        WITHDRAWN = "withdrawn", "withdrawn"

    title = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    type = models.CharField(max_length=40, blank=True, help_text="article, preprint, book-chapter … as the source says.")
    published = models.DateField("date", null=True, blank=True)
    date_precision = models.CharField(max_length=5, choices=Precision.choices(), blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    primary_category = models.ForeignKey(
        "papers.Category", models.SET_NULL, null=True, blank=True, related_name="papers", db_index=False
    )
    primary_category_origin = models.CharField(max_length=6, choices=CategoryOrigin, blank=True)
    categories = models.ManyToManyField("papers.Category", through="papers.PaperCategory", related_name="cross_listed")
    venue = models.ForeignKey("papers.Venue", models.SET_NULL, null=True, blank=True, related_name="papers", db_index=False)
    volume = models.CharField(max_length=60, blank=True)
    issue = models.CharField(max_length=60, blank=True)
    first_page = models.CharField(max_length=60, blank=True)
    last_page = models.CharField(max_length=60, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    track = models.CharField(max_length=200, blank=True)
    acceptance = models.CharField(max_length=60, blank=True, help_text="Oral, Poster, Findings … as the venue says.")
    award = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=12, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    open_access = models.CharField(max_length=20, blank=True, help_text="gold, green, hybrid, bronze, closed …")
    state = models.CharField(max_length=9, choices=State, default=State.PUBLISHED)
    is_retracted = models.BooleanField(default=False)
    retraction_notice = models.URLField(max_length=500, blank=True)
    retracted_on = models.DateField(null=True, blank=True)
    authors_count = models.PositiveIntegerField(default=0, editable=False)
    authors_complete = models.BooleanField(default=True, help_text="Off when the source lists only some of the authors.")
    has_code = models.BooleanField(default=False, help_text="There is code, whether or not a link to it is known.")
    cited_by_count = models.PositiveIntegerField(null=True, blank=True)
    citations_source = models.CharField(max_length=60, blank=True)
    citations_as_of = models.DateField(null=True, blank=True)
    referenced_count = models.PositiveIntegerField(null=True, blank=True)
    fingerprint = models.CharField(max_length=32, blank=True, editable=False)
    scores_hidden = models.BooleanField(default=False, db_default=False, help_text="Novelty and AI Score are shown nowhere.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["primary_category", "id"], name="paper_category"),
            models.Index(fields=["venue", "id"], name="paper_venue"),
            models.Index(fields=["updated_at", "id", "state"], name="paper_by_change"),
            models.Index(fields=["fingerprint"], name="paper_fingerprint", condition=~Q(fingerprint="")),
            models.Index(fields=["state"], name="paper_unpublished", condition=~Q(state="published")),
            models.Index(fields=["id"], name="paper_untitled", condition=Q(title="")),
            models.Index(fields=["id"], name="paper_without_abstract", condition=Q(abstract="")),
            models.Index(fields=["id"], name="paper_undated", condition=Q(published=None)),
            models.Index(fields=["id"], name="paper_without_authors", condition=Q(authors_count=0)),
            models.Index(fields=["id"], name="paper_retracted", condition=Q(is_retracted=True)),
            models.Index(fields=["id"], name="paper_with_code", condition=Q(has_code=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published=None, date_precision="", year=None) | Q(published__isnull=False, year__isnull=False),
                name="paper_date_has_year",
            ),
        ]

    def __str__(self) -> str:
        return self.title_or_mark

    def get_absolute_url(self) -> str:
        return page_address("paper", self.public_id, self.slug)

    @property
    def title_or_mark(self) -> str:
        return self.title or UNTITLED

    @property
    def slug(self) -> str:
        return slug_of(self.title, "untitled")

    @property
    def citations_by_year(self) -> list[tuple[int, int]]:
        """(year, citations) as one source tells, the oldest year first."""
        by_source: dict[str, dict[int, int]] = {}
        for row in self.counts_by_year.all():
            by_source.setdefault(row.source, {})[row.year] = row.count
        return sorted(one_source(by_source, self.citations_source).items())


class PaperCategory(models.Model):
    """A further category beside the primary one (arXiv calls it a cross-list)."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="further_categories", db_index=False)
    category = models.ForeignKey("papers.Category", models.CASCADE, related_name="+", db_index=False)
    origin = models.CharField(max_length=6, choices=CategoryOrigin, default=CategoryOrigin.SOURCE)

    class Meta:
        verbose_name = "further category"
        verbose_name_plural = "further categories"
        constraints = [models.UniqueConstraint(fields=["paper", "category"], name="paper_category_once")]
        indexes = [models.Index(fields=["category", "paper"], name="category_papers")]

    def __str__(self) -> str:
        return self.category_id


class PaperIdentifier(Identifier):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="identifiers")

    class Meta(Identifier.Meta):
        verbose_name = "identifier"


class PaperLink(models.Model):
    """Where something of the paper stands on the web. `official` is null when nobody knows whether the authors made it.

    What `papers.linking` found when it asked: `status` with `checked_at`, the new address in `moved_to`, and how many times in
    a row nothing was there in `failures`. That is no change of the catalogue, so it has no history.
    """

    class Kind(models.TextChoices):
        LANDING = "landing", "landing page"
        PDF = "pdf", "PDF"
        CODE = "code", "code"
        DATA = "data", "data"
        MODEL = "model", "model"
        PROJECT = "project", "project page"

    class Status(models.TextChoices):
        UNKNOWN = "", "not checked"
        ALIVE = "alive", "there"
        MOVED = "moved", "moved"
        DEAD = "dead", "not found"
        UNREACHABLE = "unreachable", "no answer"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="links", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    url = models.URLField(max_length=1000)
    official = models.BooleanField(null=True, blank=True)
    status = models.CharField(max_length=11, choices=Status, blank=True, default="", db_default="", editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    moved_to = models.URLField(max_length=1000, blank=True, default="", db_default="", editable=False)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = "link"
        ordering = ["paper", "kind", "id"]
        constraints = [models.UniqueConstraint(fields=["paper", "kind", "url"], name="paper_link_once")]
        indexes = [models.Index(fields=["paper"], name="paper_link_dead", condition=Q(status="dead"))]

    def __str__(self) -> str:
        return self.url


class PaperVersion(models.Model):
    """One place where the work appeared: submitted, accepted or published."""

    class Kind(models.TextChoices):
        SUBMITTED = "submittedVersion", "preprint"
        ACCEPTED = "acceptedVersion", "accepted manuscript"
        PUBLISHED = "publishedVersion", "published version"
        UNKNOWN = "", "version not stated"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    where = models.CharField(max_length=400, blank=True, help_text="Journal, repository or site.")
    url = models.URLField(max_length=1000, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    is_open = models.BooleanField(null=True, blank=True)

    class Meta:
        verbose_name = "version"
        ordering = ["paper", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["paper", "url", "kind"], name="paper_version_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.where or self.url}"
