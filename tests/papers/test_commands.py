"""The commands beside import_papers."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from authors.curation.provenance import record_edit
from authors.models import Author, AuthorIdentifier, AuthorName, Institution, Provenance
from papers.models import AuthorFigure, Paper
from tests.payloads import author, counts, import_people, import_works, payload, remarks, work, write_lines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _var(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def test_import_authors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path, payload("openalex-author"), name="authors.jsonl")
    call_command("import_authors", str(path))
    assert capsys.readouterr().out == "authors.jsonl: 1 new, 0 updated, 0 unchanged, 0 skipped\n"
    ada = Author.objects.get()
    assert (ada.display_name, ada.visibility) == ("Ada Testwright", "public")
    assert set(ada.names.values_list("name", flat=True)) == {"Ada Testwright", "A. Testwright", "Testwright, Ada"}
    assert set(ada.identifiers.values_list("scheme", "value")) == {("openalex", "A900001"), ("orcid", "0000-0002-1825-0097")}
    assert [(stay.institution.name, stay.years) for stay in ada.affiliations.all()] == [
        ("University of Examples", "2018–2021"), ("Fixture Laboratories", "2016"),
    ]  # fmt: skip
    assert set(ada.figures.values_list("name", "value", "source")) == {
        ("papers", 31, "openalex"), ("citations", 456, "openalex"), ("h_index", 9, "openalex"),
    }  # fmt: skip
    call_command("import_authors", str(path))
    assert capsys.readouterr().out == "authors.jsonl: 0 new, 0 updated, 1 unchanged, 0 skipped\n"


def test_import_institutions_takes_both_shapes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path, payload("ror-organization"), payload("openalex-institution"), name="institutions.jsonl")
    call_command("import_institutions", str(path))
    assert capsys.readouterr().out == "institutions.jsonl: 1 new, 1 updated, 0 unchanged, 0 skipped\n"
    assert Institution.objects.get().tag == "example"
    assert set(Provenance.objects.values_list("source", "source_key")) == {("ror", "05exmpl01"), ("openalex", "I900001")}


def test_a_profile_brings_reported_figures() -> None:
    import_people(
        {"id": "profile:ada", "display_name": "Ada Testwright", "works_count": 23, "primary_category": "cs.CL",
         "reported_scores": {"novelty": 59, "ai_score": 37}}
    )  # fmt: skip
    figures = AuthorFigure.objects.filter(origin="reported", source="profile")
    assert dict(figures.values_list("name", "value")) == {"papers": 23, "novelty": 59, "ai_score": 37}
    assert Author.objects.get().metrics.reported_category_id == "cs.CL"


def test_a_changed_author_is_brought_up_to_date() -> None:
    value = payload("openalex-author")
    import_people(value)
    value |= {"works_count": 32, "display_name": "Ada B. Testwright"}
    value["affiliations"][0]["years"].append(2024)
    assert counts(import_people(value)) == (0, 1, 0, 0)
    ada = Author.objects.get()
    assert ada.display_name == "Ada B. Testwright"
    assert ada.affiliations.first().years == "2018–2024"
    assert ada.figures.get(name="papers").value == 32


@pytest.mark.parametrize("lock", ["display_name", "homepage", "names", "identifiers", "affiliations"])
def test_what_an_editor_touched_stays(lock: str) -> None:
    import_works(work("A Paper", author("Ada Testwright", "https://openalex.org/A900001")))
    ada = Author.objects.get()
    record_edit(kind="A", record_id=ada.pk, fields=[lock])
    import_people(payload("openalex-author") | {"display_name": "Ada B. Testwright", "homepage_url": "https://ada.example.org"})
    ada.refresh_from_db()
    done = {
        "homepage": ada.homepage != "",
        "names": ada.names.count() > 1,
        "identifiers": ada.identifiers.count() > 1,
        "affiliations": ada.affiliations.exists(),
    }
    assert done == {name: name != lock for name in done}
    assert ada.display_name == "Ada Testwright", "it was first given by the paper, and no source may change what another gave"


def test_an_identifier_of_somebody_else_is_disputed() -> None:
    import_people(
        {"id": "https://openalex.org/A1", "display_name": "Ada Testwright"}, {"id": "profile:b", "display_name": "Bram E."}
    )
    both = {"id": "profile:b", "display_name": "Bram E.", "ids": {"openalex": "A1"}}
    run = import_people(both)
    assert remarks(run) == [(1, "ids", "openalex:A1 already belongs to Ada Testwright; marked as disputed")]
    assert list(AuthorIdentifier.objects.filter(scheme="openalex").order_by("pk").values_list("disputed", flat=True)) == [
        False,
        True,
    ]


def test_an_unknown_category_is_said() -> None:
    run = import_people({"display_name": "Ada Testwright", "primary_category": "cs.XX"})
    assert remarks(run) == [(1, "primary_category", "'cs.XX' is not a category of this catalogue; left out")]


def test_people_of_anything() -> None:
    run = import_people(
        {
            "display_name": "<b>Ada</b>",
            "homepage_url": "javascript:alert(1)",
            "affiliations": [{"institution": {}}, 7],
            "ids": [],
        },
        {"display_name": "Ada " * 500, "display_name_alternatives": [None, 7, "A" * 900]},
        {"display_name": "\ud800Ada\x00"},
        {"display_name": None},
        7,
    )
    assert counts(run) == (3, 0, 0, 2)
    assert AuthorName.objects.filter(name="Ada").exists()


def test_the_demo_loads_twice(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    first = capsys.readouterr().out
    papers = Paper.objects.count()
    assert papers > 0
    call_command("load_demo")
    again = capsys.readouterr().out
    assert Paper.objects.count() == papers
    assert f"works.jsonl: {papers} new, 0 updated, 0 unchanged" in first
    assert f"works.jsonl: 0 new, 0 updated, {papers} unchanged" in again
    call_command("load_demo", "--if-empty")
    assert "the demo was not loaded" in capsys.readouterr().out
