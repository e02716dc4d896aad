from typing import Any

import django.db.models.deletion
from django.db import migrations, models

AT_ONCE = 500  # papers, with ten pairs each


def fill(apps: Any, schema_editor: Any) -> None:
    """Pairs of the distances that were computed before."""
    distances, pairs = apps.get_model("papers", "PaperDistance"), apps.get_model("papers", "NearestEarlier")
    rows = distances.objects.order_by("pk").values_list("pk", "nearest")
    after = 0
    while some := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        after = some[-1][0]
        found = (pairs(paper_id=paper, earlier_id=other, similarity=s) for paper, nearest in some for other, s in nearest)
        pairs.objects.bulk_create(found)


class Migration(migrations.Migration):
    dependencies = [("papers", "0016_series")]

    operations = [
        migrations.CreateModel(
            name="NearestEarlier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("similarity", models.FloatField()),
                (
                    "earlier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="papers.paper",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairs",
                        to="papers.paperdistance",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("paper", "earlier"), name="nearest_earlier_once")],
                "indexes": [models.Index(fields=["earlier", "-similarity", "paper"], name="nearest_later")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
