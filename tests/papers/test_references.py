"""References in five styles, held against the styles' own rules."""

from datetime import date
from typing import Any

import pytest

from papers.dates import Precision
from papers.exports.citing import citations
from papers.exports.people import Person, person
from papers.exports.records import Item

ARTICLE: dict[str, Any] = {
    "title": "Counting paper boats on still water",
    "type": "article",
    "venue": "Journal of Invented Studies",
    "venue_type": "journal",
    "volume": "12",
    "issue": "3",
    "first_page": "45",
    "last_page": "67",
    "doi": "10.5555/boats",
    "when": date(2023, 6, 28),
    "precision": Precision.DAY,
}
PAPER = ARTICLE | {"venue": "Proceedings of the Example Conference", "venue_type": "conference", "volume": "", "issue": ""}
PREPRINT = {"title": "On boats", "type": "preprint", "arxiv": "2306.00001", "when": date(2023, 1, 1), "precision": "year"}


def reference(style: str, *names: str, **fields: Any) -> str:
    people = tuple(map(person, names))
    return dict(citations(Item(id="P1", url="https://site.example/papers/P1/", people=people, **fields)))[style]


def names(count: int) -> list[str]:
    return [f"Ada B. Test{chr(97 + number)}" for number in range(count)]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("APA", ("Testwright, A. B., & van der Exempel, B. (2023). Counting paper boats on still water. Journal of Invented "
                "Studies, 12(3), 45–67. https://doi.org/10.5555/boats")),
        ("MLA", ("Testwright, Ada B., and Bram van der Exempel. “Counting paper boats on still water.” Journal of Invented "
                "Studies, vol. 12, no. 3, 28 June 2023, pp. 45–67, https://doi.org/10.5555/boats")),
        ("Chicago", ("Testwright, Ada B., and Bram van der Exempel. 2023. “Counting paper boats on still water.” Journal of "
                    "Invented Studies 12 (3): 45–67. https://doi.org/10.5555/boats")),
        ("IEEE", ("A. B. Testwright and B. van der Exempel, “Counting paper boats on still water,” Journal of Invented "
                 "Studies, vol. 12, no. 3, pp. 45–67, June 2023, doi: 10.5555/boats.")),
        ("Vancouver", ("Testwright AB, van der Exempel B. Counting paper boats on still water. Journal of Invented Studies. "
                      "2023 Jun 28;12(3):45-67. doi: 10.5555/boats.")),
    ],
)  # fmt: skip
def test_an_article_of_two(style: str, expected: str) -> None:
    assert reference(style, "Ada B. Testwright", "Bram van der Exempel", **ARTICLE) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("APA", ("Testwright, A. (2023). Counting paper boats on still water. In Proceedings of the Example Conference "
                "(pp. 45–67). https://doi.org/10.5555/boats")),
        ("Chicago", ("Testwright, Ada. 2023. “Counting paper boats on still water.” In Proceedings of the Example Conference, "
                    "45–67. https://doi.org/10.5555/boats")),
        ("IEEE", ("A. Testwright, “Counting paper boats on still water,” in Proceedings of the Example Conference, pp. 45–67, "
                 "2023, doi: 10.5555/boats.")),
        ("Vancouver", ("Testwright A. Counting paper boats on still water. In: Proceedings of the Example Conference. "
                      "2023 Jun 28:45-67. doi: 10.5555/boats.")),
    ],
)  # fmt: skip
def test_a_conference_paper_of_one(style: str, expected: str) -> None:
    assert reference(style, "Ada Testwright", **PAPER) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("APA", "Testwright, A. (2023). On boats [Preprint]. arXiv. https://arxiv.org/abs/2306.00001"),
        ("MLA", "Testwright, Ada. “On boats.” arXiv, 2023, https://arxiv.org/abs/2306.00001"),
        ("IEEE", "A. Testwright, “On boats,” 2023, arXiv:2306.00001."),
    ],
)
def test_a_preprint(style: str, expected: str) -> None:
    assert reference(style, "Ada Testwright", **PREPRINT) == expected


@pytest.mark.parametrize(
    ("style", "count", "begins"),
    [
        ("APA", 20, ", Tests, A. B., & Testt, A. B. (2023)."),
        ("APA", 21, ", Tests, A. B., … Testu, A. B. (2023)."),
        ("MLA", 3, "Testa, Ada B., et al. “"),
        ("Chicago", 10, ", Ada B. Testi, and Ada B. Testj. 2023."),
        ("Chicago", 11, ", Ada B. Testf, Ada B. Testg, et al. 2023."),
        ("IEEE", 3, "A. B. Testa, A. B. Testb, and A. B. Testc, “"),
        ("IEEE", 7, "A. B. Testa et al., “"),
        ("Vancouver", 6, "Teste AB, Testf AB. Counting"),
        ("Vancouver", 7, "Testf AB, et al. Counting"),
    ],
)
def test_many_authors_are_cut_as_the_style_says(style: str, count: int, begins: str) -> None:
    assert begins in reference(style, *names(count), **ARTICLE)


@pytest.mark.parametrize(
    ("style", "sign"), [("APA", "(n.d.)"), ("Chicago", "n.d."), ("IEEE", "n.d."), ("Vancouver", "[date unknown]")]
)
def test_a_missing_date_is_said(style: str, sign: str) -> None:
    undated = ARTICLE | {"when": None, "precision": ""}
    assert sign in reference(style, "Ada Testwright", **undated)


@pytest.mark.parametrize("style", ["APA", "MLA", "Chicago", "IEEE", "Vancouver"])
def test_an_organisation_is_not_turned_round(style: str) -> None:
    assert reference(style, "The Example Collaboration", **ARTICLE).startswith("The Example Collaboration")


@pytest.mark.parametrize("style", ["APA", "MLA", "Chicago", "IEEE", "Vancouver"])
def test_a_bare_record_is_its_title_and_its_page(style: str) -> None:
    found = reference(style, title="[untitled]")
    assert "[untitled]" in found
    assert found.rstrip(".").endswith("https://site.example/papers/P1/")
    assert "  " not in found
    assert ".." not in found


@pytest.mark.parametrize("style", ["APA", "MLA", "Chicago", "IEEE", "Vancouver"])
def test_a_retraction_and_an_incomplete_list_are_told(style: str) -> None:
    found = reference(style, "Ada Testwright", complete=False, retraction="Retracted.", **ARTICLE)
    assert "et al." in found
    assert "[Retracted]" in found


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada van der Berg Jr.", Person("van der Berg", "Ada", "Jr.")),
        ("Ada Berg, III", Person("Berg", "Ada", "III")),
        ("Berg, Ada", Person("Berg", "Ada")),
        ("Plato", Person("Plato")),
        ("王小明", Person("王小明")),
        ("Example Lab Team", Person("Example Lab Team", is_person=False)),
    ],
)
def test_names_are_taken_apart(name: str, parts: Person) -> None:
    assert person(name) == parts


def test_initials_keep_hyphens() -> None:
    assert person("Jean-Luc A. Testwright").initials() == "J.-L. A."
    assert person("J.-L. Testwright").initials() == "J.-L."
    assert person("Jean-Luc A. Testwright").initials(dots=False, apart=False) == "JLA"
