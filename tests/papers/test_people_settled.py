"""Who is who, once it is settled: later records, other batches, and people's own records change nothing."""

import random
from typing import Any

import pytest
from django.db import transaction

from authors.models import Author, AuthorIdentifier, AuthorName
from papers.importers import runs
from papers.models import Authorship, Paper
from tests.factories import make_author
from tests.papers.test_people import ORCID, OTHER_ORCID, decided, papers, person
from tests.payloads import author, import_people, import_works, remarks, work

pytestmark = pytest.mark.django_db


# --- settled is settled -----------------------------------------------------------------------------------------------------


def test_a_second_run_settles_nobody_anew() -> None:
    """The later paper would have joined the first two; they stay as they were settled."""
    works = papers(["Ada Testwright"], ["Ada Testwright", "Bram Exemplar"])
    import_works(*works)
    import_works(*papers(["Ada Testwright", "Bram Exemplar"], first=3))
    before = list(Authorship.objects.order_by("pk").values_list("pk", "author", "decided_by"))
    import_works(*works)
    import_works(*[given | {"language": "en"} for given in works])
    assert list(Authorship.objects.order_by("pk").values_list("pk", "author", "decided_by")) == before


def test_a_hidden_or_moved_line_stays_where_an_editor_put_it() -> None:
    import_works(*papers(["Ada Testwright", "Bram Exemplar"]))
    other = make_author("Ada Testwright")
    Authorship.objects.filter(position=1).update(author=other, decided_by="editor")
    import_works(work("Paper 1", "Ada Testwright", "Bram Exemplar", "Chidi Sampleson", id="1"))
    assert (person(1), decided(1)) == (other, "editor")


def test_people_already_settled_learn_their_identifiers() -> None:
    import_works(*papers(["Ada Testwright", "Bram Exemplar"]))
    import_works(work("Paper 1", author("Ada Testwright", ORCID), "Bram Exemplar", id="1"))
    assert AuthorIdentifier.objects.get().author == person(1)


def test_an_identifier_two_would_learn_at_once_goes_to_one() -> None:
    """A new person and one settled before, in one batch: it must not break the batch."""
    import_works(*papers(["Ada Testwright", "Bram Exemplar"]))
    run = import_works(
        work("Paper 2", author("Ada Testwright", ORCID), id="2"),
        work("Paper 1", author("Ada Testwright", ORCID), "Bram Exemplar", id="1"),
    )
    assert run.skipped_count == 0
    assert AuthorIdentifier.objects.count() == 1


def test_namesakes_on_one_paper_learn_no_identifier_by_name() -> None:
    import_works(*papers(["Jie Example", "Jie Example"]))
    import_works(work("Paper 1", author("Jie Example", ORCID), "Jie Example", id="1"))
    assert not AuthorIdentifier.objects.exists()


# --- the order of records decides, not how they are cut into batches -------------------------------------------------------


def chance_works(seed: int) -> list[dict[str, Any]]:
    """Records with much of what makes people hard to tell apart, and some that describe one paper several times."""
    chance = random.Random(seed)
    people = [
        f"{given} {family}"
        for given in ("Ada", "A.", "Anna", "Ada B.", "Bram", "B.", "Chidi") for family in ("Testwright", "Exemplar", "Li")
    ]  # fmt: skip
    ids = ["", "", "", ORCID, OTHER_ORCID, "https://openalex.org/A1", "https://openalex.org/A2"]
    places = ["Fixtures", "Placeholder College", "University of Examples"]
    works = []
    for number in range(100):
        listed = [
            author(chance.choice(people), chance.choice(ids), *chance.sample(places, chance.choice([0, 0, 1])))
            for _ in range(chance.randint(1, 5))
        ]
        works.append(work(f"A Study of Invented Things, Part {number}", *listed, id=str(number), doi=f"10.5555/{number}"))
        if number % 5 == 4:
            again = chance.choice(works)
            listed = [*again["authorships"], author(chance.choice(people))]
            works.append(
                again | {"language": "en", "authorships": listed, "id": chance.choice([again["id"], f"other-{number}"])}
            )
    return works


