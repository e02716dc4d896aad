"""Who is who: the rules of docs/identity.md, one by one."""

from typing import Any

import pytest

from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName
from papers.importers import runs
from papers.models import Authorship
from tests.factories import make_author, make_institution
from tests.payloads import author, import_works, remarks, work

pytestmark = pytest.mark.django_db

ORCID, OTHER_ORCID = "https://orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0002-1694-233X"


def papers(*lists: list[Any], first: int = 1) -> list[dict[str, Any]]:
    """One paper for each list of authors; titles tell nothing."""
    return [work(f"Paper {number}", *authors, id=str(number)) for number, authors in enumerate(lists, start=first)]


def person(paper: int, position: int = 1) -> Author | None:
    return Authorship.objects.get(paper__title=f"Paper {paper}", position=position).author


def decided(paper: int, position: int = 1) -> str:
    return Authorship.objects.get(paper__title=f"Paper {paper}", position=position).decided_by


# --- 1. an identifier decides ----------------------------------------------------------------------------------------------


def test_an_identifier_decides() -> None:
    import_works(*papers([author("Ada Testwright", ORCID)], [author("A. B. Testwright", ORCID)]))
    assert person(1) == person(2)
    assert (decided(1), decided(2)) == ("new", "identifier")
    assert set(AuthorName.objects.values_list("name", flat=True)) == {"Ada Testwright", "A. B. Testwright"}


def test_a_new_surname_is_the_same_person() -> None:
    import_works(*papers([author("Ada Testwright", ORCID)], [author("Ada Exemplar", ORCID)]))
    assert person(1) == person(2)


def test_an_identifier_of_a_stranger_is_not_used() -> None:
    run = import_works(*papers([author("Ada Testwright", ORCID)], [author("Bram Exemplar", ORCID)]))
    assert person(1) != person(2)
    assert remarks(run) == [
        (2, "authorships.author", "orcid:0000-0002-1825-0097 belongs to Ada Testwright, not to Bram Exemplar; not used")
    ]
    assert AuthorIdentifier.objects.get().author == person(1)


