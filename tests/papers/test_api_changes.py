"""The feed of changes: what a mirror is told, and that it misses nothing."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from authors.curation.changes import Change, ChangeSet, CreatedRows
from authors.curation.recording import Action, acting, recorded
from authors.curation.redirects import leave_redirect
from authors.models import Author
from papers.models import Category, Paper
from tests.api import at_most, get, refusal
from tests.factories import make_author, make_paper

pytestmark = pytest.mark.django_db
FEED_QUERIES = 20  # the end of the history, both tables, what became of records of four kinds


def feed(client: Any, cursor: str = "*", limit: int = 100) -> tuple[list[tuple[str, str]], str]:
    """(id, op) of everything from there, and where to go on."""
    found = []
    for _ in range(100):
        body = get(client, f"changes?cursor={cursor}&limit={limit}").json()
        found += [(row["id"], row["op"]) for row in body["results"]]
        cursor = body["meta"]["next_cursor"]
        if not body["meta"]["more"]:
            return found, cursor
    raise AssertionError("the feed has no end")


def rename(paper: Paper, title: str) -> None:
    with acting(channel="command"), recorded(Action.EDIT, summary="renamed") as recording:
        recording.watch("P", [paper.pk])
        Paper.objects.filter(pk=paper.pk).update(title=title)


def imported(*papers: Paper) -> None:
    made = ChangeSet.objects.create(channel="import", action="import")
    for paper in papers:
        CreatedRows.objects.create(change_set=made, model="papers.paper", first=paper.pk, last=paper.pk)


def test_a_mirror_is_told_of_what_comes_after(client: Any) -> None:
    paper = make_paper()
    rename(paper, "Before")
    _, cursor = feed(client)
    assert feed(client, cursor)[0] == []
    rename(paper, "After")
    imported(new := make_paper())
    found, following = feed(client, cursor)
    assert found == [(new.public_id, "create"), (paper.public_id, "update")]
    assert feed(client, following)[0] == []
    assert feed(client, cursor) == (found, following)  # asked again, the same


def test_now_is_the_end_of_the_history(client: Any) -> None:
    paper = make_paper()
    rename(paper, "Before")
    body = get(client, "changes?cursor=now").json()
    assert body["results"] == []
    rename(paper, "After")
    assert feed(client, body["meta"]["next_cursor"])[0] == [(paper.public_id, "update")]


def test_merges_withdrawals_and_drafts(client: Any) -> None:
    survivor, old, draft = make_paper(), make_paper(), make_paper(state="draft")
    _, cursor = feed(client)
    with acting(channel="command"), recorded(Action.MERGE) as recording:
        recording.watch("P", [old.pk])
        leave_redirect(kind="P", old_id=old.pk, target_id=survivor.pk, reason="merged")
        Paper.objects.filter(pk=old.pk).delete()
    rename(draft, "Nobody reads this")
    imported(draft)
    gone = make_paper()
    Paper.objects.filter(pk=gone.pk).update(state="withdrawn")
    rename(gone, "Withdrawn")
    rows = get(client, f"changes?cursor={cursor}").json()["results"]
    told = {row["id"]: (row["op"], row["merged_into"]) for row in rows}
    assert told[old.public_id] == ("merge", survivor.public_id)
    assert told[gone.public_id] == ("delete", None)
    assert draft.public_id not in told


def test_a_hidden_person_is_removed_from_copies(client: Any) -> None:
    author = make_author()
    make_paper(authors=(author,))
    with acting(channel="command"), recorded(Action.EDIT) as recording:
        recording.watch("A", [author.pk])
        Author.objects.filter(pk=author.pk).update(visibility=Author.Visibility.HIDDEN)
    assert (author.public_id, "delete") in feed(client)[0]


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_pages_of_any_size_tell_the_same(client: Any, limit: int) -> None:
    papers = [make_paper(str(number)) for number in range(5)]
    made = ChangeSet.objects.create(channel="import", action="import")
    CreatedRows.objects.create(change_set=made, model="papers.paper", first=papers[0].pk, last=papers[4].pk)
    CreatedRows.objects.create(change_set=made, model="papers.authorship", first=1, last=900)
    for paper in papers[:2]:
        rename(paper, "Renamed")
    found, _ = feed(client, limit=limit)
    assert {each for each, op in found if op == "create"} == {paper.public_id for paper in papers}
    assert {paper.public_id for paper in papers[:2]} <= {each for each, _ in found}


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_changes(client: Any, rows: int) -> None:
    for number in range(rows):
        author = make_author()
        paper = make_paper(str(number), authors=(author,), published=date(2020, 1, 1))
        rename(paper, "Renamed")
        with recorded(Action.EDIT) as recording:
            recording.watch("A", [author.pk])
            Author.objects.filter(pk=author.pk).update(display_name="Ada Testwright")
    with at_most(FEED_QUERIES):
        get(client, "changes")


@pytest.mark.parametrize("query", ["cursor=x", "cursor=", "limit=0", "limit=1001", "limit=x", "since=1", "cursor=*&cursor=*"])
def test_what_cannot_be_is_refused(client: Any, query: str) -> None:
    refusal(get(client, f"changes?{query}"))


def test_a_cursor_of_a_list_is_none_of_the_feed(client: Any) -> None:
    for number in range(2):
        make_paper(str(number))
    cursor = get(client, "papers?cursor=*&per-page=1").json()["meta"]["next_cursor"]
    refusal(get(client, f"changes?cursor={cursor}"))


def note(paper: Paper) -> None:
    """A change as the history has it, without all that follows from one, for which writers wait for each other."""
    made = ChangeSet.objects.create(channel="command", action="edit")
    told = {"model": "papers.paper", "row_id": str(paper.pk), "kind": "P", "record_id": paper.pk}
    Change.objects.create(change_set=made, before={"title": "A"}, after={"title": "B"}, **told)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_committed_late_is_not_lost(client: Any) -> None:
    """One transaction takes its keys first and ends last: the feed must not pass it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    Category.objects.get_or_create(code="cs.CL", defaults={"short_code": "CL", "name": "Computation and Language"})
    early, late = make_paper("Early"), make_paper("Late")
    _, cursor = feed(client)
    written, release = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            note(early)
            written.set()
            release.wait(20)
        connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    try:
        assert written.wait(20)
        note(late)
        found: list[tuple[str, str]] = []
        for _ in range(3):
            more, cursor = feed(client, cursor)
            found += more
        assert found == []
        assert get(client, "changes?cursor=now").status_code == 503
    finally:
        release.set()
        slow.join()
    for _ in range(2):
        more, cursor = feed(client, cursor)
        found += more
    assert {each for each, _ in found} == {early.public_id, late.public_id}
