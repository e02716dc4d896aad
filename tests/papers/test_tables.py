"""Tables of papers, people and institutions, compared with what is here: what changes, and what cannot be taken."""

from pathlib import Path
from typing import Any

import pytest

from authors.curation.recording import Action, recorded
from authors.models import Author, AuthorIdentifier, AuthorName, Institution
from papers.merging.merging import merge
from papers.models import Paper, PaperCategory, PaperIdentifier, PaperLink
from tests.factories import make_author, make_institution, make_paper, make_venue
from tests.tables import looked_at, problems, taken_out, written

pytestmark = pytest.mark.django_db

NASTY = [
    "=HYPERLINK(1)", "'Tis so", "'=1", "''quoted''", "-omics", "+1", "@home", 'Say "so", twice; really', "Two\nlines\r\nthree",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🧪", "שלום, عالم", " blanks around ", "\ttab", "a\\;b",
]  # fmt: skip


def full_paper(title: str, number: int) -> Paper:
    paper = make_paper(
        title, authors=(make_author("Ada Testwright"),), doi=f"10.1234/{number};x", abstract=title,
        venue=make_venue("The Same Name"), keywords=[title, "a;b", "c\\"], first_page="'1", issue="-2", award=title[:100],
        is_retracted=number % 2 == 0,
    )  # fmt: skip
    PaperIdentifier.objects.create(paper=paper, scheme="source:my-file", value=f"a:b;{number}")
    PaperLink.objects.create(paper=paper, kind="code", url=f"https://example.org/a;b={number}")
    PaperCategory.objects.create(paper=paper, category_id="cs.LG")
    return paper


def test_a_table_taken_out_and_in_changes_nothing(tmp_path: Path) -> None:
    papers = [full_paper(title, number) for number, title in enumerate(NASTY)]
    report = looked_at(Paper, written(tmp_path, taken_out(*papers), delimiter=";", encoding="utf-16"))
    assert (report.unchanged, report.changed, report.problems) == (len(NASTY), 0, [])
    people = [make_author(title.strip(), biography=title, homepage="https://example.org/") for title in NASTY]
    AuthorName.objects.create(author=people[0], name="A; B", search_key="a b", short_key="b a")
    report = looked_at(Author, written(tmp_path, taken_out(*people)))
    assert (report.unchanged, report.problems) == (len(NASTY), [])
    places = [make_institution(title.strip(), city=title) for title in NASTY]
    places[0].aliases.create(name=NASTY[7])
    report = looked_at(Institution, written(tmp_path, taken_out(*places)))
    assert (report.unchanged, report.problems) == (len(NASTY), [])


def test_no_cell_taken_out_is_a_formula() -> None:
    for row in taken_out(*[full_paper(title, number) for number, title in enumerate(NASTY)]):
        assert not [cell for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]


def test_a_table_shows_dates_and_people_as_they_are_known() -> None:
    former = make_author("Ada Testwright")
    AuthorName.objects.create(author=former, name="Adam Testwright", public=False)
    paper = make_paper(authors=(former, make_author("Ben Testwright")), date_precision="month")
    paper.authorships.filter(position=1).update(raw_name="Adam Testwright", name_key="adam testwright")
    (row,) = taken_out(paper)
    assert (row["published"], row["authors"]) == ("2023-06", "Ada Testwright; Ben Testwright")
    (row,) = taken_out(former)
    assert "Adam" not in " ".join(row.values())


def test_changes_are_told_cell_by_cell(tmp_path: Path) -> None:
    paper = make_paper("An old title", abstract="Something", keywords=["a"])
    (row,) = taken_out(paper)
    row |= {"title": "A new title", "abstract": "", "published": "2021", "categories": "cs.LG; stat.ML", "keywords": " a ;  a"}
    report = looked_at(Paper, written(tmp_path, [row]))
    (changed,) = report.first_changed
    assert {cell.column.name: (cell.before, cell.after) for cell in changed.cells} == {
        "title": ("An old title", "A new title"),
        "abstract": ("Something", ""),
        "published": ("2023-06-28", "2021"),
        "categories": ("", "cs.LG; stat.ML"),
    }


def test_a_column_that_is_not_there_is_left_alone(tmp_path: Path) -> None:
    paper = make_paper("An old title", abstract="Something")
    report = looked_at(Paper, written(tmp_path, [{"ID ": paper.public_id.lower(), "Title": "A new title"}]))
    assert report.cells == {"title": 1}
    assert any("version" in note for note in report.notes)


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"published": "28.06.2023"}, "published", "not a date"),
        ({"published": "2023-02-30"}, "published", "no such day"),
        ({"retracted_on": "2023"}, "retracted_on", "the day too"),
        ({"primary_category": "cs.NONE"}, "primary_category", "no category cs.NONE"),
        ({"categories": "cs.LG; nonsense"}, "categories", "no category nonsense"),
        ({"venue": "Nowhere"}, "venue", "no venue of this name"),
        ({"venue": "V999"}, "venue", "no venue V999"),
        ({"venue": "Twin Conference"}, "venue", "2 venues have this name"),
        ({"doi": "hello"}, "doi", "not a valid DOI"),
        ({"doi": "10.1/taken"}, "doi", "not a valid DOI"),
        ({"doi": "10.1234/taken"}, "doi", "has DOI 10.1234/taken"),
        ({"identifiers": "doi:10.1234/new"}, "identifiers", "column of its own"),
        ({"identifiers": "nonsense"}, "identifiers", "write the scheme"),
        ({"state": "gone"}, "state", "none of draft, review, published, withdrawn"),
        ({"state": ""}, "state", "none of"),
        ({"is_retracted": "perhaps"}, "is_retracted", "yes or no"),
        ({"title": " "}, "title", "may not be empty"),
        ({"language": "x" * 13}, "language", "at most 12 characters"),
        ({"code": "javascript:alert(1)"}, "code", "valid URL"),
        ({"id": "P999999"}, "id", "There is no P999999"),
        ({"id": "A1"}, "id", "not an id of papers"),
        ({"id": "x" * 500}, "id", "not an id of papers"),
        ({"id": ""}, "title", "A new row needs it"),
    ],
)
def test_cells_that_cannot_be_taken_are_told_by_row_and_column(tmp_path: Path, cells: Any, column: str, told: str) -> None:
    make_venue("Twin Conference"), make_venue("Twin conference")
    make_paper("Its owner", doi="10.1234/taken")
    rows = taken_out(make_paper("Mine", doi="10.1234/mine"))
    rows[0] |= cells | ({"title": "", "doi": ""} if cells == {"id": ""} else {})
    report = looked_at(Paper, written(tmp_path, rows))
    ((number, where, what),) = report.problems
    assert (number, where, report.refused, report.writes) == (2, column, 1, 0)
    assert told in what


