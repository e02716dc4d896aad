"""Stored metrics against a second, plain computation after whatever was done to the catalogue, in whatever order."""

import random
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from authors.curation.changes import ChangeSet
from authors.curation.recording import recorded
from authors.curation.undoing import Conflict, undo, undoable
from authors.models import Author, Institution
from papers.correcting import change_visibility, show_on_profiles
from papers.editing import after_edit, change_state, delete_paper, give_category, give_institution
from papers.merging.affiliations import resolve_affiliations
from papers.merging.merging import CannotMerge, merge
from papers.merging.splitting import CannotMove, move_authorships
from papers.metrics.refreshing import touched_by
from papers.models import (
    AuthorMetrics,
    Authorship,
    Category,
    CategoryMetrics,
    CitationsInYear,
    InstitutionMetrics,
    Paper,
    Venue,
    VenueMetrics,
)
from tests.payloads import author, import_works, work

pytestmark = pytest.mark.django_db

STEPS, SEEDS = 200, (1, 2)
LONG = STEPS if connection.vendor == "sqlite" else 60  # a statement takes ten times as long elsewhere


def differences() -> list[str]:
    said = StringIO()
    with suppress(CommandError):
        call_command("refresh_metrics", check=True, stdout=said)
    return [line for line in said.getvalue().splitlines() if "should be" in line]


class Sequence:
    """Random steps on the records that happen to be there; steps that make no sense are left out."""

    def __init__(self, seed: int) -> None:
        self.chance, self.imported, self.done = random.Random(seed), 0, 0
        self.steps: list[Callable[[], Any]] = [
            self.take_in, self.take_in, self.edit, self.edit, self.retract, self.state, self.merge, self.split, self.resolve,
            self.hide_paper, self.hide_person, self.delete, self.category, self.institution, self.undo, self.undo,
        ]  # fmt: skip

    def step(self) -> str:
        act = self.chance.choice(self.steps)
        with suppress(CannotMerge, CannotMove, Conflict, LookupError):
            act()
            self.done += 1
        return act.__name__

    def any(self, model: Any) -> Any:
        return self.chance.choice(list(model.objects.order_by("pk")))

    def some(self, model: Any) -> list[int]:
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        return self.chance.sample(keys, min(len(keys), self.chance.randint(1, 3)))

    # --- steps ---------------------------------------------------------------------------------------------------------

    def take_in(self) -> None:
        """New papers, or new versions of old ones; some retracted, some citing others, with years told by two sources."""
        import_works(*(self.record(self.chance.randrange(12)) for _ in range(3)), source=self.chance.choice(["one", "two"]))

    def record(self, number: int) -> Any:
        self.imported += 1
        draw = self.chance
        people = [
            author(f"Ada Testwright{draw.randrange(6)}", f"test:{draw.randrange(6)}", f"Institute {draw.randrange(3)}")
            for _ in range(draw.randint(1, 3))
        ]
        years = {year: draw.randrange(9) for year in range(2019, 2019 + draw.randrange(4))}
        return work(
            f"Example number {number}", *people, id=f"https://openalex.org/W{number + 1}",
            cited_by_count=draw.choice([None, 3, 40]),
            counts_by_year=[{"year": year, "cited_by_count": count} for year, count in years.items()],
            publication_year=draw.choice([2019, 2020]), is_retracted=draw.random() < 0.1, language=str(self.imported)[:12],
            referenced_works=[f"https://openalex.org/W{draw.randrange(12) + 1}"],
            primary_location={"source": {"display_name": f"Example Journal {draw.randrange(2)}"}},
        )  # fmt: skip

    def edit(self) -> None:
        venue = self.any(Venue)
        self.change({"published": "2018-01-01", "venue": venue} if self.chance.random() < 0.5 else {"title": "Another"})

    def retract(self) -> None:
        self.change({"is_retracted": self.chance.random() < 0.4})

    def change(self, columns: dict[str, Any]) -> None:
        paper = self.any(Paper)
        with recorded("edit", summary="Edited") as recording:
            recording.watch("P", [paper.pk])
            before = touched_by([paper.pk])
            if "published" in columns:
                columns |= {"year": 2018, "date_precision": "year"}
            Paper.objects.filter(pk=paper.pk).update(**columns)
            paper.refresh_from_db()
            after_edit(paper=paper, changed={*columns} - {"year", "date_precision"}, before=before)

    def state(self) -> None:
        change_state(self.some(Paper), self.chance.choice(["draft", "withdrawn", *["published"] * 4]))

    def merge(self) -> None:
        model = self.chance.choice([Author, Paper, Institution])
        survivor, other = (
            self.chance.sample(list(model.objects.order_by("pk")), 2) if model.objects.count() > 1 else (None, None)
        )
        if survivor:
            merge(survivor=survivor, other=other, though_both=True)

    def split(self) -> None:
        move_authorships(self.some(Authorship)[:1], name=f"Bob Example{self.imported}")

    def resolve(self) -> None:
        resolve_affiliations([f"Institute {self.chance.randrange(3)}"], self.any(Institution), unresolved_only=False)

    def hide_paper(self) -> None:
        show_on_profiles(self.some(Authorship), shown=self.chance.random() < 0.7)

    def hide_person(self) -> None:
        change_visibility(self.some(Author), self.chance.choice(["hidden", "auto", "auto"]))

    def delete(self) -> None:
        delete_paper(self.any(Paper))

    def category(self) -> None:
        give_category(self.some(Paper), Category.objects.get(pk=self.chance.choice(["cs.CL", "cs.CV"])))

    def institution(self) -> None:
        give_institution(self.some(Paper), self.any(Institution))

    def undo(self) -> None:
        undo(self.chance.choice([found for found in ChangeSet.objects.order_by("-pk")[:4] if undoable(found)]))


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_differs_after_two_hundred_random_changes(seed: int) -> None:
    sequence, steps, told = Sequence(seed), [], 0
    import_works(*(sequence.record(number) for number in range(8)), source="one")
    for number in range(LONG):
        steps.append(sequence.step())
        if number % 10 == 9 or number == LONG - 1:
            assert differences() == [], steps[-10:]
            told += InstitutionMetrics.objects.filter(h_index__gt=1).exclude(citations_by_year={}).exists()
    assert sequence.done > LONG * 0.6  # most of them did something
    assert told > LONG / 20  # and there was something to count


