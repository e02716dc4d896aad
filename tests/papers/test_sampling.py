"""manage.py make_sample: what it makes, and that it resembles what it was made from."""

from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from authors import names
from authors.models import Author, AuthorName, Provenance
from papers.metrics.refreshing import touched_by
from papers.models import AuthorMetrics, Authorship, InstitutionMetrics, Paper, PaperInstitution, PaperLink
from papers.sampling import making, people
from papers.sampling.comparing import Comparison, compare, farthest
from papers.sampling.making import make_papers
from papers.sampling.people import People
from papers.sampling.source import Source, Template, load_source, made_papers, source_papers
from papers.sampling.texts import Balance, Texts, sentences
from tests.factories import make_author, make_authorship, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db

THINGS = "graphs words images robots proofs games".split()


def grow(papers: int, **options: Any) -> None:
    call_command("make_sample", papers=papers, no_search=True, yes=True, verbosity=0, **options)


@pytest.fixture
def catalogue() -> list[Paper]:
    """Twelve papers: two venues, two institutions, some code, some unknown counts."""
    venues = make_venue(), make_venue()
    places = make_institution(), make_institution()
    writers = [make_author(f"{given} {family}") for given in ("Ada", "Ben", "Cy") for family in ("Testwright", "Fixture")]
    made = []
    for number in range(12):
        thing = THINGS[number % 6]
        paper = make_paper(
            f"Learning to see {thing} without supervision, take {number}",
            abstract=f"We study {thing}. Much is known of {thing} already. Our method number {number} is new. It helps.",
            venue=venues[number % 2],
            category=("cs.CL", "cs.CV")[number % 2],
            has_code=number % 3 == 0,
            cited_by_count=None if number % 4 == 0 else 3 * number,
        )
        for position in range(1, 3):
            writer = writers[(number + position) % 6]
            make_authorship(paper, writer, position=position, institutions=(places[number % 2],))
        Paper.objects.filter(pk=paper.pk).update(authors_count=2)
        PaperInstitution.objects.create(paper=paper, institution=places[number % 2])
        made.append(paper)
    return made


def test_it_grows_the_catalogue_to_what_was_asked(catalogue: list[Paper]) -> None:
    grow(120)
    assert (Paper.objects.count(), made_papers().count(), source_papers().count()) == (120, 108, 12)
    made = made_papers().annotate(lines=Count("authorships"))
    assert {paper.authors_count for paper in made} == {paper.lines for paper in made} == {2}
    assert all(paper.title and paper.abstract and paper.fingerprint for paper in made)
    assert {paper.citations_source for paper in made} == {"sample", ""}
    assert PaperLink.objects.filter(paper__in=made, kind="code").count() == made.filter(has_code=True).count() > 0
    assert Provenance.objects.filter(kind="P", source="sample").count() == 108


def test_no_two_papers_are_the_same(catalogue: list[Paper]) -> None:
    grow(400)
    titles = list(Paper.objects.values_list("title", flat=True))
    assert len(set(titles)) == len(titles) == 400


def test_one_paper_is_enough_to_grow_from() -> None:
    make_paper("Only one", authors=(make_author("Ada Testwright"),), abstract="")
    grow(5)
    assert set(made_papers().values_list("abstract", flat=True)) == {""}
    assert made_papers().filter(title__startswith="Only one, Part ").count() == 4


def test_sentences_come_from_the_catalogue_and_from_several_papers(catalogue: list[Paper]) -> None:
    known = {sentence: paper.pk for paper in catalogue for sentence in sentences(paper.abstract)}
    grow(60)
    for abstract in made_papers().values_list("abstract", flat=True):
        assert set(sentences(abstract)) <= known.keys()
    assert any(len({known[part] for part in sentences(paper.abstract)}) > 1 for paper in made_papers())


