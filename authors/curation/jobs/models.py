"""Jobs: what is to be done, how far it got, how it ended."""

from typing import Any

from django.conf import settings
from django.db import models

from authors.curation.changes import ChangeSet
from authors.curation.models import ImportRun


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])


class Job(models.Model):
    """One thing to do. `task` names a function (see `tasks`), `parameters` is what it is called with.

    `reached` is the task's own note of how far it got, written in the transaction of what it did: a job whose worker died is
    begun again with it. `done` of `total` is for people; an unknown total is null. `change_set` and `run` are what it wrote.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "under way"
        DONE = "done", "finished"
        FAILED = "failed", "stopped by an error"
        CANCELLED = "cancelled", "cancelled"

    task = models.CharField(max_length=40)
    summary = models.CharField(max_length=300)
    parameters = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reached = models.JSONField(default=dict, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    user_name = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    change_set = models.ForeignKey(ChangeSet, models.SET_NULL, null=True, blank=True, related_name="jobs")
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True, related_name="jobs")
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="job_unfinished", condition=models.Q(state__in=["waiting", "running"])),
        ]

    def __str__(self) -> str:
        return self.summary

    @property
    def is_unfinished(self) -> bool:
        return self.state in (Job.State.WAITING, Job.State.RUNNING)

    def report(self, done: int, *, total: int | None = None, **reached: Any) -> None:
        """Note how far it got; call it in the transaction of what was done."""
        self.done, self.total, self.reached = done, self.total if total is None else total, {**self.reached, **reached}
        self.save(update_fields=["done", "total", "reached", "change_set", "run"])