# --- the check itself ------------------------------------------------------------------------------------------------------


@pytest.fixture
def catalogue() -> None:
    import_works(
        work("Trees of examples", author("Ada Testwright", "", "Example Institute"), id="https://openalex.org/W1",
             cited_by_count=12, counts_by_year=[{"year": 2021, "cited_by_count": 5}, {"year": 2022, "cited_by_count": 7}],
             primary_location={"source": {"display_name": "Example Journal"}}),
        work("Forests of examples", author("Ada Testwright", "", "Example Institute"), cited_by_count=1),
        source="openalex",
    )  # fmt: skip
    Paper.objects.update(primary_category="cs.CL")
    call_command("refresh_metrics", verbosity=0)


@pytest.mark.parametrize(
    ("model", "planted"),
    [
        (AuthorMetrics, {"h_index": 9}),
        (AuthorMetrics, {"papers_by_year": {"2021": 1}}),
        (AuthorMetrics, {"citations_by_year": None}),
        (AuthorMetrics, {"primary_category": "cs.CV"}),
        (InstitutionMetrics, {"authors_count": 2}),
        (InstitutionMetrics, {"citations": None}),
        (VenueMetrics, {"i10_index": 0}),
        (CategoryMetrics, {"retracted_count": 1}),
    ],
)
def test_the_check_finds_what_is_wrong_and_a_refresh_puts_it_right(
    catalogue: None, model: Any, planted: dict[str, Any]
) -> None:
    assert differences() == []
    assert model.objects.filter(papers_count__gt=0).update(**planted) == 1
    (line,) = differences()
    assert next(iter(planted)) in line
    with pytest.raises(CommandError, match="1 differences"):
        call_command("refresh_metrics", check=True, verbosity=0, stdout=StringIO())
    call_command("refresh_metrics", verbosity=0)
    assert differences() == []


def test_the_check_misses_nobody(catalogue: None) -> None:
    AuthorMetrics.objects.all().delete()
    assert "papers_count is missing, should be 2" in "\n".join(differences())
    call_command("refresh_metrics", kind="A", verbosity=0)
    assert differences() == []


def test_a_run_goes_on_after_a_key(catalogue: None) -> None:
    first, *_ = Author.objects.order_by("pk").values_list("pk", flat=True)
    AuthorMetrics.objects.update(h_index=9)
    call_command("refresh_metrics", kind="A", after=str(first), verbosity=0)
    assert len(differences()) == 1
    for given in ({"after": "1"}, {"kind": "A", "after": "x"}):
        with pytest.raises(CommandError):
            call_command("refresh_metrics", **given)


# --- series ------------------------------------------------------------------------------------------------------------------


def series(model: Any) -> tuple[Any, Any]:
    return model.objects.filter(papers_count__gt=0).values_list("papers_by_year", "citations_by_year").get()


@pytest.mark.parametrize("model", [AuthorMetrics, InstitutionMetrics, CategoryMetrics])
def test_citations_told_by_two_sources_count_once(catalogue: None, model: Any) -> None:
    paper = Paper.objects.get(title="Trees of examples")
    CitationsInYear.objects.bulk_create(
        CitationsInYear(paper=paper, year=year, count=50, source="elsewhere") for year in (2020, 2021, 2022)
    )
    touched_by([paper.pk]).refresh()
    assert series(model) == ({"2021": 2}, {"2021": 5, "2022": 7})
    assert differences() == []


@pytest.mark.parametrize("model", [AuthorMetrics, InstitutionMetrics, CategoryMetrics, VenueMetrics])
def test_a_retracted_paper_leaves_the_series_and_comes_back_when_that_is_undone(catalogue: None, model: Any) -> None:
    before, paper = series(model), Paper.objects.get(title="Trees of examples")
    with recorded("edit", summary="Retracted") as recording:
        recording.watch("P", [paper.pk])
        told = touched_by([paper.pk])
        paper.is_retracted = True
        paper.save()
        after_edit(paper=paper, changed={"is_retracted"}, before=told)
    assert not model.objects.filter(citations_by_year__has_key="2022").exists()
    undo(recording.change_set)
    assert series(model) == before
    assert differences() == []
