"""The shapes of what is asked for by many ids, by a tree of conditions, and of the feed of changes, for the schema alone."""

from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from papers.api.pagination import CURSOR
from papers.api.parameters import TEXT
from papers.api.shapes import UNKNOWN, Shape
from papers.api.sparse import LONGEST, NAMES

SEVERAL = {"type": "array", "minItems": 1, "items": {"type": "object"}}
TREE = {
    "type": "object", "minProperties": 1, "maxProperties": 2, "additionalProperties": False,
    "description": "One of `all`, `any` and `not`, holding conditions or trees; or a condition, of `field` and `value`.",
    "properties": {
        "all": SEVERAL, "any": SEVERAL, "not": {"type": "object"}, "field": {"type": "string"},
        "value": {"description": "A text, number, true, false, null, or a list of texts."},
    },
}  # fmt: skip


def _names(about: str) -> serializers.RegexField:
    """`select` and `omit`."""
    return serializers.RegexField(str(NAMES["pattern"]), max_length=LONGEST, required=False, help_text=about)


@extend_schema_field(TREE)
class Where(serializers.JSONField):
    """A tree of conditions."""


class BatchMeta(Shape):
    count = serializers.IntegerField(min_value=1)


class BatchAsked(Shape):
    """Ids of records, ours or those of others with their prefix or as an address."""

    ids = serializers.ListField(child=serializers.RegexField(TEXT, max_length=500), min_length=1, max_length=1_000)
    select = _names("Only these fields of each record, with commas between them.")
    omit = _names("All fields of each record but these.")


@cache
def batch_of(record: type[Shape]) -> type[Shape]:
    """The shape of records asked for by ids."""
    of_one = {
        "asked": serializers.CharField(help_text="The id as it was given."),
        "status": serializers.ChoiceField(["found", "merged", "gone", "not_found"]),
        "code": serializers.ChoiceField([200, 301, 410, 404], help_text="What the address of the record answers."),
        "record": record(**UNKNOWN),
    }
    row = type(f"{record.__name__}Asked", (Shape,), {**of_one, "__doc__": "What became of one id.", "__module__": __name__})
    fields = {"meta": BatchMeta(), "results": row(many=True)}
    return type(f"{record.__name__}Batch", (Shape,), {**fields, "__doc__": "One answer for each id.", "__module__": __name__})


class SearchAsked(Shape):
    """A search by a tree of conditions. What else is the same as the parameters of the list."""

    entity = serializers.ChoiceField(["papers"], required=False)
    where: Any = Where()
    search = serializers.RegexField(TEXT, required=False, max_length=1_000)
    sort = serializers.RegexField(r"^[a-z_]+(:(asc|desc))?(,[a-z_]+(:(asc|desc))?)*$", required=False)
    select = _names("Only these fields of each record, with commas between them.")
    omit = _names("All fields of each record but these.")
    page = serializers.IntegerField(required=False, min_value=1)
    per_page = serializers.IntegerField(required=False, min_value=1, max_value=200)
    cursor = serializers.RegexField(CURSOR, required=False)
    count = serializers.ChoiceField(["exact", "none"], required=False)


class Changed(Shape):
    """A record that is not as it was. `merge` names the record that took it in."""

    id = serializers.CharField()
    entity = serializers.ChoiceField(["paper", "author", "institution", "venue"])
    op = serializers.ChoiceField(["create", "update", "merge", "delete"])
    merged_into = serializers.CharField(**UNKNOWN)
    at = serializers.DateTimeField(help_text="When the change began; an import is one change, however long it takes.")


class ChangesMeta(Shape):
    count = serializers.IntegerField(min_value=0, help_text="Of the changes in this answer.")
    more = serializers.BooleanField(help_text="Whether further ones are known already: ask again at once.")
    next_cursor = serializers.CharField(help_text="Where to go on, now or another day; there always is one.")


class Changes(Shape):
    meta = ChangesMeta()
    results = Changed(many=True)
