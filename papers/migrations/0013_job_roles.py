"""Everybody who may look into the admin sees the work in the background; who may change papers steers their own."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ["Viewers", "Editors", "Senior editors", "Administrators"]


def widen_roles(apps: Any, schema_editor: Any) -> None:
    config = apps.get_app_config("authors")
    config.models_module = True
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    config.models_module = None
    narrow_roles(apps, schema_editor)  # in a new database 0003 gave them all that it found
    view = apps.get_model("auth", "Permission").objects.get(content_type__app_label="authors", codename="view_job")
    for role in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):  # a role that somebody renamed is theirs
        role.permissions.add(view)


def narrow_roles(apps: Any, schema_editor: Any) -> None:
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    added = permission.objects.filter(content_type__app_label="authors", content_type__model="job")
    for role in group.objects.filter(name__in=ROLES):
        role.permissions.remove(*added)


class Migration(migrations.Migration):
    dependencies = [("papers", "0012_decisions"), ("authors", "0005_jobs")]
    operations = [migrations.RunPython(widen_roles, narrow_roles)]
