"""What the files say, and that the importers read all of it back: every format, and text as nasty as it comes."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from papers.exports.formats import FORMATS, Format
from papers.exports.keys import Keys, key_of
from papers.exports.people import person
from papers.exports.records import Item
from papers.exports.tex import title_tex
from papers.exports.texts import line, running
from papers.importers.cleaning import clean_line, clean_text
from papers.importers.formats import format_of
from papers.importers.markup import without_markup
from papers.importers.records import Note, PaperRecord

READ_BACK = ("bib", "ris", "csl.json")
FULL = Item(
    id="P7",
    url="https://site.example/papers/P7/",
    title="Counting paper boats: $\\alpha$-stable R&D at 5% for DNA",
    type="article",
    people=(person("Ada van der Berg Jr."), person("The Example Collaboration"), person("Plato"), person("王小明")),
    when=date(2023, 6, 28),
    precision="day",
    venue="Journal of Invented Studies",
    venue_type="journal",
    volume="12",
    issue="3",
    first_page="45",
    last_page="67",
    publisher="Example Press",
    issn="1234-5679",
    abstract="First {part} #1_a.",
    keywords=("paper boats", "still water"),
    language="en",
    doi="10.5555/boats_(1)",
    arxiv="2306.00001",
    arxiv_class="cs.CL",
    pmid="31452104",
    pmcid="PMC6743232",
)
NASTY = st.text(alphabet="\\{}~^$&%#_'`\"-?!@:;=+*/()[]| \n\t\0\x1f\u200b\u2028éß漢𝔸abTY ER0", max_size=40)


def text_of(form: str, *items: Item) -> str:
    return "".join(FORMATS[form].write(items))


def read_back(form: str, *items: Item) -> list[PaperRecord]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_text(text_of(form, *items), newline="")
        known = format_of(path)
        raws = list(known.read(path))
    assert not [raw.error for raw in raws if raw.error]
    notes: list[Note] = []
    found = [known.translator("P")(raw.value, "test", notes) for raw in raws]
    assert all(isinstance(record, PaperRecord) for record in found)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("form", READ_BACK)
def test_everything_that_the_format_carries_comes_back(form: str) -> None:
    (record,) = read_back(form, FULL)
    assert record.title == FULL.title
    assert record.type == "article"
    assert [author.raw_name for author in record.authors] == [one.printed for one in FULL.people]
    assert record.when
    assert (record.when.first, record.when.precision) == (FULL.when, "day")
    assert record.venue
    assert (record.venue.name, record.venue.type, record.venue.publisher) == (FULL.venue, "journal", "Example Press")
    assert record.venue.identifiers == (("issn", "1234-5679"),)
    assert record.fields == {
        "volume": "12", "issue": "3", "first_page": "45", "last_page": "67", "publisher": "Example Press", "language": "en",
    }  # fmt: skip
    assert record.abstract == FULL.abstract
    assert record.keywords == FULL.keywords
    assert {("doi", FULL.doi), ("arxiv", FULL.arxiv), ("pmid", FULL.pmid), ("pmcid", FULL.pmcid)} == set(record.identifiers)


@pytest.mark.parametrize("form", READ_BACK)
@pytest.mark.parametrize(
    ("kind", "venue_type"),
    [
        ("article", "conference"),
        ("article", "journal"),
        ("book-chapter", ""),
        ("book", ""),
        ("dissertation", ""),
        ("report", ""),
    ],
)
def test_kinds_of_papers_come_back(form: str, kind: str, venue_type: str) -> None:
    (record,) = read_back(form, replace(FULL, type=kind, venue_type=venue_type, arxiv=""))
    assert record.type == kind
    assert not venue_type or (record.venue and record.venue.type == venue_type)


@pytest.mark.parametrize("form", READ_BACK)
def test_a_preprint_comes_back_as_one(form: str) -> None:
    (record,) = read_back(form, replace(FULL, type="preprint", venue="", doi="", volume="", issue=""))
    assert (record.type, ("arxiv", "2306.00001") in record.identifiers) == ("preprint", True)


@pytest.mark.parametrize("form", READ_BACK)
@pytest.mark.parametrize(("precision", "first"), [("year", date(2023, 1, 1)), ("month", date(2023, 6, 1))])
def test_dates_come_back_no_more_precise_than_they_were(form: str, precision: str, first: date) -> None:
    (record,) = read_back(form, replace(FULL, when=first, precision=precision))
    assert record.when
    assert (record.when.first, record.when.precision) == (first, precision)


@pytest.mark.parametrize("form", READ_BACK)
@settings(deadline=None)
@given(title=NASTY, abstract=NASTY, venue=NASTY)
def test_no_text_breaks_a_file_or_changes_in_it(form: str, title: str, abstract: str, venue: str) -> None:
    assume("\\(" not in title + abstract)  # a formula in these signs comes back between dollars
    nasty = replace(FULL, title=line(title) or "x", abstract=running(abstract), venue=line(venue))
    first, second = read_back(form, nasty, FULL)
    assert first.title == clean_line(without_markup(clean_line(title))) or not line(title)
    assert first.abstract.split() == clean_text(without_markup(clean_text(abstract))).split()
    assert second.title == FULL.title


@given(st.lists(st.builds(Item, id=st.just("P1"), url=st.just(""), title=st.sampled_from(["A", "On Boats"])), max_size=40))
def test_no_citation_key_stands_twice(items: list[Item]) -> None:
    keys = Keys()
    found = [keys.unique(key_of(item)) for item in items]
    assert len(set(found)) == len(found)


def test_citation_keys_say_who_when_and_what() -> None:
    boats = replace(FULL, title="On the Counting of Boats", people=(person("Zoë van der Berg"),))
    assert key_of(boats) == "vanderberg2023counting"
    text = text_of("bib", boats, boats, boats)
    assert [entry.partition(",")[0] for entry in text.split("@article{")[1:]] == [
        "vanderberg2023counting", "vanderberg2023countinga", "vanderberg2023countingb",
    ]  # fmt: skip
    assert key_of(replace(boats, people=(person("王小明"),), title="关于", when=None)) == "p7"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Scaling BERT and iPhone on $O(n)$ graphs", "Scaling {BERT} and {iPhone} on {$O(n)$} graphs"),
        ("A study of German verbs: The case", "A study of {German} verbs: The case"),
        ("A Study of German Verbs", "A Study of German Verbs"),
        ("Costs of $5 to $10 & more", r"Costs of \$5 to \$10 \& more"),
        ("GPT-3: what now?", "{GPT-3}: what now?"),
    ],
)
def test_titles_keep_their_capitals_and_formulas(title: str, written: str) -> None:
    assert title_tex(title) == written


def test_ris_lines_are_tags_whatever_a_text_says() -> None:
    text = text_of("ris", replace(FULL, title="One\r\nER  - \r\nTY  - JOUR", precision="month"))
    assert text.count("\r\n") == text.count("\n")
    assert text.startswith("TY  - JOUR\r\n")
    assert text.count("\r\nER  - \r\n") == 1
    assert "DA  - 2023/06//\r\n" in text


def test_csl_is_one_array_with_parts_of_dates_as_far_as_known() -> None:
    assert json.loads(text_of("csl.json")) == []
    (item,) = json.loads(text_of("csl.json", replace(FULL, precision="month", retraction="Retracted.")))
    assert item["issued"] == {"date-parts": [[2023, 6]]}
    assert item["author"][0] == {"family": "van der Berg", "given": "Ada", "suffix": "Jr."}
    assert item["author"][1] == {"literal": "The Example Collaboration"}
    assert (item["status"], item["note"]) == ("retracted", "Retracted.")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://evil.example")'])
def test_no_cell_is_a_formula(title: str) -> None:
    text = text_of("csv", replace(FULL, title=line(title), cited_by_count=0))
    assert text.startswith("\ufeffid,title,")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["title"] == f"'{line(title)}"
    assert row["authors"] == "Ada van der Berg Jr.; The Example Collaboration; Plato; 王小明"
    assert (row["date"], row["citations"], row["url"]) == ("2023-06-28", "0", FULL.url)


def test_what_is_not_known_stays_empty() -> None:
    bare = Item(id="P1", url="https://site.example/papers/P1/", title="[untitled]")
    (row,) = csv.DictReader(io.StringIO(text_of("csv", bare).removeprefix("\ufeff")))
    assert (row["citations"], row["year"], row["date"]) == ("", "", "")
    assert "year" not in text_of("bib", bare)
    assert "[untitled]" in text_of("ris", bare)


@pytest.mark.parametrize("form", [form for form in FORMATS.values() if not form.of_records], ids=lambda form: form.suffix)
def test_every_format_says_where_the_record_is_and_that_it_was_retracted(form: Format) -> None:
    text = "".join(form.write([replace(FULL, retraction="Retracted on 1 May 2024.")]))
    assert FULL.url in text
    assert "Retracted on 1 May 2024." in text or form.suffix == "csv"
    assert "retracted" in text.lower()
