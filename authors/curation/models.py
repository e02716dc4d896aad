"""What is kept about records whatever their kind: where they came from, where they went, and import runs.

Records are named by the letter of their public id and their key, so that one table serves both apps and a row outlives
the record it speaks of.
"""

from django.db import models
from django.db.models import Q

from authors.curation.public_ids import LETTERS

KINDS = [(letter, name) for letter, name in LETTERS.items()]


class ImportRun(models.Model):
    """One reading of one file: what it gave and how far it got.

    `checkpoint` counts the records that are safely in; it is written in the transaction that writes them.
    `fingerprint` is a digest of the file's bytes, so that an unfinished run is found again whatever the file is called.
    """

    class State(models.TextChoices):
        RUNNING = "running", "unfinished"
        DONE = "done", "finished"
        FAILED = "failed", "stopped by an error"
        UNDONE = "undone", "undone"

    kind = models.CharField(max_length=1, choices=KINDS)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    checkpoint = models.PositiveBigIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["fingerprint", "state"], name="import_run_same_file")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"


class ImportProblem(models.Model):
    """Something about one record of a run that an editor should know; `skipped` when the record was left out."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems")
    line = models.PositiveBigIntegerField(help_text="Line of the file, or number of the record in a JSON array.")
    record = models.CharField(max_length=255, blank=True, help_text="The record's own id or title.")
    field = models.CharField(max_length=60, blank=True)
    reason = models.TextField()
    skipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["run", "line", "id"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class Provenance(models.Model):
    """One record of one source that speaks of one of ours: the fields it gave, and when.

    A field belongs to the source that first gave it. Only that source's own record may change it later; others fill what
    is still empty. The source `editor` is whoever corrected a field by hand: what it owns, no import overwrites.
    `digest` is of the source record's bytes: a re-import whose digest is known has nothing new to say.
    """

    EDITOR = "editor"

    kind = models.CharField(max_length=1, choices=KINDS)
    record_id = models.PositiveBigIntegerField()
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=list)
    digest = models.CharField(max_length=32, blank=True)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True, related_name="provenance")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "provenance"
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id", "source", "source_key"], name="provenance_once"),
        ]
        indexes = [
            models.Index(fields=["digest"], name="provenance_digest", condition=~Q(digest="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.record_id} from {self.source}"


class Redirect(models.Model):
    """Where a record that no longer stands at its own address has gone: to another one, or (no target) withdrawn."""

    class Reason(models.TextChoices):
        MERGED = "merged", "merged with another record"
        WITHDRAWN = "withdrawn", "withdrawn"

    kind = models.CharField(max_length=1, choices=KINDS)
    old_id = models.PositiveBigIntegerField()
    target_id = models.PositiveBigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.TextField(blank=True, help_text="Shown to visitors.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "old_id"], name="redirect_once"),
            models.CheckConstraint(
                condition=~Q(target_id=models.F("old_id")) | Q(target_id=None), name="redirect_not_to_itself"
            ),
        ]
        indexes = [models.Index(fields=["kind", "target_id"], name="redirect_target")]

    def __str__(self) -> str:
        return (
            f"{self.kind}{self.old_id} → {self.kind}{self.target_id}" if self.target_id else f"{self.kind}{self.old_id}, gone"
        )
