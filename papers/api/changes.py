"""The feed of changes: for whoever keeps a copy of the catalogue."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from authors.api.views import AuthorDetail, InstitutionDetail
from authors.curation.models import Redirect
from authors.curation.public_ids import LETTERS
from papers.api.endpoints import Endpoint
from papers.api.parameters import Parameter, error, read, shortened
from papers.api.posted_shapes import Changes as ChangesShape
from papers.api.problems import BadParameters, Busy
from papers.api.values import instant
from papers.api.views import PaperDetail, VenueDetail
from papers.changefeed import SCOPE, Changed, Place, Unsettled, changes_after, place_now
from papers.cursors import BadCursor, read_cursor, write_cursor
from papers.models import GonePaper

USUAL, LARGEST = 200, 1_000
BEGIN, NOW = "*", "now"
DETAILS: dict[str, Any] = {"P": PaperDetail, "A": AuthorDetail, "I": InstitutionDetail, "V": VenueDetail}


class ChangeFeed(Endpoint):
    tag, operation = "changes", "list_changes"
    summary = "What was added, changed, merged and removed since a place in the history"
    more = (
        "Begin with `cursor=now`, copy the lists, then ask with the last `meta.next_cursor`, today and for ever."
        " A record may come again; each time ask for it as it is now, or remove it."
    )
    shape = ChangesShape
    cache_control = "no-cache"
    example: ClassVar[dict[str, Any]] = {
        "meta": {"count": 1, "more": False, "next_cursor": "WyJjaGFuZ2VzIiw5LDFd:1x:abc"},
        "results": [{"id": "P34", "entity": "paper", "op": "merge", "merged_into": "P12", "at": "2026-11-12T08:30:00Z"}],
    }

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return [
            Parameter(
                "cursor", "The last answer\'s `meta.next_cursor`; `*` is the beginning of the history, `now` its end.",
                {"type": "string", "pattern": r"^(\*|now|[.A-Za-z0-9_:-]+)$", "default": BEGIN},
            ),
            Parameter(
                "limit", "How many changes are read at most; a record that changed several times comes once.",
                {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": USUAL},
            ),
        ]  # fmt: skip

    def get(self, request: Request) -> Response:
        values = read(request.query_params, self.parameters())
        limit = values.get("limit", str(USUAL))
        if not (limit.isascii() and limit.isdecimal() and len(limit) < 5 and 1 <= int(limit) <= LARGEST):
            told = f"“limit” takes a whole number from 1 to {LARGEST}, not “{shortened(limit)}”."
            raise BadParameters([error("limit", "invalid", told)])
        found, after, more = self._read(values.get("cursor", BEGIN), int(limit))
        results = written(found)
        following = write_cursor(after.values, of=SCOPE)
        return Response({"meta": {"count": len(results), "more": more, "next_cursor": following}, "results": results})

    def _read(self, cursor: str, limit: int) -> tuple[list[Changed], Place, bool]:
        try:
            if cursor == NOW:
                return [], place_now(), False
            return changes_after(Place() if cursor == BEGIN else Place.of(read_cursor(cursor, of=SCOPE)), limit)
        except BadCursor as wrong:
            told = f"{wrong} Begin with “*” or “now”, then give each answer's “next_cursor”."
            raise BadParameters([error("cursor", "invalid", told)]) from wrong
        except Unsettled as wrong:
            raise Busy("The catalogue is being written to; ask again soon.") from wrong


def written(found: Sequence[Changed]) -> list[dict[str, Any]]:
    """As the public may see it: records that it never saw are left out."""
    keys: dict[str, list[int]] = defaultdict(list)
    for each in found:
        keys[each.kind].append(each.key)
    states = {kind: _States(kind, of_kind) for kind, of_kind in keys.items() if kind in DETAILS}
    told = ((each, *states[each.kind].of(each)) for each in found if each.kind in states)
    return [
        {
            "id": f"{each.kind}{each.key}", "entity": LETTERS[each.kind], "op": op,
            "merged_into": f"{each.kind}{target}" if target else None, "at": instant(each.at),
        }
        for each, op, target in told
        if op
    ]  # fmt: skip


class _States:
    """What became of records of one kind, in four queries."""

    def __init__(self, kind: str, keys: Sequence[int]) -> None:
        view = DETAILS[kind]()
        moved = dict(Redirect.objects.filter(kind=kind, old_id__in=keys).values_list("old_id", "target_id"))
        targets = {target for target in moved.values() if target}
        self.visible = set(view.visible().filter(pk__in=targets.union(keys)).values_list("pk", flat=True))
        self.moved = {old: target for old, target in moved.items() if target in self.visible}
        self.kind, self.gone = kind, {old for old, target in moved.items() if target is None}
        if kind == "P":
            self.gone |= set(view.withdrawn().filter(pk__in=keys).values_list("pk", flat=True))
            self.gone |= set(GonePaper.objects.filter(paper_id__in=keys).values_list("paper_id", flat=True))

    def of(self, each: Changed) -> tuple[str, int | None]:
        """What happened, "" for nothing that the public saw, and the record that took it in. Of drafts nothing is told."""
        if each.key in self.visible:
            return "create" if each.is_new else "update", None
        if each.key in self.moved:
            return "merge", self.moved[each.key]
        removed = each.key in self.gone or (self.kind != "P" and not each.is_new)
        return "delete" if removed else "", None
