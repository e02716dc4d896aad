"""The JSON Schema of each kind, drawn from the tables that write its records."""

from typing import Any

from papers.snapshots.kinds import Kind
from papers.snapshots.tables import Table


def schema_of(kind: Kind) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.name,
        "description": f"{kind.about} One record a line.",
        **_object(kind.table),
    }


def _object(table: Table) -> dict[str, Any]:
    properties = {name: dict(form.schema) for name, form in table.forms.items()}
    for name, part in table.parts.items():
        shape = _object(part)
        properties[name] = {"anyOf": [shape, {"type": "null"}]} if part.single else {"type": "array", "items": shape}
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