def test_people_are_new_and_have_the_keys_of_their_names(catalogue: list[Paper]) -> None:
    before = set(Author.objects.values_list("pk", flat=True))
    grow(60)
    lines = Authorship.objects.filter(paper__in=made_papers())
    assert not before & set(lines.values_list("author", flat=True))
    assert all(line.name_key == names.search_key(line.raw_name) for line in lines)
    for name in AuthorName.objects.filter(author__in=lines.values("author")).select_related("author"):
        assert (name.search_key, name.short_key) == (names.search_key(name.name), names.short_key(name.name))
        assert name.author.sort_key == names.sort_key(name.author.display_name)
    assert {name.split()[1] for name in lines.values_list("raw_name", flat=True)} == {"Testwright", "Fixture"}


def test_institutions_of_a_paper_are_those_of_its_authors(catalogue: list[Paper]) -> None:
    grow(60)
    for paper in made_papers().prefetch_related("authorships__affiliations", "paper_institutions"):
        stated = {row.institution_id for line in paper.authorships.all() for row in line.affiliations.all()}
        assert {row.institution_id for row in paper.paper_institutions.all()} == stated


def test_figures_are_right(catalogue: list[Paper]) -> None:
    Paper.objects.filter(pk=catalogue[0].pk).update(is_retracted=True)
    Paper.objects.filter(pk=catalogue[1].pk).update(state="draft")
    Paper.objects.filter(pk=catalogue[2].pk).update(primary_category="cs.AI", year=2020)
    touched_by(list(Paper.objects.values_list("pk", flat=True))).refresh()
    grow(90)
    for kind in "AIVC":
        call_command("refresh_metrics", check=True, kind=kind, verbosity=0)
    mine = figures()
    assert any(row["h_index"] for row in mine[0])
    assert any(row["retracted_count"] for row in mine[0])


def figures() -> tuple[list[Any], ...]:
    return tuple(
        [{key: value for key, value in row.items() if key != "refreshed_at"} for row in model.objects.order_by("pk").values()]
        for model in (AuthorMetrics, InstitutionMetrics)
    )


