"""Import by identifier: from the text box to the preview to the catalogue, with the services on this machine."""

from typing import Any

import pytest
from django.test import Client

from authors.curation.harvests import Fetch
from authors.curation.jobs.models import Job
from authors.curation.jobs.queue import do_next
from authors.curation.models import ImportRun
from authors.models import Author, Institution
from papers.importers.fetching import client as asking
from papers.importers.fetching.asking import read_ids
from papers.importers.fetching.client import Service
from papers.models import Paper
from tests import services as fake
from tests.admin_forms import logged_in, offered
from tests.dumps import dump
from tests.payloads import author, work
from tests.services import Fake

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
PAGE = "/admin/authors/importrun/fetch/"
ADA = "0000-0002-1825-0097"
TREES = work(
    "Trees of examples", author("Ada Testwright", f"orcid:{ADA}"), id="https://openalex.org/W1001",
    doi="https://doi.org/10.1000/trees", abstract_inverted_index={"Trees": [0], "grow.": [1]},
)  # fmt: skip
GARDENS = work("Gardens of examples", "Bob Example", id="https://openalex.org/W1002")
CROSSREF = {
    "status": "ok", "message-type": "work", "message": {
        "DOI": "10.1000/meadows", "type": "journal-article", "title": ["Meadows of examples"], "member": "1",
        "indexed": {"timestamp": 1}, "issued": {"date-parts": [[2022, 3]]}, "is-referenced-by-count": 2,
        "container-title": ["Journal of Examples"],
        "author": [{"given": "Cy", "family": "Testwright", "sequence": "first", "affiliation": []}],
    },
}  # fmt: skip
INSTITUTE = {"id": "https://openalex.org/I1001", "display_name": "Example Institute", "country_code": "DE", "type": "education"}


@pytest.fixture
def editor(services: Fake) -> Client:
    return logged_in("Editors")


def works(number: int) -> list[dict[str, Any]]:
    return [
        work(
            f"Example number {n} about trees", author("Ada Testwright", f"orcid:{ADA}"), id=f"https://openalex.org/W{5000 + n}"
        )
        for n in range(number)
    ]


def send(client: Client, ids: str, **given: Any) -> Any:
    return client.post(PAGE, {"ids": ids, "state": "published", **given}, follow=True)


def apply(client: Client, page: Any) -> Any:
    hidden = {"apply": "yes", "token": page.context["token"], **page.context["options"]}
    return client.post("/admin/authors/importrun/import/", hidden, follow=True)


def titles() -> set[str]:
    return set(Paper.objects.values_list("title", flat=True))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("https://doi.org/10.1000/ABC(1)", "10.1000/abc(1)"),
        ("doi: 10.1000/xyz.", "10.1000/xyz"),
        ("http://dx.doi.org/10.1002%2Fa", "10.1002/a"),
        ("(10.1002/(SICI)1099(199705)10:3<177::AID>3.0.CO;2-X)", "10.1002/(sici)1099(199705)10:3<177::aid>3.0.co;2-x"),
        ("arXiv:2301.00002v3", "2301.00002"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/pdf/2301.00004v1.pdf", "2301.00004"),
        ("10.48550/arXiv.2301.00001", "10.48550/arxiv.2301.00001"),
        (f"https://orcid.org/{ADA}", ADA),
        ("0000000218250097", ADA),
        ("https://openalex.org/works/W123456", "W123456"),
        ("https://api.openalex.org/authors/a5023888391", "A5023888391"),
        ("I27837315", "I27837315"),
    ],
)  # fmt: skip
def test_identifiers_are_known_in_every_usual_form(text: str, value: str) -> None:
    wanted, problems = read_ids(text)
    assert [one.value for one in wanted] == [value]
    assert problems == []


def test_lists_are_taken_apart_and_what_is_none_is_told_by_line() -> None:
    wanted, problems = read_ids("10.1000/a,10.1000/b; W12345\n\nnot an id at all\n0000-0002-1825-0098 10.1000/A")
    assert [one.value for one in wanted] == ["10.1000/a", "10.1000/b", "W12345"]
    assert [(problem.line, problem.text) for problem in problems] == [(3, "not an id at all"), (4, "0000-0002-1825-0098")]
    many, rest = read_ids("\n".join(f"10.1000/{n}" for n in range(203)))
    assert (len(many), rest[0].line) == (200, 201)


def test_four_services_give_one_preview_and_one_import(editor: Client, services: Fake) -> None:
    services.answers |= {
        "/works/doi:10.1000/trees": TREES, "/works/10.1000/meadows": CROSSREF, "/works": fake.by_person({ADA: [GARDENS]}),
        "/api/query": fake.feed(("2301.00001", "Forests of examples")),
    }  # fmt: skip
    page = send(editor, f"10.1000/trees 10.1000/meadows arXiv:2301.00001v1 {ADA}")
    assert page.context["seen"].run.created_count == 4, page.text
    assert not Paper.objects.exists()
    assert "4 new" in apply(editor, page).text
    assert titles() == {"Trees of examples", "Gardens of examples", "Meadows of examples", "Forests of examples"}
    assert Paper.objects.get(title="Trees of examples").abstract == "Trees grow."
    meadows = Paper.objects.get(title="Meadows of examples")
    assert meadows.identifiers.get().value == "10.1000/meadows"
    assert meadows.citations_source == "crossref"
    again = send(editor, f"10.1000/trees 10.1000/meadows arXiv:2301.00001v1 {ADA}")
    assert again.context["seen"].run.unchanged_count == 4


