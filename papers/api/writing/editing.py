"""PATCH of a record: the fields that its table has, checked as the admin checks them."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from authors.curation.recording import Action
from papers.api.bodies import LARGEST
from papers.api.details import RecordDetail
from papers.api.parameters import read
from papers.api.writing.author_lines import authors_in
from papers.api.writing.base import (
    PROBLEMS,
    answered,
    asked_in,
    called,
    check_may,
    check_row,
    check_version,
    key_in,
    record_of,
    told_of_members,
    writing,
)
from papers.api.writing.members import Editable, texts_of
from papers.api.writing.schema import WritingSchema
from papers.tables.single import edit


class MergePatchParser(JSONParser):
    media_type = "application/merge-patch+json"


class EditedDetail(RecordDetail):
    """One record, which editors' tokens change. `editable` says what of it."""

    editable: ClassVar[Editable]
    schema = WritingSchema()
    writes = ("PATCH",)
    parser_classes = [JSONParser, MergePatchParser]
    largest_body: ClassVar[int] = LARGEST
    write_problems: ClassVar[tuple[int, ...]] = (*PROBLEMS, 412, 428)

    def patch(self, request: Request, id: str) -> Response:  # noqa: A002 - the schema shows this name
        """Locks the record before it looks at its version: of two editors the second hears that she is late."""
        read(request.query_params, [])
        check_may(request, self.editable.permission)
        body = asked_in(request, self.editable.members, self.largest_body)
        given = {name: value for name, value in body.items() if name != "reason"}
        model = self.editable.kind.model
        key = key_in(model.letter, id)
        with writing(request, Action.EDIT, body) as recording:
            recording.lock(model.letter, [key])
            record_of(model, key)
            check_version(self, model, key)
            record = self._edit(key, given, recording)
            recording.describe(Action.EDIT, f"Edited {called(record)}")
        return answered(self, model, key, recording.change_set)

    def _edit(self, key: int, given: dict[str, Any], recording: Any) -> Any:
        record = self.editable.kind.records().filter(pk=key).first()
        if record is None:
            raise Http404
        with told_of_members():
            texts, authors = texts_of(self.editable.members, given, record), authors_in(given)
            recording.watch(record.letter, [key] if authors.says_anything else [])
            row = edit(self.editable.kind, record, texts, recording)
            check_row(self.editable, row)
            authors.write(row.record)
        return row.record
