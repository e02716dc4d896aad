"""Harvests: whose papers are fetched from the services, how often, and what each fetch brought."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from authors.curation.models import ImportRun
from authors.identifiers import normalise

MOST_IDS = 500
STATES = [("published", "published"), ("draft", "drafts")]
IN = [ImportRun.State.RUNNING, ImportRun.State.DONE]
AFTER_FAILURE = timedelta(hours=6)


def person_id(text: str) -> str:
    """An ORCID iD or an OpenAlex author id in its own spelling; "" when the text is neither."""
    if orcid := normalise("orcid", text):
        return orcid
    bare = text.strip().rstrip("/").rpartition("/")[2]
    found = normalise("openalex", bare)
    return found if found and found.startswith("A") and len(found) > 1 else ""


def lines_of(text: str) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers; what stands behind a # is a note."""
    told = ((number, line.partition("#")[0].strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in told if line]


def validate_people(text: str) -> None:
    """ValidationError with every line that names nobody."""
    lines = lines_of(text)
    if len(lines) > MOST_IDS:
        raise ValidationError(f"There are {len(lines)} ids; a harvest takes at most {MOST_IDS}. Make a second one.")
    wrong = [
        f"Line {number}: “{line[:60]}” is neither an ORCID iD nor an OpenAlex author id."
        for number, line in lines
        if not person_id(line)
    ]
    if wrong or not lines:
        raise ValidationError(wrong or "Give at least one id.")


class HarvestQuerySet(models.QuerySet["Harvest"]):
    def due(self) -> "HarvestQuerySet":
        return self.filter(enabled=True).filter(Q(next_due_at=None) | Q(next_due_at__lte=timezone.now()))


class Harvest(models.Model):
    """A list of people whose papers are fetched every few days."""

    class Mode(models.TextChoices):
        ASK = "ask", "wait for a review"
        STRAIGHT = "straight", "go straight in"

    name = models.CharField(max_length=120, unique=True)
    people = models.TextField(
        "ORCID iDs or OpenAlex author ids",
        validators=[validate_people],
        help_text=f"One a line, at most {MOST_IDS}. What stands behind a # is a note of yours.",
    )
    mode = models.CharField("what is new", max_length=10, choices=Mode, default=Mode.ASK)
    state = models.CharField("new papers are", max_length=10, choices=STATES, default="published")
    every_days = models.PositiveSmallIntegerField(
        "every … days", default=7, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    enabled = models.BooleanField("on", default=True, help_text="Off: it runs only when somebody says so.")
    last_run_at = models.DateTimeField("last run", null=True, blank=True, editable=False)
    next_due_at = models.DateTimeField("next due", null=True, blank=True, editable=False)
    last_message = models.TextField(blank=True, editable=False)

    objects = HarvestQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def ids(self) -> list[str]:
        return list(dict.fromkeys(filter(None, (person_id(line) for _, line in lines_of(self.people)))))

    def next_date(self) -> datetime:
        return timezone.now() + timedelta(days=self.every_days)

    def ended(self, message: str, *, well: bool) -> None:
        """Note how a run ended, and when the next one is due: after a failure soon."""
        self.last_run_at, self.last_message = timezone.now(), message
        self.next_due_at = self.next_date() if well else self.last_run_at + AFTER_FAILURE
        told = {name: getattr(self, name) for name in ("last_run_at", "last_message", "next_due_at")}
        Harvest.objects.filter(pk=self.pk).update(**told)  # somebody may have deleted it meanwhile


def _imported() -> Exists:
    """A file of the same content was imported, on whatever way, and not undone."""
    return Exists(ImportRun.objects.filter(fingerprint=OuterRef("fingerprint"), state__in=IN))


class FetchQuerySet(models.QuerySet["Fetch"]):
    def with_import(self) -> "FetchQuerySet":
        """Each with `is_in`: whether it was imported."""
        return self.annotate(is_in=_imported())

    def imported(self) -> "FetchQuerySet":
        return self.filter(_imported())

    def waiting(self) -> "FetchQuerySet":
        """What an editor is to look at."""
        return self.filter(~_imported(), state=Fetch.State.READY, count__gt=0)


class Fetch(models.Model):
    """What was asked of the services at one time, and what they answered: one file of records of one kind.

    `problems` are [line, what was asked for, why there is nothing, whether to ask again]. Whether the file was imported is
    known by its fingerprint.
    """

    class State(models.TextChoices):
        RUNNING = "running", "being fetched"
        READY = "ready", "fetched"
        LEFT = "left", "left out"

    harvest = models.ForeignKey(Harvest, models.SET_NULL, null=True, blank=True, related_name="fetches")
    kind = models.CharField(max_length=1, choices=[("P", "papers"), ("I", "institutions")], default="P")
    asked = models.TextField(blank=True)
    options = models.JSONField(default=dict, blank=True, help_text="What its import is told.")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    file = models.CharField(max_length=255, blank=True, help_text="Below VAR_DIR.")
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    count = models.PositiveIntegerField("records", default=0)
    problems = models.JSONField(default=list, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    user_name = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = FetchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "fetches"

    def __str__(self) -> str:
        return f"{self.harvest or self.get_kind_display().capitalize()}, {self.asked_at:%d %B %Y %H:%M}"

    @property
    def path(self) -> Path:
        return Path(settings.VAR_DIR) / self.file

    @property
    def is_whole(self) -> bool:
        """Whoever gave nothing has nothing to give."""
        return not any(again for *_, again in self.problems)

    def ready(self, *, count: int, problems: list[Any], fingerprint: str) -> None:
        """The answers are all there; older ones of the same harvest that nobody looked at are superseded."""
        self.state, self.finished_at = self.State.READY, timezone.now()
        self.count, self.problems, self.fingerprint = count, problems, fingerprint
        self.save()
        if self.harvest is not None and self.is_whole:
            self.harvest.fetches.filter(state=self.State.READY).exclude(pk=self.pk).update(state=self.State.LEFT)
