import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Null is not computed yet: `manage.py refresh_metrics` does it for what is there already."""

    dependencies = [("papers", "0015_scores")]

    operations = [
        migrations.AddField("authormetrics", "papers_by_year", models.JSONField(null=True)),
        migrations.AddField("authormetrics", "citations_by_year", models.JSONField(null=True)),
        migrations.AddField("institutionmetrics", "h_index", models.PositiveIntegerField(null=True)),
        migrations.AddField("institutionmetrics", "i10_index", models.PositiveIntegerField(null=True)),
        migrations.AddField("institutionmetrics", "papers_by_year", models.JSONField(null=True)),
        migrations.AddField("institutionmetrics", "citations_by_year", models.JSONField(null=True)),
        migrations.AddField("venuemetrics", "h_index", models.PositiveIntegerField(null=True)),
        migrations.AddField("venuemetrics", "i10_index", models.PositiveIntegerField(null=True)),
        migrations.AddField("venuemetrics", "papers_by_year", models.JSONField(null=True)),
        migrations.AddField("venuemetrics", "citations_by_year", models.JSONField(null=True)),
        migrations.AddField("categorymetrics", "h_index", models.PositiveIntegerField(null=True)),
        migrations.AddField("categorymetrics", "i10_index", models.PositiveIntegerField(null=True)),
        migrations.AddField("categorymetrics", "papers_by_year", models.JSONField(null=True)),
        migrations.AddField("categorymetrics", "citations_by_year", models.JSONField(null=True)),
        migrations.CreateModel(
            name="InstitutionTally",
            fields=[
                ("papers_by_count", models.JSONField(default=dict)),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="authors.institution",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="VenueTally",
            fields=[
                ("papers_by_count", models.JSONField(default=dict)),
                (
                    "venue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="papers.venue",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="CategoryTally",
            fields=[
                ("papers_by_count", models.JSONField(default=dict)),
                (
                    "category",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="papers.category",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
