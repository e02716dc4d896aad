"""Random sequences of edits, merges, splits and undoing: nothing is lost, counts and search are right after each step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authors.curation.changes import ChangeSet
from authors.curation.recording import recorded
from authors.curation.undoing import Conflict, undo, undoable
from authors.models import Author, AuthorName, Institution
from papers.correcting import write_texts
from papers.editing import after_edit, change_state, delete_paper
from papers.merging.affiliations import resolve_affiliations
from papers.merging.merging import CannotMerge, merge
from papers.merging.splitting import CannotMove, move_authorships
from papers.metrics.refreshing import refresh_authors, refresh_institutions, touched_by
from papers.models import AuthorMetrics, Authorship, AuthorshipAffiliation, InstitutionMetrics, Paper, PaperEntry
from papers.search import rebuilding
from papers.settling import settle
from tests.dumps import dump
from tests.factories import make_author, make_institution, make_paper

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]

MANY = 100 if connection.vendor == "sqlite" else 20  # the same rules on both; here what differs is the SQL
WITHOUT_UNDO = ("edit", "delete", "state", "merge people", "merge papers", "merge institutions", "split", "resolve",
                "relocate")  # fmt: skip
STEPS = (*WITHOUT_UNDO, "undo", "undo")


@contextmanager
def taken_back() -> Iterator[None]:
    """One example leaves nothing to the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fill() -> None:
    people = [make_author(f"Ada Testwright{letter}") for letter in "abcd"]
    labs = [make_institution(f"Example Institute {letter}", tag=f"example-{letter}") for letter in "ab"]
    Institution.objects.filter(pk=labs[1].pk).update(country_code="NZ")
    for number in range(5):
        paper = make_paper(f"Paper {number}", authors=(people[number % 4], people[(number + 1) % 4]), cited_by_count=number,
                           citations_source="x")  # fmt: skip
        for line in paper.authorships.all():
            known = labs[0] if number % 2 else None
            AuthorshipAffiliation.objects.create(authorship=line, raw="Exmpl. Inst.", institution=known)
    settle({"P": keys(Paper.objects), "A": keys(Author.objects), "I": keys(Institution.objects)})


def keys(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def step(name: str, pick: int) -> None:
    """One step, on the records that `pick` happens to mean; one that makes no sense is left out."""
    paper = chosen(Paper, pick)
    acts: dict[str, Callable[[], Any]] = {
        "edit": lambda: edit(paper, f"Title {pick}"),
        "delete": lambda: delete_paper(paper),
        "state": lambda: change_state([paper.pk], ["draft", "published", "withdrawn"][pick % 3]),
        "merge people": lambda: merge_two(Author, pick),
        "merge papers": lambda: merge_two(Paper, pick),
        "merge institutions": lambda: merge_two(Institution, pick),
        "split": lambda: move_authorships(keys(paper.authorships)[:1], name=f"New Person{pick}"),
        "resolve": lambda: resolve_affiliations(["Exmpl. Inst."], chosen(Institution, pick), unresolved_only=bool(pick % 2)),
        "relocate": lambda: relocate(chosen(Institution, pick), ["", "NZ", "US"][pick % 3]),
        "undo": lambda: undo_one_of_the_last(pick),
    }
    if paper is not None:
        with suppress(CannotMerge, CannotMove, Conflict):
            acts[name]()


def chosen(model: Any, pick: int) -> Any:
    found = keys(model.objects)
    return model.objects.get(pk=found[pick % len(found)]) if found else None


def merge_two(model: Any, pick: int) -> None:
    first, second = chosen(model, pick), chosen(model, pick + 1)
    merge(survivor=first, other=second, though_both=bool(pick % 2))


def relocate(institution: Institution, country: str) -> None:
    write_texts(institution, {"country_code": country})


def undo_one_of_the_last(pick: int) -> None:
    if sets := [found for found in ChangeSet.objects.order_by("-pk")[:3] if undoable(found)]:
        undo(sets[pick % len(sets)])


def edit(paper: Paper, title: str) -> None:
    with recorded("edit", summary="Edited") as recording:
        recording.watch("P", [paper.pk])
        before = touched_by([paper.pk])
        Paper.objects.filter(pk=paper.pk).update(title=title)
        paper.refresh_from_db()
        after_edit(paper=paper, changed={"title"}, before=before)


def figures(model: Any) -> list[Any]:
    columns = [field.attname for field in model._meta.concrete_fields if field.name != "refreshed_at"]
    return sorted(model.objects.values_list(*columns))


def check() -> None:
    """Stored figures and the search index say what a recount and a check of the whole say; no row hangs in the air."""
    before = figures(AuthorMetrics), figures(InstitutionMetrics)
    refresh_authors(keys(Author.objects))
    refresh_institutions(keys(Institution.objects))
    assert (figures(AuthorMetrics), figures(InstitutionMetrics)) == before
    assert set(PaperEntry.objects.values_list("paper", flat=True)) == set(
        Paper.objects.published().values_list("pk", flat=True)
    )
    assert {
        found.what: found.wrong for found in rebuilding.check(lambda *_: None) if found.wrong and "word" not in found.what
    } == {}
    for line in Authorship.objects.select_related("paper", "author"):
        assert line.paper.authors_count == line.paper.authorships.count()
    assert not AuthorName.objects.exclude(author__in=keys(Author.objects)).exists()


@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), min_size=1, max_size=6))
def test_nothing_is_lost_whatever_the_order(steps: list[tuple[str, int]]) -> None:
    with taken_back():
        fill()
        for name, pick in steps:
            step(name, pick)
            check()


@settings(max_examples=MANY // 4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(WITHOUT_UNDO), st.integers(0, 11)), min_size=1, max_size=4))
def test_undoing_all_in_reverse_order_restores_everything(steps: list[tuple[str, int]]) -> None:
    with taken_back():
        fill()
        before = dump()
        for name, pick in steps:
            step(name, pick)
        for change_set in ChangeSet.objects.filter(undoes=None).order_by("-pk"):
            undo(change_set)
        assert dump() == before
