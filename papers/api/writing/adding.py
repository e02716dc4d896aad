"""POST to a list: a new record, by the rules, with the marks and the history of the admin's form."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from authors.curation.recording import Action, Recording
from papers.api.bodies import LARGEST
from papers.api.details import RecordDetail
from papers.api.lists import RecordList
from papers.api.parameters import error, read
from papers.api.problems import BadParameters, Conflict
from papers.api.writing.author_lines import authors_in
from papers.api.writing.base import (
    PROBLEMS,
    address_of,
    answered,
    asked_in,
    called,
    check_may,
    check_row,
    told_of_members,
    writing,
)
from papers.api.writing.members import Editable, texts_of
from papers.api.writing.once import once
from papers.api.writing.schema import WritingSchema
from papers.duplicates.finding import find_for
from papers.duplicates.scoring.points import LIKELY
from papers.tables.single import add, taken

BESIDE = ("though_alike", "reason")
NAMED = 5  # records that a refusal names


class AddingList(RecordList):
    """A list to which editors' tokens add. `editable` says what of a record there can be."""

    editable: ClassVar[Editable]
    schema = WritingSchema()
    writes = ("POST",)
    largest_body: ClassVar[int] = LARGEST
    write_problems: ClassVar[tuple[int, ...]] = tuple(status for status in (*PROBLEMS, 422) if status not in (404, 410))

    def one(self) -> RecordDetail:
        """The view that answers one of the records."""
        raise NotImplementedError

    @once
    def post(self, request: Request) -> Response:
        read(request.query_params, [])
        check_may(request, self.editable.to_add)
        body = asked_in(request, [*self.editable.for_new, "though_alike"], self.largest_body)
        though_alike = body.get("though_alike", False)
        if not isinstance(though_alike, bool):
            raise BadParameters([error("though_alike", "invalid", "“though_alike” is true or false.")])
        view: Any = self.one()
        view.request = request
        with writing(request, Action.ADD, body) as recording:
            given = {name: value for name, value in body.items() if name not in BESIDE}
            record = self._add(view, given, recording)
            if not though_alike:
                self._refuse_alike(view, record)
            recording.describe(Action.ADD, f"Added {called(record)}")
        return answered(view, self.editable.kind.model, record.pk, recording.change_set, 201)

    def _add(self, view: Any, given: Mapping[str, Any], recording: Recording) -> Any:
        editable = self.editable
        if not given.get(editable.main):
            raise BadParameters([error(editable.main, "missing", f"“{editable.main}” must be given.")])
        with told_of_members():
            texts = texts_of(editable.for_new, given, editable.kind.model())
            authors = authors_in(given)
            row = add(editable.kind, texts, recording)
            self._refuse_known(view, row)
            check_row(editable, row)
            recording.watch_new(editable.kind.letter, row.record.pk)
            authors.write(row.record)
        return row.record

    def _refuse_known(self, view: Any, row: Any) -> None:
        told, known = taken(row)
        if known:
            raise Conflict(f"{told} Nothing was added.", [address_of(view, type(one), one.pk) for one in known])

    def _refuse_alike(self, view: Any, record: Any) -> None:
        pairs = [pair for pair in find_for(record.letter, [record.pk]) if pair.score >= LIKELY][:NAMED]
        others = [pair.first_id if pair.second_id == record.pk else pair.second_id for pair in pairs]
        if others:
            named = ", ".join(f"{record.letter}{key}" for key in others)
            told = f"It looks like {named}. Nothing was added. If it is another one, say “though_alike”: true."
            raise Conflict(told, [address_of(view, type(record), key) for key in others])
