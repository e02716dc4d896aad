"""The OpenAPI description, drawn from what each address declares about itself."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from papers.api.examples import EXAMPLES, PROBLEM_EXAMPLE
from papers.api.problems import MEDIA_TYPE, PROBLEMS
from papers.api.shapes import Problem, listing

MOVED = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, required=True, response=[301], description="The record that took it in."
)


class EndpointSchema(AutoSchema):
    """Reads `shape`, `tag`, `parameters()` and `problems` of an Endpoint."""

    view: Any

    @property
    def is_list(self) -> bool:
        return hasattr(self.view, "sorts")

    @property
    def is_detail(self) -> bool:
        return hasattr(self.view, "ids")

    @property
    def can_move(self) -> bool:
        return hasattr(self.view, "letter")

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_operation_id(self) -> str:
        verb = "list" if self.is_list else "get"
        return f"{verb}_{self.view.tag if self.is_list else self.view.shape.__name__.lower()}"

    def get_summary(self) -> str:
        return self.view.summary

    def get_description(self) -> str:  # type: ignore[override]  # as AutoSchema does
        more = "A record must pass every filter given." if self.is_list else self.view.more
        return f"{self.view.summary}. {more}".strip()

    def get_override_parameters(self) -> list[Any]:
        query = [OpenApiParameter(p.name, dict(p.schema), description=p.description) for p in self.view.parameters()]
        if not self.is_detail:
            return query
        path = OpenApiParameter(
            "id", {"type": "string", "minLength": 1}, OpenApiParameter.PATH, required=True, description=self.view.ids,
            examples=[OpenApiExample(value, value=value) for value in self.view.id_examples],
        )  # fmt: skip
        return [path, *query, *([MOVED] if self.can_move else [])]

    def get_response_serializers(self) -> Any:
        answers: dict[Any, Any] = {(200, "application/json"): listing(self.view.shape) if self.is_list else self.view.shape}
        if self.can_move:
            answers[301] = OpenApiResponse(description="The record was merged into another one.")
        for status in sorted(self.view.problems):
            answers[(status, MEDIA_TYPE)] = OpenApiResponse(Problem, description=PROBLEMS[status].meaning)
        return answers

    def get_examples(self) -> list[OpenApiExample]:
        record = EXAMPLES[self.view.shape.__name__]
        value = {"meta": {"count": 1, "page": 1, "per_page": 25, "next_cursor": None}, "results": [record]}
        answer = OpenApiExample("answer", value=value if self.is_list else record, response_only=True, status_codes=["200"])
        refused = OpenApiExample(
            "unknown parameter", value=PROBLEM_EXAMPLE, response_only=True, status_codes=["400"], media_type=MEDIA_TYPE
        )
        return [answer, refused]


@cache
def openapi() -> dict[str, Any]:
    """The whole description; it depends on the code alone, so each process draws it once."""
    return SchemaGenerator().get_schema(request=None, public=True)
