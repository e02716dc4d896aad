"""What the API says of itself and of the site: how much one may still ask, how fresh the data are, which fields there are."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Max
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from authors.api.views import AuthorList, InstitutionList
from authors.curation.changes import ChangeSet
from authors.curation.models import ImportRun
from papers.api.endpoints import Endpoint
from papers.api.examples import SITE
from papers.api.grouping import GROUPS
from papers.api.list_fields import ListFields
from papers.api.lists import RecordList
from papers.api.paper_fields import FIELDS
from papers.api.parameters import read
from papers.api.shapes import UNKNOWN, Shape
from papers.api.values import instant
from papers.api.views import CategoryList, PaperList, VenueList
from papers.models import ScoreRun
from papers.search.finding import total
from papers.snapshots.shelf import snapshots

LISTS: tuple[type[RecordList], ...] = (PaperList, AuthorList, InstitutionList, VenueList, CategoryList)


# --- how often -------------------------------------------------------------------------------------------------------------


class RateLeft(Shape):
    name = serializers.CharField(help_text="The window.")
    limit = serializers.IntegerField(min_value=0, help_text="Requests in a window.")
    remaining = serializers.IntegerField(min_value=0)
    window_seconds = serializers.IntegerField(min_value=1)
    reset_seconds = serializers.IntegerField(min_value=0, help_text="Until the window ends.")


class RateLimitShape(Shape):
    """What one address, or one token, may still ask."""

    of = serializers.ChoiceField(["address", "token"])
    limits = RateLeft(many=True, help_text="Empty where nothing is limited.")


class RateLimit(Endpoint):
    tag, operation = "about", "get_rate_limit"
    summary = "How much you may still ask"
    more = "The headers RateLimit-Policy and RateLimit of every answer say the same; to ask here counts as one request."
    shape = RateLimitShape
    cache_control = "no-store"
    example: ClassVar[dict[str, Any]] = {
        "of": "address",
        "limits": [{"name": "second", "limit": 20, "remaining": 19, "window_seconds": 1, "reset_seconds": 1}],
    }

    def get(self, request: Request) -> Response:
        read(request.query_params, [])
        limits = [
            {"name": each.rate.name, "limit": each.rate.most, "remaining": max(0, each.left),
             "window_seconds": each.rate.seconds, "reset_seconds": each.ends}
            for each in self.spent
        ]  # fmt: skip
        return Response({"of": "token" if request.auth else "address", "limits": limits})


# --- how fresh -------------------------------------------------------------------------------------------------------------


class StatusShape(Shape):
    """That the site answers, and of when its data are. What never was is null."""

    status = serializers.CharField(help_text="“ok”; who cannot be asked answers 503.")
    papers_count = serializers.IntegerField(min_value=0, help_text="Published papers, as of the last minute.")
    changed_at = serializers.DateTimeField(**UNKNOWN, help_text="Of the last change of any record.")
    imported_at = serializers.DateTimeField(**UNKNOWN, help_text="When the last import ended.")
    scored_at = serializers.DateTimeField(**UNKNOWN, help_text="When scores were computed last.")
    snapshot = serializers.DateField(**UNKNOWN, help_text="The newest snapshot.")


class Status(Endpoint):
    tag, operation = "about", "get_status"
    summary = "Whether the site is well, and how fresh its data are"
    shape = StatusShape
    cache_control = "no-store"
    example: ClassVar[dict[str, Any]] = {
        "status": "ok", "papers_count": 310, "changed_at": "2026-11-12T09:00:00Z", "imported_at": "2026-11-11T22:00:00Z",
        "scored_at": "2026-11-12T03:00:00Z", "snapshot": "2026-11-12",
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        read(request.query_params, [])
        changed = ChangeSet.objects.order_by("-pk").values_list("made_at", flat=True).first()
        ended = ImportRun.objects.filter(state=ImportRun.State.DONE).aggregate(last=Max("finished_at"))["last"]
        scored = ScoreRun.objects.exclude(finished_at=None).order_by("-pk").values_list("finished_at", flat=True).first()
        moments = {"changed_at": changed, "imported_at": ended, "scored_at": scored}
        told = {name: instant(moment) if moment else None for name, moment in moments.items()}
        newest = next(iter(snapshots()), None)
        return Response({"status": "ok", "papers_count": total(), **told, "snapshot": newest and newest.name})


# --- which fields ----------------------------------------------------------------------------------------------------------


class PropertiesOf(Shape):
    """What can be asked of one list."""

    url = serializers.URLField()
    fields: Any = serializers.ListField(child=serializers.CharField(), help_text="Of a record: for `select` and `omit`.")
    parameters = serializers.ListField(child=serializers.CharField())
    filters = serializers.ListField(child=serializers.CharField(), help_text="For `filter=`.")
    sorts = serializers.ListField(child=serializers.CharField())
    groups = serializers.ListField(child=serializers.CharField(), help_text="For `group_by` and `facets`.")


class Properties(Endpoint):
    tag, operation = "about", "get_properties"
    summary = "Every field, filter, order and group, by list"
    more = "The same as the schema tells, in short: compare it from time to time to hear what is new."
    example: ClassVar[dict[str, Any]] = {
        list_of.tag: {
            "url": f"{SITE}/api/v1/{list_of.tag}", "fields": ["id"], "parameters": ["sort"], "filters": ["search"],
            "sorts": ["display_name"], "groups": [],
        }
        for list_of in LISTS
    }  # fmt: skip
    shape: ClassVar[type[Shape]] = type(
        "PropertiesShape", (Shape,),
        {**{each.tag: PropertiesOf() for each in LISTS}, "__doc__": "What can be asked, by list.", "__module__": __name__},
    )  # fmt: skip

    def get(self, request: Request) -> Response:
        read(request.query_params, [])
        return Response({each.tag: _properties(each, f"{self.site}/api/v1/{each.tag}") for each in LISTS})


def _properties(view: type[RecordList], url: str) -> dict[str, Any]:
    is_papers = view is PaperList
    filters: Iterable[str] = FIELDS if is_papers else ListFields(view, view.numbers).names
    return {
        "url": url,
        "fields": list(view.shape().fields),
        "parameters": [parameter.name for parameter in view.parameters()],
        "filters": list(filters),
        "sorts": list(view.sorts),
        "groups": list(GROUPS) if is_papers else [],
    }
