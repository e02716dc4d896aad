"""Lists and records as files, read by the libraries of reference managers and by the catalogue's own importers."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy

from authors.curation.models import Redirect
from authors.models import Author, AuthorName
from papers import exporting
from papers.importers.runs import PAPERS, run_import
from papers.models import Authorship, Paper, PaperIdentifier
from tests.api import at_most, full_paper
from tests.factories import make_author, make_authorship, make_institution, make_paper, make_venue
from tests.payloads import counts

pytestmark = pytest.mark.django_db
SUFFIXES = ["bib", "ris", "csl.json", "csv", "jsonl"]
TYPES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
}


def file_of(client: Any, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, response
    assert response.streaming
    return b"".join(response.streaming_content).decode()


def titles(client: Any, path: str) -> list[str]:
    """Of a list as JSON Lines."""
    return [json.loads(line)["title"] for line in file_of(client, path).splitlines()]


@pytest.fixture
def papers() -> list[Paper]:
    return [
        make_paper("One on {braces} & 5% of $x_1$", published=date(2021, 1, 1), doi="10.5555/one", cited_by_count=3),
        make_paper("Two", published=date(2023, 1, 1), category="cs.LG", cited_by_count=9),
        make_paper("Three", published=date(2022, 1, 1), abstract="Line\n\nTY  - JOUR\n@article{x,"),
    ]


def test_bibtexparser_reads_every_entry(client: Any, papers: list[Paper]) -> None:
    library = bibtexparser.parse_string(file_of(client, "/papers.bib"))
    assert not library.failed_blocks
    assert len(library.entries) == len({entry.key for entry in library.entries}) == 3
    assert library.entries[0].fields_dict["doi"].value == "10.5555/one"


def test_rispy_reads_every_record(client: Any, papers: list[Paper]) -> None:
    records = rispy.loads(file_of(client, "/papers.ris"))
    assert [record["title"] for record in records] == [paper.title for paper in papers]
    assert not [record for record in records if record.get("unknown_tag")]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_says_what_it_is(client: Any, suffix: str) -> None:
    paper = full_paper()
    for path, name in ((f"/papers/{paper.public_id}.{suffix}", paper.public_id), (f"/papers.{suffix}", "papers")):
        response = client.get(path)
        assert response["Content-Type"] == f"{TYPES[suffix]}; charset=utf-8"
        assert response["Content-Disposition"] == f'attachment; filename="{name}.{suffix}"'
        assert f"http://testserver/papers/{paper.public_id}/" in b"".join(response.streaming_content).decode()
        asked = client.head(path)
        assert (asked.status_code, b"".join(asked.streaming_content)) == (200, b"")
        assert "Content-Length" not in asked


def test_one_record_as_json_is_the_record_of_the_api(client: Any) -> None:
    paper = full_paper()
    record = json.loads(file_of(client, f"/papers/{paper.public_id}.json"))
    assert record == client.get(f"/api/v1/papers/{paper.public_id}").json()


def test_a_list_keeps_the_filters_and_the_order_of_its_page(client: Any, papers: list[Paper]) -> None:
    assert titles(client, "/papers.jsonl") == [paper.title for paper in papers]  # the whole catalogue stands by key
    assert titles(client, "/papers.jsonl?sort=publication_date:desc&page=7&per_page=50") == ["Two", "Three", papers[0].title]
    assert titles(client, "/papers.jsonl?year_from=2022&sort=cited_by_count:desc") == ["Two", "Three"]
    assert titles(client, "/papers.jsonl?category=cs.LG") == ["Two"]
    assert titles(client, "/search.jsonl?q=braces") == [papers[0].title]
    assert titles(client, "/categories/cs.LG/papers.jsonl") == ["Two"]
    assert titles(client, "/papers.jsonl?year_from=2030") == []


def test_lists_of_people_institutions_and_venues(client: Any) -> None:
    author, institution, venue = make_author("Ada Testwright"), make_institution(), make_venue()
    make_paper("Theirs", authors=(author,), institutions=(institution,), venue=venue)
    make_paper("Another")
    for record in (author, institution, venue):
        kind = {"A": "authors", "I": "institutions", "V": "venues"}[record.letter]
        path = f"/{kind}/{record.public_id}/papers.jsonl"
        assert titles(client, path) == ["Theirs"]
        assert client.get(f"{record.get_absolute_url()}papers.jsonl?year_from=2000")["Location"] == f"{path}?year_from=2000"


def test_a_profile_keeps_its_own_order(client: Any) -> None:
    author = make_author("Ada Testwright")
    for position, title in ((2, "Second"), (1, "First")):
        paper = make_paper(title, authors=(author,))
        Authorship.objects.filter(paper=paper).update(profile_position=position)
    path = f"/authors/{author.public_id}/papers.jsonl"
    assert titles(client, f"{path}?sort=profile") == titles(client, path) == ["First", "Second"]


def test_long_lists_come_whole_and_in_order_whatever_the_chunks(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("CHUNK", 3), ("FIRST_CHUNK", 2), ("MOST_AUTHORSHIPS", 2)):
        monkeypatch.setattr(exporting, name, value)
    people = tuple(make_author() for _ in range(3))
    expected = [make_paper(f"Paper {n}", authors=people, published=date(2000 + n, 1, 1)).title for n in range(11)]
    assert titles(client, "/papers.jsonl") == expected
    assert titles(client, "/papers.jsonl?sort=publication_date:desc") == expected[::-1]
    assert sorted(titles(client, "/search.jsonl?q=paper")) == sorted(expected)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_queries_of_a_chunk_are_the_same_whatever_it_holds(client: Any, suffix: str) -> None:
    most = {"jsonl": 15}.get(suffix, 9)  # keys, how many authors, papers, their parts
    for number in (1, 2, 3):
        full_paper(number)
        file_of(client, "/papers.csv")  # what is cached
        with at_most(most):
            file_of(client, f"/papers.{suffix}")


def test_a_merged_paper_leads_on_and_a_withdrawn_one_is_gone(client: Any) -> None:
    survivor, withdrawn = make_paper("Stays"), make_paper("Goes", state=Paper.State.WITHDRAWN)
    Redirect.objects.create(kind="P", old_id=999_999, target_id=survivor.pk)
    response = client.get("/papers/P999999.csl.json")
    assert (response.status_code, response["Location"]) == (301, f"/papers/{survivor.public_id}.csl.json")
    assert client.get(f"/papers/{withdrawn.public_id}.bib").status_code == 410
    assert client.get("/papers/P424242.bib").status_code == 404
    assert client.get(f"/papers/{survivor.public_id}.docx", follow=True).status_code == 404
    draft = make_paper("Unseen", state=Paper.State.DRAFT)
    assert client.get(f"/papers/{draft.public_id}.bib").status_code == 404
    assert titles(client, "/papers.jsonl") == ["Stays"]


def test_a_filter_that_cannot_be_used_is_explained(client: Any) -> None:
    response = client.get("/papers.bib?year_from=soon&sort=luck")
    assert response.status_code == 400
    assert "From year" in response.content.decode()
    assert "luck" in response.content.decode()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_programs_get_the_file_at_the_page_itself(client: Any, suffix: str) -> None:
    paper = make_paper("Found", authors=(make_author("Ada Testwright"),), venue=make_venue())
    person, venue = Author.objects.get(), paper.venue
    assert venue
    pages = [paper.get_absolute_url(), "/papers/", "/search/?q=found", person.get_absolute_url(), venue.get_absolute_url()]
    for page in [*pages, "/categories/cs.CL/"]:
        response = client.get(page, headers={"Accept": TYPES[suffix]})
        assert response["Content-Type"].startswith(TYPES[suffix]), page
        assert "Accept" in response["Vary"]
        assert "Found" in b"".join(response.streaming_content).decode()


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png", "text/csv;q=0.1,text/html", ";;"]
)
def test_readers_get_the_page(client: Any, accept: str) -> None:
    make_paper()
    response = client.get("/papers/", headers={"Accept": accept})
    assert response["Content-Type"].startswith("text/html")
    assert "Accept" in response["Vary"]


def test_a_former_name_is_in_no_file(client: Any) -> None:
    author = make_author("New Testwright")
    AuthorName.objects.create(author=author, name="Old Testwright", public=False)
    paper = make_paper("Written before")
    make_authorship(paper, author, position=1, raw_name="Old Testwright")
    for suffix in [*SUFFIXES, "json"]:
        text = file_of(client, f"/papers/{paper.public_id}.{suffix}")
        assert "New" in text
        assert "Old" not in text
    assert "Old Testwright" not in client.get(paper.get_absolute_url()).content.decode()


def test_a_retraction_and_a_missing_title_are_told(client: Any) -> None:
    paper = make_paper("x", is_retracted=True, retracted_on=date(2024, 5, 1), retraction_notice="javascript:alert(1)")
    Paper.objects.filter(pk=paper.pk).update(title="")
    for suffix in ("bib", "ris", "csl.json"):
        text = file_of(client, f"/papers/{paper.public_id}.{suffix}")
        assert "Retracted on 1 May 2024." in text
        assert "[untitled]" in text
        assert "javascript" not in text


def test_pages_offer_the_files_of_what_they_show(client: Any) -> None:
    author = make_author("Ada Testwright")
    paper = make_paper("Boats", authors=(author,))
    page = client.get(f"{author.get_absolute_url()}?year_from=2000&page=1&view=compact").content.decode()
    for suffix in SUFFIXES:
        assert page.count(f'href="/authors/{author.public_id}/papers.{suffix}?year_from=2000"') == 2
    page = client.get(paper.get_absolute_url()).content.decode()
    assert f'<link rel="alternate" type="application/x-bibtex" title="BibTeX" href="/papers/{paper.public_id}.bib">' in page
    assert "Testwright, A. (2023). Boats. http://testserver/papers/" in page
    assert "@misc{testwright2023boats," in page


@pytest.mark.upkeep
def test_json_lines_bring_everything_back(client: Any, tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path
    paper = full_paper()
    path = tmp_path / "papers.jsonl"
    path.write_text(file_of(client, f"/papers/{paper.public_id}.jsonl"))
    before = json.loads(path.read_text())
    for rows in (Authorship, PaperIdentifier, Paper):
        rows.objects.all().delete()
    assert counts(run_import(PAPERS, path, source="copy")) == (1, 0, 0, 0)
    again = Paper.objects.get()
    after = json.loads(file_of(client, f"/papers/{again.public_id}.jsonl"))
    same = (
        "title",
        "abstract",
        "publication_date",
        "date_precision",
        "type",
        "language",
        "is_retracted",
        "biblio",
        "cited_by_count",
    )
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert [row["raw_author_name"] for row in after["authorships"]] == [row["raw_author_name"] for row in before["authorships"]]
    assert {name: after["ids"][name] for name in before["ids"]} == before["ids"]
