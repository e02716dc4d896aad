"""Single records of papers through the API, and what is common to every address."""

import re
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import OperationalError

from authors.curation.redirects import leave_redirect
from authors.models import Author, Institution
from papers.affiliating import keep_paper_institutions
from papers.models import Authorship, AuthorshipAffiliation, Paper, PaperFigure, PaperIdentifier
from tests.api import full_paper, get, refusal, titles
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db
API_PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


# --- The record of a paper ---------------------------------------------------------------------------------------------


def test_record_tells_what_is_known(client: Any) -> None:
    paper = full_paper()
    record = get(client, f"papers/{paper.public_id}").json()
    assert record["id"] == paper.public_id
    assert record["html_url"] == f"http://testserver/papers/{paper.public_id}/paper-1/"
    assert record["ids"] == {"doi": "https://doi.org/10.5555/1", "arxiv": "2301.00001"}
    assert record["publication_date"] == "2023-06-28"
    assert record["primary_category"] == {
        "id": "cs.CL", "code": "CL", "display_name": "Computation and Language", "origin": "source",
    }  # fmt: skip
    assert [category["id"] for category in record["categories"]] == ["cs.LG"]
    assert record["biblio"] == {"volume": "7", "issue": None, "first_page": None, "last_page": None}
    assert record["citations"] == {"value": 5, "origin": "reported", "source": "openalex", "as_of": "2026-11-12"}
    assert record["counts_by_year"] == [{"year": 2024, "cited_by_count": 3}, {"year": 2023, "cited_by_count": 2}]
    assert record["links"] == [{"kind": "code", "url": "https://code.example/one", "official": True}]
    assert record["scores"]["novelty"]["value"] == 64
    assert record["scores"]["novelty"]["parts"] == {"distance": 0.47}
    assert record["scores"]["ai_score"]["value"] is None
    assert record["scores"]["ai_score"]["reason"] == "fewer than two parts"


def test_record_names_authors_in_their_places(client: Any) -> None:
    paper = full_paper()
    record = get(client, f"papers/{paper.public_id}").json()
    first, second = record["authorships"]
    assert (first["author_position"], second["author_position"]) == ("first", "last")
    assert second["is_corresponding"]
    assert second["institutions"][0]["ror"] == "https://ror.org/05gq02981"
    assert second["raw_affiliation_string"] == "Example Lab 1"
    assert [institution["display_name"] for institution in record["institutions"]] == ["Example Lab 1"]


def test_nobody_is_last_of_an_incomplete_list(client: Any) -> None:
    paper = make_paper(authors=(make_author(), make_author()), authors_complete=False)
    record = get(client, f"papers/{paper.public_id}").json()
    assert [row["author_position"] for row in record["authorships"]] == ["first", "middle"]


def test_unknown_is_null_and_never_zero_or_empty(client: Any) -> None:
    paper = Paper.objects.create()
    record = get(client, f"papers/{paper.public_id}").json()
    for name in ("title", "abstract", "type", "language", "publication_date", "publication_year", "primary_category", "venue",
                 "cited_by_count", "referenced_count"):  # fmt: skip
        assert record[name] is None, name
    assert record["display_name"] == "[untitled]"
    assert record["citations"] == {"value": None, "origin": None, "source": None, "as_of": None}
    assert record["scores"]["novelty"] | {"reason": ""} == {
        "value": None, "reason": "", "origin": None, "source": None, "method": None, "version": None, "parts": {}, "n": None,
        "computed_at": None, "stale": None,
    }  # fmt: skip


def test_reported_score_is_shown_with_its_source(client: Any) -> None:
    paper = make_paper()
    PaperFigure.objects.create(subject=paper, name="novelty", origin="computed", value=10, method="own", parts={"a": 1})
    PaperFigure.objects.create(subject=paper, name="novelty", origin="reported", value=59, source="profile")
    score = get(client, f"papers/{paper.public_id}").json()["scores"]["novelty"]
    assert (score["value"], score["origin"], score["source"]) == (59, "reported", "profile")
    assert (score["method"], score["parts"]) == (None, {})


def test_disputed_identifiers_are_left_out_and_find_nothing(client: Any) -> None:
    paper = make_paper()
    PaperIdentifier.objects.create(paper=paper, scheme="doi", value="10.5555/book", disputed=True)
    assert get(client, f"papers/{paper.public_id}").json()["ids"] == {}
    refusal(get(client, "papers/doi:10.5555/book"), 404)


def test_hidden_author_is_a_printed_name_only(client: Any) -> None:
    hidden = make_author("Real Name", orcid="0000-0002-1825-0097", visibility=Author.Visibility.HIDDEN)
    paper = make_paper(authors=(hidden,))
    Authorship.objects.update(raw_name="Printed Name")
    for path in ("papers", f"papers/{paper.public_id}"):
        body = get(client, path).content.decode()
        assert "Printed Name" in body
        for canary in ("Real Name", hidden.public_id, "0000-0002-1825-0097"):
            assert f'"{canary}"' not in body
    assert titles(get(client, f"papers?author={hidden.public_id}")) == []


