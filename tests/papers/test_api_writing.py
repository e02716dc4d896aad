"""Curation through the API: the rules, the locks and the history of the admin, by an editor's token."""

import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.provenance import locked_fields
from authors.models import Author, Institution, InstitutionAlias
from papers.importers.runs import PAPERS, run_import
from papers.models import Paper, PaperLink
from tests.admin_forms import logged_in
from tests.factories import make_author, make_institution, make_paper, make_venue
from tests.tokens import Program, problem

pytestmark = pytest.mark.django_db


# --- changing a record ----------------------------------------------------------------------------------------------------


def test_a_paper_is_changed_as_an_editor_would(client: Any) -> None:
    paper, venue, editor = make_paper("Teh Title", doi="10.5555/old"), make_venue("Example Conference"), Program()
    answer = editor.patch(f"papers/{paper.public_id}", {
        "title": "The Title", "publication_date": "2022-05", "type": "article", "venue": venue.public_id,
        "primary_category": "cs.LG", "categories": ["cs.CL"], "biblio": {"volume": "7"}, "keywords": ["one", "two; three"],
        "ids": {"doi": "https://doi.org/10.5555/NEW", "wikidata": "Q1"}, "links": {"code": ["https://code.example/it"]},
        "reason": "As printed.",
    })  # fmt: skip
    assert answer.status_code == 200, answer.content
    record = client.get(f"/api/v1/papers/{paper.public_id}").json()
    assert answer.json()["record"] == record
    assert (record["title"], record["publication_date"], record["date_precision"]) == ("The Title", "2022-05-01", "month")
    assert record["ids"] == {"doi": "https://doi.org/10.5555/new", "wikidata": "https://www.wikidata.org/wiki/Q1"}
    assert (record["primary_category"]["id"], record["primary_category"]["origin"]) == ("cs.LG", "editor")
    assert [one["id"] for one in record["categories"]] == ["cs.CL"]
    assert record["venue"]["display_name"] == "Example Conference"
    assert record["has_code"]
    assert record["biblio"]["volume"] == "7"
    assert Paper.objects.get().keywords == ["one", "two; three"]
    assert "The Title" in client.get("/api/v1/papers?search=title").content.decode()


def test_the_change_stands_in_the_history_with_who_and_why(client: Any) -> None:
    paper, editor = make_paper("Teh Title"), Program()
    told = editor.patch(f"papers/{paper.public_id}", {"title": "The Title", "reason": " As\nprinted. "}).json()["change"]
    change_set = ChangeSet.objects.get(pk=told["id"])
    assert (change_set.channel, change_set.user, change_set.reason) == ("api", editor.token.user, "As printed.")
    assert told["summary"] == f"Edited paper {paper.public_id} (The Title)"
    page = logged_in("Viewers").get(reverse("admin:papers_paper_history", args=[paper.pk])).content.decode()
    assert "As printed." in page
    assert "the API" in page


def test_a_paper_read_as_a_client_of_openalex_reads_it_is_changed_there_too(client: Any) -> None:
    paper, editor = make_paper("Teh Title", abstract="Two words"), Program()
    read = client.get(f"/api/v1/works/{paper.public_id}")
    assert read.json()["abstract_inverted_index"] == {"Two": [0], "words": [1]}
    sent = {"headers": {"If-Match": read["ETag"], "Authorization": f"Bearer {editor.secret}"}, "data": '{"title": "The Title"}'}
    answer = client.patch(f"/api/v1/works/{paper.public_id}", content_type="application/json", **sent)
    assert answer.status_code == 200, answer.content


def test_what_is_named_alone_is_changed() -> None:
    paper, editor = make_paper("A Title", abstract="Words.", doi="10.5555/x", volume="7", issue="2"), Program()
    PaperLink.objects.create(paper=paper, kind="pdf", url="https://example.org/a.pdf", official=True)
    answer = editor.patch(f"papers/{paper.public_id}", {"abstract": None, "biblio": {"issue": None}, "links": {"data": []}})
    record = answer.json()["record"]
    assert (record["title"], record["abstract"]) == ("A Title", None)
    assert (record["biblio"]["volume"], record["biblio"]["issue"]) == ("7", None)
    assert record["links"] == [{"kind": "pdf", "url": "https://example.org/a.pdf", "official": True}]
    assert record["ids"] == {"doi": "https://doi.org/10.5555/x"}


def test_what_is_so_already_is_no_change() -> None:
    paper, editor = make_paper("A Title"), Program()
    answer = editor.patch(f"papers/{paper.public_id}", {"title": "A  Title", "publication_date": "2023-06-28"})
    assert (answer.status_code, answer.json()["change"]) == (200, None)
    assert not ChangeSet.objects.exists()
    assert locked_fields(kind="P", record_id=paper.pk) == []


