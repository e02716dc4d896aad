"""How likely two records are the same, and why: the arithmetic, without a database."""

from typing import Any

import pytest

from papers.duplicates.scoring import institutions, papers, people
from papers.duplicates.scoring.institutions import Place
from papers.duplicates.scoring.papers import Work
from papers.duplicates.scoring.people import Frequencies, Person
from papers.duplicates.scoring.points import LEAST_KEPT, Point, listed, score

TITLE = "On the Scaling of Entirely Invented Models"
MANY = Frequencies({"wei": 3_000, "wang": 9_000, "jared": 40, "kaplan": 30, "ada": 20, "testwright": 1}, 100_000)


def person(*called: str, **known: Any) -> Person:
    return Person(names={*called}, **known)


def of_people(first: Person, second: Person) -> int:
    return score(people.compare(first, second, MANY))


def test_a_score_stays_between_0_and_100() -> None:
    assert score([Point("much", 80), Point("more", 80)]) == 100
    assert score([Point("against", -80)]) == 0


def test_a_list_names_three_and_counts_the_others() -> None:
    assert listed(["d", "b", "a", "c", "e"]) == "a, b, c and 2 more"
    assert listed({"b", "a"}) == "a, b"


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("Ada Testwright", 0, 0.01),
        ("Jared Kaplan", 0.01, 0.3),
        ("Wei Wang", 100, 1_000),
        ("W. Wang", 500, 1_000),
        ("Li", 999, 1_001),
    ],
)
def test_how_many_namesakes_one_expects(name: str, least: float, most: float) -> None:
    assert least <= MANY.namesakes(name) <= most


def test_a_rare_name_says_more_than_a_frequent_one() -> None:
    rare, unusual, frequent = (of_people(person(name), person(name)) for name in ("Ada Testwright", "Jared Kaplan", "Wei Wang"))
    assert rare > unusual > frequent
    assert frequent < LEAST_KEPT


def test_an_initial_says_less_than_the_name() -> None:
    assert of_people(person("A. Testwright"), person("Ada Testwright")) < of_people(
        person("Ada Testwright"), person("Ada Testwright")
    )


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({}, {"coauthors": {"bram exemplar": "Bram Exemplar"}}),
        ({}, {"institutions": {1: "Example Institute"}}),
        ({}, {"identifiers": {"orcid": {"0000-0002-1825-0097"}}}),
        ({}, {"category": "cs.CL"}),
    ],
)
def test_what_two_people_share_adds_to_the_score(less: dict[str, Any], more: dict[str, Any]) -> None:
    without, having = (of_people(person("Wei Wang", **facts), person("Wei Wang", **facts)) for facts in (less, more))
    assert without < having


def test_years_far_apart_speak_against() -> None:
    early, late, later = (person("Jared Kaplan", years={year}) for year in (1990, 2019, 2021))
    assert of_people(early, late) < of_people(late, later)


def test_two_orcids_speak_strongly_against() -> None:
    first = person("Ada Testwright", identifiers={"orcid": {"0000-0002-1825-0097"}}, coauthors={"b": "B"})
    second = person("Ada Testwright", identifiers={"orcid": {"0000-0001-5109-3700"}}, coauthors={"b": "B"})
    assert of_people(first, second) < LEAST_KEPT


def test_both_on_one_paper_or_names_that_do_not_fit_are_no_pair() -> None:
    assert people.compare(person("Ada Testwright", papers={1}), person("Ada Testwright", papers={1, 2}), MANY) == []
    assert people.compare(person("Ada Testwright"), person("Bea Testwright"), MANY) == []


def test_full_names_that_differ_speak_against_a_shared_initial() -> None:
    initial = person("A. Testwright")
    assert of_people(person("A. Testwright", "Ada Testwright"), person("A. Testwright", "Anna Testwright")) < of_people(
        initial, initial
    )


def work(title: str = TITLE, **known: Any) -> Work:
    return Work(**{"title": title, "year": 2020, "authors": ["Ada Testwright", "Bram Exemplar"], **known})


def of_papers(first: Work, second: Work) -> int:
    return score(papers.compare(first, second))


@pytest.mark.parametrize(
    ("first", "second", "least"),
    [
        (work(), work(), 90),
        (work(), work(TITLE.upper() + "."), 90),
        (work(), work(year=2021, type="preprint"), 90),
        (work(), work(authors=["A. Testwright", "B. Exemplar"]), 90),
        (work(), work(authors=["Ada Testwrigth", "Bram Exemplar"]), 60),
        (work(), work(authors=["Anonymous"]), 55),
        (work(), work("On the Scaling of Entirely Invented Model"), 60),
    ],
)
def test_papers_that_are_likely_one(first: Work, second: Work, least: int) -> None:
    assert of_papers(first, second) >= least


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (work("Poster"), work("Poster")),
        (work("Preface"), work("Preface")),
        (work("Workshops and Tutorials of the Year"), work("Workshops and Tutorials of the Year")),
        (work(""), work("")),
        (work(f"{TITLE}, Part I"), work(f"{TITLE}, Part II")),
        (work(f"{TITLE} 2019"), work(f"{TITLE} 2020")),
        (work(), work(authors=["Chidi Sampleson"])),
        (
            work(identifiers={"doi": {"10.1/book"}}),
            work("Another Chapter of the Same Book", identifiers={"doi": {"10.1/book"}}),
        ),
    ],
)
def test_papers_that_are_not_offered(first: Work, second: Work) -> None:
    assert of_papers(first, second) < LEAST_KEPT


def test_a_preprint_and_its_published_version_are_said_to_be_so() -> None:
    said = papers.compare(work(identifiers={"arxiv": {"2001.08361"}}), work(venue="Example Conference"))
    assert "a preprint and a published version" in [point.what for point in said]


def place(key: int, name: str, **known: Any) -> Place:
    return Place(key=key, name=name, name_key=name.lower(), **known)


@pytest.mark.parametrize(
    ("second", "least", "most"),
    [
        (place(2, "Example University", country="GB"), 60, 100),
        (place(2, "University of Example", country="GB"), 40, 100),
        (place(2, "Sample College", country="GB"), 0, 29),
        (place(2, "Example University", country="FR"), 0, 0),
        (place(2, "Example University", country="GB", parent=1), 0, 0),
        (place(2, "Example University", country="GB", identifiers={"ror": {"02"}}), 0, 29),
        (place(2, "Sample College", country="GB", identifiers={"ror": {"01"}}), 60, 100),
        (place(2, "EU", aliases={"example university"}), 40, 70),
        (place(2, "Exemple", country="GB", homepage="http://example.ac.uk/"), 40, 60),
    ],
)
def test_institutions(second: Place, least: int, most: int) -> None:
    first = place(1, "Example University", country="GB", homepage="https://www.example.ac.uk", identifiers={"ror": {"01"}})
    assert least <= score(institutions.compare(first, second)) <= most


@pytest.mark.parametrize(
    ("address", "domain"),
    [("https://www.ox.ac.uk/about", "ox.ac.uk"), ("HTTP://mit.edu", "mit.edu"), ("javascript:alert(1)", ""), ("", "")],
)
def test_the_domain_of_a_home_page(address: str, domain: str) -> None:
    assert institutions.domain(address) == domain
