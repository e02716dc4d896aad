"""Imports in the history: every write of a run is in one change set, and the run can be taken back."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.models import ImportRun, Redirect
from authors.curation.undoing import Conflict, undo
from authors.models import Author, AuthorName, Institution
from papers.importers import runs
from papers.models import Authorship, Paper, Venue
from papers.search.finding import total
from tests.admin_forms import fill_in
from tests.dumps import dump
from tests.payloads import author, import_people, import_works, work

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]

FIRST = [
    work("Trees of examples", author("Ada Testwright", "orcid:0000-0002-1825-0097", "Example Institute"), "Bob Example",
         id="https://openalex.org/W1", doi="10.1234/one", cited_by_count=3),
    work("Forests of examples", author("Bob Example", "", "Example Institute"), "Cleo Sample", id="https://openalex.org/W2"),
]  # fmt: skip
SECOND = [
    work("Trees of examples", author("Ada Testwright", "orcid:0000-0002-1825-0097", "Example Institute"), "Bob Example",
         id="https://openalex.org/W1", doi="10.1234/one", cited_by_count=5, language="en"),
    work("Gardens of examples", author("A. Testwright", "orcid:0000-0002-1825-0097", "Another Institute"), "Dora Sample",
         id="https://openalex.org/W3"),
]  # fmt: skip


def of(run: ImportRun) -> ChangeSet:
    return ChangeSet.objects.get(run=run)


def without_runs(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What an undone run leaves: itself, and that its records are gone."""
    left = ("ImportRun", "ImportProblem", "Redirect", "GonePaper", "CreatedRows")
    return {name: rows for name, rows in found.items() if name not in left}


def test_taking_back_the_first_import_leaves_nothing() -> None:
    before = without_runs(dump())
    run = import_works(*FIRST)
    undo(of(run))
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
    assert not Paper.objects.exists()
    assert not Author.objects.exists()
    assert total() == 0
    assert {name: rows for name, rows in without_runs(dump()).items() if not name.endswith("Metrics")} == {
        name: rows for name, rows in before.items() if not name.endswith("Metrics")
    }


def test_taking_back_a_later_import_restores_what_it_changed() -> None:
    import_works(*FIRST)
    before = without_runs(dump())
    run = import_works(*SECOND)
    assert Paper.objects.get(title="Trees of examples").cited_by_count == 5
    undo(of(run))
    assert Paper.objects.get(title="Trees of examples").cited_by_count == 3
    assert not AuthorName.objects.filter(name="A. Testwright").exists()
    assert without_runs(dump()) == before


@pytest.mark.parametrize("batch", [1, 2])
def test_however_it_was_cut_into_batches(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(runs, "BATCH", batch)
    import_works(*FIRST)
    before = without_runs(dump())
    run = import_works(*SECOND, *[work(f"Further {number}", "Ada Testwright", "Bob Example") for number in range(4)])
    assert ChangeSet.objects.count() == 2
    undo(of(run))
    assert without_runs(dump()) == before


def test_after_taking_back_the_same_file_goes_in_again() -> None:
    undo(of(import_works(*FIRST)))
    again = import_works(*FIRST)
    assert again.created_count == 2
    assert Paper.objects.count() == 2


def test_a_run_that_only_changed_records_says_that_it_was_taken_back() -> None:
    import_works(*FIRST)
    run = import_works({**FIRST[0], "language": "en"})
    undone = undo(of(run))
    run.refresh_from_db()
    assert (run.state, Paper.objects.get(title="Trees of examples").language) == (ImportRun.State.UNDONE, "")
    undo(undone)
    run.refresh_from_db()
    assert (run.state, Paper.objects.get(title="Trees of examples").language) == (ImportRun.State.DONE, "en")


def test_what_a_paper_that_is_gone_cited_is_counted_anew() -> None:
    import_works(*FIRST)
    run = import_works(
        work("Citing examples", "Ada Testwright", id="https://openalex.org/W9", referenced_works=[FIRST[1]["id"]])
    )
    cited = Paper.objects.get(title="Forests of examples")
    assert cited.cited_by_count == 1
    undo(of(run))
    cited.refresh_from_db()
    assert cited.cited_by_count is None


def test_people_whom_others_need_by_now_stay() -> None:
    run = import_works(*FIRST)
    import_works(work("Later", author("Ada Testwright", "orcid:0000-0002-1825-0097", "Example Institute")))
    undo(of(run))
    assert [paper.title for paper in Paper.objects.all()] == ["Later"]
    ada = Author.objects.get()
    assert (str(ada), ada.metrics.papers_count) == ("Ada Testwright", 1)
    assert [str(institution) for institution in Institution.objects.all()] == ["Example Institute"]


def test_a_paper_that_was_edited_since_is_not_lost(client: Client) -> None:
    run = import_works(*FIRST)
    account = User.objects.create_user("sena", password="x", is_staff=True)
    account.groups.add(Group.objects.get(name="Senior editors"))
    client.force_login(account)
    paper = Paper.objects.get(title="Trees of examples")
    fill_in(client, reverse("admin:papers_paper_change", args=[paper.pk]), abstract="Mine.")
    before = dump()
    with pytest.raises(Conflict, match=f"P{paper.pk} was changed since"):
        undo(of(run))
    assert dump() == before
    undo(ChangeSet.objects.get(action="edit"))
    undo(of(run))
    assert not Paper.objects.exists()


def test_addresses_of_what_was_taken_back_say_so(client: Client) -> None:
    run = import_works(*FIRST)
    address = Paper.objects.first().get_absolute_url()
    undo(of(run))
    assert client.get(address).status_code == 410
    assert Redirect.objects.filter(kind="P").count() == 2


def test_an_import_of_people_is_taken_back() -> None:
    import_works(*FIRST)
    before = without_runs(dump())
    run = import_people(
        {"id": "https://openalex.org/A1", "orcid": "https://orcid.org/0000-0002-1825-0097", "display_name": "Ada B. Testwright",
         "works_count": 7},
        {"id": "https://openalex.org/A2", "display_name": "Nora Newcomer"},
    )  # fmt: skip
    assert Author.objects.filter(display_name="Nora Newcomer").exists()
    undo(of(run))
    after = without_runs(dump())
    assert after == before


def test_a_second_run_of_the_same_file_leaves_no_change_set() -> None:
    import_works(*FIRST)
    run = import_works(*FIRST)
    assert run.unchanged_count == 2
    assert not ChangeSet.objects.filter(run=run).exists()


def test_venues_are_taken_back_too() -> None:
    place = {"source": {"display_name": "Example Days", "type": "conference"}}
    run = import_works(work("At a venue", "Ada Testwright", primary_location=place))
    assert Venue.objects.count() == 1
    undo(of(run))
    assert not Venue.objects.exists()
    assert not Authorship.objects.exists()
