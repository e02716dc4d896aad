"""What the tests of tokens and writing share: tokens of people with roles, and requests that carry them."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client

from authors.models import ApiToken


def make_token(role: str = "Editors", *, may_write: bool = True, **given: Any) -> tuple[ApiToken, str]:
    """A token of somebody with this role, and its secret."""
    owner, new = User.objects.get_or_create(username=f"someone-{role}".replace(" ", "-"), defaults={"is_staff": True})
    if new and role:
        owner.groups.add(Group.objects.get(name=role))
    token = ApiToken(user=owner, name="a test", may_write=may_write, **given)
    secret = token.make_secret()
    token.save()
    return token, secret


class Program:
    """A client of the API with a token."""

    def __init__(self, role: str = "Editors", *, may_write: bool = True) -> None:
        self.token, self.secret = make_token(role, may_write=may_write)
        self.client = Client()

    def asked(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.secret}", **headers}
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1/{path}", headers=sent, **given)

    def get(self, path: str, **headers: str) -> Any:
        return self.asked("get", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.asked("post", path, body, **headers)

    def patch(self, path: str, body: Any, version: str = "") -> Any:
        """With the ETag that a GET gives just before, unless another version is given."""
        tag = version or self.get(path)["ETag"]
        return self.asked("patch", path, body, **{"If-Match": tag})


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The body of a refusal."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["error"] == body["title"]
    assert body["message"] == body["detail"]
    return body
