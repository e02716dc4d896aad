"""Everybody who may look into the admin sees the score console; editors leave papers out of the scores."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

LOOK = ["view_scorerun", "view_scoremark"]
EDIT = [*LOOK, "add_scoremark", "change_scoremark"]
DELETE = [*EDIT, "delete_scoremark"]
ROLES = {"Viewers": LOOK, "Editors": EDIT, "Senior editors": DELETE, "Administrators": DELETE}
MODELS = ["scorerun", "scoremark", "paperdistance", "textencoder"]


def widen_roles(apps: Any, schema_editor: Any) -> None:
    config = apps.get_app_config("papers")
    config.models_module = True
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    config.models_module = None
    narrow_roles(apps, schema_editor)  # in a new database 0003 gave them all that it found
    permission = apps.get_model("auth", "Permission")
    for role in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):  # a role that somebody renamed is theirs
        found = permission.objects.filter(content_type__app_label="papers", codename__in=ROLES[role.name])
        role.permissions.add(*found)


def narrow_roles(apps: Any, schema_editor: Any) -> None:
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    added = permission.objects.filter(content_type__app_label="papers", content_type__model__in=MODELS)
    for role in group.objects.filter(name__in=ROLES):
        role.permissions.remove(*added)


class Migration(migrations.Migration):
    dependencies = [("papers", "0017_related"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(widen_roles, narrow_roles)]