@pytest.mark.parametrize("batch", [1, 500])
def test_a_stranger_is_still_found_by_name(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """Whoever carries somebody else's identifier is looked up as if it were not there."""
    monkeypatch.setattr(runs, "BATCH", batch)
    import_works(*papers(["Bram Exemplar", "Chidi Sampleson"], [author("Ada Testwright", ORCID)]))
    import_works(*papers([author("Bram Exemplar", ORCID), "Chidi Sampleson"], first=3))
    assert person(3) == person(1)


def test_a_name_in_another_script_is_no_stranger() -> None:
    import_works(*papers([author("Wei Beispiel", ORCID)], [author("韦例", ORCID)]))
    assert person(1) == person(2)


def test_the_first_of_two_identifiers_decides() -> None:
    import_works(*papers([author("Ada Testwright", ORCID)], [author("Ada Testwright", "https://openalex.org/A1")]))
    both = author("Ada Testwright", "https://openalex.org/A1")
    both["author"]["orcid"] = ORCID
    run = import_works(*papers([both], first=3))
    assert person(3) == person(1) != person(2)
    assert remarks(run)[0][2] == "the identifiers of Ada Testwright belong to 2 people; the first decides"


def test_a_disputed_identifier_decides_nothing() -> None:
    for _ in range(2):
        ada = make_author("Ada Testwright")
        AuthorIdentifier.objects.create(author=ada, scheme="orcid", value="0000-0002-1825-0097", disputed=True)
    import_works(*papers([author("Ada Testwright", ORCID)]))
    assert Author.objects.count() == 3
    assert not AuthorIdentifier.objects.filter(disputed=False).exists()


# --- 2. the same name and one proof -----------------------------------------------------------------------------------------


def test_a_name_alone_is_not_enough() -> None:
    import_works(*papers(["Ada Testwright"], ["Ada Testwright"]))
    assert person(1) != person(2)


@pytest.mark.parametrize("again", ["Ada Testwright", "Testwright, Ada", "ADA TESTWRIGHT", "Áda  Testwright"])
def test_a_shared_co_author_is_a_proof(again: str) -> None:
    import_works(*papers(["Ada Testwright", "Bram Exemplar"], [again, "Bram Exemplar"]))
    assert person(1) == person(2)
    assert decided(2) == "rule"


@pytest.mark.parametrize(("known", "again"), [("Bram Exemplar", "B. Exemplar"), ("B. Exemplar", "Bram Exemplar")])
def test_a_co_author_with_an_initial_is_a_proof(known: str, again: str) -> None:
    import_works(*papers(["Ada Testwright", known], ["Ada Testwright", again]))
    assert person(1) == person(2)


def test_co_authors_of_one_initial_are_no_proof() -> None:
    import_works(*papers(["Ada Testwright", "Bram Exemplar"], ["Ada Testwright", "Berta Exemplar"]))
    assert person(1) != person(2)


def test_a_shared_institution_is_a_proof() -> None:
    import_works(*papers([author("Ada Testwright", "", "Fixtures")], [author("Ada Testwright", "", "Fixtures")]))
    assert person(1) == person(2)


def test_an_affiliation_of_a_person_is_a_proof() -> None:
    ada, fixtures = make_author("Ada Testwright"), make_institution("Fixtures")
    Affiliation.objects.create(author=ada, institution=fixtures)
    import_works(*papers([author("Ada Testwright", "", "Fixtures")]))
    assert person(1) == ada


def test_a_contradicting_identifier_keeps_namesakes_apart() -> None:
    import_works(
        *papers([author("Ada Testwright", ORCID), "Bram Exemplar"], [author("Ada Testwright", OTHER_ORCID), "Bram Exemplar"])
    )
    assert person(1) != person(2)


def test_of_several_the_one_with_most_proofs_is_taken_then_the_one_known_longest() -> None:
    import_works(*papers(["Ada Testwright", "Bram Exemplar"], ["Ada Testwright", "Chidi Sampleson", "Dora Mockett"]))
    assert person(1) != person(2)
    import_works(*papers(["Ada Testwright", "Bram Exemplar", "Chidi Sampleson", "Dora Mockett"], first=3))
    assert person(3) == person(2)
    import_works(*papers(["Ada Testwright", "Bram Exemplar"], first=4))
    assert person(4) == person(1)


def test_two_namesakes_on_one_paper_stay_two() -> None:
    import_works(*papers(["Jie Example", "Bram Exemplar", "Jie Example"]))
    assert person(1, 1) != person(1, 3)
    import_works(*papers(["Jie Example", "Bram Exemplar", "Jie Example"], first=2))
    assert {person(2, 1), person(2, 3)} == {person(1, 1), person(1, 3)}


def test_a_namesake_is_no_co_author_of_himself() -> None:
    import_works(*papers(["Jie Example", "Jie Example"], ["Jie Example", "Jie Example"]))
    assert len({person(1, 1), person(1, 2), person(2, 1), person(2, 2)}) == 4


def test_slugs_made_from_names_do_not_make_namesakes_one() -> None:
    same = author("Jie Example", "https://aclanthology.org/people/j/jie-example/")
    import_works(*papers([same, same]))
    assert person(1, 1) != person(1, 2)


def test_somebody_listed_twice_is_settled_once() -> None:
    run = import_works(*papers([author("Ada Testwright", ORCID), "Bram Exemplar", author("A. Testwright", ORCID)]))
    assert person(1, 1) is not None
    assert person(1, 3) is None
    assert remarks(run) == [
        (1, "authorships.author", "A. Testwright is listed twice with one identifier; the second line stays unresolved")
    ]
    import_works(*papers([author("Ada Testwright", ORCID), author("Ada Testwright", ORCID)], first=2))
    assert (person(2, 1), person(2, 2)) == (person(1, 1), None)


def test_one_identifier_on_two_co_authors_is_used_once() -> None:
    import_works(*papers([author("Ada Testwright", ORCID), author("Bram Exemplar", ORCID)]))
    assert person(1, 1) != person(1, 2)
    assert AuthorIdentifier.objects.get().author == person(1, 1)


# --- 3. compatible names need two proofs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("short", ["A. Testwright", "A Testwright", "Testwright, A.", "Ada B. Testwright", "A. B. Testwright"])
def test_initials_and_middle_names_need_two_proofs(short: str) -> None:
    import_works(*papers(["Ada Testwright", "Bram Exemplar", "Chidi Sampleson"]))
    import_works(*papers([short, "Bram Exemplar"], [short, "Dora Mockett", "Chidi Sampleson", "Bram Exemplar"], first=2))
    assert person(2) != person(1)
    assert person(3) in {person(1), person(2)}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ada Testwright", "A. Testwright"),
        ("Ada Testwright", "Ada B. Testwright"),
        ("Ada B. Testwright", "Ada Testwright"),
        ("Ada-Lou Testwright", "Ada Lou Testwright"),
    ],
)
def test_two_proofs_join_a_name_that_fits(name: str, other: str) -> None:
    friends = ["Bram Exemplar", "Chidi Sampleson"]
    import_works(*papers([name, *friends], [other, *friends]))
    assert person(1) == person(2)
    assert decided(2) == "rule"


