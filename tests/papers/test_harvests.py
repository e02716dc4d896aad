"""Harvests: our people's papers, fetched on a schedule, reviewed or straight in."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.curation.harvests import Fetch, Harvest
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import cancel, do_next, try_again
from authors.curation.models import ImportRun
from authors.curation.undoing import undo
from papers import tasks
from papers.harvesting import run_due, run_harvest
from papers.models import Paper
from tests import services as fake
from tests.admin_forms import errors_of, fill_in, logged_in
from tests.payloads import author, work
from tests.services import Fake

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
ADA, BEN, CY = "0000-0002-1825-0097", "A5000000001", "A5000000002"
LIST = "/admin/authors/harvest/"


def works(person: str, first: int, number: int = 1) -> list[dict[str, Any]]:
    return [
        work(f"Example number {n} about trees", author(f"{person} Testwright"), id=f"https://openalex.org/W{n}")
        for n in range(first, first + number)
    ]


@pytest.fixture
def people(services: Fake) -> dict[str, Any]:
    """Who has which works at OpenAlex; tests change it."""
    found: dict[str, Any] = {ADA: works("Ada", 1000, 2), BEN: works("Ben", 2000), CY: works("Cy", 3000)}
    services.answers["/works"] = fake.by_person(found)
    return found


def make_harvest(**fields: Any) -> Harvest:
    given = {"name": "Our people", "people": f"{ADA}  # Ada\n{BEN}\n{CY}", "mode": Harvest.Mode.STRAIGHT, **fields}
    return Harvest.objects.create(**given)


def run(harvest: Harvest) -> Job:
    assert run_harvest(harvest)
    job = do_next()
    assert job is not None
    harvest.refresh_from_db()
    return job


def test_an_editor_sets_one_up_and_runs_it(people: dict[str, Any]) -> None:
    editor = logged_in("Editors")
    page = fill_in(
        editor, f"{LIST}add/", name="Our people", people=f"https://orcid.org/{ADA}\n\nhttps://openalex.org/{BEN} # Ben"
    )
    assert page.status_code == 302
    harvest = Harvest.objects.get()
    assert harvest.ids == [ADA, BEN]
    page = editor.post(f"{LIST}{harvest.pk}/run/", follow=True)
    assert "Harvest Our people" in page.text
    assert editor.post(f"{LIST}{harvest.pk}/run/", follow=True).status_code == 200
    assert Job.objects.count() == 1, "one run at a time"
    do_next()
    page = editor.get(f"{LIST}{harvest.pk}/change/").text
    assert "waits for a review" in page
    assert "3 records fetched" in page


def test_every_line_that_names_nobody_is_told(people: dict[str, Any]) -> None:
    page = fill_in(logged_in("Editors"), f"{LIST}add/", name="Our people", people=f"{ADA}\n0000-0002-1825-0098\nW12345\nAda")
    told = errors_of(page)
    for line in ("Line 2: “0000-0002-1825-0098”", "Line 3: “W12345”", "Line 4: “Ada”"):
        assert line in told
    assert "Line 1" not in told
    page = fill_in(
        logged_in("Editors", "another"), f"{LIST}add/", name="Too many", people="\n".join(f"A{n}" for n in range(501))
    )
    assert "at most 500" in errors_of(page)


def test_straight_in_and_the_second_time_nothing_changes(people: dict[str, Any]) -> None:
    harvest = make_harvest(state="draft")
    job = run(harvest)
    assert job.message == "4 records fetched. Imported: 4 new, 0 updated, 0 unchanged, 0 skipped."
    assert Paper.objects.filter(state="draft").count() == 4
    assert harvest.next_due_at is not None
    assert timedelta(days=6) < harvest.next_due_at - timezone.now() < timedelta(days=8)
    assert "0 new, 0 updated, 4 unchanged" in run(harvest).message
    people[BEN] += works("Ben", 2001)
    assert "1 new, 0 updated, 4 unchanged" in run(harvest).message
    assert not Fetch.objects.waiting().exists()
    undo(ChangeSet.objects.get(run=ImportRun.objects.order_by("pk").first()))
    assert Paper.objects.count() == 1


def test_who_asks_first_is_asked_and_only_about_what_is_new(people: dict[str, Any]) -> None:
    harvest, editor = make_harvest(mode="ask"), logged_in("Editors")
    assert "It waits for a review" in run(harvest).message
    assert not Paper.objects.exists()
    assert "fetched records to review" in editor.get("/admin/").text
    page = editor.get("/admin/authors/fetch/?outcome=waiting")
    assert "Our people" in page.text
    run(harvest)
    assert Fetch.objects.waiting().count() == 1, "the newer takes the older's place"
    seen = editor.post(f"/admin/authors/fetch/{Fetch.objects.waiting().get().pk}/change/")
    assert not Paper.objects.exists()
    given = {"apply": "yes", "token": seen.context["token"], **seen.context["options"]}
    assert "4 new" in editor.post("/admin/authors/importrun/import/", given, follow=True).text
    assert not Fetch.objects.waiting().exists()
    assert "All of it was imported before" in run(harvest).message
    assert not Fetch.objects.waiting().exists()
    undo(ChangeSet.objects.get(run=ImportRun.objects.get()))
    assert Fetch.objects.waiting().exists(), "what was undone may be wanted after all"


def test_who_cannot_be_fetched_is_told_and_tried_again(people: dict[str, Any], services: Fake) -> None:
    people[BEN] = fake.say({}, 500)
    harvest = make_harvest()
    assert "3 records fetched, 1 id without an answer" in run(harvest).message
    assert Paper.objects.count() == 3
    page = logged_in("Viewers").get(f"/admin/authors/fetch/{Fetch.objects.get().pk}/change/").text
    assert BEN in page
    assert "has trouble of its own (500)" in page
    assert harvest.next_due_at is not None
    assert harvest.next_due_at < timezone.now() + timedelta(days=1), "soon"
    people[BEN] = works("Ben", 2000)
    run(harvest)
    assert Paper.objects.count() == 4


def test_what_two_of_them_wrote_together_comes_once(people: dict[str, Any]) -> None:
    people[BEN] = people[ADA]
    assert run(make_harvest()).message == "3 records fetched. Imported: 3 new, 0 updated, 0 unchanged, 0 skipped."


def test_who_has_no_works_is_told_and_not_asked_for_all_day(people: dict[str, Any]) -> None:
    people[BEN] = []
    harvest = make_harvest()
    assert "3 records fetched, 1 id without an answer" in run(harvest).message
    assert harvest.next_due_at is not None
    assert harvest.next_due_at > timezone.now() + timedelta(days=6)


def test_when_nobody_answers_the_run_fails_and_writes_nothing(people: dict[str, Any]) -> None:
    people |= dict.fromkeys(people, fake.say({}, 500))
    harvest = make_harvest()
    job = run(harvest)
    assert job.state == Job.State.FAILED
    assert "nothing was changed" in job.message
    assert "stopped by an error" in logged_in("Editors").get(f"{LIST}{harvest.pk}/change/").text
    people |= {ADA: works("Ada", 1000, 2)}
    try_again(job)
    job = do_next()  # type: ignore[assignment]
    assert job.state == Job.State.DONE
    assert Paper.objects.count() == 2


@pytest.mark.parametrize("dies_after", [1, 2])
def test_a_worker_that_dies_is_gone_on_with(
    people: dict[str, Any],
    services: Fake,
    monkeypatch: pytest.MonkeyPatch,
    dies_after: int,
) -> None:
    """It dies after it has written what it has no time to report."""
    harvest = make_harvest()
    report, reports = Job.report, []

    def dying(job: Job, *given: Any, **reached: Any) -> None:
        reports.append(given)
        if len(reports) == 1 + dies_after:
            raise SystemExit(1)
        report(job, *given, **reached)

    monkeypatch.setattr(Job, "report", dying)
    assert run_harvest(harvest)
    with pytest.raises(SystemExit):
        do_next()
    monkeypatch.setattr(Job, "report", report)
    asked = len(services.asked)
    job = do_next()
    assert job is not None
    assert job.message == "4 records fetched. Imported: 4 new, 0 updated, 0 unchanged, 0 skipped."
    assert len(services.asked) - asked == 4 - dies_after, "only what was not reported is asked for again"
    assert Fetch.objects.count() == 1


def test_a_worker_that_dies_while_importing_imports_once(people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    harvest = make_harvest()
    real = tasks.run_import

    def dying(*given: Any, **options: Any) -> Any:
        real(*given, **options)
        raise SystemExit(1)

    monkeypatch.setattr(tasks, "run_import", dying)
    assert run_harvest(harvest)
    with pytest.raises(SystemExit):
        do_next()
    monkeypatch.setattr(tasks, "run_import", real)
    job = do_next()
    assert job is not None
    assert job.state == Job.State.DONE
    assert Paper.objects.count() == 4


def test_the_command_and_the_worker_ask_for_what_is_due(people: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    harvest = make_harvest()
    make_harvest(name="Asleep", enabled=False)
    call_command("harvest")
    call_command("harvest")
    assert capsys.readouterr().out == "Harvest Our people\nNothing is due, or it is under way already.\n"
    call_command("work", "--once", verbosity=0)
    assert Paper.objects.count() == 4
    Harvest.objects.filter(pk=harvest.pk).update(next_due_at=timezone.now())
    call_command("work", "--once", verbosity=0)
    assert [job.summary for job in Job.objects.filter(state="done")] == ["Harvest Our people"] * 2


def test_a_harvest_that_goes_leaves_what_it_fetched(people: dict[str, Any]) -> None:
    harvest, senior = make_harvest(mode="ask"), logged_in("Senior editors")
    run(harvest)
    for page in ("delete", "history"):
        assert senior.get(f"{LIST}{harvest.pk}/{page}/").status_code == 200
    assert fill_in(senior, f"{LIST}{harvest.pk}/delete/", post="yes").status_code == 302
    assert not Harvest.objects.exists()
    assert "waits for a review" in senior.get("/admin/authors/fetch/").text


def test_a_run_that_is_cancelled_is_not_begun_again_at_once(people: dict[str, Any]) -> None:
    make_harvest()
    (job,) = run_due()
    cancel(job)
    assert run_due() == []


def test_with_a_key_only_changes_are_asked_for(people: dict[str, Any], services: Fake, settings: Any) -> None:
    settings.OPENALEX_API_KEY = "secret"
    harvest = make_harvest(people=ADA)
    run(harvest)
    run(harvest)
    filters = [given["filter"] for _, given, _ in services.asked]
    assert "from_updated_date" not in filters[0]
    assert "from_updated_date" in filters[-1]
    harvest.people = f"{ADA}\n{BEN}"
    harvest.save()
    run(harvest)
    assert "from_updated_date" not in services.asked[-1][1]["filter"], "nothing of Ben's was ever fetched"


def test_pages_ask_little_of_the_database(people: dict[str, Any], django_assert_max_num_queries: Any) -> None:
    viewer, harvest = logged_in("Viewers"), make_harvest(mode="ask")
    for _ in range(3):
        run(harvest)
        # Session, user, permissions (2), site; then the records: harvest, its fetches, its latest job, or the lists.
        for address in (LIST, f"{LIST}{harvest.pk}/change/", "/admin/authors/fetch/"):
            viewer.get(address)
            with django_assert_max_num_queries(12):
                assert viewer.get(address).status_code == 200
