"""What was changed, by whom, how and why: change sets and the rows they changed."""

from typing import Any

from django.conf import settings
from django.db import models

from authors.curation.models import KINDS, ImportRun


class ChangeSet(models.Model):
    """Everything that one person or one run changed in one go; the unit that is undone.

    `user_name` stays when the account goes. `undoes` is the change set that this one took back.
    """

    class Channel(models.TextChoices):
        ADMIN = "admin", "the admin"
        IMPORT = "import", "an import"
        COMMAND = "command", "a command"
        API = "api", "the API"
        REPORT = "report", "a visitor's report"

    class Action(models.TextChoices):
        EDIT = "edit", "edited"
        ADD = "add", "added"
        DELETE = "delete", "deleted"
        MERGE = "merge", "merged"
        SPLIT = "split", "split"
        RESOLVE = "resolve", "resolved affiliations"
        STATE = "state", "changed the state"
        IMPORT = "import", "imported"
        UNDO = "undo", "undone"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    user_name = models.CharField(max_length=150, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    action = models.CharField(max_length=8, choices=Action)
    summary = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True, related_name="change_sets")
    undoes = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="undone_by")

    class Meta:
        verbose_name = "change"
        ordering = ["-id"]
        permissions = [
            ("undo_own", "Can undo own changes"),
            ("undo_others", "Can undo the changes of others and of imports"),
            ("merge_records", "Can merge records"),
        ]

    def __str__(self) -> str:
        return self.summary or f"{self.get_action_display()} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def who(self) -> str:
        return self.user_name or self.get_channel_display()

    def may_be_undone_by(self, user: Any) -> bool:
        """Editors undo their own changes; those of others are the senior editors' business."""
        own = self.user_id is not None and self.user_id == user.pk
        return bool(user.has_perm("authors.undo_others") or (own and user.has_perm("authors.undo_own")))


class Change(models.Model):
    """One row, as it was and as it became: whole rows where it was made or deleted (the other is null), else the columns
    that changed. `kind` and `record_id` name the record that the row belongs to, "" and 0 for rows of no record.
    """

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="changes")
    model = models.CharField(max_length=60, help_text="app.model")
    row_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=1, choices=KINDS, blank=True)
    record_id = models.PositiveBigIntegerField(default=0)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["model", "row_id", "id"], name="change_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.row_id}"

    @property
    def columns(self) -> dict[str, tuple[Any, Any]]:
        """By column what it was and what it became."""
        before, after = self.before or {}, self.after or {}
        return {name: (before.get(name), after.get(name)) for name in before or after}


class ChangedRecord(models.Model):
    """Which records a change set concerns: those whose rows it changed and those that these rows pointed to or point to."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="records", db_index=False)
    kind = models.CharField(max_length=1, choices=KINDS)
    record_id = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change_set", "kind", "record_id"], name="changed_record_once")]
        indexes = [models.Index(fields=["kind", "record_id", "change_set"], name="changed_record")]

    def __str__(self) -> str:
        return f"{self.kind}{self.record_id}"


class CreatedRows(models.Model):
    """Rows that an import added, from key to key: a creation is its own history, so nothing more is kept of it."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="created_rows")
    model = models.CharField(max_length=60, help_text="app.model")
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()

    class Meta:
        verbose_name_plural = "created rows"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.model} {self.first}–{self.last}"
