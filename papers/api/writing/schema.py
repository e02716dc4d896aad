"""How the OpenAPI description tells of writing; what the same addresses answer to GET it leaves to the others' schema."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from papers.api.examples import EXAMPLES, SITE
from papers.api.problems import MEDIA_TYPE, PROBLEMS
from papers.api.schema import POSTED_HEADERS, TOO_LONG, EndpointSchema
from papers.api.shapes import Problem
from papers.api.writing.shapes import written_of

ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200], description="Of the record as it is now: for the next If-Match."
)
CHANGE = {
    "id": 812, "action": "edit", "summary": "Edited paper P34 (An Example of a Paper)", "reason": "As printed.",
    "made_at": "2026-11-12T09:00:00Z", "undo_url": f"{SITE}/api/v1/changesets/812/undo",
}  # fmt: skip
EDITS: dict[str, dict[str, Any]] = {
    "Paper": {"title": "An Example of a Paper", "publication_date": "2022-05", "reason": "As printed."},
    "Author": {"homepage": "https://example.org/", "ids": {"orcid": "0000-0002-1825-0097"}},
    "Institution": {"city": "Exampletown", "country_code": "NZ"},
}


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
    def record(self) -> str:
        return str(self.view.shape.__name__)

    def get_auth(self) -> list[Any]:
        """A write is nobody's without a token."""
        return [one for one in super().get_auth() if one or not self.is_write]

    def get_operation_id(self) -> str:
        return f"edit_{self.record.lower()}" if self.is_edit else super().get_operation_id()

    def get_summary(self) -> str:
        return f"Change one {self.record.lower()}" if self.is_edit else super().get_summary()

    def get_description(self) -> str:  # type: ignore[override]  # as AutoSchema does
        if not self.is_edit:
            return super().get_description()
        return (
            "What the body names is changed, as a JSON merge patch: null empties, lists take the place of those there are."
            " Needs a token that may write. The change is one of the history; no import overwrites what it sets."
        )

    def get_request_serializer(self) -> Any:
        return self.view.editable.shape() if self.is_edit else super().get_request_serializer()

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
            return [path, if_match(required=True), ETAG, *POSTED_HEADERS]
        return [*self.view.taken, *POSTED_HEADERS]

    def get_response_serializers(self) -> Any:
        if not self.is_write:
            return super().get_response_serializers()
        shape = written_of(self.view.shape) if self.is_edit else self.view.answer_shape()
        problems = self.view.write_problems if self.is_edit else self.view.problems
        answers: dict[Any, Any] = {(200, "application/json"): shape, 414: TOO_LONG}
        for status in sorted(problems):
            answers[(status, MEDIA_TYPE)] = OpenApiResponse(Problem, description=PROBLEMS[status].meaning)
        return answers

    def get_examples(self) -> list[OpenApiExample]:
        if not self.is_write:
            return super().get_examples()
        asked = EDITS[self.record] if self.is_edit else self.view.asked
        answered = {"change": CHANGE, "record": EXAMPLES[self.record]} if self.is_edit else self.view.example
        return [
            OpenApiExample("asked", value=asked, request_only=True),
            OpenApiExample("answer", value=answered, response_only=True, status_codes=["200"]),
        ]