def outcome() -> tuple[Any, ...]:
    """Everything about people and papers but keys: people by order of their keys, which is the order of their arrival."""
    rank = {pk: place for place, pk in enumerate(Author.objects.order_by("pk").values_list("pk", flat=True))}
    rows = Authorship.objects.order_by("paper", "position").values_list(
        "paper__title", "position", "raw_name", "author", "decided_by"
    )
    return (
        [(*row[:3], rank.get(row[3]), row[4]) for row in rows],
        sorted(
            (rank[pk], scheme, value) for pk, scheme, value in AuthorIdentifier.objects.values_list("author", "scheme", "value")
        ),
        sorted((rank[pk], name) for pk, name in AuthorName.objects.values_list("author", "name")),
        list(Paper.objects.order_by("pk").values_list("title", "language", "fingerprint")),
        [(row.display_name, row.metrics.papers_count) for row in Author.objects.order_by("pk").select_related("metrics")],
    )


@pytest.mark.parametrize("seed", [5, 20])
def test_the_size_of_batches_does_not_matter(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    works, outcomes = chance_works(seed), {}
    for size in (1, 7, 500):
        monkeypatch.setattr(runs, "BATCH", size)
        with transaction.atomic():
            run = import_works(*works)
            outcomes[size] = (outcome(), (run.created_count, run.updated_count, run.unchanged_count), remarks(run))
            transaction.set_rollback(True)
    assert outcomes[1][1][0] > 90
    assert outcomes[1] == outcomes[7] == outcomes[500]


# --- people's own records ---------------------------------------------------------------------------------------------------


def test_a_persons_record_finds_them_by_identifier_then_by_name_and_institution() -> None:
    import_works(*papers([author("Ada Testwright", ORCID)], [author("Bram Exemplar", "", "Fixtures")]))
    import_people(
        {"id": "profile:ada", "orcid": ORCID, "display_name": "Ada Testwright"},
        {
            "id": "profile:bram",
            "display_name": "Bram Exemplar",
            "affiliations": [{"institution": {"display_name": "Fixtures"}}],
        },
        {"id": "profile:namesake", "display_name": "Bram Exemplar"},
    )
    holders = dict(AuthorIdentifier.objects.filter(scheme="profile").values_list("value", "author"))
    assert holders["ada"] == person(1).pk
    assert holders["bram"] == person(2).pk
    assert holders["namesake"] not in {person(1).pk, person(2).pk}


def test_the_worked_example_of_the_documentation() -> None:
    import_works(
        *papers(
            [author("Ada Testwright", "", "Fixtures"), "Bram Exemplar", "Chidi Sampleson"],
            ["Ada Testwright", "Dora Mockett"],
            ["Testwright, Ada", "Bram Exemplar"],
            [author("A. Testwright", "", "Fixtures"), "Bram Exemplar", "Chidi Sampleson"],
            ["A. Testwright", "Dora Mockett"],
            [author("Ada Testwright", ORCID), "Emil Placeholder"],
            [author("Anna Testwright", ORCID)],
            [author("Bram Exemplar", ORCID), "Chidi Sampleson"],
        )
    )
    first_ada, second_ada, with_orcid = person(1), person(2), person(6)
    assert len({first_ada, second_ada, with_orcid, person(5)}) == 4
    assert (person(3, 1), person(3, 2)) == (first_ada, person(1, 2))
    assert [person(4, place) for place in (1, 2, 3)] == [person(1, place) for place in (1, 2, 3)]
    assert (decided(5, 1), person(5, 2)) == ("new", person(2, 2))
    assert person(7) == with_orcid
    assert (person(8, 1), person(8, 2)) == (person(1, 2), person(1, 3))