def test_the_same_seed_makes_the_same_papers_however_many_runs_it_takes(
    catalogue: list[Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "BATCH", 20)
    grow(52)
    grow(92)
    two_runs = made()
    forget()
    grow(92)
    assert made() == two_runs
    forget()
    grow(92, seed=2)
    assert made() != two_runs


def made() -> list[Any]:
    rows = Authorship.objects.filter(paper__in=made_papers()).order_by("paper_id", "position")
    return list(rows.values_list("paper__title", "paper__abstract", "paper__cited_by_count", "raw_name"))


def forget() -> None:
    papers = list(made_papers().values_list("pk", flat=True))
    writers = list(Author.objects.filter(authorships__paper__in=papers).values_list("pk", flat=True))
    Paper.objects.filter(pk__in=papers).delete()
    Author.objects.filter(pk__in=writers).delete()
    Provenance.objects.filter(source="sample").delete()


def test_a_run_that_broke_off_goes_on(catalogue: list[Paper], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "BATCH", 20)

    def stop(progress: making.Progress) -> None:
        if progress.papers == 52:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_papers(112, progress=stop)
    assert Paper.objects.count() == 52
    grow(112)
    assert Paper.objects.count() == 112
    assert not Author.objects.filter(authorships__paper__in=made_papers(), metrics=None).exists()


@pytest.mark.parametrize(
    ("papers", "yes", "message"),
    [
        (5, True, "has 12 papers already; --papers is how many it shall have in all"),
        (50, False, "fills the catalogue with 38 invented papers by invented people"),
    ],
)
def test_what_cannot_be_meant_is_refused(catalogue: list[Paper], papers: int, yes: bool, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("make_sample", papers=papers, yes=yes, no_search=True)
    assert not made_papers().exists()


def test_growing_on_needs_no_yes(catalogue: list[Paper]) -> None:
    grow(20)
    call_command("make_sample", papers=30, no_search=True, verbosity=0)
    assert Paper.objects.count() == 30


def test_nothing_to_grow_from() -> None:
    with pytest.raises(CommandError, match="Nothing to grow from: there is no published paper"):
        grow(10)
    make_paper("A paper by nobody")
    with pytest.raises(CommandError, match="no published paper names a person"):
        grow(10)


def test_shares_come_out_as_they_were(catalogue: list[Paper]) -> None:
    grow(132)  # ten rounds of all twelve
    rows = {(row.group, row.what): row for row in compare()}
    exact = ("authors per paper", "institutions", "venues", "years", "categories", "precision of dates")
    for (group, what), row in rows.items():
        if group in exact or what in ("with code", "with abstract", "with known citations"):
            assert row.ratio == pytest.approx(1), (group, what)
    everywhere = [row for (group, _), row in rows.items() if group == "words" and row.source == 1]
    assert len(everywhere) > 10
    assert {row.ratio for row in everywhere} == {1}


def test_the_table_is_printed_at_the_end(catalogue: list[Paper], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_sample", papers=24, yes=True, no_search=True)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("24 papers, ")
    assert [cell.strip() for cell in printed[2].split("|")] == ["what", "source", "sample", "ratio"]
    assert any(line.startswith("papers: with code") and line.endswith("1.000") for line in printed)


def test_of_many_figures_the_farthest_is_shown() -> None:
    rows = [Comparison("words", str(number), 1, 1 + number / 100) for number in range(10)]
    few = [Comparison("years", "2023", 0.5, None), Comparison("years", "2024", 0.5, 0.5)]
    assert farthest([*rows, *few]) == [rows[-1], *few]


def test_common_words_come_into_balance() -> None:
    """Of two sentences the one is better that brings what is rare so far."""
    balance = Balance(["rare common", "common", "common", "common"] * 5)
    for _ in range(20):
        balance.add(balance.mask("common"))
    assert balance.gain(balance.mask("rare")) > balance.gain(balance.mask("common"))


def test_words_that_papers_repeat_do_not_spread() -> None:
    """Two of five papers speak of data in every sentence. Of sentences drawn blindly four in five papers would have one."""
    talk = ["We use data here. More data came. Data won.", "We use maps here. More maps came. Maps won."]
    templates = [Template(f"Title {number}", talk[number % 5 > 1], "", None, ()) for number in range(200)]
    texts, random = Texts(templates, set().__contains__), Random(1)
    abstracts = [texts.make(number % 200, random)[1] for number in range(1_000)]
    share = sum("data" in abstract.lower() for abstract in abstracts) / len(abstracts)
    assert share < 0.5


def test_papers_per_person_are_as_unequal_as_in_catalogues() -> None:
    """A small home of 40 people who write 4,000 lists of authors: most have one paper, and a few have hundreds."""
    template = Template("", "", "cs.CL", None, (), ["cs.CL"] * 4)
    crowd = People(Source([template], ["Ada Testwright", "Ben Fixture"], 0.6, 0.74, 0.01, 1.5))
    random, counts = Random(1), dict[int, int]()
    for _ in range(4_000):
        chosen = crowd.choose(template.homes, random)
        assert len(set(chosen)) == 4
        for person in chosen:
            counts[person] = counts.get(person, 0) + 1
    assert len(crowd) == pytest.approx(0.6 * 16_000, rel=0.05)
    once = sum(count == 1 for count in counts.values()) / len(counts)
    assert once == pytest.approx(0.74, abs=0.02)
    assert max(counts.values()) > 30


def test_nobody_has_more_papers_than_anybody_ever_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_PAPERS", 10)
    template = Template("", "", "cs.CL", None, (), ["cs.CL"])
    crowd = People(Source([template], ["Ada Testwright"], 0.1, 0.5, 0.2, 1))
    chosen = [crowd.choose(template.homes, Random(number))[0] for number in range(500)]
    assert max(map(chosen.count, set(chosen))) == 10


def test_retracted_and_unpublished_papers_are_not_grown_from(catalogue: list[Paper]) -> None:
    Paper.objects.filter(pk=catalogue[0].pk).update(is_retracted=True)
    Paper.objects.filter(pk=catalogue[1].pk).update(state="draft")
    assert len(load_source().templates) == 10
