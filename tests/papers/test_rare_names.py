"""Who is who in a catalogue large enough to tell rare names from common ones, and what a batch's second look finds."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from authors.models import Author, AuthorIdentifier
from papers.importers import runs
from papers.importers.runs import PAPERS, run_import
from papers.importers.saving import rarity
from tests.papers.test_people import ORCID, OTHER_ORCID, decided, papers, person
from tests.papers.test_people_settled import chance_works, outcome
from tests.papers.test_runs import Killed, killing
from tests.payloads import author, import_works, write_lines

pytestmark = pytest.mark.django_db

ONE, TWO = ["Bram Exemplar", "Chidi Sampleson"], ["Dora Mockett", "Emil Placeholder"]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue in which Wangli is frequent and nobody is called Testwright."""
    monkeypatch.setattr(rarity, "FEWEST", 20)
    crowd = [f"{given} Wangli" for given in ("Jun", "Wei", "Ming", "Tao", "Lei")]
    import_works(*papers(*([name, f"Only{number}x Friend{number}y"] for number, name in enumerate(crowd * 16)), first=100))


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 1)


# --- how rare a name is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", ["Adaline Testwright", "Adaline B. Testwright", "A. Testwright"])
@pytest.mark.parametrize("batch", [1, 500])
def test_a_name_that_nobody_else_bears_says_who(large: None, monkeypatch: pytest.MonkeyPatch, batch: int, again: str) -> None:
    monkeypatch.setattr(runs, "BATCH", batch)
    import_works(*papers(["Adaline Testwright", "Bram Exemplar"], [again, "Chidi Sampleson"]))
    assert person(1) == person(2)
    assert decided(2) == "rule"


def test_an_initial_does_not_say_which_of_a_family(large: None) -> None:
    import_works(*papers(["Adaline Testwright", "Bram Exemplar"], ["Otto Testwright"], ["A. Testwright", "Chidi Sampleson"]))
    assert person(3) not in {person(1), person(2)}


def test_a_frequent_name_needs_two_proofs(large: None) -> None:
    import_works(
        *papers(
            ["Jun Wangli", "Bram Exemplar"], ["Jun Wangli", "Bram Exemplar"], ["Jun Wangli", "Bram Exemplar", "Dora Mockett"]
        )
    )
    assert person(1) != person(2)
    import_works(*papers(["Jun Wangli", "Bram Exemplar", "Dora Mockett"], first=4))
    assert person(4) == person(3)


def test_short_words_are_taken_for_frequent_ones(large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rarity, "SHARES", {1: 0.3, 2: 0.3})
    import_works(*papers(["Bo Li", "Bram Exemplar"], ["Bo Li", "Bram Exemplar"]))
    assert person(1) != person(2)
    import_works(*papers(["Bo Testwright", "Bram Exemplar"], ["Bo Testwright", "Bram Exemplar"], first=3))
    assert person(3) == person(4)


def test_in_a_small_catalogue_one_proof_is_asked_for() -> None:
    import_works(*papers(["Adaline Testwright", "Bram Exemplar"], ["Adaline Testwright", "Chidi Sampleson"]))
    assert person(1) != person(2)


def test_drafts_do_not_make_frequent_names_rare(monkeypatch: pytest.MonkeyPatch, one_by_one: None) -> None:
    monkeypatch.setattr(rarity, "FEWEST", 20)
    import_works(*papers(*[["Jun Wangli"]] * 60), state="draft")
    assert Author.objects.count() == 60


# --- the second look -------------------------------------------------------------------------------------------------------


def test_what_a_batch_tells_later_joins_who_was_new(large: None) -> None:
    before = Author.objects.count()
    import_works(*papers(["Jun Wangli", *ONE], ["Jun Wangli", *TWO], ["Jun Wangli", *ONE, *TWO]))
    assert person(1) == person(2) == person(3)
    assert (decided(1), decided(2), decided(3)) == ("new", "rule", "rule")
    assert Author.objects.count() == before + 5
    assert person(1).metrics.papers_count == 3


def test_somebody_of_an_earlier_batch_stays(large: None, one_by_one: None) -> None:
    import_works(*papers(["Jun Wangli", *ONE], ["Jun Wangli", *TWO], ["Jun Wangli", *ONE, *TWO]))
    assert person(1) == person(3) != person(2)


def test_who_was_new_may_be_somebody_of_an_earlier_batch(large: None) -> None:
    import_works(*papers(["Jun Wangli", *ONE]))
    known = person(1)
    import_works(*papers([author("Jun Wangli", ORCID), *TWO], ["Jun Wangli", *ONE, *TWO], first=2))
    assert person(1) == person(2) == person(3) == known
    assert AuthorIdentifier.objects.get().author == known
    assert known.metrics.papers_count == 3


def test_namesakes_on_one_paper_stay_two_at_the_second_look(large: None) -> None:
    import_works(*papers(["Jun Wangli", *ONE, *TWO], ["Jun Wangli", "Jun Wangli", *ONE, *TWO]))
    assert person(1) == person(2, 1) != person(2, 2)


def test_identifiers_keep_namesakes_apart_at_the_second_look(large: None) -> None:
    import_works(*papers([author("Jun Wangli", ORCID), *ONE], [author("Jun Wangli", OTHER_ORCID), *ONE]))
    assert person(1) != person(2)


@pytest.mark.parametrize("at", [1, 4])
def test_a_killed_run_finds_the_same_people(tmp_path: Path, large: None, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(runs, "BATCH", 30)
    path = write_lines(tmp_path, *chance_works(5))
    assert outcome_of(path, killed_at=at) == outcome_of(path)


def outcome_of(path: Path, *, killed_at: int = 0) -> tuple[Any, ...]:
    with transaction.atomic():
        if killed_at:
            with pytest.raises(Killed):
                run_import(killing(killed_at), path, source="test")
        run_import(PAPERS, path, source="test")
        found = outcome()
        transaction.set_rollback(True)
    return found
