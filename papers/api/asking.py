"""Who asks, how often, and from whose pages: what holds for every address."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from papers.api.authenticating import Token
from papers.api.conditional import make_conditional
from papers.api.limits import Spent, TooMany, headers_of, spend
from papers.api.request_ids import HEADER as REQUEST_ID
from papers.api.request_ids import id_of

MAX_AGE = 60  # seconds for which any cache may keep an answer
EXPOSED = "Deprecation, ETag, Last-Modified, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset, X-Request-Id"
VARIES = ("Accept", "Accept-Encoding", "Authorization")
EVERYBODY = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}


class Asked(APIView):
    """Read by anybody, from any site's scripts. Of its methods those in `writes` want a token, and no script of another site
    may use them.
    """

    authentication_classes = [Token]
    writes: ClassVar[tuple[str, ...]] = ()
    methods: ClassVar[str] = "GET, HEAD, OPTIONS"
    cache_control: str = f"public, max-age={MAX_AGE}"
    spent: Sequence[Spent] = ()

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """The answer to a browser's preflight."""
        headers = {"Access-Control-Allow-Methods": self.methods, "Access-Control-Allow-Headers": "*"}
        return Response(status=204, headers={**headers, "Access-Control-Max-Age": "86400"})

    def perform_authentication(self, request: Request) -> None:
        """Whoever asks is counted, also with a token that is none."""
        if request.method == "OPTIONS":
            return
        try:
            super().perform_authentication(request)
        finally:
            self.spent = spend(request._request, request.auth)
            if full := max((each for each in self.spent if each.left < 0), key=lambda each: each.ends, default=None):
                raise TooMany(full)

    def is_open(self, request: Request) -> bool:
        """Whether scripts of other sites may know the answer; a preflight says what they are about to do."""
        before = request.method == "OPTIONS"
        return (request.META.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD") if before else request.method) not in self.writes

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in {**(EVERYBODY if self.is_open(request) else {}), **headers_of(list(self.spent))}.items():
            response[name] = value
        response[REQUEST_ID] = id_of(request)
        patch_vary_headers(response, VARIES)  # also of a 304, which nothing packs
        response.setdefault("Cache-Control", self.cache_control if response.status_code in (200, 301) else "no-store")
        make_conditional(request, response)
        return response
