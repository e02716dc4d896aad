"""New records through the API: as by the admin's form, never twice, with authors, and undone as a whole."""

import json
from typing import Any

import pytest

from authors.curation.changes import ChangeSet
from authors.curation.provenance import locked_fields
from authors.models import Author, Institution
from papers.importers.runs import PAPERS, run_import
from papers.models import Authorship, LikelyDuplicate, Paper
from tests.factories import make_author, make_institution, make_paper
from tests.tokens import Program, problem

pytestmark = pytest.mark.django_db
NEW = {"title": "A Wholly New Example of Testing", "publication_date": "2022-05", "ids": {"doi": "10.5555/new"}}


def test_a_paper_is_added_with_its_authors(client: Any) -> None:
    person, lab, editor = make_author("Ada Testwright"), make_institution("Example Lab"), Program()
    answer = editor.post("papers", {
        **NEW, "primary_category": "cs.CL", "links": {"code": ["https://code.example/it"]}, "reason": "Asked for by mail.",
        "authorships": [
            {"raw_author_name": "A. Testwright", "author": person.public_id, "institutions": [lab.public_id],
             "raw_affiliation_strings": ["Example Lab, Exampletown"], "is_corresponding": True},
            {"raw_author_name": "Bea Testwright"},
        ],
    })  # fmt: skip
    assert answer.status_code == 201, answer.content
    paper = Paper.objects.get()
    assert answer["Location"] == f"http://testserver/api/v1/papers/{paper.public_id}"
    shown = client.get(answer["Location"])
    assert (shown.json(), shown["ETag"]) == (answer.json()["record"], answer["ETag"])
    first, second = shown.json()["authorships"]
    assert (first["author"]["id"], first["is_corresponding"]) == (person.public_id, True)
    assert (first["raw_affiliation_string"], first["institutions"][0]["id"]) == ("Example Lab, Exampletown", lab.public_id)
    assert (second["raw_author_name"], second["author"], second["author_position"]) == ("Bea Testwright", None, "last")
    assert client.get(f"/api/v1/authors/{person.public_id}").json()["works_count"] == 1
    assert client.get("/api/v1/papers?search=wholly+author:bea").json()["meta"]["count"] == 1
    assert {"title", "authorships", "identifiers", "links"} <= {*locked_fields(kind="P", record_id=paper.pk)}


def test_it_stands_in_the_history_and_is_undone_as_a_whole(client: Any) -> None:
    editor = Program()
    told = editor.post("papers", {**NEW, "authorships": [{"raw_author_name": "Ada Testwright"}]}).json()["change"]
    change_set = ChangeSet.objects.get()
    paper = Paper.objects.get()
    assert (change_set.action, change_set.channel, change_set.user) == ("add", "api", editor.token.user)
    assert told["summary"] == f"Added paper {paper.public_id} ({paper.title})"
    assert editor.post(f"changesets/{told['id']}/undo", {}).status_code == 200
    assert not Paper.objects.exists()
    assert not Authorship.objects.exists()
    assert client.get("/api/v1/papers").json()["meta"]["count"] == 0


def test_a_draft_is_shown_to_nobody(client: Any) -> None:
    answer = Program().post("papers", {**NEW, "state": "draft"})
    assert answer.status_code == 201
    assert client.get(answer["Location"]).status_code == 404
    assert client.get("/api/v1/papers").json()["results"] == []


@pytest.mark.parametrize("ids", [{"doi": "https://doi.org/10.5555/OLD"}, {"arxiv": "2205.10487"}, {"wikidata": "Q1"}])
def test_what_has_the_identifier_is_named(ids: Any) -> None:
    editor = Program()
    there = make_paper("Another Paper", doi="10.5555/old")
    assert editor.patch(f"papers/{there.public_id}", {"ids": {"arxiv": "2205.10487", "wikidata": "Q1"}}).status_code == 200
    refused = problem(editor.post("papers", {**NEW, "ids": ids, "though_alike": True}), 409)
    assert refused["records"] == [f"http://testserver/api/v1/papers/{there.public_id}"]
    assert there.public_id in refused["detail"]
    assert Paper.objects.count() == 1


