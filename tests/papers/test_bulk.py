"""Actions on a whole filtered list: a few records at once, many by the worker, as one change that can be undone."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from authors.admin import bulk
from authors.curation.changes import ChangeSet
from authors.curation.jobs.models import Job
from authors.curation.undoing import undo
from authors.models import Author
from papers import tasks
from papers.models import Paper, PaperInstitution
from papers.search import for_editors
from papers.tasks import keys_in, ranges_of
from tests.admin_forms import logged_in, offered_by
from tests.factories import make_author, make_institution, make_paper

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
PAPERS = "/admin/papers/paper/"


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three records are many, and two are done at a time."""
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    monkeypatch.setattr(tasks, "AT_ONCE", 2)


def choose_all(client: Client, action: str, address: str = f"{PAPERS}?state=draft", **more: Any) -> Any:
    chosen = {"action": action, "select_across": "1", "index": "0", "_selected_action": "0"}
    return client.post(address, {**chosen, **more}, follow=True)


def drafts(count: int) -> list[Paper]:
    return [make_paper(f"Draft {number}", state="draft") for number in range(count)]


def states() -> list[str]:
    return list(Paper.objects.order_by("pk").values_list("state", flat=True))


def test_all_that_a_list_shows_is_published_at_once_when_it_is_short() -> None:
    drafts(3)
    make_paper("Withdrawn", state="withdrawn")
    page = choose_all(logged_in("Editors"), "make_published")
    assert "3 papers: published" in page.text
    assert states() == ["published"] * 3 + ["withdrawn"]


def test_many_are_asked_about_and_published_by_the_worker_and_undone_as_one(many: None) -> None:
    drafts(5)
    make_paper("Withdrawn", state="withdrawn")
    client = logged_in("Editors")
    page = choose_all(client, "make_published")
    assert "Publish: 5 papers" in page.text
    assert page.text.count("_selected_action") == 1
    assert states() == ["draft"] * 5 + ["withdrawn"]
    answer = client.post(f"{PAPERS}?state=draft", {**offered_by(page), "_reason": "The conference is over"}, follow=True)
    assert "See how far it is" in answer.text
    assert states() == ["draft"] * 5 + ["withdrawn"]
    make_paper("Later", state="draft")
    call_command("work", once=True, verbosity=0)
    assert states() == ["published"] * 5 + ["withdrawn", "draft"]
    job, change_set = Job.objects.get(), ChangeSet.objects.get()
    assert (job.done, job.total, job.change_set) == (5, 5, change_set)
    assert (str(change_set), change_set.reason, change_set.user_name) == (
        "5 papers, published", "The conference is over", "someone-Editors",
    )  # fmt: skip
    undo(change_set)
    assert states() == ["draft"] * 5 + ["withdrawn", "draft"]


def test_what_was_undone_is_done_from_the_beginning_when_tried_again(many: None) -> None:
    drafts(3)
    client = logged_in("Editors")
    choose_all(client, "make_published", apply="yes")
    call_command("work", once=True, verbosity=0)
    Job.objects.update(state="failed")
    undo(ChangeSet.objects.get())
    client.post(reverse("admin:authors_job_again", args=[Job.objects.get().pk]))
    call_command("work", once=True, verbosity=0)
    assert states() == ["published"] * 3


def test_papers_get_a_category(many: None) -> None:
    drafts(3)
    client = logged_in("Editors")
    page = choose_all(client, "give_a_category")
    assert "Give 3 papers a primary category" in page.text
    client.post(f"{PAPERS}?state=draft", {**offered_by(page), "category": "cs.LG"})
    call_command("work", once=True, verbosity=0)
    assert {paper.primary_category_id for paper in Paper.objects.all()} == {"cs.LG"}


def test_papers_without_an_institution_get_one_and_others_keep_theirs(many: None) -> None:
    known, given = make_institution(), make_institution()
    drafts(3)
    make_paper("At home", institutions=(known,), state="draft")
    client = logged_in("Editors")
    page = choose_all(client, "give_an_institution")
    client.post(f"{PAPERS}?state=draft", {**offered_by(page), "institution": given.pk})
    call_command("work", once=True, verbosity=0)
    rows = PaperInstitution.objects.order_by("paper_id").values_list("institution", "of_whole_paper")
    assert list(rows) == [(given.pk, True)] * 3 + [(known.pk, True)]
    assert client.get(f"{PAPERS}?missing=institution").context["cl"].result_count == 0


def test_people_are_hidden(many: None) -> None:
    for name in ("Ada Testwright", "Ben Testwright", "Cy Testwright"):
        make_author(name)
    choose_all(logged_in("Editors"), "hide", "/admin/authors/author/", apply="yes")
    call_command("work", once=True, verbosity=0)
    assert {author.visibility for author in Author.objects.all()} == {"hidden"}


@pytest.mark.parametrize("kind", ["papers/paper", "authors/author", "authors/institution"])
def test_figures_are_counted_anew_which_is_no_change(many: None, kind: str) -> None:
    for _ in range(3):
        paper = make_paper(authors=(make_author(),), institutions=(make_institution(),))
        for one in (paper.authorships.get().author, paper.paper_institutions.get().institution):
            type(one.metrics).objects.update(papers_count=7)
    choose_all(logged_in("Editors"), "count_figures", f"/admin/{kind}/", apply="yes")
    call_command("work", once=True, verbosity=0)
    assert Job.objects.get().state == "done"
    assert not ChangeSet.objects.exists()
    counts = {
        "authors": [author.metrics.papers_count for author in Author.objects.select_related("metrics")],
        "institutions": [row.institution.metrics.papers_count for row in PaperInstitution.objects.all()],
    }
    wrong = {"papers/paper": set(), "authors/author": {"institutions"}, "authors/institution": {"authors"}}[kind]
    assert {name for name, found in counts.items() if found == [7, 7, 7]} == wrong
    assert all(found == [1, 1, 1] for name, found in counts.items() if name not in wrong)


def test_a_category_that_goes_meanwhile_stops_the_job_with_a_reason(many: None) -> None:
    drafts(3)
    choose_all(logged_in("Editors"), "give_a_category", apply="yes", category="cs.LG")
    Job.objects.update(parameters=Job.objects.get().parameters | {"value": "cs.GONE"})
    call_command("work", once=True, verbosity=0)
    assert (Job.objects.get().state, Job.objects.get().message) == ("failed", "The category cs.GONE is not there any more.")


def test_more_than_a_job_may_change_is_refused(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    drafts(3)
    assert "At most 2 can be changed at a time" in choose_all(logged_in("Editors"), "make_published").text
    assert states() == ["draft"] * 3
    assert not Job.objects.exists()


def test_a_search_that_finds_more_than_it_lists_is_not_the_whole_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_LISTED", 2)
    monkeypatch.setattr(for_editors, "MOST", 2)
    drafts(5)
    page = choose_all(logged_in("Editors"), "make_published", f"{PAPERS}?q=draft")
    assert "At most 2 can be changed at a time" in page.text
    assert states() == ["draft"] * 5


def test_who_only_looks_changes_nothing(many: None) -> None:
    drafts(3)
    choose_all(logged_in("Viewers"), "make_published", apply="yes")
    assert not Job.objects.exists()


def test_keys_are_stored_as_ranges() -> None:
    assert ranges_of([7, 1, 2, 3, 9, 8, 20]) == [(1, 3), (7, 9), (20, 20)]
    assert keys_in([[1, 3], [7, 9], [20, 20]]) == [1, 2, 3, 7, 8, 9, 20]
