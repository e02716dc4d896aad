"""Merging people, papers and institutions, and taking it back."""

from typing import Any

import pytest

from authors.curation.changes import ChangeSet
from authors.curation.models import Provenance
from authors.curation.recording import acting
from authors.curation.undoing import Conflict, undo
from authors.models import Affiliation, Author, AuthorName, Institution, Redirect
from papers.merging.merging import CannotMerge, choices, merge, preview
from papers.models import Authorship, Citation, Paper, PaperIdentifier
from papers.search.finding import total
from papers.search.indexing import index_authors, index_institutions, index_papers
from papers.settling import settle
from tests.dumps import dump
from tests.factories import make_author, make_institution, make_paper

pytestmark = pytest.mark.django_db


def settle_everything() -> None:
    settle({
        "P": list(Paper.objects.values_list("pk", flat=True)), "A": list(Author.objects.values_list("pk", flat=True)),
        "I": list(Institution.objects.values_list("pk", flat=True)),
    })  # fmt: skip


def merged(survivor: Any, other: Any, **options: Any) -> ChangeSet:
    change_set = merge(survivor=survivor, other=other, **options).change_set
    assert change_set is not None
    return change_set


@pytest.fixture
def two() -> tuple[Author, Author]:
    ada, twin = make_author("Ada Testwright", orcid="0000-0002-1825-0097"), make_author("A. Testwright")
    lab = make_institution("Example Institute", tag="example")
    Affiliation.objects.create(author=ada, institution=lab, start_year=2020)
    Affiliation.objects.create(author=twin, institution=lab, start_year=2020, end_year=2021)
    twin.biography = "Writes examples."
    twin.save()
    make_paper("First", authors=(ada,), cited_by_count=3, citations_source="x")
    make_paper("Second", authors=(twin, make_author("Bob Example")), cited_by_count=4, citations_source="x")
    settle_everything()
    return ada, twin


def test_papers_names_and_identifiers_go_to_the_survivor(two: tuple[Author, Author], client: Any) -> None:
    ada, twin = two
    old = twin.pk
    merged(ada, twin)
    assert not Author.objects.filter(pk=old).exists()
    assert Authorship.objects.filter(author=ada).count() == 2
    assert set(AuthorName.objects.filter(author=ada).values_list("name", flat=True)) == {"Ada Testwright", "A. Testwright"}
    ada.refresh_from_db()
    assert (ada.metrics.papers_count, ada.metrics.citations) == (2, 7)
    assert ada.biography == "Writes examples."
    assert ada.affiliations.count() == 1
    assert client.get(f"/authors/A{old}/").headers["Location"].startswith(f"/authors/A{ada.pk}/")


def test_undoing_restores_both_as_they_were(two: tuple[Author, Author]) -> None:
    before = dump()
    change_set = merged(*two)
    assert dump() != before
    undo(change_set)
    assert dump() == before


def test_undoing_the_undoing_merges_again(two: tuple[Author, Author]) -> None:
    change_set = merged(*two)
    after = dump()
    undo(undo(change_set))
    assert dump() == after


def test_what_changed_since_is_not_lost(two: tuple[Author, Author]) -> None:
    change_set = merged(*two)
    second = Paper.objects.get(title="Second")
    Authorship.objects.filter(paper=second, position=1).update(author=make_author("Somebody Else"))
    before = dump()
    with pytest.raises(Conflict, match=r"authorship of P.*author changed since"):
        undo(change_set)
    assert dump() == before


def test_two_on_one_paper_are_two_people(two: tuple[Author, Author]) -> None:
    ada, twin = two
    make_paper("Both", authors=(ada, twin))
    with pytest.raises(CannotMerge, match="two people, or a line of its authors is doubled"):
        merge(survivor=ada, other=twin)
    merge(survivor=ada, other=twin, though_both=True)


def test_the_preview_says_what_moves_and_what_is_doubled(two: tuple[Author, Author]) -> None:
    moved = {found.name: (found.coming, found.doubled) for found in preview(*two)}
    assert moved == {"name": (1, 0), "affiliations": (0, 1), "authorship": (1, 0)}
    assert [(choice.field, choice.taken) for choice in choices(*two)] == [("display_name", False), ("biography", True)]


def test_a_hidden_person_stays_hidden(two: tuple[Author, Author]) -> None:
    ada, twin = two
    twin.visibility = Author.Visibility.HIDDEN
    twin.save()
    merge(survivor=ada, other=twin)
    assert Author.objects.get(pk=ada.pk).visibility == Author.Visibility.HIDDEN


def test_papers_merge_and_come_apart_again() -> None:
    ada = make_author("Ada Testwright")
    published = make_paper("Trees", authors=(ada,), doi="10.1234/trees", cited_by_count=None, abstract="")
    preprint = make_paper("Trees", authors=(ada, make_author("Bob Example")), abstract="About trees.")
    PaperIdentifier.objects.create(paper=preprint, scheme="arxiv", value="2301.00001")
    citing = make_paper("Citing")
    Citation.objects.create(citing=citing, cited=preprint)
    Citation.objects.create(citing=preprint, cited=published)
    Provenance.objects.create(
        kind="P", record_id=preprint.pk, source="x", fields=["abstract", "title"], given_at=preprint.created_at
    )
    settle_everything()
    before, old = dump(), preprint.pk
    change_set = merged(published, preprint)
    published.refresh_from_db()
    assert published.abstract == "About trees."
    assert {row.scheme for row in PaperIdentifier.objects.filter(paper=published)} == {"doi", "arxiv"}
    assert list(Citation.objects.values_list("citing", "cited")) == [(citing.pk, published.pk)]
    assert published.authorships.count() == 1
    assert Provenance.objects.get(record_id=published.pk, source="x").fields == ["abstract"]
    assert total() == 2
    assert Redirect.objects.get(kind="P", old_id=old).target_id == published.pk
    undo(change_set)
    assert dump() == before


def test_institutions_merge_and_come_apart_again() -> None:
    ada = make_author("Ada Testwright")
    lab, other = make_institution("Example Institute", tag="example"), make_institution("Exemplary Inst.", tag="exemplary")
    part = make_institution("Example Department", tag="department", parent=other)
    lab.parent = part
    lab.save()
    make_paper("First", authors=(ada,), institutions=(lab, other))
    make_paper("Second", authors=(ada,), institutions=(other,))
    settle_everything()
    before = dump()
    change_set = merged(lab, other, take=["tag"])
    lab.refresh_from_db()
    assert (lab.metrics.papers_count, lab.tag, lab.parent) == (2, "exemplary", None)
    assert Institution.objects.get(pk=part.pk).parent == lab
    assert [alias.name for alias in lab.aliases.all()] == ["Exemplary Inst."]
    undo(change_set)
    assert dump() == before


def test_a_change_set_says_who_and_why(two: tuple[Author, Author], django_user_model: Any) -> None:
    editor = django_user_model.objects.create_user("editor")
    ada, twin = two
    with acting(user=editor, channel="admin", reason="Same ORCID on both pages"):
        change_set = merged(ada, twin)
    assert (change_set.user_name, change_set.channel, change_set.reason) == ("editor", "admin", "Same ORCID on both pages")
    assert {(row.kind, row.record_id) for row in change_set.records.all()} >= {("A", ada.pk), ("A", twin.pk)}
    assert str(change_set).startswith("Merged A")


@pytest.fixture(autouse=True)
def _indexes() -> None:
    index_papers([])
    index_authors([])
    index_institutions([])
