"""What visitors say is wrong with a record, and what became of it."""

from django.db import models
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.curation.models import KINDS
from authors.curation.public_ids import LETTERS

# The plain texts of a record for which a visitor may propose another wording.
TEXTS = {
    "A": ("display_name", "homepage", "biography"),
    "P": ("title", "abstract"),
    "I": ("name", "city", "homepage"),
}


class Report(models.Model):
    """A visitor's report about one author, paper or institution.

    `proposed` maps fields of the record to what they should read. Name and addresses of the visitor are for editors only.
    `assignee` and `decided_by` are names of accounts: the history keeps them, and they stay when an account goes.
    """

    class Type(models.TextChoices):
        WRONG_AUTHOR = "wrong-author", "Wrong author"
        MERGE = "merge", "Merge"
        SPLIT = "split", "Split"
        MISSING_PAPER = "missing-paper", "Missing paper"
        AFFILIATION = "affiliation", "Wrong affiliation"
        NAME = "name", "Name change"
        TAKE_DOWN = "take-down", "Take-down"
        CLAIM = "claim", "This is me"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        NEW = "new", "new"
        WAITING = "waiting", "waiting"
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "declined"

    kind = models.CharField(max_length=1, choices=KINDS)
    record_id = models.PositiveBigIntegerField()
    type = models.CharField(max_length=13, choices=Type)
    text = models.TextField(blank=True)
    proposed = models.JSONField(default=dict, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    orcid = models.CharField(max_length=19, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    assignee = models.CharField(max_length=150, blank=True, default="", db_default="")
    note = models.TextField(blank=True, help_text="What is answered, or what is waited for.")
    change_set = models.ForeignKey(ChangeSet, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "record_id"], name="report_record"),
            models.Index(fields=["state", "id"], name="report_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {LETTERS[self.kind]} {self.about}"

    @property
    def about(self) -> str:
        return f"{self.kind}{self.record_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def decide(self, state: str, *, by: str, note: str = "") -> None:
        """Accepted and declined are decisions, with who and when; waiting is none. An empty `note` keeps the one there is."""
        decided = state not in OPEN
        self.state, self.note = state, note or self.note
        self.decided_at, self.decided_by = (timezone.now(), by) if decided else (None, "")
        self.save(update_fields=["state", "note", "decided_at", "decided_by"])


OPEN = (Report.State.NEW, Report.State.WAITING)
