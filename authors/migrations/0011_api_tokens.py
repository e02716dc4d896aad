"""Tokens of the API; who makes them, and who sees everybody's."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import authors.models.token

MAKE = ["view_apitoken", "add_apitoken"]
MAY = {"Editors": MAKE, "Senior editors": MAKE, "Administrators": [*MAKE, "manage_apitokens"]}


def widen_roles(apps: Any, schema_editor: Any) -> None:
    config = apps.get_app_config("authors")
    config.models_module = True
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        for role in group.objects.filter(name=name):  # a role that somebody renamed is theirs
            role.permissions.add(*permission.objects.filter(content_type__app_label="authors", codename__in=codenames))


def narrow_roles(apps: Any, schema_editor: Any) -> None:
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    added = permission.objects.filter(content_type__app_label="authors", content_type__model="apitoken")
    for role in group.objects.filter(name__in=MAY):
        role.permissions.remove(*added)


class Migration(migrations.Migration):
    dependencies = [
        ("authors", "0010_top_lists"),
        ("papers", "0003_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="What uses it, and where: “nightly sync, library server”.", max_length=80)),
                ("prefix", models.CharField(editable=False, max_length=10, verbose_name="begins with")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "may_write",
                    models.BooleanField(
                        default=False,
                        help_text="It may change what you may change. Without this it may only read.",
                        verbose_name="may write",
                    ),
                ),
                (
                    "expires_on",
                    models.DateField(
                        blank=True,
                        default=authors.models.token.a_year_from_now,
                        help_text="Empty: until it is revoked.",
                        null=True,
                        verbose_name="last day",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="revoked")),
                ("revoked_by", models.CharField(blank=True, editable=False, max_length=150)),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "ordering": ["-id"],
                "permissions": [("manage_apitokens", "Can see and revoke everybody's API tokens")],
                "default_permissions": ("view", "add"),
            },
        ),
        migrations.RunPython(widen_roles, narrow_roles),
    ]