def test_what_is_likely_the_same_is_named_unless_somebody_says_so(django_capture_on_commit_callbacks: Any) -> None:
    editor, person = Program(), make_author("Ada Testwright")
    there = make_paper("A Wholly New Example of Testing", authors=(person,))
    body = {**NEW, "publication_date": "2023-06-28", "authorships": [{"raw_author_name": "Ada Testwright"}]}
    refused = problem(editor.post("papers", body), 409)
    assert refused["records"] == [f"http://testserver/api/v1/papers/{there.public_id}"]
    assert (Paper.objects.count(), LikelyDuplicate.objects.count(), ChangeSet.objects.count()) == (1, 0, 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert editor.post("papers", {**body, "though_alike": True}).status_code == 201
    assert LikelyDuplicate.objects.count() == 1  # the queue has them


def test_an_import_adds_to_it_and_overwrites_nothing(tmp_path: Any) -> None:
    Program().post("papers", {**NEW, "authorships": [{"raw_author_name": "Ada Testwright"}]})
    source = {"id": "https://openalex.org/W7", "doi": "https://doi.org/10.5555/new", "language": "en"}
    source["publication_date"] = "2022-05-02"
    source["title"] = "A Wholly New Example of Tests"
    names = ("Ada Testwright", "Bea Testwright")
    source["authorships"] = [{"raw_author_name": name, "author": {"display_name": name}} for name in names]
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(source))
    run_import(PAPERS, file, source="openalex")
    paper = Paper.objects.get()
    assert (paper.title, paper.language) == (NEW["title"], "en")
    assert [row.raw_name for row in paper.authorships.all()] == ["Ada Testwright"]


@pytest.mark.parametrize(("body", "path", "told"), [
    ({"title": None}, "title", "must be given"), ({"titel": "x"}, "titel", "Did you mean “title”?"),
    ({"primary_category": "cs.XX"}, "primary_category", "no category"), ({"state": "gone"}, "state", "gone"),
    ({"though_alike": "yes"}, "though_alike", "true or false"), ({"authors_complete": "yes"}, "authors_complete", "true or"),
    ({"authorships": {}}, "authorships", "list of objects"), ({"authorships": [1]}, "authorships", "list of objects"),
    ({"authorships": [{}]}, "authorships.0.raw_author_name", "Give the name"),
    ({"authorships": [{"name": "x"}]}, "authorships.0.name", "raw_author_name"),
    ({"authorships": [{"author": "A999000999"}]}, "authorships.0.author", "there is no"),
    ({"authorships": [{"author": {}}]}, "authorships.0.author", "is an id"),
    ({"authorships": [{"raw_author_name": "x", "institutions": "I1"}]}, "authorships.0.institutions", "is a list"),
    ({"authorships": [{"raw_author_name": "x", "institutions": ["P1"]}]}, "authorships.0.institutions", "there is no"),
    ({"authorships": [{"raw_author_name": "a\u0000b"}]}, "authorships.0.raw_author_name", "is text"),
    ({"authorships": [{"raw_author_name": "x"}] * 10_001}, "authorships", "at most 10,000"),
])  # fmt: skip
def test_a_bad_value_is_named_and_nothing_is_added(body: Any, path: str, told: str) -> None:
    refused = problem(Program().post("papers", {**NEW, **body}), 400)
    assert refused["errors"][0]["parameter"] == path
    assert told in refused["detail"]
    assert not Paper.objects.exists()
    assert not ChangeSet.objects.exists()


def test_people_and_institutions_are_added() -> None:
    editor = Program()
    person = editor.post("authors", {"display_name": "Ada Testwright", "ids": {"orcid": "0000-0002-1825-0097"}})
    lab = editor.post("institutions", {"display_name": "Example Lab", "country_code": "NZ", "homepage": "https://lab.example/"})
    assert (person.status_code, lab.status_code) == (201, 201), (person.content, lab.content)
    assert [name.name for name in Author.objects.get().names.all()] == ["Ada Testwright"]
    assert Institution.objects.get().tag == lab.json()["record"]["tag"] != ""
    refused = problem(editor.post("authors", {"display_name": "Somebody", "ids": {"orcid": "0000-0002-1825-0097"}}), 409)
    assert refused["records"] == [person["Location"]]


@pytest.mark.parametrize(("role", "status"), [("", 403), ("Viewers", 403), ("Editors", 201), ("Administrators", 201)])
@pytest.mark.parametrize(("path", "body"), [("papers", NEW), ("authors", {"display_name": "A"}), ("works", NEW)])
def test_a_token_adds_what_its_owner_may(role: str, status: int, path: str, body: Any) -> None:
    assert Program(role).post(path, body).status_code == status
    problem(Program(role, may_write=False).post(path, {**body, "title": "Other"}), 403)


def test_nobody_adds_without_a_token(client: Any) -> None:
    problem(client.post("/api/v1/papers", json.dumps(NEW), content_type="application/json"), 401)
    preflight = client.options(
        "/api/v1/papers", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    )
    assert "Access-Control-Allow-Origin" not in preflight
