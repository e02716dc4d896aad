"""What is done through the API by POST: states, merges, undoing; who may, and who may not."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.models import Author, Institution, Redirect
from papers.models import Paper
from tests.admin_forms import logged_in
from tests.factories import make_author, make_institution, make_paper
from tests.tokens import Program, problem

pytestmark = pytest.mark.django_db


# --- states ----------------------------------------------------------------------------------------------------------------


def test_a_draft_is_published_and_withdrawn(client: Any) -> None:
    paper, editor = make_paper("A Draft", state="draft"), Program()
    address = f"papers/{paper.public_id}"
    answer = editor.post(f"{address}/state", {"state": "published", "reason": "Checked."})
    assert answer.status_code == 200, answer.content
    assert answer.json()["change"]["summary"] == f"paper {paper.public_id} (A Draft): published"
    assert client.get(f"/api/v1/{address}").json() == answer.json()["record"]
    assert client.get(f"/api/v1/{address}")["ETag"] == answer["ETag"]
    assert editor.post(f"{address}/state", {"state": "published"}).json()["change"] is None
    assert editor.post(f"{address}/state", {"state": "withdrawn"}, **{"If-Match": answer["ETag"]}).status_code == 200
    assert client.get(f"/api/v1/{address}").status_code == 410
    assert {one.channel for one in ChangeSet.objects.all()} == {"api"}


def test_a_state_that_there_is_not_and_a_version_that_is_over() -> None:
    paper, editor = make_paper(), Program()
    address = f"papers/{paper.public_id}/state"
    assert problem(editor.post(address, {"state": "gone"}), 400)["errors"][0]["allowed"] == Paper.State.values
    problem(editor.post(address, {}), 400)
    problem(editor.post(address, {"state": "draft"}, **{"If-Match": '"old"'}), 412)
    problem(editor.post("papers/P999000999/state", {"state": "draft"}), 404)
    problem(editor.get(address), 405)
    assert Paper.objects.get().state == "published"


# --- merging ---------------------------------------------------------------------------------------------------------------


def test_two_people_become_one_and_two_again(client: Any) -> None:
    stays, goes, senior = make_author("Ada Testwright"), make_author("A. Testwright"), Program("Senior editors")
    make_paper(authors=(stays,))
    make_paper(authors=(goes,))
    body = {"survivor": stays.public_id, "other": goes.public_id, "reason": "The same address."}
    answer = senior.post("authors/merge", body)
    assert answer.json()["record"]["works_count"] == 2
    assert client.get(f"/api/v1/authors/{goes.public_id}").status_code == 301
    again = senior.post("authors/merge", body)  # repeating it does no harm
    assert (again.status_code, again.json()["change"]) == (200, None)
    late = problem(senior.patch(f"authors/{goes.public_id}", {"homepage": None}, version="*"), 409)
    assert f"merged into {stays.public_id}" in late["detail"]
    undo_url = answer.json()["change"]["undo_url"]
    undone = senior.client.post(undo_url, {}, "application/json", headers={"Authorization": f"Bearer {senior.secret}"})
    assert undone.json()["change"]["action"] == "undo"
    assert client.get(f"/api/v1/authors/{goes.public_id}").json()["works_count"] == 1


def test_fields_are_taken_from_the_other_paper() -> None:
    stays, goes, senior = (
        make_paper("Teh Title", doi="10.5555/a"),
        make_paper("The Title", doi="10.5555/b"),
        Program("Administrators"),
    )
    body = {"survivor": "doi:10.5555/a", "other": "doi:10.5555/b", "take": ["title", "publication_date"]}
    record = senior.post("papers/merge", body).json()["record"]
    assert (record["id"], record["title"]) == (stays.public_id, "The Title")
    assert Redirect.objects.get(kind="P", old_id=goes.pk).target_id == stays.pk


def test_institutions_are_merged() -> None:
    stays, goes, senior = make_institution(), make_institution(), Program("Senior editors")
    answer = senior.post("institutions/merge", {"survivor": stays.public_id, "other": goes.public_id})
    assert answer.json()["record"]["id"] == stays.public_id


def test_two_on_one_paper_are_two_unless_somebody_says_so() -> None:
    first, second, senior = make_author(), make_author(), Program("Senior editors")
    paper = make_paper(authors=(first, second))
    body = {"survivor": first.public_id, "other": second.public_id}
    assert paper.public_id in problem(senior.post("authors/merge", body), 409)["detail"]
    assert Author.objects.count() == 2
    assert senior.post("authors/merge", {**body, "though_both": True}).status_code == 200


@pytest.mark.parametrize(("body", "status"), [
    ({"other": "A1"}, 400), ({"survivor": 1, "other": 2}, 400), ({"survivor": "A999000999", "other": "A999000998"}, 404),
    ({"survivor": "P1", "other": "P2"}, 400), ({"survivor": "{id}", "other": "{id}"}, 409),
    ({"survivor": "{id}", "other": "{id}", "take": ["orcid"]}, 400), ({"survivor": "{id}", "other": "{id}", "take": 1}, 400),
    ({"survivor": "{id}", "other": "{id}", "take": {}}, 400),
    ({"survivor": "{id}", "other": "{id}", "though_both": "yes"}, 400),
    ({"survivor": "{id}", "other": "{id}", "reason": 1}, 400),
])  # fmt: skip
def test_what_cannot_be_merged(body: Any, status: int) -> None:
    person, senior = make_author(), Program("Senior editors")
    given = {name: person.public_id if value == "{id}" else value for name, value in body.items()}
    problem(senior.post("authors/merge", given), status)
    assert not ChangeSet.objects.exists()


# --- undoing ---------------------------------------------------------------------------------------------------------------


def test_editors_undo_what_they_did(client: Any) -> None:
    paper, editor, other = make_paper("A Title"), Program(), Program("Administrators")
    change = editor.patch(f"papers/{paper.public_id}", {"title": "Another"}).json()["change"]
    address = f"changesets/{change['id']}/undo"
    first = editor.post(address, {"reason": "A mistake."}).json()["change"]
    assert first["reason"] == "A mistake."
    assert client.get(f"/api/v1/papers/{paper.public_id}").json()["title"] == "A Title"
    assert other.post(address, {}).json()["change"] == first  # once more is no second time
    problem(other.post(address, {"reason": "x" * 301}), 400)
    undone = ChangeSet.objects.get(pk=first["id"])
    assert (undone.channel, undone.undoes_id, undone.user) == ("api", change["id"], editor.token.user)
    page = logged_in("Viewers").get(reverse("admin:papers_paper_history", args=[paper.pk])).content.decode()
    assert "A mistake." in page


def test_what_stands_against_undoing_is_told() -> None:
    paper, editor, senior = make_paper("A Title"), Program(), Program("Senior editors")
    first = editor.patch(f"papers/{paper.public_id}", {"title": "Another"}).json()["change"]
    second = senior.patch(f"papers/{paper.public_id}", {"title": "A Third"}).json()["change"]
    told = problem(editor.post(f"changesets/{first['id']}/undo", {}), 409)["detail"]
    assert "A Third" in told or "title" in told
    problem(editor.post(f"changesets/{second['id']}/undo", {}), 403)  # somebody else's
    assert senior.post(f"changesets/{second['id']}/undo", {}).status_code == 200
    problem(senior.post("changesets/999000999/undo", {}), 404)
    problem(senior.post("changesets/" + "9" * 19 + "/undo", {}), 404)


# --- who may ---------------------------------------------------------------------------------------------------------------


def asked_for(program: Any, paper: Paper) -> dict[str, int]:
    """What each write answers, asked so that it would change nothing."""
    change_set = ChangeSet.objects.latest("pk")
    answers = {
        "edit": program.patch(f"papers/{paper.public_id}", {}, version="*"),
        "state": program.post(f"papers/{paper.public_id}/state", {"state": "published"}),
        "merge": program.post("papers/merge", {"survivor": paper.public_id, "other": "P999000999"}),
        "undo": program.post(f"changesets/{change_set.pk}/undo", {}),
    }
    return {name: answer.status_code for name, answer in answers.items()}


@pytest.mark.parametrize(("role", "expected"), [
    ("", {"edit": 403, "state": 403, "merge": 403, "undo": 403}),
    ("Viewers", {"edit": 403, "state": 403, "merge": 403, "undo": 403}),
    ("Editors", {"edit": 200, "state": 200, "merge": 403, "undo": 403}),
    ("Senior editors", {"edit": 200, "state": 200, "merge": 404, "undo": 200}),
    ("Administrators", {"edit": 200, "state": 200, "merge": 404, "undo": 200}),
])  # fmt: skip
def test_a_token_may_what_its_owners_role_may(role: str, expected: dict[str, int]) -> None:
    paper, root = make_paper("A Title"), Program("Administrators")
    root.token.user.username = "somebody-else"
    root.token.user.save()
    root.patch(f"papers/{paper.public_id}", {"title": "Another"})
    assert asked_for(Program(role), paper) == expected


def test_a_token_that_reads_changes_nothing() -> None:
    paper, program = make_paper(), Program("Administrators", may_write=False)
    Program("Editors").patch(f"papers/{paper.public_id}", {"title": "Another"})
    assert set(asked_for(program, paper).values()) == {403}
    told = problem(program.post(f"papers/{paper.public_id}/state", {"state": "draft"}), 403)["detail"]
    assert "only reads" in told


def test_nobody_writes_without_a_token(client: Any) -> None:
    paper = make_paper()
    for answer in (
        client.patch(f"/api/v1/papers/{paper.public_id}", '{"title": "x"}', content_type="application/json"),
        client.post("/api/v1/papers/merge", "{}", content_type="application/json"),
    ):
        problem(answer, 401)
        assert answer["WWW-Authenticate"].startswith("Bearer")
    signed_in = logged_in("Administrators")  # a browser's cookie is no token
    address = f"/api/v1/papers/{paper.public_id}/state"
    problem(signed_in.post(address, '{"state": "draft"}', content_type="application/json"), 401)


def test_scripts_of_other_sites_may_not_write(client: Any) -> None:
    paper, editor = make_paper(), Program()
    address = f"/api/v1/papers/{paper.public_id}"
    for path, method in ((address, "PATCH"), (f"{address}/state", "POST"), ("/api/v1/papers/merge", "POST")):
        asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": method}
        assert "Access-Control-Allow-Origin" not in client.options(path, headers=asked)
    reading = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    assert client.options(address, headers=reading)["Access-Control-Allow-Origin"] == "*"
    answer = editor.patch(f"papers/{paper.public_id}", {})
    assert "Access-Control-Allow-Origin" not in answer
    assert answer["Cache-Control"] == "no-store"


# --- the examples of the documentation -------------------------------------------------------------------------------------

EXAMPLES = [
    line.strip()
    for line in (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text().splitlines()
    if line.startswith("    curl ") and "$TOKEN" in line
]


def test_examples_with_a_token_run_as_written() -> None:
    call_command("load_demo", stdout=StringIO(), stderr=StringIO())
    senior, undo_url = Program("Senior editors"), ""
    first = {kind.letter: kind.objects.earliest("pk").pk for kind in (Paper, Author, Institution)}
    assert len(EXAMPLES) >= 9
    for example in EXAMPLES:
        told = re.sub(r"\b([PAI])(\d)\b", lambda key: f"{key[1]}{int(key[2]) + first[key[1]] - 1}", example)
        address, headers, body, status = read_example(told.replace("$UNDO_URL", undo_url))
        method = "patch" if " -X PATCH " in told else "post" if body else "get"
        if "$ETAG" in headers.values():
            headers["If-Match"] = senior.get(address)["ETag"]
        answer = senior.asked(method, address, body, **headers)
        assert answer.status_code == status, (told, answer.content)
        if method != "get" and status == 200:
            undo_url = "http://127.0.0.1:8000/api/v1/" + answer.json()["change"]["undo_url"].partition("/api/v1/")[2]


def read_example(line: str) -> tuple[str, dict[str, str], str | None, int]:
    """Path, headers but for the token, body, expected status."""
    told = re.fullmatch(r"""curl ['"]http://[^/]+/api/v1/(.*?)['"]( .*?)(?: -d '(.*)')?(?: +# (\d+))?""", line)
    assert told, line
    headers = dict(pair.split(": ", 1) for _, pair in re.findall(r"""-H (['"])(.*?)\1""", told[2]))
    assert headers.pop("Authorization") == "Bearer $TOKEN"
    headers.pop("Content-Type", None)
    return told[1], headers, told[3], int(told[4] or 200)
