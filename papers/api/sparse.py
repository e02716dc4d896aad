"""`select` and `omit`: of each record only some fields, `authorships.author.id` meaning a field within fields."""

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.serializers import PolymorphicProxySerializerExtension
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from papers.api.parameters import Parameter, error, hint, shortened
from papers.api.shapes import Shape

MOST, LONGEST = 60, 1_000
NAMES = {"type": "string", "pattern": r"^[a-z0-9_.]+(,[a-z0-9_.]+)*$", "maxLength": LONGEST}
PARAMETERS = [
    Parameter("select", "Only these fields of a record, with commas between them; `a.b` is the field b within a.", NAMES),
    Parameter("omit", "All fields of a record but these, written as for `select`.", NAMES),
]
Tree = dict[str, "Tree"]


class Sparsely:
    """What to keep of records, or to leave out."""

    def __init__(self, values: Mapping[str, str], shape: type[Shape]) -> None:
        self.errors: list[dict[str, Any]] = []
        self.kept = self._tree("select", values, shape)
        self.left_out = self._tree("omit", values, shape)

    def _tree(self, name: str, values: Mapping[str, str], shape: type[Shape]) -> Tree:
        tree: Tree = {}
        paths = [path.strip() for path in values.get(name, "").split(",") if path.strip()]
        if name in values and not (0 < len(paths) <= MOST and len(values[name]) <= LONGEST):
            told = f"“{name}” takes from 1 to {MOST} names of fields, at most {LONGEST:,} characters."
            self.errors.append(error(name, "invalid", told))
        for path in paths[:MOST]:
            if wrong := _fault(name, path, shape):
                self.errors.append(wrong)
            branch = tree
            for part in path.split("."):
                branch = branch.setdefault(part, {})
        return tree

    @property
    def names(self) -> frozenset[str] | None:
        """The fields of a record of which anything is wanted; None is all."""
        if not self.kept:
            return None
        return frozenset(name for name in self.kept if self.left_out.get(name) != {})

    def written(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [_only(record, self.kept) for record in records] if self.kept else records
        return [_without(record, self.left_out) for record in kept] if self.left_out else kept


def _only(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_only(each, tree) for each in value]
    if not tree or not isinstance(value, dict):
        return value
    return {name: _only(value[name], rest) for name, rest in tree.items() if name in value}


def _without(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_without(each, tree) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _without(each, tree.get(name, {})) for name, each in value.items() if tree.get(name) != {}}


@cache
def _fields_of(shape: type[Shape]) -> Mapping[str, Any]:
    """Making a serializer's fields takes as long as fetching a page of records."""
    return shape().fields


def _fault(name: str, path: str, shape: type[Shape]) -> dict[str, Any] | None:
    """The first part of the path that is no field; of an object with names of its own every name is one."""
    fields: Mapping[str, Any] | None = _fields_of(shape)
    for part in path.split("."):
        if fields is None:
            return None
        if part not in fields:
            known = list(fields)
            told = f"{hint(part, known)} Valid are: {', '.join(known) or 'none within it'}."
            return error(name, "unknown_value", f"{name}: “{shortened(path)}” is not a field.{told}", known)
        field = fields[part]
        inner = getattr(field, "child", field) if isinstance(field, serializers.ListSerializer) else field
        fields = None if isinstance(inner, serializers.DictField) else getattr(inner, "fields", {})
    return None


# --- In the schema -----------------------------------------------------------------------------------------------------------


@cache
def sparse(shape: type[Shape]) -> type[Shape]:
    """The same fields, none of which must be there."""
    fields = {name: _optional(field) for name, field in shape._declared_fields.items()}  # inherited ones too
    about = "What `select` or `omit` leave of a record."
    return type(f"Sparse{shape.__name__}", (Shape,), {**fields, "__doc__": about, "__module__": __name__})


def _optional(field: Any) -> Any:
    twin = copy(field)
    twin.required, twin._kwargs = False, {**field._kwargs, "required": False}
    return twin


class AnyOf(PolymorphicProxySerializer):
    """One or several of some shapes, where the usual proxy says exactly one: with everything selected a record fits both."""

    def __init__(self, name: str, shapes: Iterable[type[Shape]]) -> None:
        super().__init__(name, list(shapes), resource_type_field_name=None, many=False)


class AnyOfExtension(PolymorphicProxySerializerExtension, OpenApiSerializerExtension):
    target_class = "papers.api.sparse.AnyOf"

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        return {"anyOf": super().map_serializer(auto_schema, direction)["oneOf"]}
