import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0014_harvest_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TextEncoder",
            fields=[
                ("version", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("method", models.CharField(max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("texts", models.PositiveIntegerField(help_text="How many texts it learnt from.")),
                ("content", models.BinaryField()),
                ("fitted_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-fitted_at"],
            },
        ),
        migrations.CreateModel(
            name="ScoreMark",
            fields=[
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="score_mark",
                        serialize=False,
                        to="papers.paper",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("excluded", "not scored, and counts in nobody's scores"), ("frozen", "keeps its scores")],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(help_text="Shown to visitors.", max_length=200)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mark on scores",
                "verbose_name_plural": "marks on scores",
            },
        ),
        migrations.CreateModel(
            name="ScoreRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("novelty_version", models.CharField(max_length=60)),
                ("ai_score_version", models.CharField(max_length=60)),
                ("weights", models.JSONField(default=dict)),
                ("papers", models.PositiveIntegerField(default=0)),
                ("scored", models.JSONField(default=dict)),
                ("unscored", models.JSONField(default=dict)),
                ("people", models.PositiveIntegerField(default=0)),
                ("institutions", models.PositiveIntegerField(default=0)),
                ("category_means", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "encoder",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="papers.textencoder",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PaperDistance",
            fields=[
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="distance",
                        serialize=False,
                        to="papers.paper",
                    ),
                ),
                ("digest", models.CharField(max_length=16)),
                (
                    "distance",
                    models.FloatField(help_text="Mean of 1 − similarity; null with too few earlier papers.", null=True),
                ),
                ("earlier", models.PositiveIntegerField(help_text="Earlier papers that it was compared with.")),
                ("least", models.FloatField(default=-1)),
                ("nearest", models.JSONField(default=list)),
                ("same_text", models.JSONField(default=list)),
                ("computed_at", models.DateTimeField()),
                (
                    "encoder",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="papers.textencoder"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="paperfigure",
            index=models.Index(
                condition=models.Q(("name", "novelty"), ("origin", "computed"), ("value", None)),
                fields=["subject"],
                name="paper_without_novelty",
            ),
        ),
    ]
