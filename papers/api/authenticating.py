"""Who asks: nobody in particular, or the owner of a token that stands in the header Authorization."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from authors.models import ApiToken

SCHEME = "Bearer"
DEAD = "This token is wrong, expired or revoked, or its owner's account is closed. Reading needs none: leave the header out."
MALFORMED = "The header Authorization must read “Bearer”, a blank and a token. Reading needs no token: leave the header out."


class Token(BaseAuthentication):
    """What is wrong with a token is not told apart: whoever found one learns nothing of it."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        given = request.META.get("HTTP_AUTHORIZATION", "").strip()
        if not given:
            return None
        scheme, _, secret = given.partition(" ")
        if scheme.lower() != SCHEME.lower() or not secret.strip():
            raise AuthenticationFailed(MALFORMED)
        token = ApiToken.objects.usable().with_secret(secret.strip()).select_related("user").first()
        if token is None:
            raise AuthenticationFailed(DEAD)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="api"'


class TokenInSchema(OpenApiAuthenticationExtension):
    """How the OpenAPI description calls it."""

    target_class = Token
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        told = "A token that an editor made in the admin. Reading needs none; with one, other limits hold."
        return {"type": "http", "scheme": "bearer", "description": told}
