"""Code links: whether they still lead somewhere, asked politely of a few hosts, and what editors and readers see of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from authors.curation.changes import ChangeSet
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import cancel, do_next
from authors.curation.undoing import undo
from papers import linking
from papers.importers.fetching import looking
from papers.linking import ask_for_check, due_links
from papers.merging.merging import merge
from papers.models import Paper, PaperLink
from tests import services as fake
from tests.admin_forms import fill_in, logged_in
from tests.factories import make_paper
from tests.services import Fake, say

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
Status = PaperLink.Status


@pytest.fixture
def hosts(services: Fake, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """All hosts that code stands on, on this machine, in a hurry."""
    monkeypatch.setattr(looking, "origin_of", lambda _: services.origin)
    monkeypatch.setattr(looking, "EVERY", 0.0)
    return services


def link(path: str = "/ada/code", host: str = "github.com", *, paper: Paper | None = None, **fields: Any) -> PaperLink:
    paper = paper or make_paper(f"About {path}", has_code=True)
    return PaperLink.objects.create(paper=paper, kind=fields.pop("kind", "code"), url=f"https://{host}{path}", **fields)


def run(**options: Any) -> Job:
    job = ask_for_check(**options)
    assert job is not None
    while done := do_next():
        job = done
    return job


def looked(found: PaperLink) -> tuple[str, str]:
    found.refresh_from_db()
    return str(found.status), found.moved_to


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (say({}), ("alive", "")),
        (say({}, 403), ("unreachable", "")),
        (say({}, 503), ("unreachable", "")),
        (fake.redirect("https://github.com/ada/new"), ("moved", "https://github.com/ada/new")),
        (fake.redirect("/ada/new"), ("moved", "https://github.com/ada/new")),
        (fake.redirect("https://github.com/ada/new", 302), ("alive", "")),
        (fake.redirect("https://www.github.com/Ada/code.git/"), ("alive", "")),
        (fake.redirect("https://evil.example/ada/new"), ("unreachable", "")),
        (fake.redirect("https://github.com:8443/ada/new"), ("unreachable", "")),
        (fake.redirect("http://[x"), ("unreachable", "")),
        (fake.redirect("/ada/code"), ("unreachable", "")),
        (fake.cut_short, ("alive", "")),
        (fake.bomb, ("alive", "")),
    ],
)
def test_what_is_found_is_told(hosts: Fake, answer: Any, state: tuple[str, str]) -> None:
    hosts.answers |= {"/ada/code": answer, "/ada/new": say({}), "/Ada/code.git/": say({})}
    one = link()
    run()
    assert looked(one) == state
    assert one.checked_at is not None


@pytest.mark.parametrize("gone", [fake.not_found, say({}, 410), fake.redirect("/users/sign_in", 302), fake.redirect("/no")])
def test_a_link_is_dead_when_nothing_was_there_in_two_runs(hosts: Fake, gone: Any) -> None:
    hosts.answers["/ada/code"] = gone
    one = link(status=Status.ALIVE, checked_at=timezone.now() - timedelta(days=40))
    assert "1 not found for the first time" in run().message
    assert looked(one) == ("alive", "")
    assert "1 not found" in run().message
    assert looked(one) == ("dead", "")
    assert run().message == "No link was due."
    hosts.answers["/ada/code"] = say({})
    run(again=0)
    assert looked(one) == ("alive", "")
    assert one.failures == 0


def test_only_hosts_on_the_list_are_asked_and_only_for_published_code(hosts: Fake, settings: Any) -> None:
    others = [
        link("/a", "example.org"), link("/b", "github.com.example.org"), link("/c", "evil.example@github.com"),
        link("/d", "github.com:22"), link("/e", kind="data"), link("/f", paper=make_paper(state="draft")),
        link("/g", "127.0.0.1"), link("/h", "[bad"),
    ]  # fmt: skip
    assert run().message == "No link was due."
    assert hosts.asked == []
    assert {looked(one) for one in others} == {("", "")}
    settings.CODE_HOSTS = frozenset({"example.org"})
    hosts.answers["/a"] = say({})
    run()
    assert hosts.paths() == ["/a"]


def test_questions_are_for_the_head_and_say_who_asks(hosts: Fake, settings: Any) -> None:
    settings.CONTACT_EMAIL = "editors@example.org"
    methods: list[str] = []
    hosts.answers["/ada/code x"] = lambda handler: (
        methods.append(handler.command),
        fake.send(handler, 405 if handler.command == "HEAD" else 200, b"x" * 1000),
    )
    one = link("/ada/code x?tab=readme#top")
    run()
    assert looked(one) == ("alive", "")
    assert methods == ["HEAD", "GET"]
    assert "mailto:editors@example.org" in hosts.asked[0][2]["User-Agent"]


def test_addresses_are_asked_by_https_whatever_they_say() -> None:
    assert looking.code_host("http://www.github.com/x") == "github.com"
    assert looking.origin_of("github.com") == "https://github.com"


def test_one_host_is_asked_once_a_second(hosts: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert looking.EVERY == 0.0
    monkeypatch.setattr(looking, "EVERY", 0.3)
    for number in range(3):
        link(f"/{number}")
    run()
    gaps = [later - earlier for earlier, later in zip(hosts.times, hosts.times[1:], strict=False)]
    assert min(gaps) > 0.25


def test_a_host_that_has_had_enough_is_left_alone(hosts: Fake) -> None:
    hosts.answers |= {"/1": say({}, 429), "/2": say({}), "/3": say({})}
    busy, waiting, elsewhere = link("/1"), link("/2"), link("/3", "gitlab.com")
    assert run().message == "1 there, 2 not asked"
    assert [looked(one)[0] for one in (busy, waiting, elsewhere)] == ["", "", "alive"]
    assert hosts.paths() == ["/1", "/3"]


def test_without_a_way_to_the_internet_each_host_is_asked_once(hosts: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "origin_of", lambda _: "http://127.0.0.1:9")
    links = [link(f"/{number}", status=Status.DEAD if number == 2 else "") for number in range(3)]
    assert "2 not asked" in run().message
    assert [looked(one)[0] for one in links] == ["unreachable", "", "dead"]


def test_a_host_that_never_ends_is_left(hosts: Fake, settings: Any) -> None:
    settings.FETCH_TIMEOUT = 0.3
    hosts.answers["/ada/code"] = fake.hang
    one = link()
    run()
    assert looked(one)[0] == "unreachable"


def test_it_goes_on_where_it_stopped_in_further_jobs(hosts: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MOST", 2)
    links = [link(f"/{number}") for number in range(5)]
    hosts.answers |= {f"/{number}": say({}) for number in range(5)}
    job = ask_for_check()
    assert ask_for_check() is None
    do_next()
    assert job is not None
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)  # the worker died before it could say it was through
    while do_next():
        pass
    assert {looked(one)[0] for one in links} == {"alive"}
    assert hosts.paths() == [f"/{number}" for number in range(5)]
    assert Job.objects.count() == 3


def test_who_cancels_is_heard(hosts: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    links, look_at = [link("/0"), link("/1")], linking._look_at
    hosts.answers |= {"/0": say({}), "/1": say({})}
    monkeypatch.setattr(linking, "_look_at", lambda *given: (look_at(*given), cancel(Job.objects.get()))[0])
    run()
    assert [looked(one)[0] for one in links] == ["alive", ""]


def test_links_are_looked_at_once_in_thirty_days() -> None:
    now = timezone.now()
    old, fresh = (link(f"/{days}", status="alive", checked_at=now - timedelta(days=days)) for days in (31, 29))
    unsure = link("/u", status="unreachable", checked_at=now - timedelta(hours=1))
    assert {*due_links(now, again=30)} == {old, unsure}
    assert {*due_links(now, again=0)} == {old, fresh, unsure}


def test_the_command_asks_the_worker(capsys: Any) -> None:
    call_command("check_links", again=7)
    call_command("check_links")
    assert "waits for the worker" in (said := capsys.readouterr().out)
    assert "already" in said
    assert Job.objects.get().parameters["again"] == 7


# --- what is seen of it --------------------------------------------------------------------------------------------------

NOVEMBER = timezone.datetime(2026, 11, 3, 12, tzinfo=timezone.get_default_timezone())


def dead_link() -> PaperLink:
    return link(status=Status.DEAD, checked_at=NOVEMBER, failures=2)


def test_readers_are_told_that_a_link_is_dead(client: Client) -> None:
    paper = dead_link().paper
    page = client.get(paper.get_absolute_url()).text
    assert 'href="https://github.com/ada/code"' in page
    assert "not found on 3 Nov 2026" in page


def test_editors_see_it_count_it_and_check_again(hosts: Fake) -> None:
    hosts.answers["/ada/code"] = say({})
    editor, one = logged_in("Editors"), dead_link()
    link("/fine", status=Status.ALIVE, checked_at=NOVEMBER)
    assert "not found on 3 Nov 2026" in editor.get(f"/admin/papers/paper/{one.paper_id}/change/").text
    assert '<a href="/admin/papers/paper/?missing=dead-link"><strong>1</strong> papers whose code link is dead' in (
        editor.get("/admin/").text
    )
    listed = editor.get("/admin/papers/paper/?missing=dead-link")
    assert [paper.pk for paper in listed.context["cl"].result_list] == [one.paper_id]
    chosen = {"action": "check_code_links", "_selected_action": [one.paper_id]}
    answer = editor.post("/admin/papers/paper/", chosen, follow=True).text
    assert "Check code links of 1 paper" in answer
    do_next()
    assert looked(one)[0] == "alive"
    assert hosts.paths() == ["/ada/code"]


def test_a_check_is_no_change_and_no_undoing_loses_it(hosts: Fake) -> None:
    hosts.answers["/ada/code"] = say({})
    editor, one = logged_in("Editors"), link()
    form = f"/admin/papers/paper/{one.paper_id}/change/"
    fill_in(editor, form, **{"links-0-official": "true"})
    edit = ChangeSet.objects.get()
    run()
    assert ChangeSet.objects.count() == 1
    undo(edit)
    assert (looked(one)[0], one.official) == ("alive", None)


def test_merging_papers_and_taking_it_back_keep_what_was_found() -> None:
    one, stays = dead_link(), make_paper("About code")
    change_set = merge(survivor=stays, other=one.paper).change_set
    assert (looked(one)[0], one.paper, one.checked_at) == ("dead", stays, NOVEMBER)
    assert change_set is not None
    undo(change_set)
    assert (looked(one)[0], one.checked_at, one.failures) == ("dead", NOVEMBER, 2)
    assert one.paper != stays


def test_what_was_found_is_not_said_of_another_address(hosts: Fake) -> None:
    editor, one = logged_in("Editors"), dead_link()
    form = f"/admin/papers/paper/{one.paper_id}/change/"
    fill_in(editor, form, **{"links-0-url": "https://github.com/ada/other"})
    assert (looked(one)[0], one.checked_at, one.failures) == ("", None, 0)
    PaperLink.objects.filter(pk=one.pk).update(status="alive", checked_at=NOVEMBER)
    undo(ChangeSet.objects.get())
    assert (looked(one)[0], one.url) == ("", "https://github.com/ada/code")
