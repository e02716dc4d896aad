"""Imports of everything odd that files may hold: it goes in with a clear remark, or stays out with a reason."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from authors.models import Author, AuthorIdentifier, ImportProblem, ImportRun, Institution
from papers.importers.records import FileError
from papers.importers.runs import PAPERS, run_import
from papers.models import Paper
from tests.payloads import author, counts, import_organisations, import_works, payload, remarks, work

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]  # imports keep the index themselves


@pytest.fixture(autouse=True)
def _var(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


LONG = "x" * 600
BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing but a title": ({"title": "Only a Title"}, []),
    "no title": (work("", "Ada Testwright", id="untitled"), []),
    "title said twice": (work("Counting Sheep Twice Counting Sheep Twice"), ["title"]),
    "four authors in one": (work("Four", "Ada A, Bram B, Chidi C, Dora D"), ["authorships[1].author.display_name"]),
    "5 MB abstract": (work("A", "Ada Testwright", abstract="word " * 1_000_000), ["abstract"]),
    "controls": (work("N\x00UL \x07\x1b[31m", "Ada\x00 Testwright\x7f", abstract="a\x08b\x0bc"), []),
    "mojibake": (work("DaumÃ©'s CafÃ©", "JosÃ© Neira"), []),
    "a tag": (work("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><b>Ada</b>"), None),
    "impossible date": (work("B", publication_date="2023-02-31"), ["publication_date"]),
    "year 0": (work("C", publication_year=0), ["publication_year"]),
    "year 99999": (work("D", publication_year=99999, publication_date="99999-01-01"), ["publication_date", "publication_year"]),
    "negative counts": (work("E", cited_by_count=-1, referenced_works_count=-7), ["cited_by_count", "referenced_works_count"]),
    "long id": (work("F", id=LONG), ["id"]),
    "long author id": (work("G", author("Ada Testwright", LONG)), ["authorships[1].author.id"]),
    "long name": (work("H", author("Ada " * 500)), ["authorships[1].author.display_name"]),
    "long title": (work("Long " * 2_000), ["title"]),
    "astral": (work("𝒜𝓈𝓉𝓇𝒶𝓁 😀", "𝔄𝔡𝔞 𝔗𝔢𝔰𝔱𝔴𝔯𝔦𝔤𝔥𝔱"), []),
    "lone surrogates": (work("Lone \ud800\udc01\udfff", "Ada \ud83d Testwright", abstract="\udead"), []),
    "institutions without names": (work("I", institutions=[{}, {"display_name": None}, {"display_name": ""}, ""]), None),
    "authorships no list": (work("J") | {"authorships": "Ada Testwright"}, ["authorships"]),
    "authorships of anything": (work("K") | {"authorships": [None, 1, [], {}, {"author": 7}]}, None),
    "cites itself": (work("L", id="https://openalex.org/W77", referenced_works=["https://openalex.org/W77"]), []),
    "listed twice": (work("M", *[author("Ada Testwright", "profile:ada")] * 2), ["authorships.author"]),
    "position 0": (work("N", author("Ada Testwright", "profile:ada"), profile_position=0), ["profile_position"]),
    "position -1": (work("O", author("Ada Testwright", "profile:ada"), profile_position=-1), ["profile_position"]),
    "position huge": (work("P", author("Ada Testwright", "profile:ada"), profile_position=10**30), ["profile_position"]),
    "country of three letters": (
        work("Q", institutions=[{"display_name": "Fixtures", "country_code": "NLD"}]), ["institutions[1].country_code"],
    ),
    "javascript": (
        work("javascript:alert(1)", code_url="javascript:alert(1)", primary_location={"landing_page_url": "data:text/html,x"}),
        ["code_url", "primary_location.landing_page_url"],
    ),
    "home page of javascript": (
        work("R", institutions=[{"display_name": "Fixtures Two", "homepage_url": " JavaScript:alert(1)"}]),
        ["institutions[1].homepage_url"],
    ),
    "numbers as text": (
        work("S", cited_by_count="12", publication_year="2021", has_code="yes"),
        ["cited_by_count", "has_code", "publication_year"],
    ),
    "everything null": (dict.fromkeys(payload("openalex-work"), None) | {"title": "T"}, []),
    "everything a list": ({key: [] for key in payload("openalex-work")} | {"title": "U"}, None),
    "everything an object": ({key: {} for key in payload("openalex-work")} | {"title": "V"}, None),
    "right to left": (work("مثال \u202e txet", "מחבר לדוגמה"), []),
    "mathematics": (work(r"$\frac{1}{0}$ and $\undefined{", abstract="$$ $ \\begin{x} <b>"), []),
    "unknown category": (work("W", primary_category="cs.XX"), ["categories"]),
}  # fmt: skip


def look_at_all_pages(client: Client) -> None:
    """Lists, and the pages of everything that there is."""
    addresses = [
        "/",
        "/papers/",
        "/authors/",
        "/institutions/",
        "/venues/",
        "/categories/",
        "/api/v1/papers",
        "/api/v1/authors",
    ]
    addresses += [paper.get_absolute_url() for paper in Paper.objects.all()]
    addresses += [person.get_absolute_url() for person in Author.objects.filter(metrics__papers_count__gt=0)]
    addresses += [place.get_absolute_url() for place in Institution.objects.filter(metrics__papers_count__gt=0)]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if not answer["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text.lower()


@pytest.mark.parametrize("name", BAD)
def test_bad_records_go_in_with_a_clear_remark_and_leave_every_page_working(name: str, client: Client) -> None:
    record, fields = BAD[name]
    run = import_works(record)
    assert counts(run) == (1, 0, 0, 0)
    if fields is not None:
        assert sorted({field for _, field, _ in remarks(run)}) == fields
    assert all(line == 1 and field and reason for line, field, reason in remarks(run))
    look_at_all_pages(client)
    assert counts(import_works(record)) == (0, 0, 1, 0)


def test_all_bad_records_together_and_once_more(client: Client) -> None:
    records = [record for record, _ in BAD.values()]
    assert counts(import_works(*records)) == (len(records), 0, 0, 0)
    changed = [record | {"language": "en"} for record in records]
    assert import_works(*changed).skipped_count == 0
    look_at_all_pages(client)


def test_three_thousand_authors(client: Client) -> None:
    letters = ["".join(three).title() for three in itertools.product("abcdefghijklmop", repeat=3)]
    crowd = [
        author(f"{name} Crowder", f"https://openalex.org/A{n}", f"Fixtures {n % 50}")
        for n, name in enumerate(letters[:3_000], 1)
    ]
    assert counts(import_works(work("Everybody's Paper", *crowd))) == (1, 0, 0, 0)
    paper = Paper.objects.get()
    assert paper.authors_count == Author.objects.count() == AuthorIdentifier.objects.count() == 3_000
    assert client.get(paper.get_absolute_url()).status_code == 200
    assert client.get(f"/api/v1/papers/{paper.public_id}").status_code == 200
    assert client.get("/papers/").status_code == 200


def test_three_thousand_remarks_on_one_record_are_cut_short() -> None:
    run = import_works(work("Everybody's Paper", *[author("Ada Testwright", "", "…")] * 3_000))
    assert len(remarks(run)) == 101
    assert remarks(run)[-1] == (1, "record", "2,900 further remarks on it are left out")


def test_duplicate_ids_inside_one_file() -> None:
    run = import_works(work("Counting Sheep", "Ada Testwright", id="1"), work("Parsing Nowhere", "Bram Exemplar", id="1"))
    assert counts(run) == (2, 0, 0, 0)
    assert remarks(run) == [
        (2, "ids", "source:test:1 also stands on “Counting Sheep”; both papers kept, the value disputed"),
    ]


def test_nested_too_deeply_is_skipped(tmp_path: Path) -> None:
    deep = "[" * 900 + "]" * 900
    path = tmp_path / "works.json"
    path.write_text(f'[{{"title": "Counting Sheep"}}, {{"title": "Deep", "x": {deep}}}, {{"title": "Parsing Nowhere"}}]')
    run = run_import(PAPERS, path, source="test")
    assert run.created_count + run.skipped_count == 3
    assert run.created_count >= 2


@pytest.mark.parametrize(
    "content",
    [b"", b"\x1f\x8bnot gzip", b'{"title": "cut', b"<html>", b"\xff\xfe", b'[{"title": "Poster"}, {"ti', b"[" * 50_000],
)
def test_files_that_cannot_be_read_leave_no_trace_but_the_run(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    try:
        run_import(PAPERS, path, source="test")
    except FileError:
        assert ImportRun.objects.get().state == "failed"
    assert ImportRun.objects.get().finished_at
    assert Paper.objects.count() == ImportRun.objects.get().created_count


def test_institutions_of_anything() -> None:
    run = import_organisations(
        {"display_name": "A" * 2_000, "country_code": "NLD", "homepage_url": "javascript:x", "geo": [], "ids": {"ror": 7}},
        payload("ror-organization")
        | {"names": [{"value": "B" * 2_000, "types": ["ror_display"]}], "locations": [{}], "links": [7]},
        {"display_name": ""},
        {"display_name": "\ud800\x00"},
    )
    assert counts(run) == (2, 0, 0, 2)
    assert ImportProblem.objects.filter(skipped=True).count() == 2
