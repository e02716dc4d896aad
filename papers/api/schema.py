"""The OpenAPI description, drawn from what each address declares about itself."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from papers.api.examples import EXAMPLES, GROUPS_EXAMPLE, META, PROBLEM_EXAMPLE
from papers.api.problems import MEDIA_TYPE, PROBLEMS
from papers.api.shapes import Problem

FOUND = {"asked": "P34", "status": "found", "code": 200}
MOVED = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, required=True, response=[301], description="The record that took it in."
)


def _header(name: str, about: str, *statuses: int, kind: Any = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, response=list(statuses), description=about)


HEADERS = [
    _header("ETag", "A digest of the answer; sent back as If-None-Match it spares the answer.", 200, 304),
    _header("RateLimit-Policy", "How often one address may ask, where there is a limit.", 200, 429),
    _header("RateLimit", "What of that is left, and for how many seconds.", 200, 429),
    _header("Retry-After", "Seconds to wait.", 429, 503, kind=int),
    _header("X-Request-Id", "The request's name in the site's log; one that you send is kept.", 200),
]
POSTED_HEADERS = HEADERS[1:]
TOO_LONG = OpenApiResponse(description="The line of the request is longer than the web server reads; its own answer, no JSON.")


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
        return self.is_detail and hasattr(self.view, "letter")

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    @property
    def is_grouped(self) -> bool:
        return any(parameter.key == "group_by" for parameter in self.view.parameters())

    @property
    def is_posted(self) -> bool:
        return self.method == "POST"

    def get_request_serializer(self) -> Any:
        return self.view.asks if self.is_posted else None

    def get_operation_id(self) -> str:
        if hasattr(self.view, "operation"):
            both = self.is_posted and hasattr(self.view, "get")
            return f"{self.view.operation}_posted" if both else str(self.view.operation)
        verb = "list" if self.is_list else "get"
        of = f"_of_{self.view.path_name}" if hasattr(self.view, "path_name") else ""
        return f"{verb}_{self.view.tag if self.is_list else self.view.shape.__name__.lower()}{of}"

    def get_summary(self) -> str:
        return self.view.summary

    def get_description(self) -> str:  # type: ignore[override]  # as AutoSchema does
        more = self.view.more or ("A record must pass every filter given." if self.is_list else "")
        return f"{self.view.summary}. {more}".strip()

    def get_override_parameters(self) -> list[Any]:
        return [*self._taken(), *(POSTED_HEADERS if self.is_posted else HEADERS)]

    def _taken(self) -> list[OpenApiParameter]:
        """What the address and its query take."""
        if self.is_posted:
            return []
        query = [
            OpenApiParameter(p.name, dict(p.schema), description=p.description, required=p.required)
            for p in self.view.parameters()
        ]
        if hasattr(self.view, "path_name"):
            choices = {"type": "string", "enum": list(self.view.path_values)}
            return [OpenApiParameter(self.view.path_name, choices, OpenApiParameter.PATH, required=True), *query]
        if not self.is_detail:
            return query
        path = OpenApiParameter(
            "id", {"type": "string", "minLength": 1}, OpenApiParameter.PATH, required=True, description=self.view.ids,
            examples=[OpenApiExample(value, value=value) for value in self.view.id_examples],
        )  # fmt: skip
        return [path, *query, *([MOVED] if self.can_move else [])]

    def get_response_serializers(self) -> Any:
        answers: dict[Any, Any] = {(200, "application/json"): self.view.answer_shape(), 414: TOO_LONG}
        if not self.is_posted:
            answers[304] = OpenApiResponse(description="The answer is still what If-None-Match named.")
        if self.can_move:
            answers[301] = OpenApiResponse(description="The record was merged into another one.")
        for status in sorted(self.view.problems):
            answers[(status, MEDIA_TYPE)] = OpenApiResponse(Problem, description=PROBLEMS[status].meaning)
        return answers

    def get_examples(self) -> list[OpenApiExample]:
        record = EXAMPLES.get(self.view.shape.__name__)
        answers: dict[str, Any] = {"answer": {"meta": META, "results": [record]} if self.is_list else record}
        if hasattr(self.view, "asks"):
            answers = {"answer": {"meta": {"count": 1}, "results": [{**FOUND, "record": record}]}}
        if hasattr(self.view, "example"):
            answers = {"answer": self.view.example}
        if hasattr(self.view, "short"):
            answers = {"answer": {"meta": {"count": 1}, "results": [record]}}
        if self.is_grouped:
            answers["groups"] = GROUPS_EXAMPLE
        refused = OpenApiExample(
            "unknown parameter", value=PROBLEM_EXAMPLE, response_only=True, status_codes=["400"], media_type=MEDIA_TYPE
        )
        told = [OpenApiExample(name, value=value, response_only=True, status_codes=["200"]) for name, value in answers.items()]
        return [*told, refused]


@cache
def openapi() -> dict[str, Any]:
    """The whole description; it depends on the code alone, so each process draws it once."""
    return SchemaGenerator().get_schema(request=None, public=True)
