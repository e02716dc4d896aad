"""What all addresses of the API have in common, and what lists and single records of one kind do."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from papers.api.asking import Asked
from papers.api.parameters import Parameter
from papers.api.rendering import FastJSONRenderer
from papers.api.schema import EndpointSchema
from papers.api.shapes import Shape
from papers.api.sparse import Sparsely


class Endpoint(Asked):
    """An address of the API, as it tells of itself."""

    schema: Any = EndpointSchema()
    renderer_classes = [FastJSONRenderer]
    shape: ClassVar[type[Shape]]
    tag: ClassVar[str]
    summary: ClassVar[str]
    more: ClassVar[str] = ""
    problems: ClassVar[tuple[int, ...]] = (400, 401, 405, 406, 429, 500, 503)

    @classmethod
    def answer_shape(cls) -> Any:
        return cls.shape

    @classmethod
    def parameters(cls) -> list[Parameter]:
        return []

    @property
    def site(self) -> str:
        return self.request.build_absolute_uri("/")[:-1]


_PARAMETERS: dict[Any, list[Parameter]] = {}


def parameters_of(view: Any) -> list[Parameter]:
    """Of a view's class; made once."""
    if view not in _PARAMETERS:
        _PARAMETERS[view] = view.parameters()
    return _PARAMETERS[view]


class Records(Endpoint):
    """What a list and a single record of one kind share; `wanted_fields` are of the records, None is all."""

    wanted_fields: frozenset[str] | None = None

    def fields_wanted(self, asked: Sparsely) -> frozenset[str] | None:
        return asked.names

    def visible(self) -> Any:
        """The records that the public may see, without order."""
        raise NotImplementedError

    def with_parts(self, queryset: Any) -> Any:
        """What `written` reads, fetched in a fixed number of queries."""
        return queryset

    def fetched(self, keys: list[Any]) -> Iterable[Any]:
        """Of some keys the visible records in no order, with what `written` reads."""
        return self.with_parts(self.visible().filter(pk__in=keys))

    def written(self, rows: Sequence[Any]) -> list[dict[str, Any]]:
        raise NotImplementedError
