"""Who wrote a paper, as printed and as resolved, and which institutions stand behind it."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from authors import names

NOT_SHOWN = "The paper is not shown on this person's profile and counts nowhere there; the printed name stays."


class Authorship(models.Model):
    """One line of a paper's list of authors; `position` counts from 1.

    `raw_name` is as printed and never changes. `author` is who that is: none while nobody knows. `decided_by` says what
    settled it; what an editor settled, nothing else moves. `name_key` is `names.search_key(raw_name)`.
    `profile_position` is the paper's place in the order that the author's own profile gives, counting from 1.
    `hidden_on_profile`: the person does not want to be shown with the paper. The name stays as printed; to the public the
    line leads to nobody, and the paper is not among the person's papers.
    """

    class DecidedBy(models.TextChoices):
        NOBODY = "", "not resolved"
        IDENTIFIER = "identifier", "an identifier"
        RULE = "rule", "name and evidence"
        NEW = "new", "first mention"
        EDITOR = "editor", "an editor"

    left_out: bool  # filled by papers.querysets.with_shown_name()

    paper = models.ForeignKey("papers.Paper", models.CASCADE, related_name="authorships", db_index=False)
    position = models.PositiveIntegerField()
    raw_name = models.CharField(max_length=500, blank=True)
    name_key = models.CharField(max_length=300, blank=True, editable=False)
    author = models.ForeignKey(
        "authors.Author", models.PROTECT, null=True, blank=True, related_name="authorships", db_index=False
    )
    decided_by = models.CharField(max_length=10, choices=DecidedBy, blank=True)
    is_corresponding = models.BooleanField(default=False)
    profile_position = models.PositiveIntegerField(null=True, blank=True)
    hidden_on_profile = models.BooleanField(default=False, db_default=False, help_text=NOT_SHOWN)

    class Meta:
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="authorship_position_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="authorship_position_from_one"),
        ]
        indexes = [
            models.Index(fields=["author", "paper"], name="authorship_author"),
            models.Index(fields=["name_key"], name="authorship_unresolved", condition=Q(author=None)),
            models.Index(fields=["id"], name="authorship_nameless", condition=Q(raw_name="")),
            models.Index(fields=["id"], name="authorship_corresponding", condition=Q(is_corresponding=True)),
            models.Index(fields=["id"], name="authorship_not_shown", condition=Q(hidden_on_profile=True)),
            models.Index(
                F("decided_by"), F("paper").desc(), F("position"), name="authorship_decided", condition=~Q(decided_by="new")
            ),
        ]

    def __str__(self) -> str:
        return self.raw_name or "[no name]"

    @property
    def shown_name(self) -> str:
        """What the public reads: as printed, or the person's name today where the printed one is to be left out."""
        return self.author.display_name if self.author and self.left_out else self.raw_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = names.search_key(self.raw_name)
        super().save(*args, **kwargs)


class AuthorshipAffiliation(models.Model):
    """An affiliation as the paper states it, and the institution it was resolved to; none while nobody knows."""

    authorship = models.ForeignKey(Authorship, models.CASCADE, related_name="affiliations", db_index=False)
    raw = models.TextField(blank=True)
    institution = models.ForeignKey("authors.Institution", models.PROTECT, null=True, blank=True, related_name="mentions")

    class Meta:
        verbose_name = "affiliation"
        ordering = ["authorship", "id"]
        indexes = [models.Index(fields=["id"], name="affiliation_unprinted", condition=Q(raw=""))]
        constraints = [
            models.UniqueConstraint(fields=["authorship", "institution"], name="authorship_institution_once"),
            models.CheckConstraint(
                condition=~Q(raw="") | Q(institution__isnull=False), name="authorship_affiliation_says_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.institution) if self.institution_id else self.raw


class PaperInstitution(models.Model):
    """Every institution behind a paper, once: for cards, filters and counts.

    `of_whole_paper` when the source names it for the paper without saying whose it is; else it repeats what the
    authorships say, and `papers.affiliating` keeps it so.
    """

    paper = models.ForeignKey("papers.Paper", models.CASCADE, related_name="paper_institutions", db_index=False)
    institution = models.ForeignKey("authors.Institution", models.PROTECT, related_name="paper_institutions", db_index=False)
    of_whole_paper = models.BooleanField(default=False)

    class Meta:
        verbose_name = "institution"
        constraints = [models.UniqueConstraint(fields=["paper", "institution"], name="paper_institution_once")]
        indexes = [models.Index(fields=["institution", "paper"], name="institution_papers")]

    def __str__(self) -> str:
        return str(self.institution)
