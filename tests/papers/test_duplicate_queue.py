"""The queue of likely duplicates follows what is written; the preview of an import warns of what it would add."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.models import ImportRun
from authors.curation.undoing import undo
from authors.models import Author
from papers.duplicates import doubling, following
from papers.duplicates.deciding import decide
from papers.duplicates.finding import find_for
from papers.merging.merging import merge
from papers.merging.splitting import move_authorships
from papers.models import Authorship, LikelyDuplicate, Paper
from tests.admin_forms import fill_in, logged_in, row
from tests.factories import make_author, make_paper
from tests.payloads import import_works, work

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
TITLE = "On the Scaling of Entirely Invented Models of Imaginary Gardens & Meadows"
NAMES = ("Ada Testwright", "Bram Exemplar")
IMPORT = "/admin/authors/importrun/import/"


LATER: list[Callable[[], None]] = []


@pytest.fixture(autouse=True)
def _uncommitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never reach the end of their transaction: what waits for it waits for `commit()`."""
    LATER.clear()
    monkeypatch.setattr(transaction, "on_commit", lambda do, **_: LATER.append(do))


def commit() -> None:
    while LATER:
        LATER.pop(0)()


def pairs(kind: str, **wanted: Any) -> list[tuple[int, int]]:
    found = LikelyDuplicate.objects.filter(kind=kind, **wanted).standing().order_by("first_id", "second_id")
    return list(found.values_list("first_id", "second_id"))


@pytest.fixture
def editor(settings: Any, tmp_path: Path) -> Client:
    settings.VAR_DIR = tmp_path
    return logged_in("Senior editors")


def three_of_one() -> list[Author]:
    """Three records of one person, all in the queue with each other."""
    bram, found = make_author("Bram Exemplar"), [make_author("Ada Testwright") for _ in range(3)]
    for person in found:
        make_paper(authors=(person, bram))
    find_for("A", [person.pk for person in found])
    return found


# --- imports -------------------------------------------------------------------------------------------------------------


def of_openalex(number: int, title: str = TITLE, year: int = 2021) -> dict[str, Any]:
    return work(title, *NAMES, id=f"https://openalex.org/W{number}", publication_year=year)


def test_an_import_brings_what_it_adds_into_the_queue_and_its_undoing_takes_it_out() -> None:
    import_works(of_openalex(1))
    assert pairs("P") == []
    run = import_works(of_openalex(2, year=2023))
    assert pairs("P") == [tuple(Paper.objects.order_by("pk").values_list("pk", flat=True))]
    assert run.message == ""
    undo(ChangeSet.objects.get(run=run))
    assert not LikelyDuplicate.objects.exists()


def test_a_record_that_an_import_changes_is_compared_anew() -> None:
    import_works(of_openalex(1), of_openalex(2, "Gardens of Quite Another Kind of Example", 2023))
    assert pairs("P") == []
    import_works(of_openalex(2, year=2023))
    assert len(pairs("P")) == 1


def test_a_large_import_says_that_nobody_looked_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST", 1)
    run = import_works(of_openalex(1), of_openalex(2, year=2023))
    assert pairs("P") == []
    assert "find_duplicates" in ImportRun.objects.get(pk=run.pk).message


def preview(editor: Client, *works: Any) -> str:
    pasted = "\n".join(json.dumps(given) for given in works)
    answer = editor.post(IMPORT, {"kind": "P", "source": "test", "state": "published", "pasted": pasted})
    text = str(answer.content.decode())
    assert "What pasted.txt would do" in text
    return text


def test_a_preview_warns_of_what_is_likely_here_already(editor: Client) -> None:
    import_works(of_openalex(1))
    paper = Paper.objects.get()
    text = preview(editor, of_openalex(2, year=2023))
    assert "New, but likely here already: 1" in text
    assert f'<a href="{reverse("admin:papers_paper_change", args=[paper.pk])}">P{paper.pk}</a>' in text
    assert "the same first author: Ada Testwright" in text
    assert "Gardens &amp; Meadows" in text
    assert not LikelyDuplicate.objects.exists()


