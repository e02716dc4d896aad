"""Papers by the country of an institution and by language, and the index whatever changes a country."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.undoing import undo
from authors.models import Institution
from papers.merging.merging import merge
from papers.models import Paper, WaitingPaper
from papers.search import indexing
from papers.search.indexing import index_papers
from tests.admin_forms import fill_in
from tests.api import get, refusal
from tests.api import titles as titles_in
from tests.authors.reports import make_report, press
from tests.factories import make_institution, make_paper
from tests.papers.search.test_upkeep import assert_clean, titles
from tests.payloads import author, import_organisations, import_people, import_works, work
from tests.tables import take_in, taken_out, written
from tests.tokens import Program

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]


@pytest.fixture
def catalogue() -> None:
    home, away = make_institution(country_code="DE"), make_institution(country_code="NZ")
    make_paper("Home", institutions=(home,), language="en")
    make_paper("Both", institutions=(home, away), language="pt-BR")
    make_paper("Nowhere", institutions=(make_institution(),), language="")
    index_papers(Paper.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("filter_", "expected"), [
    ("institutions.country_code:DE", {"Home", "Both"}), ("country_code:de|NZ", {"Home", "Both"}),
    ("authorships.countries:!NZ", {"Home", "Nowhere"}), ("authorships.institutions.country_code:NZ", {"Both"}),
    ("institutions.country_code:null", {"Nowhere"}), ("institutions.country_code:!null", {"Home", "Both"}),
    ("institutions.country_code:FR", set()),
    ("language:en", {"Home"}), ("language:pt", {"Both"}), ("language:pt-br|en", {"Home", "Both"}), ("language:pt-PT", set()),
    ("language:null", {"Nowhere"}), ("language:!en", {"Both", "Nowhere"}), ("language:en,country_code:NZ", set()),
])  # fmt: skip
def test_the_api_filters_by_country_and_language(client: Any, catalogue: None, filter_: str, expected: set[str]) -> None:
    assert {*titles_in(get(client, f"papers?filter={filter_}"))} == expected


def test_as_django_writes_it(client: Any, catalogue: None) -> None:
    assert titles_in(get(client, "papers?institutions__country_code=NZ&language__in=en,pt-BR")) == ["Both"]


@pytest.mark.parametrize(("filter_", "told"), [
    ("institutions.country_code:Atlantis", "two letters"), ("country_code:DE|1", "two letters"), ("language:e", "such as en"),
    ("language:en|e", "such as en"),
])  # fmt: skip
def test_what_is_no_country_or_language_is_refused(client: Any, filter_: str, told: str) -> None:
    assert told in refusal(get(client, f"papers?filter={filter_}"))["errors"][0]["detail"]


@pytest.mark.parametrize(("typed", "expected"), [
    ("country:DE", {"Home", "Both"}), ("country:germany", {"Home", "Both"}), ('country:"New Zealand"', {"Both"}),
    ("country:DE -country:NZ", {"Home"}), ("country:NZ OR lang:en", {"Home", "Both"}), ("lang:pt", {"Both"}),
    ("institutions.country_code:!DE", {"Nowhere"}), ("home country:NZ", set()),
])  # fmt: skip
def test_the_search_box_takes_both(catalogue: None, typed: str, expected: set[str]) -> None:
    assert {*titles(typed)} == expected


def test_pages_take_both(client: Client, catalogue: None) -> None:
    for address in ("/search/?q=country:NZ+lang:pt", "/papers/?q=country:NZ+lang:pt"):
        shown = client.get(address, follow=True).content.decode()
        assert ("Both" in shown, "Home</a>" in shown) == (True, False)
    assert "is not a country" in client.get("/search/?q=country:Atlantis", follow=True).content.decode()


# --- whatever changes a country ------------------------------------------------------------------------------------------


@pytest.fixture
def lab() -> Institution:
    """The institution of one paper, without a country."""
    institution = make_institution("Example Lab", tag="lab")
    make_paper("Graphs", institutions=(institution,))
    call_command("rebuild_search", verbosity=0)
    return institution


def in_the_admin(lab: Institution, folder: Path) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("sena", password="x"))
    fill_in(client, reverse("admin:authors_institution_change", args=[lab.pk]), country_code="NZ")


def by_program(lab: Institution, folder: Path) -> None:
    assert Program().patch(f"institutions/{lab.public_id}", {"country_code": "NZ"}).status_code == 200


def by_table(lab: Institution, folder: Path) -> None:
    (row,) = taken_out(lab)
    take_in(Institution, written(folder, [row | {"country_code": "NZ"}]))


def by_report(lab: Institution, folder: Path) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("sena", password="x"))
    press(client, make_report(lab, proposed={"country_code": "NZ"}), "apply")


def by_merge(lab: Institution, folder: Path) -> None:
    merge(survivor=lab, other=make_institution("Exemplary Lab", country_code="NZ"))


CURATION = [in_the_admin, by_program, by_table, by_report, by_merge]


@pytest.mark.parametrize("change", CURATION)
def test_papers_follow_their_institution(
    lab: Institution, settings: Any, tmp_path: Path, change: Callable[[Institution, Path], None]
) -> None:
    settings.VAR_DIR = tmp_path
    assert titles("country:NZ") == []
    change(lab, tmp_path)
    assert titles("country:NZ") == ["Graphs"]
    assert_clean()
    undo(ChangeSet.objects.filter(undoes=None).latest("pk"))
    assert titles("country:NZ") == []
    assert_clean()


WORK = work("Graphs", author("Ada Testwright", "", "Example Institute"), id="W1")
PLACE = {"id": "https://openalex.org/I1", "display_name": "Example Institute", "country_code": "NZ"}


def a_registry() -> Any:
    return import_organisations(PLACE)


def another_work() -> Any:
    return import_works({"title": "Trees", "authorships": [{"raw_author_name": "Bob Example", "institutions": [PLACE]}]})


def a_person() -> Any:
    return import_people({"id": "https://openalex.org/A1", "display_name": "Bob Example",
                          "affiliations": [{"institution": PLACE, "years": [2020]}]})  # fmt: skip


@pytest.mark.parametrize("imported", [a_registry, another_work, a_person])
def test_papers_follow_what_imports_say_of_their_institution(imported: Callable[[], Any]) -> None:
    import_works(WORK)
    assert titles("country:NZ") == []
    run = imported()
    assert "Graphs" in titles("country:NZ")
    assert not WaitingPaper.objects.exists()
    assert_clean()
    undo(ChangeSet.objects.get(run=run))
    assert titles("country:NZ") == []
    assert_clean()


def test_an_import_leaves_no_paper_of_a_large_institution_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "AT_MOST", 1)
    import_works(WORK, work("Trees", author("Ada Testwright", "", "Example Institute"), id="W2"))
    import_organisations(PLACE)
    assert {*titles("country:NZ")} == {"Graphs", "Trees"}
    assert_clean()


def test_a_language_that_an_import_brings_is_found() -> None:
    import_works(WORK)
    import_works(WORK | {"language": "mi"})
    assert titles("lang:mi") == ["Graphs"]
    assert_clean()
