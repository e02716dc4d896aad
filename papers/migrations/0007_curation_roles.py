"""Who sees the history, who undoes, who merges: Editors undo what they did themselves, Senior editors the rest too."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

MAY = {
    "Viewers": ["view_changeset"],
    "Editors": ["view_changeset", "undo_own"],
    "Senior editors": ["view_changeset", "undo_own", "undo_others", "merge_records"],
    "Administrators": ["view_changeset", "undo_own", "undo_others", "merge_records"],
}


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
    added = permission.objects.filter(content_type__app_label="authors", content_type__model="changeset")
    for role in group.objects.filter(name__in=MAY):
        role.permissions.remove(*added)


class Migration(migrations.Migration):
    dependencies = [("papers", "0006_drop_unused_orders"), ("authors", "0002_change_sets")]
    operations = [migrations.RunPython(widen_roles, narrow_roles)]