def test_what_is_not_found_is_listed_and_the_rest_goes_on(editor: Client, services: Fake) -> None:
    services.answers |= {"/works/W1001": TREES, "/api/query": fake.feed()}
    page = send(editor, "W1001\nW1999\n10.1000/nowhere\n2301.99999\nnonsense")
    for told in (
        "W1999",
        "knows no such record",
        "neither OpenAlex nor Crossref knows it",
        "arXiv knows no such paper",
        "is no DOI",
    ):
        assert told in page.text
    assert "Waits for a review" in page.text
    preview = editor.post(page.redirect_chain[-1][0])
    assert "Trees of examples" in preview.text
    apply(editor, preview)
    assert titles() == {"Trees of examples"}
    assert "Imported" in editor.get(page.redirect_chain[-1][0]).text


def test_a_doi_of_arxivs_comes_from_openalex_or_else_from_arxiv(editor: Client, services: Fake) -> None:
    services.answers["/api/query"] = fake.feed(("2301.00001", "Forests of examples"))
    assert "Forests of examples" in send(editor, "https://doi.org/10.48550/arXiv.2301.00001").text
    assert "neither OpenAlex nor arXiv knows it" in send(editor, "10.48550/arXiv.2301.00002").text
    services.answers["/works/doi:10.48550/arxiv.2301.00001"] = TREES
    assert "Trees of examples" in send(editor, "10.48550/arXiv.2301.00001").text


def test_a_fault_of_one_service_is_told_and_writes_nothing(editor: Client, services: Fake) -> None:
    services.answers |= {"/works/W1001": fake.say({}, 500), "/works/W1002": fake.cut_gzip}
    before = dump()
    page = send(editor, "W1001 W1002").text
    assert "has trouble of its own (500)" in page
    assert "ends too early" in page
    assert "nothing was changed" in page
    assert "W1001 W1002" in page, "what was typed stays"
    assert dump() == before
    assert not Fetch.objects.exists()


def test_without_the_internet_the_page_says_so_and_the_rest_works(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SERVICES", {name: Service("http://127.0.0.1:9", 0.0) for name in asking.SERVICES})
    page = send(editor, "10.1000/trees")
    assert "does not answer: the server may have no way to the internet." in page.text
    assert "nothing was changed" in page.text
    assert editor.get("/admin/authors/importrun/import/").status_code == 200


def test_institutions_come_beside_papers(editor: Client, services: Fake) -> None:
    services.answers |= {"/works/W1001": TREES, "/institutions/I1001": INSTITUTE}
    assert "1 record fetched" in send(editor, "W1001 I1001").text
    for fetch in Fetch.objects.all():
        apply(editor, editor.post(f"/admin/authors/fetch/{fetch.pk}/change/"))
    assert Institution.objects.filter(name="Example Institute").exists()
    assert titles() == {"Trees of examples"}


def test_a_person_without_works_at_openalex_may_have_a_list_at_orcid(editor: Client, services: Fake) -> None:
    ids = {"external-ids": {"external-id": [{"external-id-type": "doi", "external-id-value": "https://doi.org/10.1000/TREES"}]}}
    services.answers |= {
        "/works": fake.by_person({}), f"/v3.0/{ADA}/works": {"group": [ids, {"external-ids": None}]},
        "/works/doi:10.1000/trees": TREES,
    }  # fmt: skip
    assert "Trees of examples" in send(editor, ADA).text


def test_much_goes_to_the_background_and_waits_there(editor: Client, services: Fake) -> None:
    services.answers["/works"] = fake.by_person({"A5000000001": works(230)})
    page = send(editor, "A5000000001", state="draft")
    assert "being fetched in the background" in page.text
    assert "How far it is" in page.text
    job = do_next()
    assert job is not None
    assert job.state == Job.State.DONE, job.message
    assert "230 records fetched" in job.message
    fetch = Fetch.objects.get()
    apply(editor, editor.post(f"/admin/authors/fetch/{fetch.pk}/change/"))
    assert Paper.objects.filter(state="draft").count() == 230
    assert Author.objects.filter(display_name="Ada Testwright").count() == 1


def test_many_ids_go_to_the_background(editor: Client, services: Fake) -> None:
    send(editor, "\n".join(f"W{2000 + n}" for n in range(21)))
    assert Job.objects.get().total == 21
    assert services.asked == []


def test_what_was_fetched_can_be_left_out(editor: Client, services: Fake) -> None:
    services.answers |= {"/works/W1001": TREES}
    send(editor, "W1001 W1002")
    fetch = Fetch.objects.get()
    assert "fetched records to review" in editor.get("/admin/").text
    page = editor.post(f"/admin/authors/fetch/{fetch.pk}/change/", {"leave": "yes"}, follow=True)
    assert "Left out" in page.text
    assert not Fetch.objects.waiting().exists()
    assert not ImportRun.objects.exists()


def test_only_who_may_import_fetches(services: Fake) -> None:
    viewer = logged_in("Viewers")
    assert viewer.get(PAGE).status_code == 403
    assert viewer.post(PAGE, {"ids": "W1001", "state": "published"}).status_code == 403
    assert services.asked == []


def test_the_form_is_offered_from_the_import_page(editor: Client) -> None:
    assert PAGE in editor.get("/admin/authors/importrun/import/").text
    assert PAGE in editor.get("/admin/authors/importrun/").text
    assert set(offered(editor, PAGE)) >= {"ids", "state"}
