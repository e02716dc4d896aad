"""Pages that say what went wrong, and where to go on."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory
from django.urls import reverse

from authors.curation.redirects import leave_redirect
from papers import views

REQUEST = RequestFactory().get("/somewhere/")


@pytest.mark.django_db
def test_an_unknown_address_is_met_with_help(client: Client) -> None:
    answer = client.get("/no/such/page/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert f'action="{reverse("search")}"' in html
    for name in ("home", "authors", "institutions", "categories", "venues", "contact"):
        assert f'href="{reverse(name)}"' in html


@pytest.mark.django_db
def test_a_page_number_too_high_says_how_many_there_are(client: Client) -> None:
    assert "this list has 1 page" in client.get(reverse("authors") + "?page=7").content.decode()


@pytest.mark.django_db
def test_the_address_is_not_echoed_as_markup(client: Client) -> None:
    html = client.get(reverse("authors") + "?page=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in html


@pytest.mark.django_db
def test_withdrawn_records_say_so_and_why(client: Client) -> None:
    leave_redirect(kind="P", old_id=77000077, target_id=None, reason="withdrawn", note="<b>Posted twice.</b>")
    answer = client.get("/papers/P77000077/")
    assert answer.status_code == 410
    assert "This paper was withdrawn" in answer.content.decode()
    assert "&lt;b&gt;Posted twice.&lt;/b&gt;" in answer.content.decode()


@pytest.mark.django_db
def test_other_errors_have_pages_of_their_own() -> None:
    for view, error, words in (
        (views.bad_request, SuspiciousOperation(), "could not understand"),
        (views.forbidden, PermissionDenied(), "You may not do this"),
    ):
        answer = view(REQUEST, error)
        assert answer.status_code == {"bad_request": 400, "forbidden": 403}[view.__name__]
        assert words in answer.content.decode()


def test_the_page_for_our_own_faults_needs_no_database() -> None:
    answer = views.server_error(REQUEST)
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_secret_explains_itself() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("admin:login"), {"username": "ada"})
    assert answer.status_code == 403
    assert "The form has expired" in answer.content.decode()


def test_pages_outside_the_frame_link_style_sheets_that_exist() -> None:
    for name in ("500.html", "403_csrf.html"):
        html = (settings.BASE_DIR / "templates" / name).read_text(encoding="utf-8")
        for address in (part.partition('"')[0] for part in html.split('href="/static/')[1:]):
            assert (settings.BASE_DIR / "static" / address).is_file(), address
