"""Four roles: Viewers look, Editors add and change, Senior editors delete too, Administrators also manage the site.

What a role may do is the superusers' business: an administrator who could change roles could widen her own.
"""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

CATALOGUE = ("authors", "papers")
SITE_ONLY = {"siteidentity", "category"}  # what the site looks like and how it is divided: administrators' business
RECORDS = {"importrun", "importproblem", "provenance"}  # kept by the application: nobody adds or changes them by hand


def _permissions(apps: Any, actions: set[str], *, site: bool) -> list[Any]:
    permission = apps.get_model("auth", "Permission")
    found = permission.objects.filter(content_type__app_label__in=CATALOGUE).select_related("content_type")
    chosen = []
    for one in found:
        action, model = one.codename.split("_", 1)
        if action not in actions or (model in SITE_ONLY and action != "view" and not site):
            continue
        if model in RECORDS and action != "view":
            continue
        chosen.append(one)
    return chosen


def make_roles(apps: Any, schema_editor: Any) -> None:
    # Permissions are usually made after all migrations; the roles need them now.
    for label in (*CATALOGUE, "auth"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
        config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    of_accounts = permission.objects.filter(content_type__app_label="auth")
    accounts = [*of_accounts.filter(content_type__model="user"), *of_accounts.filter(codename="view_group")]
    view, edit, everything = {"view"}, {"view", "add", "change"}, {"view", "add", "change", "delete"}
    roles = {
        "Viewers": _permissions(apps, view, site=False),
        "Editors": _permissions(apps, edit, site=False),
        "Senior editors": _permissions(apps, everything, site=False),
        "Administrators": [*_permissions(apps, everything, site=True), *accounts],
    }
    for name, allowed in roles.items():
        role, _ = group.objects.get_or_create(name=name)
        role.permissions.set(allowed)


def drop_roles(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=["Viewers", "Editors", "Senior editors", "Administrators"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0002_arxiv_taxonomy"),
        ("authors", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, drop_roles)]
