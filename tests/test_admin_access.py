"""Every address and every action of the admin, walked as each role and as nobody.

What is expected stands in the tables below and in tests.test_roles. An address or an action without a line there fails the
test: whoever adds one says who may use it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from authors.curation.changes import ChangeSet
from tests.admin_records import one_of
from tests.factories import make_author
from tests.test_roles import EVERYTHING, TABLE, someone

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]  # without the search index: no page here asks it
ROLES = ["nobody", "", "Viewers", "Editors", "Senior editors", "Administrators"]
LOGIN = "login"  # led to the login page
NO_LINE = "a line in the tables of this test"

# --- what is expected: of GET and of POST without data, by role in the order above -------------------------------------------

OPEN = [200] * 6
INSIDE = [LOGIN, *[200] * 5]
ABSENT = [LOGIN, *[404] * 5]
LOOKING = [LOGIN, 403, *[200] * 4]
EDITORS, EDITORS_DO = [LOGIN, 403, 403, 200, 200, 200], [LOGIN, 403, 403, 302, 302, 302]
SENIORS = [LOGIN, 403, 403, 403, 200, 200]
SENT_ON = [LOGIN, *[302] * 5]
UNPOSTED = [LOGIN, *[405] * 5]
STEERING = (UNPOSTED, [LOGIN, 403, 403, 403, 302, 302])  # of work that somebody else asked for
NEVER = [LOGIN, *[403] * 5]
MERGED, UNLOCKED = ("authors_author", "authors_institution", "papers_paper"), ("papers_venue",)
PAGES: dict[str, tuple[list[Any], list[Any]]] = {
    "index": (INSIDE, INSIDE),
    "login": ([200, *[302] * 5], OPEN),
    "logout": ([302, *[405] * 5], [302, *[200] * 5]),
    "password_change": (INSIDE, INSIDE),
    "password_change_done": (INSIDE, UNPOSTED),
    "admin_password_reset": (OPEN, OPEN),
    "password_reset_done": (OPEN, [405] * 6),
    "password_reset_confirm": (OPEN, OPEN),  # says that the link is no good
    "password_reset_complete": (OPEN, [405] * 6),
    "autocomplete": ([LOGIN, *[403] * 5], UNPOSTED),  # asked without saying for which field
    "jsi18n": (INSIDE, UNPOSTED),
    "view_on_site": (ABSENT, ABSENT),
    "app_list": ([LOGIN, 404, *[200] * 4], [LOGIN, 404, *[200] * 4]),
    "catch_all": (ABSENT, ABSENT),
    "authors_siteidentity_changelist": (SENT_ON, SENT_ON),  # to the one form, which asks who it is
    "authors_author_name": (EDITORS, EDITORS),
    "authors_importrun_import": (EDITORS, EDITORS),
    "authors_importrun_fetch": (EDITORS, EDITORS),
    "authors_importrun_remarks": (LOOKING, LOOKING),
    "authors_fetch_change": (LOOKING, EDITORS_DO),
    "authors_harvest_run": (UNPOSTED, EDITORS_DO),
    "authors_changeset_undo": (SENIORS, [LOGIN, 403, 403, 403, 302, 302]),  # of somebody else's changes
    "auth_user_password_change": ([LOGIN, *[403] * 4, 200], [LOGIN, *[403] * 4, 200]),
    "authors_apitoken_change": ([LOGIN, 403, 403, 302, 302, 200], NEVER),  # somebody else's is there for administrators only
    "authors_apitoken_history": ([LOGIN, 302, 302, 302, 302, 200],) * 2,
    "authors_apitoken_delete": (NEVER, NEVER),
    "authors_job_cancel": STEERING,
    "authors_job_again": STEERING,
    "papers_scorerun_compute": (UNPOSTED, EDITORS_DO),
    **{f"{model}_merge": (SENIORS, SENIORS) for model in MERGED},
    **{f"{model}_table": (EDITORS, EDITORS) for model in MERGED},
    **{f"{model}_unlock": (EDITORS, EDITORS) for model in MERGED + UNLOCKED},
}
# Of lists and forms only: an empty form comes back with its errors (200), but for these.
SAVED = [f"papers_{kind}" for kind in ("paperfigure", "authorfigure", "institutionfigure", "authorshipaffiliation")]
POSTS = {(model, "change"): 302 for model in ("authors_report", "papers_likelyduplicate", *SAVED)}
TO_LOOK_AT = ["authors_changeset", "authors_job"]  # their pages are no forms

# Who may use an action: those who may do this with the records of the list.
DELETE, COUNT, MERGE = {"delete_selected": "delete"}, {"count_figures": "change"}, {"merge_chosen": "merge"}
EXPORT = {"export_as_csv": "view"}
DELETED = [
    "authors_redirect", "auth_group", "auth_user", "papers_paperfigure", "papers_authorfigure", "papers_institutionfigure",
    "papers_citation", "papers_venue", "papers_category", "authors_harvest", "papers_scoremark",
]  # fmt: skip
ACTIONS: dict[str, dict[str, str]] = {
    **dict.fromkeys(DELETED, DELETE),
    "authors_author": {"hide": "change", "show": "change", **MERGE, **COUNT, **EXPORT, **DELETE},
    "authors_institution": {**MERGE, **COUNT, **EXPORT, **DELETE},
    "authors_report": {"take": "change", "decline": "change", **DELETE},
    "papers_paper": {
        **dict.fromkeys(["make_published", "make_review", "make_draft", "make_withdrawn"], "change"),
        **dict.fromkeys(["give_a_category", "give_an_institution", "check_code_links"], "change"),
        **MERGE, **COUNT, **EXPORT, **DELETE,
    },
    "papers_authorship": {"move_to_person": "change", "hide_on_profile": "change", "show_on_profile": "change", **DELETE},
    "papers_authorshipaffiliation": {"resolve_everywhere": "change", **DELETE},
    "papers_likelyduplicate": {"keep_apart": "change"},
    "authors_apitoken": {"revoke": "add"},
}  # fmt: skip


def may(role: str, what: str, model: str) -> bool:
    if what == "merge":
        return role in ("Senior editors", "Administrators")
    if model == "authors_siteidentity":
        return role not in ("nobody", "") and (what == "view" or (what == "change" and role == "Administrators"))
    return what in TABLE.get(role, {}).get(model, set())


# --- what there is ---------------------------------------------------------------------------------------------------------


def addresses() -> list[tuple[str, str]]:
    """(name, path) of every address below /admin/; the path as Django's patterns write it."""
    walked = _walk(get_resolver().url_patterns, "")
    return [(name or _unnamed(path), path) for name, path in walked if path.startswith("admin/")]


