"""Who sees harvests and what they fetched, who keeps them, who deletes them."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDIT = ["view_fetch", "view_harvest", "add_harvest", "change_harvest"]
MAY = {
    "Viewers": ["view_fetch", "view_harvest"],
    "Editors": EDIT,
    "Senior editors": [*EDIT, "delete_harvest"],
    "Administrators": [*EDIT, "delete_harvest"],
}


def widen_roles(apps: Any, schema_editor: Any) -> None:
    config = apps.get_app_config("authors")
    config.models_module = True
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    config.models_module = None
    narrow_roles(apps, schema_editor)  # in a new database 0003 gave them all that it found
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        for role in group.objects.filter(name=name):  # a role that somebody renamed is theirs
            role.permissions.add(*permission.objects.filter(content_type__app_label="authors", codename__in=codenames))


def narrow_roles(apps: Any, schema_editor: Any) -> None:
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    added = permission.objects.filter(content_type__app_label="authors", content_type__model__in=["harvest", "fetch"])
    for role in group.objects.filter(name__in=MAY):
        role.permissions.remove(*added)


class Migration(migrations.Migration):
    dependencies = [("papers", "0013_job_roles"), ("authors", "0006_harvests")]
    operations = [migrations.RunPython(widen_roles, narrow_roles)]
