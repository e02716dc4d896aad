"""The shapes of what is written and answered, for the schema alone. What members a change may have: `members.py`."""

from functools import cache
from typing import Any

from rest_framework import serializers

from authors.curation.changes import ChangeSet
from papers.api.shapes import UNKNOWN, Shape
from papers.models import Paper

REASON: dict[str, Any] = {"required": False, "allow_null": True, "max_length": 300, "help_text": "Why, for the history."}


class ChangeMade(Shape):
    """One change of the history: what is undone as a whole."""

    id = serializers.IntegerField(min_value=1)
    action = serializers.ChoiceField(ChangeSet.Action.values)
    summary = serializers.CharField()
    reason = serializers.CharField(**UNKNOWN)
    made_at = serializers.DateTimeField()
    undo_url = serializers.URLField()


@cache
def written_of(record: type[Shape]) -> type[Shape]:
    """The record as it is now, and the change that made it so."""
    fields = {"change": ChangeMade(**UNKNOWN, help_text="Null when everything was so already."), "record": record()}
    about = "What was changed, and the record as it is now."
    return type(f"{record.__name__}Written", (Shape,), {**fields, "__doc__": about, "__module__": __name__})


class Undone(Shape):
    """The change that took the other one back."""

    change = ChangeMade()


class UndoAsked(Shape):
    """Why a change is taken back."""

    reason = serializers.CharField(**REASON)


class StateAsked(Shape):
    """What a paper is to be."""

    state = serializers.ChoiceField(Paper.State.values)
    reason = serializers.CharField(**REASON)


class MergeAsked(Shape):
    """Which record stays, and which goes into it. Ids are ours, or those of others with their prefix or as an address."""

    survivor = serializers.CharField(max_length=500)
    other = serializers.CharField(max_length=500)
    take = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Fields whose value comes from the other one."
    )
    though_both = serializers.BooleanField(required=False, help_text="Merge people who stand together on a paper.")
    reason = serializers.CharField(**REASON)
