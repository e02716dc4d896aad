"""The queue of likely duplicates: Viewers look, Editors and above decide."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

MAY = {
    "Viewers": ["view_likelyduplicate"],
    "Editors": ["view_likelyduplicate", "change_likelyduplicate"],
    "Senior editors": ["view_likelyduplicate", "change_likelyduplicate"],
    "Administrators": ["view_likelyduplicate", "change_likelyduplicate"],
}


def widen_roles(apps: Any, schema_editor: Any) -> None:
    config = apps.get_app_config("papers")
    config.models_module = True
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        for role in group.objects.filter(name=name):  # a role that somebody renamed is theirs
            role.permissions.add(*permission.objects.filter(content_type__app_label="papers", codename__in=codenames))


def narrow_roles(apps: Any, schema_editor: Any) -> None:
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    added = permission.objects.filter(content_type__app_label="papers", content_type__model="likelyduplicate")
    for role in group.objects.filter(name__in=MAY):
        role.permissions.remove(*added)


class Migration(migrations.Migration):
    dependencies = [("papers", "0007_curation_roles"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="LikelyDuplicate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("A", "author"), ("P", "paper"), ("I", "institution")], max_length=1)),
                ("first_id", models.PositiveBigIntegerField()),
                ("second_id", models.PositiveBigIntegerField()),
                ("score", models.PositiveSmallIntegerField()),
                ("evidence", models.JSONField(default=list)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("", "open"), ("apart", "kept apart"), ("later", "put off")],
                        default="",
                        max_length=5,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("found_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["decision", "-score", "id"],
                "default_permissions": ("view", "change"),
                "indexes": [
                    models.Index(
                        models.F("decision"),
                        models.OrderBy(models.F("score"), descending=True),
                        models.F("id"),
                        name="likely_duplicate_rank",
                    ),
                    models.Index(
                        models.F("kind"),
                        models.F("decision"),
                        models.OrderBy(models.F("score"), descending=True),
                        models.F("id"),
                        name="likely_duplicate_of_kind",
                    ),
                    models.Index(fields=["kind", "second_id"], name="likely_duplicate_second"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "first_id", "second_id"), name="likely_duplicate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first_id__lt", models.F("second_id"))), name="likely_duplicate_in_order"
                    ),
                ],
            },
        ),
        migrations.RunPython(widen_roles, narrow_roles),
    ]