def test_author_of_a_retracted_paper_has_a_record(client: Any) -> None:
    author = make_author()
    make_paper(authors=(author,), is_retracted=True)
    named = get(client, "papers").json()["results"][0]["authorships"][0]["author"]["id"]
    assert get(client, f"authors/{named}").json()["works_count"] == 0


def test_three_thousand_authors(client: Any) -> None:
    paper = make_paper("Big")
    people = [Author(display_name=f"Ada Testwright {n}", sort_key=str(n)) for n in range(3000)]
    Author.objects.bulk_create(people)
    lab = make_institution()
    rows = [Authorship(paper=paper, author=author, position=n, raw_name="A") for n, author in enumerate(people, start=1)]
    Authorship.objects.bulk_create(rows)
    AuthorshipAffiliation.objects.bulk_create(AuthorshipAffiliation(authorship=row, institution=lab) for row in rows)
    keep_paper_institutions([paper.pk])
    Paper.objects.update(authors_count=3000)
    record = get(client, f"papers/{paper.public_id}").json()
    assert len(record["authorships"]) == 3000
    assert record["authorships"][-1]["author_position"] == "last"
    listed = get(client, "papers").json()["results"][0]
    assert (len(listed["authorships"]), listed["authors_count"]) == (100, 3000)


# --- Finding one record -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", [
    "doi:10.5555/Some(1)/Thing", "https://doi.org/10.5555/some(1)/thing", "https:/doi.org/10.5555/some(1)/thing",
    quote("https://doi.org/10.5555/some(1)/thing", safe=""), "10.5555/some(1)/thing", "arXiv:2301.00001", "arxiv:2301.00001v3",
    "openalex:W7", "https://openalex.org/W7",
])  # fmt: skip
def test_paper_is_found_by_what_names_it_elsewhere(client: Any, id_: str) -> None:
    paper = make_paper(doi="10.5555/some(1)/thing")
    PaperIdentifier.objects.create(paper=paper, scheme="arxiv", value="2301.00001")
    PaperIdentifier.objects.create(paper=paper, scheme="openalex", value="W7")
    response = get(client, f"papers/{id_}")
    assert response.status_code == 200
    assert response.json()["id"] == paper.public_id


@pytest.mark.parametrize("state", ["draft", "review"])
def test_draft_answers_as_if_it_were_not_there(client: Any, state: str, django_assert_num_queries: Any) -> None:
    paper = make_paper("Canary", state=state, doi="10.5555/canary")
    with django_assert_num_queries(3):  # published? moved? withdrawn?
        draft = refusal(get(client, f"papers/{paper.public_id}"), 404)
    with django_assert_num_queries(3):
        missing = refusal(get(client, "papers/P999999"), 404)
    assert {**draft, "instance": "", "request_id": ""} == {**missing, "instance": "", "request_id": ""}
    refusal(get(client, "papers/doi:10.5555/canary"), 404)
    assert get(client, "papers").json()["meta"]["count"] == 0


def test_draft_gives_its_venue_and_institution_no_record(client: Any) -> None:
    venue, lab = make_venue("Canary Venue"), make_institution("Canary Lab")
    make_paper(state="draft", venue=venue, institutions=(lab,))
    for path in (f"venues/{venue.public_id}", f"institutions/{lab.public_id}"):
        refusal(get(client, path), 404)
    for path in ("venues", "institutions"):
        assert get(client, path).json()["results"] == []


def test_withdrawn_paper_is_gone(client: Any) -> None:
    paper = make_paper(state="withdrawn", doi="10.5555/gone")
    assert "withdrawn" in refusal(get(client, f"papers/{paper.public_id}"), 410)["detail"]
    refusal(get(client, "papers/doi:10.5555/gone"), 410)


def test_removed_id_is_gone_and_says_why(client: Any) -> None:
    leave_redirect(kind="P", old_id=77000077, target_id=None, reason="withdrawn", note="At the author's request.")
    assert "At the author's request." in refusal(get(client, "papers/P77000077"), 410)["detail"]


def test_merged_id_leads_to_the_survivor(client: Any) -> None:
    paper = make_paper()
    leave_redirect(kind="P", old_id=77000077, target_id=paper.pk, reason="merged")
    response = get(client, "papers/P77000077")
    assert response.status_code == 301
    assert response["Location"] == f"http://testserver/api/v1/papers/{paper.public_id}"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_merge_into_a_draft_reveals_nothing(client: Any) -> None:
    leave_redirect(kind="P", old_id=77000077, target_id=make_paper(state="draft").pk, reason="merged")
    refusal(get(client, "papers/P77000077"), 404)


