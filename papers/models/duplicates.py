"""Two records that may be one, until an editor says what they are."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from authors.curation.public_ids import LETTERS
from authors.models import Author, Institution
from papers.models.paper import Paper

MODELS: dict[str, Any] = {"A": Author, "P": Paper, "I": Institution}


class LikelyDuplicateQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        """Pairs of which both records are still there: merging or deleting one ends the pair."""
        there = Q()
        for kind, model in MODELS.items():
            ends = (Exists(model._base_manager.filter(pk=OuterRef(end))) for end in ("first_id", "second_id"))
            there &= ~Q(kind=kind) | Q(*ends)  # put so that the pairs are still read in the order of their index
        return self.filter(there)

    def undecided(self) -> Self:
        return self.exclude(decision=LikelyDuplicate.Decision.APART)

    def concerning(self, kind: str, keys: "list[int]") -> Self:
        pairs = self.model._base_manager.filter(kind=kind).order_by()
        first, second = pairs.filter(first_id__among=keys), pairs.filter(second_id__among=keys)
        return self.filter(pk__in=first.values("pk").union(second.values("pk")))


class LikelyDuplicate(models.Model):
    """`evidence` is a list of {"what": a sentence, "weight": what it adds to the score or takes from it}.

    The queue follows from the records and is no part of their history; what an editor decided is kept in `PairDecision`
    and only repeated here. The order of the pairs: open ones by score, then those put off.
    """

    class Decision(models.TextChoices):
        OPEN = "", "open"
        APART = "apart", "kept apart"
        LATER = "later", "put off"

    records: list[Any]  # filled by papers.admin.duplicates.attach_records()

    kind = models.CharField(max_length=1, choices=[(letter, LETTERS[letter]) for letter in MODELS])
    first_id = models.PositiveBigIntegerField()
    second_id = models.PositiveBigIntegerField()
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)
    decision = models.CharField(max_length=5, choices=Decision, blank=True, default=Decision.OPEN)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField()

    objects = LikelyDuplicateQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "change")
        ordering = ["decision", "-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first_id", "second_id"], name="likely_duplicate_once"),
            models.CheckConstraint(condition=Q(first_id__lt=F("second_id")), name="likely_duplicate_in_order"),
        ]
        indexes = [
            models.Index(F("decision"), F("score").desc(), F("id"), name="likely_duplicate_rank"),
            models.Index(F("kind"), F("decision"), F("score").desc(), F("id"), name="likely_duplicate_of_kind"),
            models.Index(fields=["kind", "second_id"], name="likely_duplicate_second"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.first_id} and {self.kind}{self.second_id}"


class PairDecision(models.Model):
    """What an editor decided about two records, once for each of them: so it stands in the history of both.

    It outlives the pair in the queue, which may go and come again.
    """

    kind = models.CharField(max_length=1, choices=[(letter, LETTERS[letter]) for letter in MODELS])
    record_id = models.PositiveBigIntegerField()
    other_id = models.PositiveBigIntegerField("the other record")
    decision = models.CharField(max_length=5, choices=LikelyDuplicate.Decision.choices[1:])
    decided_by = models.CharField(max_length=150, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = "likely duplicate"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "record_id", "other_id"], name="pair_decision_once")]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.kind}{self.record_id} and {self.kind}{self.other_id}"
