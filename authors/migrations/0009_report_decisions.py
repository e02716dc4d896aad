"""What editors answer to reports has a history; who did is known by name, also when the account is gone."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

COLUMNS = ("assignee", "decided_by")


def keep_names(apps: Any, schema_editor: Any) -> None:
    app, _, model = settings.AUTH_USER_MODEL.partition(".")
    account = apps.get_model(app, model)
    for column in COLUMNS:
        name = account.objects.filter(pk=OuterRef(f"former_{column}")).values("username")[:1]
        apps.get_model("authors", "Report").objects.update(**{column: Coalesce(Subquery(name), Value(""))})


class Migration(migrations.Migration):
    dependencies = [
        ("authors", "0008_editors_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(migrations.RenameField("report", column, f"former_{column}") for column in COLUMNS),
        *(
            migrations.AddField("report", column, models.CharField(blank=True, db_default="", default="", max_length=150))
            for column in COLUMNS
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
        *(migrations.RemoveField("report", f"former_{column}") for column in COLUMNS),
    ]