@pytest.mark.parametrize("path", [
    "papers/P0", "papers/A1", "papers/P" + "9" * 30, "papers/W1", "papers/%00", "papers/doi:10.5555/%00", "papers/%ff%fe",
    "papers/%ED%A0%80", "papers/" + "x" * 6000, "papers/doi:10.5555/" + "9" * 6000, "papers/P1/references",
    "papers/", "papers/P1/", "venues/P1", "categories/%00", "categories/cs.XX", "categories/" + "c" * 6000, "nowhere", "a/b/c/",
    "authors/orcid:0000-0002-1825-0098", "institutions/ror:xyz", "authors/A" + "9" * 30,
])  # fmt: skip
def test_nothing_stands_there(client: Any, path: str) -> None:
    refusal(get(client, path), 404)


def test_trailing_slash_is_explained(client: Any) -> None:
    assert "no slash at their end" in refusal(get(client, "papers/"), 404)["detail"]


# --- Every address ------------------------------------------------------------------------------------------------------


def test_root_answers_without_its_slash_too(client: Any) -> None:
    bare = client.get("/api/v1")
    assert (bare.status_code, bare.json()) == (200, get(client, "").json())
    assert client.get("/api/v1papers").status_code == 404


def test_root_names_the_lists(client: Any) -> None:
    addresses = get(client, "").json()
    assert addresses["papers"] == "http://testserver/api/v1/papers"
    for address in addresses.values():
        assert client.get(address).status_code == 200


def test_methods(client: Any) -> None:
    paper = make_paper()
    for path in ("papers", f"papers/{paper.public_id}", "schema", ""):
        address = f"/api/v1/{path}"
        assert client.head(address).status_code == 200
        preflight = client.options(address, headers={"Origin": "https://elsewhere.example"})
        assert preflight.status_code == 204
        assert "GET" in preflight["Access-Control-Allow-Methods"]
        for_editors = {"papers": "POST", f"papers/{paper.public_id}": "PATCH"}.get(path)  # who send a token
        for method in {"POST", "PUT", "PATCH", "DELETE", "TRACE"} - {for_editors}:
            response = client.generic(method, address, b'{"a":' * 50_000, content_type="application/json")
            refusal(response, 405)
            assert "GET" in response["Allow"]
    refusal(client.post("/api/v1/nowhere"), 404)


def test_any_site_may_read_without_credentials(client: Any) -> None:
    response = get(client, "papers", Origin="https://elsewhere.example")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert "Set-Cookie" not in response


def test_unavailable_format(client: Any) -> None:
    refusal(get(client, "papers", Accept="application/xml"), 406)
    assert get(client, "papers", Accept="text/html,*/*;q=0.8").status_code == 200
    refusal(get(client, "schema?x=1", Accept="application/vnd.oai.openapi"))
    assert client.post("/api/v1/docs").json()["status"] == 405


@pytest.mark.parametrize(("fault", "status"), [(RuntimeError("secret"), 500), (OperationalError("secret"), 503)])
def test_faults_of_ours_say_nothing_of_the_inside(client: Any, monkeypatch: Any, fault: Exception, status: int) -> None:
    def fail(*args: Any) -> None:
        raise fault

    monkeypatch.setattr("papers.api.views.published_by_key", fail)
    client.raise_request_exception = False
    response = get(client, "papers/P1")
    assert "secret" not in response.content.decode()
    refusal(response, status)
    assert response.get("Retry-After") == ("5" if status == 503 else None)


def test_names_of_openalex_lead_to_the_same_lists(client: Any) -> None:
    paper = make_paper(doi="10.5555/one")
    left_out = "?omit=abstract_inverted_index"
    assert get(client, f"works{left_out}").json()["results"] == get(client, "papers").json()["results"]
    address = quote("https://doi.org/10.5555/one", safe="")
    assert get(client, f"works/{address}").json()["id"] == paper.public_id


def test_examples_of_the_documentation_run_as_written(client: Any) -> None:
    call_command("load_demo", stdout=StringIO(), stderr=StringIO())
    written = r"^ +curl 'http://127\.0\.0\.1:8000([^']*)'(?: -H 'Content-Type: application/json' -d '(.*)')?(?: +# (\d+))?$"
    examples = re.findall(written, API_PAGE.read_text(), re.MULTILINE)
    # Those with a token are run by test_api_doing.
    assert len(examples) == len(re.findall(r"^ +curl (?!.*\$TOKEN)", API_PAGE.read_text(), re.MULTILINE)) > 40
    first = {kind.letter: kind.objects.order_by("pk").values_list("pk", flat=True)[0] for kind in (Paper, Author, Institution)}

    def here(told: str) -> str:
        """Keys begin where the database's sequences stand."""
        return re.sub(r"\b([PAI])(\d{1,4})\b", lambda key: f"{key[1]}{int(key[2]) + first[key[1]] - 1}", told)

    for address, body, status in ((here(address), here(body), status) for address, body, status in examples):
        answer = client.post(address, body, content_type="application/json") if body else client.get(address)
        assert answer.status_code == int(status or 200), (address, body, answer.content)
