import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import authors.curation.harvests


class Migration(migrations.Migration):
    dependencies = [("authors", "0005_jobs"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Harvest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "people",
                    models.TextField(
                        help_text="One a line, at most 500. What stands behind a # is a note of yours.",
                        validators=[authors.curation.harvests.validate_people],
                        verbose_name="ORCID iDs or OpenAlex author ids",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("ask", "wait for a review"), ("straight", "go straight in")],
                        default="ask",
                        max_length=10,
                        verbose_name="what is new",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("published", "published"), ("draft", "drafts")],
                        default="published",
                        max_length=10,
                        verbose_name="new papers are",
                    ),
                ),
                (
                    "every_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="every … days",
                    ),
                ),
                (
                    "enabled",
                    models.BooleanField(default=True, help_text="Off: it runs only when somebody says so.", verbose_name="on"),
                ),
                ("last_run_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last run")),
                ("next_due_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="next due")),
                ("last_message", models.TextField(blank=True, editable=False)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Fetch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("P", "papers"), ("I", "institutions")], default="P", max_length=1)),
                ("asked", models.TextField(blank=True)),
                ("options", models.JSONField(blank=True, default=dict, help_text="What its import is told.")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "being fetched"), ("ready", "fetched"), ("left", "left out")],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("file", models.CharField(blank=True, help_text="Below VAR_DIR.", max_length=255)),
                ("fingerprint", models.CharField(blank=True, db_index=True, max_length=64)),
                ("count", models.PositiveIntegerField(default=0, verbose_name="records")),
                ("problems", models.JSONField(blank=True, default=list)),
                ("user_name", models.CharField(blank=True, max_length=150)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "harvest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="fetches",
                        to="authors.harvest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name_plural": "fetches", "ordering": ["-id"]},
        ),
    ]
