"""Which records are likely the same, why, and what editors' decisions do to the queue."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError

from authors.curation.undoing import undo
from authors.models import Author, AuthorIdentifier, AuthorName, InstitutionAlias, InstitutionIdentifier
from papers.duplicates import blocks
from papers.duplicates.deciding import decide, next_after
from papers.duplicates.finding import find_all, find_for
from papers.duplicates.scoring.points import LEAST_KEPT
from papers.fingerprint import fingerprint
from papers.merging.merging import merge
from papers.models import LikelyDuplicate, PaperIdentifier, SearchWord
from papers.models.duplicates import LikelyDuplicate as Pair
from papers.search.indexing import index_papers
from tests.factories import make_author, make_institution, make_paper

TITLE = "On the Scaling of Entirely Invented Models"


# --- finding ---------------------------------------------------------------------------------------------------------------


def pairs(kind: str) -> list[tuple[int, int]]:
    return list(Pair.objects.filter(kind=kind).values_list("first_id", "second_id"))


def run(kind: str) -> None:
    for _ in find_all(kind):
        pass


@pytest.fixture
def twins(db: None) -> tuple[Author, Author]:
    """Two records of one person, with a paper each."""
    ada, twin, bram = make_author("Ada Testwright"), make_author("A. Testwright"), make_author("Bram Exemplar")
    make_paper(authors=(ada, bram))
    make_paper(authors=(twin, bram))
    return ada, twin


def test_two_records_of_one_person_are_found_with_the_evidence(twins: tuple[Author, Author]) -> None:
    run("A")
    pair = Pair.objects.get()
    assert (pair.first_id, pair.second_id) == (twins[0].pk, twins[1].pk)
    assert any(point["what"] == "1 shared co-author: Bram Exemplar" for point in pair.evidence)
    assert pair.score == min(100, sum(point["weight"] for point in pair.evidence))


@pytest.mark.django_db
def test_people_on_one_paper_are_two() -> None:
    ada, namesake = make_author("Ada Testwright"), make_author("Ada Testwright")
    make_paper(authors=(ada, namesake))
    run("A")
    assert pairs("A") == []


@pytest.mark.django_db
def test_names_in_another_order_meet() -> None:
    first, second = make_author("Li Testwright"), make_author("Testwright Li")
    run("A")
    assert pairs("A") == [(first.pk, second.pk)]


@pytest.mark.django_db
def test_a_frequent_name_alone_is_no_pair() -> None:
    SearchWord.objects.create(kind="n", word="wei", stem="wei", uses=3_000)
    SearchWord.objects.create(kind="n", word="wang", stem="wang", uses=9_000)
    make_author("Wei Wang")
    make_author("Wei Wang")
    run("A")
    assert pairs("A") == []


@pytest.mark.django_db
def test_crowded_names_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "CROWDED", 2)
    for _ in range(3):
        make_author("Ada Testwright")
    run("A")
    assert pairs("A") == []


def make_work(title: str = TITLE, **fields: Any) -> Any:
    ada = Author.objects.filter(display_name="Ada Testwright").first() or make_author("Ada Testwright")
    paper = make_paper(title, authors=(ada,), **fields)
    index_papers([paper.pk])
    return paper


@pytest.mark.django_db
def test_papers_of_one_title_are_found_whatever_its_case() -> None:
    first, second, _ = make_work(), make_work(TITLE.upper()), make_work("Something Else Altogether, Invented")
    run("P")
    assert pairs("P") == [(first.pk, second.pk)]


@pytest.mark.django_db
def test_drafts_meet_by_fingerprint_and_withdrawn_papers_never() -> None:
    same = fingerprint(TITLE, 2023, "Ada Testwright")
    first, second = (make_work(state="draft", fingerprint=same) for _ in range(2))
    make_work(state="withdrawn", fingerprint=same)
    run("P")
    assert pairs("P") == [(first.pk, second.pk)]


@pytest.mark.django_db
def test_a_shared_doi_is_evidence_but_a_books_is_not() -> None:
    first, second = make_work(f"{TITLE} (extended)"), make_work(f"{TITLE}  extended abstract")
    chapter = make_work("A Chapter of Another Kind, Invented")
    for paper in (first, second, chapter):
        PaperIdentifier.objects.create(paper=paper, scheme="doi", value="10.5555/book", disputed=True)
    run("P")
    assert pairs("P") == [(first.pk, second.pk)]
    assert any("the same DOI, disputed" in point["what"] for point in Pair.objects.get().evidence)


@pytest.mark.django_db
def test_institutions_meet_by_name_alias_and_home_page() -> None:
    home = make_institution("Example University", homepage="https://www.example.edu", country_code="US")
    alias = make_institution("Université d'Exemple", country_code="US")
    InstitutionAlias.objects.create(institution=alias, name="Example University")
    page = make_institution("Example University at Large", homepage="http://example.edu/", country_code="US")
    make_institution("Example University", country_code="FR")
    make_institution("Sample College", country_code="US")
    run("I")
    assert pairs("I") == [(home.pk, alias.pk), (home.pk, page.pk)]
    assert all(score >= LEAST_KEPT for score in Pair.objects.values_list("score", flat=True))


@pytest.mark.django_db
def test_a_disputed_ror_brings_two_institutions_together() -> None:
    first, second = make_institution("Example University"), make_institution("Beispielhochschule")
    for place in (first, second):
        InstitutionIdentifier.objects.create(institution=place, scheme="ror", value="012345678", disputed=True)
    run("I")
    assert pairs("I") == [(first.pk, second.pk)]


# --- the queue -------------------------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(twins: tuple[Author, Author]) -> None:
    run("A")
    before = list(Pair.objects.values())
    run("A")
    assert list(Pair.objects.values()) == before


def test_what_was_kept_apart_stays_so_and_is_not_offered_again(twins: tuple[Author, Author]) -> None:
    run("A")
    editor = User.objects.create_user("editor")
    decide(Pair.objects.all(), Pair.Decision.APART, user=editor)
    run("A")
    pair = Pair.objects.get()
    assert (pair.decision, pair.decided_by, pair.decided_at is not None) == ("apart", "editor", True)
    assert find_for("A", [twins[0].pk]) == []
    AuthorName.objects.filter(author=twins[1]).update(name="Zoe Other", search_key="other zoe", short_key="other z")
    run("A")
    assert Pair.objects.get().decision == "apart"


def test_what_was_put_off_comes_after_the_open_ones(twins: tuple[Author, Author]) -> None:
    third = make_author("Ada Testwright")
    run("A")
    best = Pair.objects.first()
    assert best is not None
    decide(Pair.objects.filter(pk=best.pk), Pair.Decision.LATER, user=None)
    assert list(Pair.objects.all())[-1] == best
    assert {best.first_id, best.second_id} <= {twins[0].pk, twins[1].pk, third.pk}


def test_a_pair_that_is_no_longer_likely_goes(twins: tuple[Author, Author]) -> None:
    run("A")
    for author, value in zip(twins, ("0000-0002-1825-0097", "0000-0001-5109-3700"), strict=True):
        AuthorIdentifier.objects.create(author=author, scheme="orcid", value=value)
    find_for("A", [twins[1].pk])
    assert pairs("A") == []


def test_a_merge_ends_the_pair_and_its_undoing_brings_it_back(twins: tuple[Author, Author]) -> None:
    run("A")
    change_set = merge(survivor=twins[0], other=twins[1]).change_set
    assert not Pair.objects.all().standing().exists()
    run("A")
    assert pairs("A") == []
    assert change_set is not None
    undo(change_set)
    run("A")
    assert len(pairs("A")) == 1


def test_the_next_pair_is_of_the_same_kind_and_open(twins: tuple[Author, Author]) -> None:
    make_institution("Example University")
    make_institution("Example University")
    make_author("Ada Testwright")
    for kind in "AI":
        run(kind)
    first, second, *_ = Pair.objects.filter(kind="A")
    assert next_after(first) == second
    assert next_after(Pair.objects.get(kind="I")) is None


@pytest.mark.django_db
def test_a_pair_is_stored_once_and_in_order() -> None:
    with pytest.raises(IntegrityError):
        LikelyDuplicate.objects.create(kind="A", first_id=2, second_id=1, score=50, found_at="2024-01-01T00:00Z")


def test_an_interrupted_run_goes_on_where_it_was(twins: tuple[Author, Author]) -> None:
    for _ in find_all("A", after=twins[0].pk):
        pass
    assert pairs("A") == []
    run("A")
    assert len(pairs("A")) == 1


def test_the_command_says_what_it_found(twins: tuple[Author, Author]) -> None:
    out = StringIO()
    call_command("find_duplicates", stdout=out)
    assert "authors: 3 records, 1 likely pairs" in out.getvalue()
    assert "papers: 2 records, 0 likely pairs" in out.getvalue()
    assert "institutions: 0 records" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("namesakes", [1, 3])
def test_finding_for_a_few_records_costs_the_same_queries_however_many(
    django_assert_max_num_queries: Any, namesakes: int
) -> None:
    for _ in range(namesakes + 1):
        make_paper(TITLE, authors=(make_author("Ada Testwright"), make_author("Bram Exemplar")))
    lab = [make_institution("Example University") for _ in range(namesakes + 1)]
    with django_assert_max_num_queries(22):  # names, two kinds of blocks, facts, the words' counts, the queue
        assert len(find_for("A", [Author.objects.filter(display_name="Ada Testwright")[0].pk])) == namesakes
    with django_assert_max_num_queries(20):
        find_for("P", [1])
    with django_assert_max_num_queries(22):
        assert len(find_for("I", [lab[0].pk])) == namesakes
