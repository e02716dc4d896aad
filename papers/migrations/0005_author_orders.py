"""The orders of lists of people as indexes; whoever is public has figures, if only to say that there are no papers."""

from typing import Any

from django.db import migrations, models
from django.utils import timezone


def count_the_public(apps: Any, schema_editor: Any) -> None:
    authors, metrics = apps.get_model("authors", "Author"), apps.get_model("papers", "AuthorMetrics")
    lacking = authors.objects.filter(visibility="public", metrics=None).values_list("pk", flat=True)
    rows = [metrics(author_id=key, refreshed_at=timezone.now()) for key in lacking]
    metrics.objects.bulk_create(rows, batch_size=1_000)


class Migration(migrations.Migration):
    dependencies = [
        ("authors", "0001_initial"),
        ("papers", "0004_search_index"),
    ]

    operations = [
        migrations.RunPython(count_the_public, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="authormetrics",
            index=models.Index(
                models.OrderBy(
                    models.Func(
                        models.F("papers_count"), output_field=models.IntegerField(), template="COALESCE(%(expressions)s, -1)"
                    ),
                    descending=True,
                ),
                models.OrderBy(models.F("author"), descending=True),
                name="author_by_papers",
            ),
        ),
        migrations.AddIndex(
            model_name="authormetrics",
            index=models.Index(
                models.OrderBy(
                    models.Func(
                        models.F("citations"), output_field=models.IntegerField(), template="COALESCE(%(expressions)s, -1)"
                    ),
                    descending=True,
                ),
                models.OrderBy(models.F("author"), descending=True),
                name="author_by_citations",
            ),
        ),
    ]
