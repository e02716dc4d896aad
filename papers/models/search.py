"""What lists and search read: one narrow row for each published paper, its indexed texts, and those of people and institutions.

All of it repeats what other tables say and can be made again from them (`manage.py rebuild_search`). Written by
`papers.search.indexing` alone, which also keeps each database's own index over the texts: an FTS5 table on SQLite, a
column of type tsvector on PostgreSQL (migration `search_index`).
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

# What stands for unknown, so that it sorts last.
NO_DATE, LAST_DATE, NO_NUMBER = "0001-01-01", "9999-12-31", -1


class RankField(models.BigIntegerField):
    """A key that SQLite takes for the row's own number: rows lie in its order, and FTS5 finds them in it."""

    def db_type(self, connection: Any) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class PaperEntry(models.Model):
    """What lists of papers filter, sort and count by. `rank` is `papers.search.scoring.rank_of`: best first.

    `categories`, `institutions` and `authors` hold codes and keys with a blank around each, the primary category first.
    """

    rank = RankField(primary_key=True)
    paper = models.OneToOneField("papers.Paper", models.DO_NOTHING, db_constraint=False, related_name="entry")
    published = models.DateField(default=NO_DATE)
    oldest = models.DateField(default=LAST_DATE, help_text="The date again; unknown dates come last in ascending order too.")
    year = models.SmallIntegerField(default=0)
    citations = models.IntegerField(default=NO_NUMBER)
    novelty = models.FloatField(default=NO_NUMBER)
    ai_score = models.FloatField(default=NO_NUMBER)
    title_key = models.CharField(max_length=60, blank=True)
    has_code = models.BooleanField(default=False)
    venue_id = models.BigIntegerField(default=0)
    categories = models.TextField(blank=True)
    institutions = models.TextField(blank=True)
    authors = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(F("published").desc(), F("paper").desc(), name="entry_by_date"),
            models.Index(fields=["oldest", "paper"], name="entry_by_age"),
            models.Index(F("citations").desc(), F("paper").desc(), name="entry_by_citations"),
            models.Index(F("novelty").desc(), F("paper").desc(), name="entry_by_novelty"),
            models.Index(F("ai_score").desc(), F("paper").desc(), name="entry_by_ai_score"),
            models.Index(fields=["title_key", "paper"], name="entry_by_title"),
            models.Index(fields=["paper"], name="entry_nowhere", condition=Q(institutions="")),
        ]

    def __str__(self) -> str:
        return f"P{self.paper_id}"


class PaperText(models.Model):
    """The indexed words of a paper: stems with a blank around each. `tags` are `papers.search.tags`."""

    rank = RankField(primary_key=True)
    title = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    names = models.TextField(blank=True)
    venue = models.TextField(blank=True)
    tags = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.rank)


class AuthorText(models.Model):
    """The words of a person's public names; the rank is by papers and citations."""

    rank = RankField(primary_key=True)
    author = models.OneToOneField("authors.Author", models.DO_NOTHING, db_constraint=False, related_name="+")
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"A{self.author_id}"


class InstitutionText(models.Model):
    """The words of an institution's name, aliases and tag; the rank is by papers."""

    rank = RankField(primary_key=True)
    institution = models.OneToOneField("authors.Institution", models.DO_NOTHING, db_constraint=False, related_name="+")
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"I{self.institution_id}"


class SearchWord(models.Model):
    """A word of titles or of names as it is written, folded: for completing and for "did you mean"."""

    class Kind(models.TextChoices):
        TITLE = "t", "of titles"
        NAME = "n", "of people's names"

    kind = models.CharField(max_length=1, choices=Kind)
    word = models.CharField(max_length=40)
    stem = models.CharField(max_length=40)
    uses = models.PositiveIntegerField(help_text="About how many titles or people have it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "word"], name="search_word_once")]

    def __str__(self) -> str:
        return self.word


class WaitingPaper(models.Model):
    """A paper whose index is out of date because something it shares with many others changed, such as its venue's name."""

    paper = models.OneToOneField("papers.Paper", models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"P{self.paper_id}"
