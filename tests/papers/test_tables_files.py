"""Cells and files of tables: what a spreadsheet does to them, and what it must not do."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.tables.cells import inert, joined, parts, plain, same
from papers.tables.files import TableError, TableFile

NASTY = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)
STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", "'", "''", "'=", "'''@", '"', ",", ";", "\\;"])


@given(STARTS, NASTY)
def test_any_text_comes_back_from_its_cell_and_is_no_formula_in_it(start: str, rest: str) -> None:
    text = start + rest
    cell = inert(text)
    assert plain(cell) == text
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}


@given(st.lists(st.tuples(STARTS, NASTY).map("".join), min_size=1, max_size=4))
def test_any_cells_come_back_from_their_row(texts: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(["id", *map(inert, texts)])
    (back,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert [plain(cell) for cell in back[1:]] == texts


@given(st.lists(NASTY.map(str.strip).filter(bool), unique=True))
def test_several_values_come_back_from_one_cell(values: list[str]) -> None:
    assert parts(joined(values)) == values


def test_what_people_type_with_an_apostrophe_keeps_it() -> None:
    assert (plain("'Tis so"), plain("'"), plain("")) == ("'Tis so", "'", "")


def test_line_ends_are_no_change() -> None:
    assert same("a\r\nb", "a\nb")
    assert same("a\rb", "a\nb")
    assert not same("ab", "a\nb")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["id", "title"], ["P1", "Naïve, really; a café\tin Köln"], ["P2", 'Two\nlines and "quotes"']]
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    lines = list(TableFile(path).lines())
    assert [list(line.cells.values()) for line in lines] == rows[1:]
    assert [line.number for line in lines] == [2, 3]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('id,title\n\nP1,"a\nb"\n,\nP2,c\n')
    assert [(line.number, line.cells["id"]) for line in TableFile(path).lines()] == [(3, "P1"), (5, "P2")]


def test_a_row_with_too_few_or_too_many_cells_is_no_row_of_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id,title,type\nP1,short\nP2,a,b,c\nP3,a,b,,\n")
    told = [line.problem for line in TableFile(path).lines()]
    assert ["2 cells" in told[0], "4 cells" in told[1], told[2]] == [True, True, ""]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04rest", "workbook"),
        (b"title\nx\n", "no column"),
        (b"", "no column"),
        (b"id,title,title\nP1,a,b\n", "twice"),
        (b"id,title\nP1,\x81\x8d\xff\n", "neither UTF-8"),
        (b'id,title\nP1,"' + b"x" * 2_000_100 + b'"\n', "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=told):
        list(TableFile(path).lines())
