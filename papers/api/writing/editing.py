"""PATCH of a record: the fields that its table has, checked as the admin checks them."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from authors.curation.recording import Action
from papers.api.endpoints import RecordDetail
from papers.api.parameters import error, read
from papers.api.problems import BadParameters
from papers.api.writing.base import (
    PROBLEMS,
    answered,
    asked_in,
    called,
    check_may,
    check_version,
    key_in,
    record_of,
    writing,
)
from papers.api.writing.members import BadMember, Editable, texts_of
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
    write_problems: ClassVar[tuple[int, ...]] = (*PROBLEMS, 412, 428)

    def patch(self, request: Request, id: str) -> Response:  # noqa: A002 - the schema shows this name
        """Locks the record before it looks at its version: of two editors the second hears that she is late."""
        read(request.query_params, [])
        check_may(request, self.editable.permission)
        body = asked_in(request, self.editable.members)
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
        try:
            texts = texts_of(self.editable.members, given, record)
        except BadMember as wrong:
            raise BadParameters([error(wrong.path, "invalid", str(wrong), wrong.allowed)]) from wrong
        row = edit(self.editable.kind, record, texts, recording)
        if row.problems:
            paths = [(self.editable.path_of(column), told) for column, told in row.problems]
            raise BadParameters([error(path, "invalid", f"{path}: {told}") for path, told in paths])
        return row.record
