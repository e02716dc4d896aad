"""Harvesters read papers in the order of their changes, and are told of those that are gone."""

from collections.abc import Iterable
from typing import Any

from django.db import migrations, models


def remember(apps: Any, schema_editor: Any) -> None:
    """What is known of papers that left before: those withdrawn, merged and deleted."""
    gone = apps.get_model("papers", "GonePaper")
    redirects = apps.get_model("authors", "Redirect").objects.filter(kind="P").values_list("old_id", "created_at")
    gone.objects.bulk_create((gone(paper_id=key, since=since) for key, since in redirects.iterator()), batch_size=500)
    withdrawn = apps.get_model("papers", "Paper").objects.filter(state="withdrawn").values_list(
        "pk", "updated_at", "primary_category"
    )  # fmt: skip
    gone.objects.bulk_create(
        (gone(paper_id=key, since=since, sets=_sets(apps, key, primary)) for key, since, primary in withdrawn),
        batch_size=500,
        ignore_conflicts=True,
    )


def _sets(apps: Any, key: int, primary: str | None) -> str:
    further = apps.get_model("papers", "PaperCategory").objects.filter(paper=key).values_list("category", flat=True)
    places = apps.get_model("papers", "PaperInstitution").objects.filter(paper=key).values_list("institution", flat=True)
    codes = sorted({*further, *([primary] if primary else [])})
    return _in_order([*map(_category, codes), *(f"institution:I{place}" for place in sorted(places))])


def _category(code: str) -> str:
    archive, dot, _ = code.partition(".")
    return f"category:{archive}:{code}" if dot else f"category:{code}"


def _in_order(specs: Iterable[str]) -> str:
    return f" {' '.join(specs)} "


class Migration(migrations.Migration):
    dependencies = [("papers", "0019_link_checks"), ("authors", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="GonePaper",
            fields=[
                ("paper_id", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("sets", models.TextField(blank=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["since", "paper_id"], name="gone_paper_since")],
            },
        ),
        migrations.AddIndex("paper", models.Index(fields=["updated_at", "id", "state"], name="paper_by_change")),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