def _walk(patterns: Any, before: str) -> Iterator[tuple[str | None, str]]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, path)
        elif isinstance(one, URLPattern):
            yield one.name, path


def _unnamed(path: str) -> str:
    """Django's two: a record's bare address, and whatever else is typed."""
    return "bare" if path.endswith("<path:object_id>/") else "catch_all"


TYPED = {
    "app_list": "/admin/papers/",
    "view_on_site": "/admin/r/1/0/",
    "catch_all": "/admin/no-such-page/",
    "password_reset_confirm": "/admin/password_reset/MQ/no-token/",
}


def filled(name: str, path: str) -> str:
    """The path with the key of a real record."""
    if name in TYPED:
        return TYPED[name]
    for part in ("<path:object_id>", "<int:pk>", "<id>"):
        if part in path:
            path = path.replace(part, str(one_of("_".join(path.split("/")[1:3])).pk))
    return f"/{path}"


def expected(name: str, role: str) -> tuple[Any, Any]:
    """Of GET and POST. Lists, forms, histories and deletions follow from what the role may do with the records."""
    if name in PAGES:
        get, post = PAGES[name]
        return get[ROLES.index(role)], post[ROLES.index(role)]
    if role == "nobody":
        return LOGIN, LOGIN
    if name == "bare":
        return 302, 302
    model, _, page = name.rpartition("_")
    needed = {"changelist": "view", "history": "view", "add": "add", "delete": "delete", "change": "view"}.get(page)
    if needed is None or model not in EVERYTHING:
        return NO_LINE, NO_LINE
    writes = "change" if page == "change" and model not in TO_LOOK_AT else needed
    post = POSTS.get((model, page), 200)
    return 200 if may(role, needed, model) else 403, post if may(role, writes, model) else 403


