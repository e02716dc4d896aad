"""Who may do what in the admin: every role, every kind of record, by what its pages answer."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from authors.models import Author
from tests.factories import make_author

pytestmark = pytest.mark.django_db

CURATED = [
    "papers_paper", "papers_authorship", "papers_venue", "papers_citation", "papers_paperfigure", "papers_authorfigure",
    "papers_institutionfigure", "authors_author", "authors_institution", "authors_redirect", "authors_harvest",
    "papers_scoremark",
]  # fmt: skip
# Changed in a list of their own; added on the authorship's page, and reports by visitors.
ON_OTHERS_PAGES = ["papers_authorshipaffiliation", "authors_report"]
DECIDED = ["papers_likelyduplicate"]  # found by the application, decided by editors
KEPT_BY_THE_APPLICATION = [
    "authors_importrun", "authors_importproblem", "authors_provenance", "authors_changeset", "authors_job", "authors_fetch",
    "papers_scorerun",
]  # fmt: skip
SITE = ["papers_category"]
ACCOUNTS = ["auth_user", "auth_group"]
TOKENS = ["authors_apitoken"]  # one's own, made and revoked; administrators see everybody's
EVERYTHING = [*CURATED, *ON_OTHERS_PAGES, *DECIDED, *KEPT_BY_THE_APPLICATION, *SITE, *ACCOUNTS, *TOKENS, "authors_siteidentity"]

LOOK, EDIT, DELETE = {"view"}, {"view", "add", "change"}, {"view", "add", "change", "delete"}
TABLE = {
    "Viewers": {**dict.fromkeys([*CURATED, *ON_OTHERS_PAGES, *DECIDED, *KEPT_BY_THE_APPLICATION, *SITE], LOOK)},
    "Editors": {
        **dict.fromkeys(CURATED, EDIT), **dict.fromkeys(ON_OTHERS_PAGES, EDIT - {"add"}),
        **dict.fromkeys([*KEPT_BY_THE_APPLICATION, *SITE], LOOK), **dict.fromkeys(DECIDED, LOOK | {"change"}),
        **dict.fromkeys(TOKENS, LOOK | {"add"}),
    },
    "Senior editors": {
        **dict.fromkeys(CURATED, DELETE), **dict.fromkeys(ON_OTHERS_PAGES, DELETE - {"add"}),
        **dict.fromkeys([*KEPT_BY_THE_APPLICATION, *SITE], LOOK), **dict.fromkeys(DECIDED, LOOK | {"change"}),
        **dict.fromkeys(TOKENS, LOOK | {"add"}),
    },
    "Administrators": {
        **dict.fromkeys([*CURATED, *SITE, "auth_user"], DELETE), **dict.fromkeys(ON_OTHERS_PAGES, DELETE - {"add"}),
        **dict.fromkeys([*KEPT_BY_THE_APPLICATION, "auth_group"], LOOK), **dict.fromkeys(DECIDED, LOOK | {"change"}),
        **dict.fromkeys(TOKENS, LOOK | {"add"}),
    },
    "": {},
}  # fmt: skip


def someone(role: str) -> User:
    account = User.objects.create_user(f"someone-{role or 'without'}".replace(" ", "-"), password="x", is_staff=True)
    if role:
        account.groups.add(Group.objects.get(name=role))
    return account


def model_admin(name: str) -> Any:
    return next(one for one in admin.site._registry.values() if one.model._meta.label_lower == name.replace("_", "."))


def test_the_table_below_knows_every_model_of_the_admin() -> None:
    assert sorted(EVERYTHING) == sorted(model._meta.label_lower.replace(".", "_") for model in admin.site._registry)


@pytest.mark.parametrize("role", TABLE)
def test_a_role_may_do_what_the_table_says(rf: Any, role: str) -> None:
    request = rf.get("/admin/")
    request.user = someone(role)
    for name in set(EVERYTHING) - {"authors_siteidentity"}:
        may = {action for action in DELETE if getattr(model_admin(name), f"has_{action}_permission")(request)}
        assert may == TABLE[role].get(name, set()), name


@pytest.mark.parametrize("role", TABLE)
def test_lists_and_forms_answer_accordingly(client: Client, role: str) -> None:
    client.force_login(someone(role))
    for name in set(EVERYTHING) - {"authors_siteidentity"}:
        allowed = TABLE[role].get(name, set())
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == (200 if "view" in allowed else 403), name
        assert client.get(reverse(f"admin:{name}_add")).status_code == (200 if "add" in allowed else 403), name


@pytest.mark.parametrize(("role", "view", "save"), [("", 403, 403), ("Viewers", 200, 403), ("Editors", 200, 302)])
def test_only_who_may_change_a_person_changes_it(client: Client, role: str, view: int, save: int) -> None:
    author = make_author("Ada Testwright")
    client.force_login(someone(role))
    address = reverse("admin:authors_author_change", args=[author.pk])
    rows = {
        f"{name}-{part}_FORMS": 0
        for name in ("names", "identifiers", "affiliations", "figures")
        for part in ("TOTAL", "INITIAL")
    }
    assert client.get(address).status_code == view
    assert client.post(address, {"display_name": "Bea Testwright", "visibility": "auto", **rows}).status_code == save
    assert Author.objects.get().display_name == ("Bea Testwright" if save == 302 else "Ada Testwright")


@pytest.mark.parametrize(("role", "status"), [("Editors", 403), ("Senior editors", 200)])
def test_deleting_is_for_senior_editors(client: Client, role: str, status: int) -> None:
    author = make_author()
    client.force_login(someone(role))
    assert client.get(reverse("admin:authors_author_delete", args=[author.pk])).status_code == status


def test_nobody_gets_in_without_logging_in(client: Client) -> None:
    for name in EVERYTHING:
        answer = client.get(reverse(f"admin:{name}_changelist"))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(("role", "status"), [("Viewers", 403), ("Editors", 403), ("Administrators", 200)])
def test_the_sites_identity_is_the_administrators(client: Client, role: str, status: int) -> None:
    client.force_login(someone(role))
    address = reverse("admin:authors_siteidentity_change", args=[1])
    assert client.post(address, {"name": ""}).status_code == status


def test_an_administrator_makes_no_superuser_and_touches_none(client: Client) -> None:
    root = User.objects.create_superuser("root", "root@example.org", "x")
    me = someone("Administrators")
    client.force_login(me)
    assert client.post(reverse("admin:auth_user_change", args=[root.pk]), {"username": "mine"}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code == 403
    assert client.get(reverse("admin:auth_user_delete", args=[root.pk])).status_code == 403
    given = {"username": me.username, "is_active": "on", "is_staff": "on", "is_superuser": "on", "user_permissions": [1]}
    client.post(reverse("admin:auth_user_change", args=[me.pk]), given)
    me.refresh_from_db()
    assert not me.is_superuser
    assert not me.user_permissions.exists()


def test_an_administrator_gives_roles_but_widens_none(client: Client) -> None:
    me, role = someone("Administrators"), Group.objects.get(name="Administrators")
    # Databases from before hold these permissions too.
    role.permissions.add(*Permission.objects.filter(content_type__app_label="auth", content_type__model="group"))
    client.force_login(me)
    address = reverse("admin:auth_group_change", args=[role.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Mine", "permissions": Permission.objects.values_list("pk")}).status_code == 403
    assert client.get(reverse("admin:auth_group_delete", args=[role.pk])).status_code == 403
    new = User.objects.create_user("new")
    given = {"username": "new", "is_active": "on", "is_staff": "on", "groups": [Group.objects.get(name="Editors").pk]}
    assert client.post(reverse("admin:auth_user_change", args=[new.pk]), given).status_code == 302
    assert [role.name for role in new.groups.all()] == ["Editors"]


def test_a_superuser_changes_roles(client: Client) -> None:
    role = Group.objects.get(name="Viewers")
    client.force_login(User.objects.create_superuser("root", "root@example.org", "x"))
    assert client.post(reverse("admin:auth_group_change", args=[role.pk]), {"name": "Readers"}).status_code == 302
    role.refresh_from_db()
    assert role.name == "Readers"


def test_a_role_without_staff_status_is_pointed_out(client: Client) -> None:
    client.force_login(someone("Administrators"))
    new = User.objects.create_user("new")
    role = Group.objects.get(name="Editors")
    given = {"username": "new", "is_active": "on", "groups": [role.pk]}
    page = client.post(reverse("admin:auth_user_change", args=[new.pk]), given, follow=True)
    assert "cannot log in here yet" in page.content.decode()
