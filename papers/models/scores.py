"""What the scores are computed from and by: encoders of texts, distances from earlier papers, runs, editors' marks."""

from django.conf import settings
from django.db import models


class TextEncoder(models.Model):
    """A fitted encoder (papers.metrics.scoring.encoder). One is in use; an older one stays until nothing names it."""

    version = models.CharField(max_length=16, primary_key=True)
    method = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    texts = models.PositiveIntegerField(help_text="How many texts it learnt from.")
    content = models.BinaryField()
    fitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-fitted_at"]

    def __str__(self) -> str:
        return f"{self.method} {self.version}"


class PaperDistance(models.Model):
    """How far a paper's text lies from earlier ones.

    `nearest` are pairs of a paper's key and its cosine similarity, the nearest first; `least` is the last of these
    similarities, -1 while there are fewer than ten. `same_text` are papers with the very same text whose dates overlap, so
    that nobody can say which was first. `digest` is of the text, the dates and the encoder: another digest, another distance.
    """

    paper = models.OneToOneField("papers.Paper", models.CASCADE, primary_key=True, related_name="distance")
    encoder = models.ForeignKey(TextEncoder, models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=16)
    distance = models.FloatField(null=True, help_text="Mean of 1 − similarity; null with too few earlier papers.")
    earlier = models.PositiveIntegerField(help_text="Earlier papers that it was compared with.")
    least = models.FloatField(default=-1)
    nearest = models.JSONField(default=list)
    same_text = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"P{self.paper_id}: {self.distance}"


class NearestEarlier(models.Model):
    """`PaperDistance.nearest` a row a pair, so that a paper finds the later ones that lie near it.

    `earlier` may name a paper that is gone, until the distance is computed again.
    """

    paper = models.ForeignKey(PaperDistance, models.CASCADE, related_name="pairs", db_index=False)
    earlier = models.ForeignKey("papers.Paper", models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False)
    similarity = models.FloatField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["paper", "earlier"], name="nearest_earlier_once")]
        indexes = [models.Index(fields=["earlier", "-similarity", "paper"], name="nearest_later")]

    def __str__(self) -> str:
        return f"P{self.earlier_id} before P{self.paper_id}: {self.similarity}"


class ScoreRun(models.Model):
    """One computation of all scores. `unscored` counts papers by score and reason, `weights` are the AI Score's."""

    encoder = models.ForeignKey(TextEncoder, models.SET_NULL, null=True, related_name="+", db_index=False)
    novelty_version = models.CharField(max_length=60)
    ai_score_version = models.CharField(max_length=60)
    weights = models.JSONField(default=dict)
    papers = models.PositiveIntegerField(default=0)
    scored = models.JSONField(default=dict)
    unscored = models.JSONField(default=dict)
    people = models.PositiveIntegerField(default=0)
    institutions = models.PositiveIntegerField(default=0)
    category_means = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"scores of {self.started_at:%Y-%m-%d %H:%M}"


class ScoreMark(models.Model):
    """An editor's word on a paper's scores: left out of all scores, or kept as they are."""

    class Kind(models.TextChoices):
        EXCLUDED = "excluded", "not scored, and counts in nobody's scores"
        FROZEN = "frozen", "keeps its scores"

    paper = models.OneToOneField("papers.Paper", models.CASCADE, primary_key=True, related_name="score_mark")
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.CharField(max_length=200, help_text="Shown to visitors.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "mark on scores"
        verbose_name_plural = "marks on scores"

    def __str__(self) -> str:
        return f"P{self.paper_id}: {self.get_kind_display()}"