# --- walking ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor() -> Any:
    def made(role: str) -> Client:
        client = Client(raise_request_exception=False)
        if role != "nobody":
            client.force_login(someone(role))
        return client

    return made


def asked(client: Client, method: str, address: str, data: Any = None, **how: Any) -> tuple[Any, bool]:
    """The answer, and whether anything was changed; that is taken back."""
    with transaction.atomic():
        before = ChangeSet.objects.count()
        found = getattr(client, method)(address, data, **how)
        wrote = ChangeSet.objects.count() > before
        transaction.set_rollback(True)
    return found, wrote


def status_of(found: Any) -> Any:
    return LOGIN if found.status_code == 302 and found["Location"].startswith("/admin/login/") else found.status_code


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_tables_say(visitor: Any, role: str) -> None:
    client, wrong = visitor(role), []
    session = client.cookies.copy()
    for name, path in addresses():
        where = filled(name, path)
        for method, wanted in zip(("get", "post"), expected(name, role), strict=True):
            found = status_of(asked(client, method, where)[0])
            client.cookies = session.copy()  # also after logging out
            if found != wanted:
                wrong.append(f"{name} {method}: {found}, not {wanted}")
    assert not wrong, "\n".join(wrong)


def test_every_action_has_a_line_in_the_table(rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = User.objects.create_superuser("root", password="x")
    registered = {model._meta.label_lower.replace(".", "_"): one for model, one in admin.site._registry.items()}
    there = {name: set(one.get_actions(request)) for name, one in registered.items()}
    assert {name: found for name, found in there.items() if found} == {name: set(table) for name, table in ACTIONS.items()}


@pytest.mark.parametrize("role", ROLES)
def test_every_action_is_for_who_the_table_says(visitor: Any, role: str) -> None:
    client, wrong = visitor(role), []
    for name, table in ACTIONS.items():
        address, row = f"/admin/{name.replace('_', '/', 1)}/", one_of(name).pk
        for action, needed in table.items():
            data = {"action": action, ACTION_CHECKBOX_NAME: [row]}
            found, wrote = asked(client, "post", address, data, follow=True)
            offered = f'<option value="{action}">' in client.get(address).text
            taken = offered and (found.streaming or "No action selected" not in found.text)
            if found.status_code not in (200, 403) or taken != may(role, needed, name) or (wrote and not taken):
                wrong.append(f"{name} {action}: {found.status_code}, offered {offered}, taken {taken}, wrote {wrote}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", ["9" * 5_000, "abc", "1;", "-1", "1" * 30, "\0", "٣"])
@pytest.mark.parametrize("name", ["authors_author", "papers_paper", "papers_category", "auth_user", "authors_report"])
def test_a_row_that_no_browser_sends_is_refused_in_words(visitor: Any, name: str, key: str) -> None:
    make_author()
    client, address = visitor("Administrators"), f"/admin/{name.replace('_', '/', 1)}/"
    for action in ACTIONS[name]:
        answer = client.post(address, {"action": action, ACTION_CHECKBOX_NAME: [key]}, follow=True)
        assert answer.status_code == 200, action
    assert name == "papers_category" or "Nothing was done" in answer.text
    assert not ChangeSet.objects.exists()


def test_no_redirect_is_made_for_a_record_that_is_still_there(visitor: Any) -> None:
    author, client = make_author(), visitor("Editors")
    typed = {"kind": "A", "old_id": author.pk, "reason": "withdrawn", "note": ""}
    page = client.post("/admin/authors/redirect/add/", typed)
    assert page.status_code == 200
    assert f"A{author.pk} is still there" in page.context["adminform"].form.errors["old_id"][0]
    assert client.post("/admin/authors/redirect/add/", {**typed, "old_id": author.pk + 1}).status_code == 302
