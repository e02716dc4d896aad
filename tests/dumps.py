"""Everything the catalogue says, to compare before and after: rows, figures, what the search index holds."""

from typing import Any

from django.apps import apps

# What merely says when, and the history itself.
LEFT_OUT = {"Change", "ChangeSet", "ChangedRecord", "CreatedRows", "SearchWord", "WaitingPaper"}
MOMENTS = {"updated_at", "refreshed_at"}


def dump() -> dict[str, list[Any]]:
    found = {}
    for label in ("authors", "papers"):
        for model in apps.get_app_config(label).get_models():
            if model.__name__ not in LEFT_OUT:
                columns = [field.attname for field in model._meta.concrete_fields if field.name not in MOMENTS]
                found[model.__name__] = sorted((tuple(row.items()) for row in model._base_manager.values(*columns)), key=str)
    return found
