"""Idempotency-Key: a request that is sent again is answered again, and nothing is done twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.models import ApiToken, KeptAnswer
from authors.models import kept_answer as keeping
from papers.models import Paper
from tests.factories import make_author, make_paper
from tests.tokens import Program, problem

pytestmark = pytest.mark.django_db
NEW = {"title": "A Wholly New Example of Testing"}
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def test_the_same_request_is_answered_again_and_nothing_is_done() -> None:
    editor = Program()
    first = editor.post("papers", NEW, **KEY)
    again = editor.post("papers", NEW, **KEY)
    quoted = editor.post("papers", NEW, **{"Idempotency-Key": f'"{KEY["Idempotency-Key"]}"'})
    for answer in (again, quoted):
        assert (answer.status_code, answer.json()) == (201, first.json())
        assert (answer["Location"], answer["ETag"]) == (first["Location"], first["ETag"])
        assert answer["Idempotency-Replayed"] == "true"
        assert answer["Cache-Control"] == "no-store"
    assert "Idempotency-Replayed" not in first
    assert (Paper.objects.count(), ChangeSet.objects.count()) == (1, 1)


def test_merges_states_and_undoing_take_keys_too() -> None:
    senior, one, other, paper = Program("Senior editors"), make_author(), make_author(), make_paper()
    asked: list[tuple[str, Any]] = [("authors/merge", {"survivor": one.public_id, "other": other.public_id})]
    asked += [(f"papers/{paper.public_id}/state", {"state": "draft"})]
    answers = [senior.post(path, body, **{"Idempotency-Key": path}) for path, body in asked]
    asked += [(f"changesets/{answers[1].json()['change']['id']}/undo", {})]
    answers += [senior.post(*asked[2], **{"Idempotency-Key": asked[2][0]})]
    changes = ChangeSet.objects.count()
    for (path, body), answer in zip(asked, answers, strict=True):
        again = senior.post(path, body, **{"Idempotency-Key": path})
        assert (again.status_code, again.json()) == (200, answer.json())
        assert again["Idempotency-Replayed"] == "true"
    assert ChangeSet.objects.count() == changes
    assert Paper.objects.get().state == "published"  # as it was undone


def test_another_request_with_the_key_is_refused() -> None:
    editor = Program()
    editor.post("papers", NEW, **KEY)
    problem(editor.post("papers", {"title": "Something Else"}, **KEY), 422)
    problem(editor.post("authors", NEW, **KEY), 422)
    assert Paper.objects.count() == 1


def test_keys_are_the_tokens_own() -> None:
    Program().post("papers", NEW, **KEY)
    answer = Program("Senior editors").post("papers", {**NEW, "title": "Quite Other Things"}, **KEY)
    assert answer.status_code == 201
    assert Paper.objects.count() == 2


def test_what_was_refused_is_put_right_with_the_same_key() -> None:
    editor = Program()
    problem(editor.post("papers", {**NEW, "type": 1}, **KEY), 400)
    assert not KeptAnswer.objects.exists()
    assert editor.post("papers", NEW, **KEY).status_code == 201


def test_a_write_that_fails_leaves_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**given: Any) -> None:
        raise RuntimeError("the disk is full")

    editor = Program()
    editor.client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(KeptAnswer.objects, "keep", broken)
        problem(editor.post("papers", NEW, **KEY), 500)
    assert not Paper.objects.exists()
    assert editor.post("papers", NEW, **KEY).status_code == 201


def test_answers_are_kept_for_a_day() -> None:
    editor = Program()
    editor.post("authors", {"display_name": "Ada Testwright"}, **KEY)
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=25))
    answer = editor.post("papers", NEW, **KEY)  # as if the key were new
    assert answer.status_code == 201
    assert KeptAnswer.objects.count() == 1


def test_not_more_are_kept_than_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_OF_TOKEN", 3)
    monkeypatch.setattr(keeping, "NOW_AND_THEN", 1)
    editor, other = Program(), Program("Senior editors")
    paper = make_paper()
    other.post(f"papers/{paper.public_id}/state", {"state": "published"}, **KEY)
    for number in range(6):
        editor.post(f"papers/{paper.public_id}/state", {"state": "published"}, **{"Idempotency-Key": f"key-{number}"})
    kept = KeptAnswer.objects.order_by("pk").values_list("token", "key")
    mine = ApiToken.objects.get(pk=editor.token.pk)
    assert list(kept)[1:] == [(mine.pk, f"key-{number}") for number in (3, 4, 5)]
    assert kept.count() == 4


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b", "ä"])
def test_a_key_that_is_none(key: str) -> None:
    refused = problem(Program().post("papers", NEW, **{"Idempotency-Key": key}), 400)
    assert refused["errors"][0]["parameter"] == "Idempotency-Key"


def test_a_key_opens_nothing(client: Any) -> None:
    editor = Program()
    editor.post("papers", NEW, **KEY)
    problem(client.post("/api/v1/papers", NEW, content_type="application/json", headers=KEY), 401)
    ApiToken.objects.update(may_write=False)
    problem(editor.post("papers", NEW, **KEY), 403)


def test_what_the_database_finds_when_all_is_committed_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when somebody deletes at that moment what the request refers to: PostgreSQL looks at foreign keys last."""

    def refused(**given: Any) -> None:
        raise IntegrityError("violates foreign key constraint")

    editor = Program()
    with monkeypatch.context() as patched:
        patched.setattr(KeptAnswer.objects, "keep", refused)
        assert "at the same moment" in problem(editor.post("papers", NEW, **KEY), 409)["detail"]
    assert not Paper.objects.exists()
    assert editor.post("papers", NEW, **KEY).status_code == 201


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer, who waits")
def test_a_request_that_is_under_way_is_not_begun_again() -> None:
    editor = Program()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [keeping.lock_of(editor.token, KEY["Idempotency-Key"])])
            waiting = editor.post("papers", NEW, **KEY)
            assert "under way" in problem(waiting, 409)["detail"]
            assert waiting["Retry-After"] == "1"
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert editor.post("papers", NEW, **KEY).status_code == 201
