"""The API's description of itself: as OpenAPI for programs, as a page for people."""

from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularSwaggerView
from rest_framework.request import Request
from rest_framework.response import Response

from papers.api.endpoints import Endpoint
from papers.api.parameters import read
from papers.api.problems import OTHER, PROBLEMS
from papers.api.schema import openapi


class SchemaView(Endpoint):
    schema = None
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer]

    def get(self, request: Request) -> Response:
        read(request.query_params, [])
        return Response(openapi())


class DocsView(SpectacularSwaggerView):
    schema = None
    url_name = "api-schema"
    template_name = "api/docs.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().get(request, *args, **kwargs)
        response.data |= {"problems": PROBLEMS, "other_problem": OTHER}
        return response