def test_a_person_is_changed(client: Any) -> None:
    person, editor = make_author("Ada Testwright"), Program()
    make_paper(authors=(person,))
    body = {
        "display_name": "Ada T. Testwright",
        "alternative_names": ["A. Testwright"],
        "ids": {"orcid": "0000-0002-1825-0097"},
    }
    record = editor.patch(f"authors/{person.public_id}", {**body, "homepage": "https://example.org/"}).json()["record"]
    assert record == client.get("/api/v1/authors/orcid:0000-0002-1825-0097").json()
    assert record["display_name"] == "Ada T. Testwright"
    assert sorted(record["alternative_names"]) == ["A. Testwright", "Ada Testwright"]  # the former name finds the person
    assert Author.objects.get().homepage == "https://example.org/"
    assert {"display_name", "homepage", "identifiers", "names"} <= {*locked_fields(kind="A", record_id=person.pk)}
    hidden = editor.patch(f"authors/{person.public_id}", {"visibility": "hidden"})
    assert hidden.json()["record"]["id"] == person.public_id
    assert client.get(f"/api/v1/authors/{person.public_id}").status_code == 404


def test_an_institution_is_changed(client: Any) -> None:
    institution, parent, editor = make_institution("Example Lab"), make_institution("Example University"), Program()
    make_paper(institutions=(institution,))
    body = {"display_name": "Example Laboratory", "type": "facility", "country_code": "nz", "parent": parent.public_id}
    record = editor.patch(f"institutions/{institution.public_id}", body).json()["record"]
    assert record == client.get(f"/api/v1/institutions/{institution.public_id}").json()
    assert (record["display_name"], record["type"], record["country_code"]) == ("Example Laboratory", "facility", "NZ")
    assert record["parent"]["display_name"] == "Example University"
    assert InstitutionAlias.objects.filter(institution=institution, name="Example Lab").exists()  # the former name
    circle = problem(editor.patch(f"institutions/{parent.public_id}", {"parent": institution.public_id}, version="*"), 400)
    assert "part of itself" in circle["detail"]
    assert Institution.objects.get(pk=parent.pk).parent is None


# --- two at once, and imports ---------------------------------------------------------------------------------------------


def test_of_two_editors_the_second_hears_that_she_is_late() -> None:
    paper, first, second = make_paper("A Title"), Program(), Program("Senior editors")
    address = f"papers/{paper.public_id}"
    seen = second.get(address)["ETag"]
    answer = first.patch(address, {"title": "One Title"})
    assert "not as you read it" in problem(second.patch(address, {"title": "Other Title"}, version=seen), 412)["detail"]
    assert Paper.objects.get().title == "One Title"
    after = second.patch(address, {"title": "Other Title"}, version=answer["ETag"])  # the answer's own tag leads on
    assert after.status_code == 200
    assert second.get(address)["ETag"] == after["ETag"]


@pytest.mark.parametrize("field", ["city", "homepage"])
def test_what_a_record_does_not_show_counts_too(field: str) -> None:
    institution, editor = make_institution(), Program()
    make_paper(institutions=(institution,))
    address = f"institutions/{institution.public_id}"
    seen = editor.get(address)["ETag"]
    assert editor.patch(address, {field: "https://example.org/"}).status_code == 200
    problem(editor.patch(address, {field: "https://example.com/"}, version=seen), 412)


def test_a_change_must_say_of_which_version_it_is() -> None:
    paper, editor = make_paper("A Title"), Program()
    address = f"papers/{paper.public_id}"
    assert "If-Match" in problem(editor.asked("patch", address, {"title": "Other"}), 428)["detail"]
    tag = editor.get(address, **{"Accept-Encoding": "gzip"})["ETag"]
    assert tag.startswith("W/")  # of a compressed answer
    assert editor.patch(address, {"title": "Other"}, version=f'"else", {tag}').status_code == 200
    assert editor.patch(address, {"title": "Third"}, version="*").status_code == 200


def test_no_import_overwrites_it(tmp_path: Any) -> None:
    source = {"id": "https://openalex.org/W7", "doi": "https://doi.org/10.5555/x", "title": "Teh Title of an Example Paper"}
    source["authorships"] = [{"raw_author_name": "Ada Testwright", "author": {"display_name": "Ada Testwright"}}]
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(source))
    run_import(PAPERS, file, source="openalex")
    editor = Program()
    assert editor.patch("papers/doi:10.5555/x", {"title": "The Title of an Example Paper"}).status_code == 200
    file.write_text(json.dumps({**source, "title": "Teh Titel of an Example Paper", "language": "en"}))
    run_import(PAPERS, file, source="openalex")
    paper = Paper.objects.get()
    assert (paper.title, paper.language) == ("The Title of an Example Paper", "en")
    page = logged_in("Editors", "somebody").get(reverse("admin:papers_paper_change", args=[paper.pk])).content.decode()
    assert "id_title_origin" in page


