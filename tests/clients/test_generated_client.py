"""A Python client generated from our schema: made without a warning, it reads every kind of answer into its typed models."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client as Browser

from authors.curation.redirects import leave_redirect
from papers.api.schema import openapi
from tests.api import full_author, full_paper

pytestmark = pytest.mark.django_db
PACKAGE = "catalogue_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("generated")
    (folder / "schema.json").write_text(json.dumps(openapi()))
    (folder / "config.yml").write_text("post_hooks: []\n")  # it would tidy the code
    command = Path(sys.executable).with_name("openapi-python-client")
    done = subprocess.run(
        [command, "generate", "--path", "schema.json", "--output-path", PACKAGE, "--meta", "none", "--config", "config.yml",
         "--fail-on-warning"], cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))


@pytest.fixture
def call(package: str, client: Browser) -> Any:
    """Calls an operation by its name; the client's requests reach the application without a network."""

    def answer(request: httpx.Request) -> httpx.Response:
        address = request.url.raw_path.decode()
        given = client.generic(request.method, address, request.content, request.headers.get("Content-Type", ""))
        return httpx.Response(given.status_code, content=given.content, headers=dict(given.headers))

    made = importlib.import_module(package).Client(
        base_url="http://testserver", httpx_args={"transport": httpx.MockTransport(answer)}, follow_redirects=True
    )

    def called(operation: str, *ids: str, **parameters: Any) -> Any:
        return importlib.import_module(f"{package}.api.{operation}").sync(*ids, client=made, **parameters)

    return called


@pytest.fixture
def models(package: str) -> Any:
    return importlib.import_module(f"{package}.models")


def test_lists_and_records_are_typed(call: Any, models: Any) -> None:
    papers = [full_paper(number) for number in (1, 2, 3)]
    author = full_author(4)
    listed = call("papers.list_papers", category="cs.CL|cs.LG", sort="cited_by_count:desc,publication_date:desc")
    assert isinstance(listed, models.PaperList)
    assert listed.meta.count == len(listed.results)
    assert {paper.title for paper in listed.results} >= {"Paper 1", "Paper 2", "Paper 3"}
    one = call("papers.get_paper", papers[0].public_id)
    assert isinstance(one, models.Paper)
    assert (one.publication_date.year, one.venue.display_name) == (2023, papers[0].venue.name)
    assert [each.raw_author_name for each in one.authorships] == ["Ada Testwright 1", "Bob Exampleman 1"]
    assert one.scores.novelty.value == 64
    assert call("papers.get_paper", "doi:10.5555/1").id == one.id
    assert call("authors.get_author", author.public_id).display_name == author.display_name
    assert isinstance(call("authors.list_authors").results[0], models.Author)
    assert isinstance(call("institutions.list_institutions").results[0], models.Institution)
    assert isinstance(call("venues.list_venues").results[0], models.Venue)
    assert call("categories.get_category", "cs.CL").code == "CL"


def test_a_walk_by_cursor_comes_to_its_end(call: Any, models: Any) -> None:
    papers = {full_paper(number).public_id for number in (1, 2, 3)}
    cursor, walked = "*", []
    while cursor:
        part = call("papers.list_papers", cursor=cursor, per_page=1, select="id")
        walked += [paper.id for paper in part.results]
        cursor = part.meta.next_cursor
    assert sorted(walked) == sorted(papers)


def test_what_is_asked_for_otherwise(call: Any, models: Any) -> None:
    paper = full_paper(1)
    leave_redirect(kind="P", old_id=77700777, target_id=None, reason="withdrawn")
    asked = models.BatchAsked(ids=[paper.public_id, "P77700777", "doi:10.5555/nobody"])
    batch = call("papers.get_papers_by_ids_posted", body=asked)
    assert [each.status.value for each in batch.results] == ["found", "gone", "not_found"]
    assert batch.results[0].record.title == "Paper 1"
    where = models.SearchAskedWhere.from_dict(
        {"any": [{"field": "has_doi", "value": True}, {"field": "author", "value": "A9"}]}
    )
    assert [each.id for each in call("search.search_papers", body=models.SearchAsked(where=where)).results] == [paper.public_id]
    changes = call("changes.list_changes", limit=500)
    assert changes.meta.more is False
    assert call("changes.list_changes", cursor=changes.meta.next_cursor).results == []
    assert "Ada Testwright 1" in {each.display_name for each in call("search.get_suggestions", q="testw").results}
    groups = call("papers.list_papers", group_by=models.ListPapersGroupBy.PUBLICATION_YEAR)
    assert [(group.key, group.count) for group in groups.group_by] == [("2023", 1)]


def test_refusals_are_typed(call: Any, models: Any) -> None:
    refused = call("papers.list_papers", page=1, cursor="*")
    assert isinstance(refused, models.Problem)
    assert (refused.status, refused.errors[0].code) == (400, "conflict")
    assert isinstance(call("papers.get_paper", "P999000999"), models.Problem)
