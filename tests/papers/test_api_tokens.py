"""Tokens: made and revoked in the admin, told once, and what the API answers to them."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.utils import timezone

from authors.models import ApiToken
from config.caching import Forgiving
from tests.admin_forms import errors_of, fill_in, logged_in
from tests.api import get
from tests.caches import Away
from tests.factories import make_paper
from tests.tokens import Program, make_token, problem

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/authors/apitoken/", "/admin/authors/apitoken/add/"


def revoke(client: Any, *tokens: ApiToken, sure: bool = True) -> Any:
    data = {"action": "revoke", "_selected_action": [token.pk for token in tokens], **({"apply": "yes"} if sure else {})}
    return client.post(LIST, data, follow=True)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


# --- in the admin ---------------------------------------------------------------------------------------------------------


def test_an_editor_makes_a_token_and_sees_it_once(client: Any) -> None:
    editor = logged_in("Editors")
    page = fill_in(editor, ADD, name="nightly sync", may_write="on")
    secret = re.findall(r'value="(byl_[^"]+)"', page.content.decode())[0]
    assert page["Cache-Control"].startswith("no-store") or "no-store" in page["Cache-Control"]
    token = ApiToken.objects.get()
    assert (token.user.username, token.may_write) == ("someone-Editors", True)
    assert token.expires_on == timezone.localdate() + timedelta(days=365)
    assert get(client, "papers", **bearer(secret)).status_code == 200
    for address in (LIST, f"{LIST}{token.pk}/change/", f"{LIST}{token.pk}/history/"):
        shown = editor.get(address).content.decode()
        assert secret not in shown
        assert token.digest not in shown
    assert secret[:10] in editor.get(LIST).content.decode()
    stored = [str(value) for value in vars(token).values()]
    assert not [value for value in stored if secret in value]


def test_a_token_is_not_changed() -> None:
    editor = logged_in("Editors")
    fill_in(editor, ADD, name="nightly sync")
    token = ApiToken.objects.get()
    assert editor.post(f"{LIST}{token.pk}/change/", {"name": "other", "may_write": "on"}).status_code == 403
    assert not ApiToken.objects.get().may_write


def test_a_last_day_is_to_come() -> None:
    assert "over" in errors_of(fill_in(logged_in("Editors"), ADD, name="late", expires_on="2020-01-01"))
    fill_in(logged_in("Editors", "another"), ADD, name="for good", expires_on="")
    assert ApiToken.objects.get().expires_on is None


def test_revoking_asks_first_and_ends_a_token_at_once(client: Any) -> None:
    token, secret = make_token()
    other, _ = make_token("Senior editors")
    editor = logged_in("Editors", "the-owner")
    ApiToken.objects.filter(pk=token.pk).update(user=User.objects.get(username="the-owner"))
    assert "are refused from now on" in revoke(editor, token, sure=False).content.decode()
    assert get(client, "papers", **bearer(secret)).status_code == 200
    page = revoke(editor, token, other).content.decode()
    assert "1 token revoked" in page
    problem(get(client, "papers", **bearer(secret)), 401)
    token.refresh_from_db()
    assert token.revoked_by == "the-owner"
    assert "revoked on" in editor.get(LIST).content.decode()
    other.refresh_from_db()
    assert other.revoked_at is None  # somebody else's


def test_administrators_see_and_revoke_everybodys() -> None:
    token, _ = make_token()
    assert token.prefix not in logged_in("Senior editors").get(LIST).content.decode()
    administrator = logged_in("Administrators")
    assert token.prefix in administrator.get(LIST).content.decode()
    revoke(administrator, token)
    assert ApiToken.objects.get().revoked_by == "someone-Administrators"


def test_an_account_goes_and_its_tokens_are_dead(client: Any) -> None:
    token, secret = make_token()
    logged_in("Administrators").post(f"/admin/auth/user/{token.user_id}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=token.user_id).exists()
    problem(get(client, "papers", **bearer(secret)), 401)


# --- what the API answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["Bearer", "Bearer byl_wrong", "Bearer é", "Basic dXNlcjpwYXNz", "Token x", "Bearer \ud800"])
def test_a_wrong_token_is_refused_and_a_missing_one_is_not(client: Any, given: str) -> None:
    answer = client.get("/api/v1/papers", HTTP_AUTHORIZATION=given)
    assert problem(answer, 401)["error"] == "Unauthorized"
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Cache-Control"] == "no-store"
    assert get(client, "papers").status_code == 200


def test_a_token_may_read_what_everybody_may(client: Any) -> None:
    paper, draft, program = make_paper(), make_paper(state="draft"), Program("Administrators")
    address = f"papers/{paper.public_id}"
    mine, theirs = program.get(address), get(client, address)
    assert (mine.json(), mine["ETag"], mine["Cache-Control"]) == (theirs.json(), theirs["ETag"], theirs["Cache-Control"])
    problem(program.get(f"papers/{draft.public_id}"), 404)


@pytest.mark.parametrize("change", [
    {"token": {"expires_on": timezone.localdate() - timedelta(days=1)}}, {"token": {"revoked_at": timezone.now()}},
    {"user": {"is_active": False}}, {"user": {"is_staff": False}}, {"token": {"user": None}},
])  # fmt: skip
def test_a_dead_token_is_refused(client: Any, change: Any) -> None:
    token, secret = make_token(expires_on=timezone.localdate())
    assert get(client, "", **bearer(secret)).status_code == 200  # on its last day
    ApiToken.objects.update(**change.get("token", {"name": "same"}))
    User.objects.filter(pk=token.user_id).update(**change.get("user", {"first_name": "Ada"}))
    problem(get(client, "", **bearer(secret)), 401)


def test_a_get_with_a_token_writes_nothing(django_assert_num_queries: Any) -> None:
    program = Program()
    with django_assert_num_queries(1) as asked:  # who it is
        program.get("")
    assert asked.captured_queries[0]["sql"].startswith("SELECT")


# --- how often -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def rates(settings: Any) -> Any:
    """Two requests a day of an address, three of a token."""
    caches["limits"].clear()
    settings.API_RATE, settings.API_TOKEN_RATE = [("day", 2, 86_400)], [("day", 3, 86_400)]
    yield
    caches["limits"].clear()


def test_a_token_has_a_limit_of_its_own(client: Any, rates: Any) -> None:
    program, other = Program(), Program("Senior editors")
    assert [get(client, "").status_code for _ in range(3)] == [200, 200, 429]
    assert [program.get("").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert program.get("")["RateLimit-Policy"] == '"day";q=3;w=86400'
    assert other.get("").status_code == 200


def test_guessing_tokens_is_counted(client: Any, rates: Any) -> None:
    assert [get(client, "", **bearer(f"byl_{n}")).status_code for n in range(3)] == [401, 401, 429]


@pytest.fixture
def away(settings: Any) -> Any:
    """A shared cache whose server is away."""
    caches_before = settings.CACHES
    dead = {"BACKEND": "tests.caches.Away"}
    settings.CACHES = {"default": dead, "limits": dead}
    Away.asked = 0
    yield Away
    Forgiving.resting_until = 0.0
    settings.CACHES = caches_before


def test_a_cache_that_is_away_keeps_nobody_from_reading(
    client: Any, rates: Any, away: Any, caplog: pytest.LogCaptureFixture
) -> None:
    make_paper()
    with caplog.at_level(logging.ERROR, "config.caching"):
        for path in ("/api/v1/papers", "/api/v1/papers?group_by=category", "/api/v1/authors", "/", "/papers/") * 2:
            assert client.get(path).status_code == 200, path
    assert away.asked == len(caplog.records) == 1  # then it is left alone for a while


def test_a_cache_that_is_back_counts_again(client: Any, rates: Any, away: Any) -> None:
    get(client, "")
    away.is_away, Forgiving.resting_until = False, 0.0
    assert [get(client, "").status_code for _ in range(3)] == [200, 200, 429]
    away.is_away = True