# --- what is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "path", "told"), [
    ({"titel": "x"}, "titel", "Did you mean “title”?"),
    ({"biblio": {"volumes": "7"}}, "biblio.volumes", "biblio.volume"),
    ({"title": 7}, "title", "text or null"),
    ({"title": None}, "title", "may not be empty"),
    ({"title": "a\u0000b"}, "title", "text or null"),
    ({"title": "\u200b"}, "title", "can be seen"),
    ({"keywords": ["\u2060"]}, "keywords", "can be seen"),
    ({"publication_date": "28.6.2023"}, "publication_date", "28.6.2023"),
    ({"primary_category": "cs.XX"}, "primary_category", "no category cs.XX"),
    ({"categories": "cs.CL"}, "categories", "list of texts"),
    ({"venue": "V999000999"}, "venue", "no venue V999000999"),
    ({"has_code": "yes"}, "has_code", "true or false"),
    ({"ids": {"doi": "nonsense"}}, "ids.doi", "not a valid DOI"),
    ({"ids": {"isbn10": "1"}}, "ids.isbn10", "no scheme"),
    ({"links": {"code": ["javascript:alert(1)"]}}, "links.code", "valid URL"),
    ({"retraction": {"retracted_on": "2023"}}, "retraction.retracted_on", "day too"),
    ({"reason": "x" * 301}, "reason", "at most 300"),
    ({"ids": []}, "ids", "an object"),
])  # fmt: skip
def test_a_bad_value_is_named_and_nothing_is_written(body: Any, path: str, told: str) -> None:
    paper, editor = make_paper("A Title"), Program()
    refused = problem(editor.patch(f"papers/{paper.public_id}", {"abstract": "New.", **body}), 400)
    assert refused["errors"][0]["parameter"] == path
    assert told in refused["detail"]
    assert Paper.objects.get().abstract == ""
    assert not ChangeSet.objects.exists()


def test_anothers_identifier_is_refused() -> None:
    editor, paper = Program(), make_paper()
    other = make_paper(doi="10.5555/x")
    refused = problem(editor.patch(f"papers/{paper.public_id}", {"ids": {"doi": "10.5555/x"}}), 400)
    assert other.public_id in refused["errors"][0]["detail"]


def test_a_record_that_is_not_there() -> None:
    editor, draft = Program(), make_paper(state="draft", published=date(2020, 1, 1))
    problem(editor.patch("papers/P999000999", {}, version="*"), 404)
    problem(editor.patch("papers/A1", {}, version="*"), 404)
    problem(editor.patch("papers/random", {}, version="*"), 404)
    problem(editor.patch(f"papers/{draft.public_id}", {}, version='"x"'), 412)
    answer = editor.patch(f"papers/{draft.public_id}", {"title": "A Draft"}, version="*")
    assert editor.get(f"papers/{draft.public_id}").status_code == 404  # reading shows what is public, with a token too
    assert editor.patch(f"papers/{draft.public_id}", {"title": "Again"}, version=answer["ETag"]).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"), [("{", 400), ("[1]", 400), ('{"title": ' + "[" * 5_000, 400), ("x" * 4_000_001, 413)]
)
def test_a_body_that_is_none(sent: str, status: int) -> None:
    paper, editor = make_paper(), Program()
    problem(editor.patch(f"papers/{paper.public_id}", sent, version="*"), status)


def test_texts_are_tidied() -> None:
    paper, editor = make_paper("A Title"), Program()
    sent = {"title": "The\n\u202eTitle\u200b", "abstract": "One  line.\r\n\r\nTwo.", "publisher": "Exa\u00admple"}
    assert editor.patch(f"papers/{paper.public_id}", sent).status_code == 200
    found = Paper.objects.get()
    assert (found.title, found.abstract, found.publisher) == ("The Title", "One line.\n\nTwo.", "Example")


def test_a_body_that_is_not_read_is_refused() -> None:
    """A server hands on nothing that came in chunks, so that it looks like a change of nothing."""
    paper, editor = make_paper(), Program()
    chunked = {"Transfer-Encoding": "chunked", "If-Match": "*"}
    for method, path in (("patch", f"papers/{paper.public_id}"), ("post", "papers"), ("post", "papers/batch")):
        problem(editor.asked(method, path, "", **chunked), 411)
        problem(editor.asked(method, path, "", **chunked, **{"Idempotency-Key": "x"}), 411)
        missing = problem(editor.asked(method, path, "", **{"If-Match": "*"}), 400)
        assert missing["errors"][0]["parameter"] == "body"


def test_other_media_types() -> None:
    paper, editor = make_paper(), Program()
    sent = {"headers": {"Authorization": f"Bearer {editor.secret}", "If-Match": "*"}, "data": '{"title": "Patched"}'}
    address = f"/api/v1/papers/{paper.public_id}"
    assert editor.client.patch(address, content_type="application/merge-patch+json", **sent).status_code == 200
    problem(editor.client.patch(address, content_type="text/plain", **sent), 415)
    problem(editor.client.put(address, content_type="application/json", **sent), 405)