def test_a_preview_warns_of_two_new_ones_that_are_one(editor: Client) -> None:
    assert "another new one:" in preview(editor, of_openalex(1), of_openalex(2, year=2023))


def test_a_preview_of_something_new_warns_of_nothing(editor: Client) -> None:
    assert "likely here already" not in preview(editor, of_openalex(1))


def test_a_preview_shows_the_likeliest_of_many(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubling, "SHOWN", 1)
    text = preview(editor, *(of_openalex(number, year=2020 + 2 * number) for number in (1, 2, 3)))
    assert "New, but likely here already: 2" in text or "New, but likely here already: 3" in text
    assert "Only the likeliest are shown" in text


# --- edits, merges, splits, undoing --------------------------------------------------------------------------------------


def test_an_edited_name_brings_a_pair_and_its_undoing_takes_it_away(editor: Client) -> None:
    make_author("Ada Testwright")
    other = make_author("Zoe Sampleson")
    address = reverse("admin:authors_author_change", args=[other.pk])
    fill_in(editor, address, display_name="Ada Testwright", **row("names", 1, name="Ada Testwright", public="on"))
    commit()
    assert len(pairs("A")) == 1
    undo(ChangeSet.objects.get(action="edit"))
    commit()
    assert pairs("A") == []


def test_a_merge_leads_the_other_pairs_to_the_one_that_stays() -> None:
    first, second, third = three_of_one()
    assert len(pairs("A")) == 3
    merge(survivor=first, other=second)
    assert pairs("A") == [(first.pk, third.pk)]
    commit()
    assert pairs("A") == [(first.pk, third.pk)]
    merge(survivor=third, other=first)
    assert pairs("A") == []


def test_undoing_a_merge_brings_its_pairs_back_as_open() -> None:
    first, second, third = three_of_one()
    change_set = merge(survivor=first, other=second).change_set
    commit()
    assert change_set is not None
    undo(change_set)
    commit()
    assert pairs("A", decision="") == [(first.pk, second.pk), (first.pk, third.pk), (second.pk, third.pk)]


def test_what_was_kept_apart_from_the_other_is_kept_apart_from_the_one_that_stays_until_the_merge_is_undone() -> None:
    first, second, third = three_of_one()
    decide(LikelyDuplicate.objects.filter(first_id=second.pk, second_id=third.pk), "apart", user=None)
    LikelyDuplicate.objects.filter(first_id=first.pk, second_id=third.pk).delete()
    change_set = merge(survivor=first, other=second).change_set
    commit()
    assert pairs("A", decision="apart") == [(first.pk, third.pk)]
    assert change_set is not None
    undo(change_set)
    commit()
    assert pairs("A", decision="apart") == [(second.pk, third.pk)]
    assert pairs("A", decision="") == [(first.pk, second.pk), (first.pk, third.pk)]


def test_a_split_brings_a_pair() -> None:
    ada = make_author("Ada Testwright")
    bram = make_author("Bram Exemplar")
    papers = [make_paper(authors=(ada, bram)) for _ in range(2)]
    line = Authorship.objects.get(paper=papers[1], author=ada)
    move_authorships([line.pk], name="Ada Testwright")
    commit()
    assert len(pairs("A")) == 1


def test_a_change_of_thousands_of_records_leaves_the_queue_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST", 1)
    first, second, _ = three_of_one()
    LikelyDuplicate.objects.all().delete()
    merge(survivor=first, other=second)
    commit()
    assert pairs("A") == []


def test_the_queue_is_no_part_of_a_change_set() -> None:
    first, second, _ = three_of_one()
    merge(survivor=first, other=second)
    commit()
    changed = ChangeSet.objects.get().changes.values_list("model", flat=True)
    assert not [model for model in changed if "duplicate" in model or "decision" in model]