def test_merged_deleted_and_doubled_rows_are_told(tmp_path: Path) -> None:
    first, second, third = make_paper("One"), make_paper("Two"), make_paper("Three")
    rows = taken_out(first, second, third)
    merge(survivor=first, other=second)
    told = problems(Paper, written(tmp_path, [*rows[:2], rows[2], {**rows[2], "title": "Other"}]))
    assert [(number, column) for number, column, _ in told] == [(3, "id"), (4, "id"), (5, "id")]
    assert f"merged into {first.public_id}" in told[0][2]
    assert "stands in the rows 4, 5" in told[1][2]


def test_two_rows_cannot_take_the_same_identifier(tmp_path: Path) -> None:
    rows = taken_out(make_paper(), make_paper())
    for row in rows:
        row["arxiv"] = "2301.00001"
    ((number, _, what),) = problems(Paper, written(tmp_path, rows))
    assert (number, what) == (3, "Row 2 has arXiv 2301.00001 too.")


def test_unknown_columns_and_misshapen_rows_are_told(tmp_path: Path) -> None:
    paper = make_paper()
    path = tmp_path / "table.csv"
    path.write_text(f"id,title,colour\n{paper.public_id},A new title,red\n{paper.public_id}\n")
    told = problems(Paper, path)
    assert [(number, column) for number, column, _ in told][:1] == [(1, "colour")]
    assert any("1 cells" in what for _, _, what in told)


def test_a_record_that_somebody_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    paper, other = make_paper("Mine"), make_paper("Other")
    rows = taken_out(paper, other)
    with recorded(Action.EDIT) as recording:
        recording.watch("P", [paper.pk])
        Paper.objects.filter(pk=paper.pk).update(language="fr")
    rows[0]["title"], rows[1]["title"] = "A new title", "Another new title"
    ((number, column, what),) = problems(Paper, written(tmp_path, rows))
    assert (number, column) == (2, "version")
    assert "language" in what


def test_people_keep_what_they_left_behind_to_themselves(tmp_path: Path) -> None:
    ada = make_author("Ada Testwright", orcid="0000-0002-1825-0097")
    AuthorName.objects.create(author=ada, name="Adam Testwright", public=False)
    ben = make_author("Ben Testwright")
    rows = taken_out(ada, ben)
    rows[0]["other_names"], rows[1]["orcid"] = "Adam Testwright", "https://orcid.org/0000-0002-1825-0097"
    told = problems(Author, written(tmp_path, rows))
    assert "not public" in told[0][2]
    assert f"{ada.public_id} (Ada Testwright) has ORCID" in told[1][2]
    rows[1]["orcid"], rows[1]["visibility"] = "0000-0002-1825-0098", "secret"
    assert [column for _, column, _ in problems(Author, written(tmp_path, rows[1:]))] == ["orcid", "visibility"]
    assert AuthorIdentifier.objects.count() == 1


def test_no_institution_becomes_part_of_itself(tmp_path: Path) -> None:
    whole, part, lab = (make_institution(name, tag=name) for name in ("whole", "part", "lab"))
    rows = taken_out(whole, part, lab)
    rows[0]["parent"], rows[1]["parent"], rows[2]["parent"] = lab.public_id, whole.public_id, part.public_id
    rows[2]["tag"], rows[2]["country_code"] = "whole", "ZZ"
    told = {column: what for _, column, what in problems(Institution, written(tmp_path, rows))}
    assert "part of itself" in told["parent"]
    assert f"{whole.public_id} (whole) has the tag" in told["tag"]
    assert "two-letter code" in told["country_code"]
    rows = [{**rows[0], "parent": "I99999"}, {**rows[1], "parent": "Whole"}]
    assert [what[:8] for _, _, what in problems(Institution, written(tmp_path, rows))] == ["There is", "'Whole' "]


@pytest.mark.parametrize("many", [1, 3])
def test_rows_are_compared_and_taken_out_in_a_bounded_number_of_queries(
    tmp_path: Path, many: int, django_assert_num_queries: Any
) -> None:
    papers = [full_paper(f"Paper {number}", number) for number in range(many)]
    with django_assert_num_queries(7):  # keys; versions; papers; identifiers, links, categories, authorships with people
        rows = taken_out(*papers)
    for number, row in enumerate(rows):
        row |= {
            "title": f"Changed {number}",
            "venue": "Nowhere",
            "arxiv": f"2301.0000{number + 1}",
            "primary_category": "cs.LG",
        }
    path = written(tmp_path, rows)
    # papers with identifiers, links, categories; category codes, venues by name, holders of identifiers; (stale) versions
    with django_assert_num_queries(7):
        assert looked_at(Paper, path).refused == many
