"""Papers that the public could read once: harvesters are told of them for ever."""

from django.db import models


class GonePaper(models.Model):
    """A paper that was published and is no more: withdrawn, merged, deleted, or taken back to draft or review.

    `sets` are the sets it was in at the end, with a blank before and after each. The row goes when the paper comes back.
    """

    paper_id = models.PositiveBigIntegerField(primary_key=True)
    since = models.DateTimeField()
    sets = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["since", "paper_id"], name="gone_paper_since")]

    def __str__(self) -> str:
        return f"P{self.paper_id}, gone"
