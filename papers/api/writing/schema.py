"""How the OpenAPI description tells of writing; what the same addresses answer to GET it leaves to the others' schema."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from papers.api.examples import EXAMPLES, SITE
from papers.api.problems import MEDIA_TYPE, PROBLEMS
from papers.api.schema import POSTED_HEADERS, TOO_LONG, EndpointSchema
from papers.api.shapes import ConflictProblem, Problem
from papers.api.writing.shapes import written_of

ONCE = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "pattern": '^("[!-~]{1,255}"|[!#-~][!-~]{0,254})$'}, OpenApiParameter.HEADER,
    description="A word of your own for this request: sent again within a day it is answered again, and nothing is done twice.",
)  # fmt: skip
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, required=True, response=[201], description="The record's address."
)
NEW = (
    "A new record of what the body says, by the rules of the admin. Where a record has an identifier of the body or is likely"
    " the same, the answer is 409 and names it. Needs a token that may write. No import overwrites what the body sets."
)


def etag_of_answer(status: int) -> OpenApiParameter:
    about = "Of the record as it is now: for the next If-Match."
    return OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[status], description=about)


CHANGE = {
    "id": 812, "action": "edit", "summary": "Edited paper P34 (An Example of a Paper)", "reason": "As printed.",
    "made_at": "2026-11-12T09:00:00Z", "undo_url": f"{SITE}/api/v1/changesets/812/undo",
}  # fmt: skip
EDITS: dict[str, dict[str, Any]] = {
    "Paper": {"title": "An Example of a Paper", "publication_date": "2022-05", "reason": "As printed."},
    "Author": {"homepage": "https://example.org/", "ids": {"orcid": "0000-0002-1825-0097"}},
    "Institution": {"city": "Exampletown", "country_code": "NZ"},
}
NEW_ONES: dict[str, dict[str, Any]] = {
    "Paper": {
        "title": "An Example of a Paper", "publication_date": "2022-05", "ids": {"doi": "10.5555/example"},
        "authorships": [{"raw_author_name": "A. Testwright", "author": "A12", "institutions": ["I5"]}],
    },
    "Author": {"display_name": "Ada Testwright", "ids": {"orcid": "0000-0002-1825-0097"}},
    "Institution": {"display_name": "Example Institute", "country_code": "NZ"},
}  # fmt: skip


def if_match(*, required: bool) -> OpenApiParameter:
    told = "The ETag of the record as you read it; `*` is any." if required else "The ETag of the record as you read it."
    return OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=required, description=told)


class WritingSchema(EndpointSchema):
    """Of a view whose `writes` are methods that want a token."""

    @property
    def is_write(self) -> bool:
        return self.method in self.view.writes

    @property
    def is_edit(self) -> bool:
        return bool(self.method == "PATCH")

    @property
    def is_new(self) -> bool:
        return self.method == "POST" and hasattr(self.view, "sorts")

    @property
    def record(self) -> str:
        return str(self.view.shape.__name__)

    def get_auth(self) -> list[Any]:
        """A write is nobody's without a token."""
        return [one for one in super().get_auth() if one or not self.is_write]

    def get_operation_id(self) -> str:
        verb = "edit" if self.is_edit else "add"
        return f"{verb}_{self.record.lower()}" if self.is_edit or self.is_new else super().get_operation_id()

    def get_summary(self) -> str:
        verb = "Change one" if self.is_edit else "Add one"
        return f"{verb} {self.record.lower()}" if self.is_edit or self.is_new else super().get_summary()

    def get_description(self) -> str:  # type: ignore[override]  # as AutoSchema does
        if self.is_new:
            return NEW
        if not self.is_edit:
            return super().get_description()
        return (
            "What the body names is changed, as a JSON merge patch: null empties, lists take the place of those there are."
            " Needs a token that may write. The change is one of the history; no import overwrites what it sets."
        )

    def get_request_serializer(self) -> Any:
        if self.is_new:
            return self.view.editable.new_shape()
        return self.view.editable.shape() if self.is_edit else super().get_request_serializer()

    def _get_request_body(self, direction: Any = "request") -> Any:
        """There must be one, though it may be an empty object."""
        body = super()._get_request_body(direction)
        return body and {**body, "required": True}

    def map_parsers(self) -> list[str]:
        return super().map_parsers() if self.is_edit else ["application/json"]

    def get_override_parameters(self) -> list[Any]:
        if not self.is_write:
            return super().get_override_parameters()
        if self.is_edit:
            path = OpenApiParameter(
                "id", {"type": "string", "minLength": 1}, OpenApiParameter.PATH, required=True, description=self.view.ids,
                examples=[OpenApiExample(value, value=value) for value in self.view.id_examples],
            )  # fmt: skip
            return [path, if_match(required=True), etag_of_answer(200), *POSTED_HEADERS]
        if self.is_new:
            return [ONCE, LOCATION, etag_of_answer(201), *POSTED_HEADERS]
        return [*self.view.taken, ONCE, *POSTED_HEADERS]

    def get_response_serializers(self) -> Any:
        if not self.is_write:
            return super().get_response_serializers()
        of_record = self.is_edit or self.is_new
        shape = written_of(self.view.shape) if of_record else self.view.answer_shape()
        problems = self.view.write_problems if of_record else self.view.problems
        answers: dict[Any, Any] = {(201 if self.is_new else 200, "application/json"): shape, 414: TOO_LONG}
        for status in sorted(problems):
            told = ConflictProblem if status == 409 else Problem
            answers[(status, MEDIA_TYPE)] = OpenApiResponse(told, description=PROBLEMS[status].meaning)
        return answers

    def get_examples(self) -> list[OpenApiExample]:
        if not self.is_write:
            return super().get_examples()
        if self.is_edit or self.is_new:
            asked = EDITS[self.record] if self.is_edit else NEW_ONES[self.record]
            change = CHANGE if self.is_edit else {**CHANGE, "action": "add", "summary": f"Added {self.record.lower()} …"}
            answered = {"change": change, "record": EXAMPLES[self.record]}
        else:
            asked, answered = self.view.asked, self.view.example
        return [
            OpenApiExample("asked", value=asked, request_only=True),
            OpenApiExample("answer", value=answered, response_only=True, status_codes=["201" if self.is_new else "200"]),
        ]