def test_an_initial_joins_the_better_proven_of_two_who_may_be_one() -> None:
    friends, more = ["Bram Exemplar", "Chidi Sampleson"], ["Dora Mockett", "Emil Placeholder", "Fay Dummy"]
    import_works(*papers(["Ada Testwright", *friends], ["Ada B. Testwright", *more], ["A. Testwright", *friends, *more]))
    assert person(1) != person(2)
    assert person(3) == person(2)


def test_a_co_author_and_an_institution_are_two_proofs() -> None:
    import_works(
        *papers([author("Ada Testwright", "", "Fixtures"), "Bram E."], [author("A. Testwright", "", "Fixtures"), "Bram E."])
    )
    assert person(1) == person(2)


def test_an_initial_that_fits_two_people_joins_neither() -> None:
    friends = ["Bram Exemplar", "Chidi Sampleson"]
    import_works(*papers(["Ada Testwright", *friends], ["Anna Testwright", *friends], ["A. Testwright", *friends]))
    assert len({person(1), person(2), person(3)}) == 3


def test_a_full_name_finds_whom_the_catalogue_knows_by_initials() -> None:
    import_works(
        *papers(["A. Testwright", "Bram Exemplar", "Chidi Sampleson"], ["Ada Testwright", "Bram Exemplar", "Chidi Sampleson"])
    )
    assert person(1) == person(2)
    assert set(person(1).names.values_list("name", flat=True)) == {"A. Testwright", "Ada Testwright"}


def test_names_that_contradict_each_other_are_never_joined() -> None:
    friends = ["Bram Exemplar", "Chidi Sampleson", "Dora Mockett"]
    import_works(*papers(["Ada B. Testwright", *friends], ["Ada C. Testwright", *friends]))
    assert person(1) != person(2)


# --- what names nobody, and crowds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["Anonymous", "", "Ada Testwright and Bram Exemplar", "Ada Testwright, Bram Exemplar, Chidi Sampleson", "The Example Team"],
)
def test_what_names_no_person_stays_unresolved(name: str) -> None:
    import_works(*papers([name, "Dora Mockett"]))
    assert person(1, 1) is None
    assert decided(1, 1) == ""
    assert Authorship.objects.get(position=1).raw_name == name
    assert Author.objects.get().display_name == "Dora Mockett"


def test_a_crowd_proves_nothing() -> None:
    crowd = [f"{a}{b} Crowder" for a in "ABCDEFGHIJK" for b in "abcdefghij"]
    import_works(*papers(["Ada Testwright", *crowd], ["Ada Testwright", *crowd]))
    assert person(1) != person(2)
    import_works(*papers(["Ada Testwright", "Aa Crowder"], first=3))
    assert person(3) not in {person(1), person(2)}
