"""pyalex, a client of OpenAlex, with its host replaced by ours: every kind of call that it makes."""

import gzip
from typing import Any
from urllib.parse import urlsplit

import pyalex.api
import pytest
import requests
from pyalex import Authors, Institutions, Sources, Works

from papers.models import Paper
from tests.api import full_institution, full_paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def works(client: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The papers of a catalogue that pyalex takes for OpenAlex."""
    original = pyalex.api._get_requests_session

    class Ours(requests.adapters.HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            parts = urlsplit(request.url)
            given = client.get(
                f"/api/v1{parts.path}" + (f"?{parts.query}" if parts.query else ""), headers=dict(request.headers)
            )
            answer = requests.Response()
            answer.status_code, answer.url, answer.request = given.status_code, request.url, request
            answer.headers.update(given.headers)
            answer._content = gzip.decompress(given.content) if given.get("Content-Encoding") == "gzip" else given.content
            return answer

    def session() -> Any:
        made = original()
        made.mount("https://api.openalex.org", Ours())
        return made

    monkeypatch.setattr(pyalex.api, "_get_requests_session", session)
    return [full_paper(number) for number in (1, 2, 3)]


def test_every_kind_of_call(works: list[Any]) -> None:
    first = works[0]
    assert Works().count() == 3
    assert {work["id"] for work in Works().get(per_page=2)} < {paper.public_id for paper in works}
    assert Works()[first.public_id]["title"] == "Paper 1"
    assert Works()["https://doi.org/10.5555/1"]["id"] == first.public_id
    assert Works().filter(publication_year="2000-2030", cited_by_count=">1").count() == 3
    assert Works().filter_gt(cited_by_count=4).count() == 3
    assert Works().filter_not(doi="10.5555/1").count() == 2
    assert Works().filter_or(doi=["10.5555/1", "10.5555/2"]).count() == 2
    assert Works().filter(authorships={"author": {"id": first.authorships.first().author.public_id}}).count() == 1
    assert Works().search("paper").count() == 3
    assert Works().search_filter(title="paper").count() == 3
    assert [set(work) for work in Works().sort(cited_by_count="desc").select(["id", "title"]).get(per_page=1)] == [
        {"id", "title"}
    ]
    walked = [work["id"] for page in Works().filter(has_doi=True).paginate(per_page=1, n_max=None) for work in page]
    assert sorted(walked) == sorted(paper.public_id for paper in works)
    assert sum(group["count"] for group in Works().group_by("publication_year").get()) == 3
    assert len(Works().sample(2, seed=7).get()) == 2
    assert Works().random()["id"] in walked


def test_abstracts_are_read(works: list[Any]) -> None:
    text = "What an abstract says, and says again."
    Paper.objects.filter(pk=works[0].pk).update(abstract=text)
    Paper.objects.filter(pk=works[1].pk).update(abstract="")
    assert Works()[works[0].public_id]["abstract"] == text
    assert {work["id"]: work["abstract"] for work in Works().get()}[works[0].public_id] == text
    assert Works()[works[1].public_id]["abstract"] is None
    with pytest.raises(pyalex.api.QueryError, match="not a field"):
        Works().select(["no_abstract"]).get()


def test_people_institutions_and_venues(works: list[Any]) -> None:
    assert Authors().autocomplete("Ada Test")[0]["display_name"].startswith("Ada Testwright")
    full_institution(4)
    assert Institutions().search("lab").filter(country_code="NZ").get()[0]["ror"] == "https://ror.org/05gq02984"
    assert Sources().count() > 0
    assert Authors().search("testwright").count() > 2


def test_a_refusal_is_one_that_the_client_understands() -> None:
    with pytest.raises(pyalex.api.QueryError, match="not a field of papers"):
        Works().filter(colour="red").get()
