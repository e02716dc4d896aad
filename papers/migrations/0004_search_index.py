"""The search index: tables that Django knows, and over them each database's own index, by SQL written down here."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import papers.models.search

TABLES = {  # texts on SQLite -> (its FTS5 table, the indexed columns)
    "papers_papertext": ("papers_paperwords", "title, abstract, names, venue, tags"),
    "papers_authortext": ("papers_authorwords", "words"),
    "papers_institutiontext": ("papers_institutionwords", "words"),
}
VECTORS = ("papers_paperentry", "papers_authortext", "papers_institutiontext")


def create(apps: Any, schema_editor: Any) -> None:
    """External content: FTS5 keeps no second copy of the texts. No column sizes: ranking does not ask for them."""
    if schema_editor.connection.vendor == "sqlite":
        for texts, (words, columns) in TABLES.items():
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {words} USING fts5({columns}, content='{texts}', content_rowid='rank',"
                " tokenize='ascii', columnsize=0)"
            )
        return
    for table in VECTORS:
        schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN vector tsvector")
        # Out of line: what lists read is then a narrow row.
        schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN vector SET STORAGE EXTERNAL")
        schema_editor.execute(f"ALTER TABLE {table} SET (toast_tuple_target = 128)")
        schema_editor.execute(
            f"CREATE INDEX {table}_vector ON {table} USING gin (vector) WITH (gin_pending_list_limit = 16384)"
        )
    schema_editor.execute("CREATE INDEX search_word_start ON papers_searchword (kind, word varchar_pattern_ops)")


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for words, _ in TABLES.values():
            schema_editor.execute(f"DROP TABLE {words}")
        return
    schema_editor.execute("DROP INDEX search_word_start")
    for table in VECTORS:
        schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN vector")


class Migration(migrations.Migration):
    dependencies = [
        ("authors", "0001_initial"),
        ("papers", "0003_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperText",
            fields=[
                ("rank", papers.models.search.RankField(primary_key=True, serialize=False)),
                ("title", models.TextField(blank=True)),
                ("abstract", models.TextField(blank=True)),
                ("names", models.TextField(blank=True)),
                ("venue", models.TextField(blank=True)),
                ("tags", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="WaitingPaper",
            fields=[
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="papers.paper",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuthorText",
            fields=[
                ("rank", papers.models.search.RankField(primary_key=True, serialize=False)),
                ("words", models.TextField(blank=True)),
                (
                    "author",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="authors.author",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InstitutionText",
            fields=[
                ("rank", papers.models.search.RankField(primary_key=True, serialize=False)),
                ("words", models.TextField(blank=True)),
                (
                    "institution",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="authors.institution",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("t", "of titles"), ("n", "of people's names")], max_length=1)),
                ("word", models.CharField(max_length=40)),
                ("stem", models.CharField(max_length=40)),
                ("uses", models.PositiveIntegerField(help_text="About how many titles or people have it.")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "word"), name="search_word_once")],
            },
        ),
        migrations.CreateModel(
            name="PaperEntry",
            fields=[
                ("rank", papers.models.search.RankField(primary_key=True, serialize=False)),
                ("published", models.DateField(default="0001-01-01")),
                (
                    "oldest",
                    models.DateField(
                        default="9999-12-31", help_text="The date again; unknown dates come last in ascending order too."
                    ),
                ),
                ("year", models.SmallIntegerField(default=0)),
                ("citations", models.IntegerField(default=-1)),
                ("novelty", models.FloatField(default=-1)),
                ("ai_score", models.FloatField(default=-1)),
                ("title_key", models.CharField(blank=True, max_length=60)),
                ("has_code", models.BooleanField(default=False)),
                ("venue_id", models.BigIntegerField(default=0)),
                ("categories", models.TextField(blank=True)),
                ("institutions", models.TextField(blank=True)),
                ("authors", models.TextField(blank=True)),
                (
                    "paper",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="entry",
                        to="papers.paper",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("published"), descending=True),
                        models.OrderBy(models.F("paper"), descending=True),
                        name="entry_by_date",
                    ),
                    models.Index(fields=["oldest", "paper"], name="entry_by_age"),
                    models.Index(
                        models.OrderBy(models.F("citations"), descending=True),
                        models.OrderBy(models.F("paper"), descending=True),
                        name="entry_by_citations",
                    ),
                    models.Index(
                        models.OrderBy(models.F("novelty"), descending=True),
                        models.OrderBy(models.F("paper"), descending=True),
                        name="entry_by_novelty",
                    ),
                    models.Index(
                        models.OrderBy(models.F("ai_score"), descending=True),
                        models.OrderBy(models.F("paper"), descending=True),
                        name="entry_by_ai_score",
                    ),
                    models.Index(fields=["title_key", "paper"], name="entry_by_title"),
                ],
            },
        ),
        migrations.RunPython(create, remove),
    ]
