"""Many records by their ids in one answer, each with what became of it: one bad id spoils nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from authors.curation.models import Redirect
from papers.api.bodies import Posted, body_of, text_of
from papers.api.details import RecordDetail
from papers.api.endpoints import Records
from papers.api.listed_ids import ids_in
from papers.api.naming import keys_of, meant_by
from papers.api.parameters import Parameter, error, is_text, read
from papers.api.posted_shapes import BatchAsked, batch_of
from papers.api.problems import BadParameters
from papers.api.sparse import PARAMETERS as FIELDS_WANTED
from papers.api.sparse import AnyOf, Sparsely, sparse

MOST, MOST_POSTED = 100, 1_000
LONGEST = 500
IDS = Parameter(
    "ids", f"Ids of records, with `,` or `|` between them, at most {MOST}: ours, or those of others with their prefix or as an"
    " address. An id that holds one of the two signs can only be asked for by POST.",
    {"type": "string", "pattern": r"[^,|\s]"}, required=True,
)  # fmt: skip


class RecordBatch(Posted, Records):
    """`of` are the views of one record: what is public, and what stood here once."""

    of: ClassVar[type[RecordDetail]]
    listed: ClassVar[type[Records]]
    asks = BatchAsked
    more = "Each id gets its own answer: `found`, `merged` (with the record that took it in), `gone` or `not_found`."

    @classmethod
    def answer_shape(cls) -> Any:
        return AnyOf(f"{cls.shape.__name__}BatchAnswer", [batch_of(cls.shape), batch_of(sparse(cls.shape))])

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return [IDS, *FIELDS_WANTED]

    def get(self, request: Request) -> Response:
        values = read(request.query_params, self.parameters())
        return self.answer(ids_in(values["ids"]), values, MOST)

    def post(self, request: Request) -> Response:
        read(request.query_params, [])
        body = body_of(request, ("ids", "select", "omit"))
        wanted = {name: text for name in ("select", "omit") if (text := text_of(body, name))}
        return self.answer(body.get("ids"), wanted, MOST_POSTED)

    def answer(self, ids: Any, wanted: Mapping[str, str], most: int) -> Response:
        fields = Sparsely(wanted, self.shape)
        errors = _faults(ids, most) + fields.errors
        if errors:
            raise BadParameters(errors)
        view: Any = self.of()
        view.request = self.request
        found = _found(view, self.listed().with_parts, list(dict.fromkeys(ids)))
        records = dict(zip(found.rows, fields.written(self.written(list(found.rows.values()))), strict=True))
        results = [{**found.told[given], "record": records.get(found.meant[given] or 0)} for given in dict.fromkeys(ids)]
        return Response({"meta": {"count": len(results)}, "results": results})


def _faults(ids: Any, most: int) -> list[dict[str, Any]]:
    if not isinstance(ids, list) or not ids or not all(isinstance(each, str) for each in ids):
        return [error("ids", "invalid", "“ids” must be a list of texts that is not empty.")]
    if len(ids) > most:
        return [error("ids", "too_many", f"At most {most:,} ids at once, not {len(ids):,}.")]
    if not all(is_text(each) and each.strip() and len(each) <= LONGEST for each in ids):
        return [error("ids", "invalid", f"An id is text of 1 to {LONGEST} characters.")]
    return []


class _Found:
    """By key the rows to show; by given id the key of its row and what is told of it."""

    def __init__(self) -> None:
        self.rows: dict[int, Any] = {}
        self.meant: dict[str, int | None] = {}
        self.told: dict[str, dict[str, Any]] = {}


def _found(view: Any, with_parts: Any, ids: Sequence[str]) -> _Found:
    """A bounded number of queries: the identifiers of each scheme, redirects, rows with their parts, those withdrawn."""
    found, letter = _Found(), view.letter
    meant = meant_by(letter, ids)
    by_identifier = keys_of(letter, [each for each in meant.values() if isinstance(each, tuple)])
    keys = {text: each if isinstance(each, int) else by_identifier.get(each) if each else None for text, each in meant.items()}
    asked = {key for key in keys.values() if key}
    moved = dict(Redirect.objects.filter(kind=letter, old_id__in=asked).values_list("old_id", "target_id"))
    shown = asked | {target for target in moved.values() if target}
    found.rows = {row.pk: row for row in with_parts(view.visible().filter(pk__in=shown))}
    gone = set(view.withdrawn().filter(pk__in=shown - found.rows.keys()).values_list("pk", flat=True))
    for text, key in keys.items():
        target = key if key in found.rows else moved.get(key) if key else None
        found.meant[text] = target
        is_gone = key in gone or target in gone or (key in moved and moved[key] is None)
        status = _status(here=target in found.rows, same=target == key, gone=is_gone)
        found.told[text] = {"asked": text, "status": status, "code": CODES[status]}
    return found


def _status(*, here: bool, same: bool, gone: bool) -> str:
    if here:
        return "found" if same else "merged"
    return "gone" if gone else "not_found"


CODES = {"found": 200, "merged": 301, "gone": 410, "not_found": 404}
