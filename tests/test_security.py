"""What protects the site in the browser and at the login."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from authors.models import SiteIdentity
from config.proxy import client_address

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase 42"


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("edith", "edith@example.org", PASSWORD, is_staff=True)


def log_in(client: Client, password: str, **extra: Any) -> Any:
    return client.post(reverse("admin:login"), {"username": "edith", "password": password, "next": "/admin/"}, **extra)


@pytest.mark.parametrize("path", ["/", "/papers/", "/admin/login/", "/no-such-page/", "/api/v1/papers"])
def test_every_answer_carries_the_strict_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_static_files_carry_them_too(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "page.html").write_text("<p>A page that somebody might put into a frame.</p>")
    settings.STATIC_ROOT = tmp_path
    answer = Client().get("/static/page.html")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/api/v1/categories"])
def test_answers_are_compressed_for_whom_can_read_it(client: Client, path: str) -> None:
    plain, packed = client.get(path), client.get(path, HTTP_ACCEPT_ENCODING="gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_the_admin_keeps_to_the_policy_too(client: Client, editor: User) -> None:
    editor.is_superuser = True
    editor.save()
    client.force_login(editor)
    for name in ("index", "papers_paper_changelist", "papers_paper_add", "authors_author_add", "password_change"):
        page = client.get(reverse(f"admin:{name}"))
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert not re.search(rb"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son\w+=\"", page.content), name


def test_after_too_many_wrong_passwords_the_right_one_is_refused(client: Client, editor: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in(client, "wrong").status_code == 200
    locked = log_in(client, "wrong")
    assert locked.status_code == 429
    assert b"Too many attempts" in locked.content
    assert b"1 hour." in locked.content
    assert log_in(client, PASSWORD).status_code == 429
    assert "_auth_user_id" not in client.session


def test_strangers_elsewhere_do_not_lock_an_editor_out(client: Client, editor: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        log_in(client, "wrong", REMOTE_ADDR="203.0.113.9")
    assert log_in(client, PASSWORD).status_code == 302


def test_a_right_password_forgives_earlier_wrong_ones(client: Client, editor: User) -> None:
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            log_in(client, "wrong")
        assert log_in(client, PASSWORD).status_code == 302


def test_behind_a_proxy_only_the_address_that_the_proxy_wrote_counts(settings: Any) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.7, 203.0.113.9")
    assert client_address(request) == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client_address(request) == "203.0.113.9"


def test_login_and_admin_need_an_account_with_staff_status(client: Client) -> None:
    User.objects.create_user("guest", password=PASSWORD)
    answer = client.post(reverse("admin:login"), {"username": "guest", "password": PASSWORD})
    assert answer.status_code == 200
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_login_page_shows_the_sites_name_and_the_way_to_a_new_password(client: Client) -> None:
    page = client.get(reverse("admin:login")).content.decode()
    assert "Log in to edit Bylines" in page
    assert reverse("admin_password_reset") in page


def test_a_forgotten_password_is_replaced_by_mail(client: Client, editor: User) -> None:
    SiteIdentity.objects.create(name="The Testwright Catalogue")
    answer = client.post(reverse("admin_password_reset"), {"email": "edith@example.org"}, follow=True)
    assert answer.status_code == 200
    message = mail.outbox[0]
    assert message.to == ["edith@example.org"]
    assert message.subject == "Your password at The Testwright Catalogue"
    assert "at The Testwright Catalogue." in message.body
    link = re.search(r"http://testserver(\S+)", str(message.body))
    assert link is not None
    form = client.get(link[1], follow=True)
    new = "another long phrase 43"
    done = client.post(form.request["PATH_INFO"], {"new_password1": new, "new_password2": new}, follow=True)
    assert done.status_code == 200
    assert log_in(client, new).status_code == 302
    assert b"invalid" in client.get(link[1], follow=True).content


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client) -> None:
    answer = client.post(reverse("admin_password_reset"), {"email": "nobody@example.org"})
    assert (answer.status_code, len(mail.outbox)) == (302, 0)


@pytest.mark.parametrize("email", ["edith@example.org", "nobody@example.org"])
def test_new_passwords_are_not_asked_for_without_end(client: Client, editor: User, email: str) -> None:
    def ask(about: str, address: str) -> int:
        return client.post(reverse("admin_password_reset"), {"email": about}, REMOTE_ADDR=address).status_code

    assert [ask(email, f"203.0.113.{number}") for number in range(6)] == [302] * 5 + [429]  # by many, for one account
    assert len(mail.outbox) == (5 if email == editor.email else 0)
    assert [ask(f"{number}@example.org", "198.51.100.7") for number in range(6)] == [302] * 5 + [429]  # by one, for many
    page = client.post(reverse("admin_password_reset"), {"email": email})
    assert "Too many requests for a new password" in page.text
    assert ask("another@example.org", "203.0.113.99") == 302


def test_forms_are_refused_without_their_token(editor: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict, PASSWORD).status_code == 403
