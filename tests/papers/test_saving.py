"""Records of papers and institutions in the database: matched, written, brought up to date, nothing taken back."""

from typing import Any

import pytest

from authors.curation.provenance import record_edit
from papers.models import (
    Authorship,
    Paper,
    PaperIdentifier,
)
from tests.payloads import author, counts, import_works, payload, remarks, work

pytestmark = pytest.mark.django_db

TITLE = "A Grammar of Nowhere: Parsing Languages That Nobody Speaks"


def only_paper() -> Paper:
    return Paper.objects.get()


def institutions_of(paper: Paper) -> set[str]:
    return set(paper.paper_institutions.values_list("institution__name", flat=True))


# --- new, updated, unchanged ---------------------------------------------------------------------------------------------


def test_everything_a_work_says_is_stored() -> None:
    run = import_works(payload("openalex-work"))
    assert (counts(run), remarks(run)) == ((1, 0, 0, 0), [])
    paper = only_paper()
    assert (paper.title, paper.year, paper.date_precision, paper.state) == (TITLE, 2021, "day", "published")
    assert (paper.cited_by_count, paper.citations_source, str(paper.citations_as_of)) == (12, "openalex", "2024-05-06")
    assert (paper.authors_count, paper.authors_complete) == (2, True)
    assert paper.venue is not None
    assert (paper.venue.name, paper.venue.type, paper.venue.publisher) == (
        "Journal of Invented Results",
        "journal",
        "Imaginary Press",
    )
    assert list(paper.counts_by_year.values_list("year", "count", "source")) == [(2022, 5, "openalex"), (2023, 7, "openalex")]
    assert institutions_of(paper) == {"University of Examples", "Fixture Laboratories"}
    first = paper.authorships.get(position=1)
    assert (first.raw_name, first.is_corresponding, first.author.display_name) == ("A. Testwright", True, "Ada Testwright")
    assert [(part.raw, part.institution.name) for part in first.affiliations.all()] == [
        ("Dept. of Samples, University of Examples, Nowhere", "University of Examples"),
        ("Fixture Laboratories, Elsewhere", "Fixture Laboratories"),
    ]
    assert paper.versions.count() == 2
    assert paper.keywords == ["Grammar of Invented Languages", "Parsing"]


def test_the_additional_keys_are_stored() -> None:
    import_works(payload("plain-work"))
    paper = only_paper()
    assert (paper.primary_category_id, paper.primary_category_origin) == ("cs.LG", "source")
    assert [row.category_id for row in paper.further_categories.all()] == ["stat.ML"]
    assert (paper.has_code, paper.authors_complete, paper.track, paper.acceptance) == (True, False, "main", "Poster")
    assert paper.authorships.get(position=2).profile_position == 2
    assert paper.paper_institutions.filter(of_whole_paper=True).get().institution.name == "fixturelabs"
    assert paper.cited_by_count is None


def test_a_second_run_changes_nothing_and_says_so() -> None:
    works = [payload("openalex-work"), payload("plain-work"), work("Poster", "Ada Testwright"), work("", id="bare")]
    assert counts(import_works(*works)) == (4, 0, 0, 0)
    before = list(Paper.objects.order_by("pk").values())
    assert counts(import_works(*works)) == (0, 0, 4, 0)
    assert list(Paper.objects.order_by("pk").values()) == before


def test_a_changed_record_of_the_same_source_changes_what_it_gave() -> None:
    import_works(work(TITLE, "Ada Testwright", id="1", abstract="Old.", publication_date="2021"))
    run = import_works(
        work(TITLE + "!", "Ada Testwright", id="1", abstract="New.", publication_date="2021-01-01", language="en")
    )
    assert counts(run) == (0, 1, 0, 0)
    paper = only_paper()
    assert (paper.title, paper.abstract, paper.language) == (TITLE + "!", "New.", "en")
    assert (str(paper.published), paper.date_precision) == ("2021-01-01", "day")


def test_another_source_fills_what_is_empty_and_changes_nothing() -> None:
    import_works(work(TITLE, "Ada Testwright", doi="10.5555/x", id="1", language="en"), source="one")
    run = import_works(
        work(TITLE.upper(), "Ada Testwright", doi="10.5555/x", id="a", language="nl", abstract="Filled."), source="two"
    )
    assert counts(run) == (0, 1, 0, 0)
    paper = only_paper()
    assert (paper.title, paper.language, paper.abstract) == (TITLE, "en", "Filled.")
    assert set(paper.identifiers.values_list("scheme", "value")) == {
        ("doi", "10.5555/x"),
        ("source:one", "1"),
        ("source:two", "a"),
    }
    import_works(work(TITLE, "Ada Testwright", doi="10.5555/x", id="1", abstract="Not the owner."), source="one")
    assert only_paper().abstract == "Filled."


def test_a_record_that_has_less_to_say_takes_nothing_back() -> None:
    import_works(payload("plain-work"))
    bare = {"id": "nowhere2022/41", "title": "Counting Sheep with Neural Networks"}
    assert counts(import_works(bare)) == (0, 0, 1, 0)
    paper = only_paper()
    assert paper.abstract
    assert paper.links.count() == 2
    assert paper.authorships.count() == 2


@pytest.mark.parametrize(
    ("field", "column", "value"),
    [
        ("title", "title", "Mended by Hand, a Title of Enough Letters"),
        ("language", "language", "xx"),
        ("abstract", "abstract", ""),
    ],
)
def test_what_an_editor_touched_stays(field: str, column: str, value: str) -> None:
    first = work(TITLE, "Ada Testwright", id="1", language="en", abstract="Given.")
    import_works(first)
    paper = only_paper()
    Paper.objects.filter(pk=paper.pk).update(**{column: value})
    record_edit(kind="P", record_id=paper.pk, fields=[field])
    import_works(first | {"title": TITLE + " Again", "language": "nl", "abstract": "Changed."})
    assert getattr(only_paper(), column) == value


@pytest.mark.parametrize(
    ("lock", "key", "value", "relation"),
    [
        ("links", "code_url", "https://code.example.org/new", "links"),
        ("identifiers", "doi", "10.5555/new", "identifiers"),
        ("categories", "categories", ["cs.CL"], "further_categories"),
        ("institutions", "institutions", ["Fixture Laboratories"], "paper_institutions"),
        ("counts_by_year", "counts_by_year", [{"year": 2020, "cited_by_count": 1}], "counts_by_year"),
        ("authorships", "authorships", [author("Somebody Else")], "authorships"),
    ],
)
def test_what_an_editor_touched_stays_in_collections(lock: str, key: str, value: Any, relation: str) -> None:
    first = work(TITLE, "Ada Testwright", id="1")
    import_works(first)
    paper = only_paper()
    before = list(getattr(paper, relation).values())
    record_edit(kind="P", record_id=paper.pk, fields=[lock])
    import_works(first | {key: value})
    assert list(getattr(paper, relation).values()) == before


# --- matching --------------------------------------------------------------------------------------------------------------


def test_matched_by_identifier() -> None:
    import_works(work(TITLE, "Ada Testwright", doi="https://doi.org/10.5555/X"), source="one")
    import_works(work("A Grammar of Nowhere", "A. Testwright", ids={"doi": "10.5555/x"}, publication_year=2022), source="two")
    assert only_paper().title == TITLE


def test_matched_by_fingerprint() -> None:
    import_works(work(TITLE, "Ada Testwright", id="1"), source="one")
    import_works(work(TITLE.upper(), "Testwright, Ada", id="2"), source="two")
    assert only_paper().identifiers.count() == 2


def test_short_titles_of_different_records_stay_apart() -> None:
    import_works(work("Poster", "Ada Testwright", id="1"), work("Poster", "Ada Testwright", id="2"))
    assert Paper.objects.count() == 2


def test_an_identifier_of_a_whole_book_is_disputed_on_all_its_chapters() -> None:
    chapters = [
        work("Counting Sheep in the Dark", "Ada Testwright", id="1", doi="10.5555/book"),
        work("Parsing Languages of Nowhere", "Ada Testwright", id="2", doi="10.5555/book"),
        work("A History of Invented Results", "Bram Exemplar", id="3", doi="10.5555/book"),
    ]
    run = import_works(*chapters)
    assert counts(run) == (3, 0, 0, 0)
    assert list(PaperIdentifier.objects.filter(scheme="doi").values_list("disputed", flat=True)) == [True] * 3
    reason = "doi:10.5555/book also stands on “Counting Sheep in the Dark”; both papers kept, the value disputed"
    assert remarks(run) == [(2, "ids", reason), (3, "ids", reason)]
    assert counts(import_works(*chapters)) == (0, 0, 3, 0)


def test_a_later_chapter_disputes_the_book_too() -> None:
    import_works(work("Counting Sheep in the Dark", "Ada Testwright", id="1", doi="10.5555/book"))
    import_works(work("Parsing Languages of Nowhere", "Bram Exemplar", id="2", doi="10.5555/book"))
    assert list(PaperIdentifier.objects.filter(scheme="doi").values_list("disputed", flat=True)) == [True, True]
    import_works(work("Parsing Languages of Nowhere", "Bram Exemplar", doi="10.5555/book", abstract="Found again."), source="b")
    assert Paper.objects.get(title__startswith="Parsing").abstract == "Found again."
    assert Paper.objects.count() == 2


def test_an_update_may_bring_an_identifier_that_another_paper_has() -> None:
    import_works(work("Counting Sheep in the Dark", "Ada Testwright", id="1", doi="10.5555/book"))
    import_works(work("Parsing Languages of Nowhere", "Bram Exemplar", id="2"))
    run = import_works(work("Parsing Languages of Nowhere", "Bram Exemplar", id="2", doi="10.5555/book"))
    assert counts(run) == (0, 1, 0, 0)
    assert list(PaperIdentifier.objects.filter(scheme="doi").values_list("disputed", flat=True)) == [True, True]


def test_one_id_on_two_different_records_keeps_both() -> None:
    run = import_works(
        work("Counting Sheep in the Dark", "Ada Testwright", id="7"), work("Parsing Nowhere", "Bram Exemplar", id="7")
    )
    assert counts(run) == (2, 0, 0, 0)
    assert PaperIdentifier.objects.filter(scheme="source:test", disputed=True).count() == 2
    assert len(remarks(run)) == 1


def test_records_that_share_an_identifier_and_say_nothing_else_are_two() -> None:
    run = import_works({"id": "a", "doi": "10.5555/x", "abstract": "One."}, {"id": "b", "doi": "10.5555/x", "abstract": "Two."})
    assert counts(run) == (2, 0, 0, 0)
    assert PaperIdentifier.objects.filter(scheme="doi", disputed=True).count() == 2


def test_a_paper_that_an_editor_retitled_is_found_by_the_sources_id_whoever_is_named_first() -> None:
    import_works(work(TITLE, "Ada Testwright", "Bram Exemplar", id="1"))
    paper = only_paper()
    Paper.objects.filter(pk=paper.pk).update(title="What editors call it")
    record_edit(kind="P", record_id=paper.pk, fields={"title"})
    run = import_works(work(TITLE, "Bram Exemplar", "Ada Testwright", id="1", cited_by_count=7))
    assert counts(run) == (0, 1, 0, 0)
    assert (only_paper().title, only_paper().cited_by_count) == ("What editors call it", 7)


def test_a_retitled_record_is_found_by_its_own_id() -> None:
    import_works(work("Working Title of the Paper", "Ada Testwright", id="1"))
    import_works(work("Something Else Altogether Now", "Ada Testwright", id="1"))
    assert only_paper().title == "Something Else Altogether Now"


def test_duplicates_inside_one_batch_become_one_paper() -> None:
    run = import_works(
        work(TITLE, "Ada Testwright", id="1", doi="10.5555/x"),
        work(TITLE, "Ada Testwright", id="2", doi="10.5555/x", abstract="Only here."),
        work(TITLE, "Ada Testwright", id="1", doi="10.5555/x"),
    )
    assert counts(run) == (1, 1, 1, 0)
    assert only_paper().abstract == "Only here."


def test_what_an_update_brings_is_known_to_the_next_record_of_the_batch() -> None:
    import_works(work(TITLE, "Ada Testwright", id="1"))
    import_works(
        work(TITLE, "Ada Testwright", id="1", doi="10.5555/x"),
        work(TITLE, "Ada Testwright", doi="10.5555/x", publication_year=1999),
    )
    assert only_paper().year == 2021
    assert not PaperIdentifier.objects.filter(disputed=True).exists()


def test_a_bad_line_that_comes_twice_is_reported_twice() -> None:
    run = import_works({"nothing": 1}, {"nothing": 1}, work("Poster"))
    assert counts(run) == (1, 0, 0, 2)
    assert [line for line, *_ in remarks(run)] == [1, 2]


# --- lists of authors -----------------------------------------------------------------------------------------------------


def test_a_truncated_list_that_is_completed_keeps_who_was_settled() -> None:
    import_works(
        work(TITLE, "Ada Testwright", author("Chidi Sampleson", "profile:chidi"), authors_truncated=True, profile_position=4)
    )
    before = {row.raw_name: row.author_id for row in Authorship.objects.all()}
    Authorship.objects.filter(raw_name="Ada Testwright").update(decided_by="editor")
    import_works(work(TITLE, "Ada Testwright", "Bram Exemplar", "Chidi Sampleson", "A. Testwright"), source="full")
    rows = {row.raw_name: row for row in Authorship.objects.all()}
    assert [row.position for row in rows.values()] == [1, 2, 3, 4]
    assert {name: rows[name].author_id for name in before} == before
    assert (rows["Ada Testwright"].decided_by, rows["Chidi Sampleson"].profile_position) == ("editor", 4)
    assert rows["A. Testwright"].author_id != rows["Ada Testwright"].author_id, "nobody stands on one paper twice"
    assert only_paper().authors_complete


def test_a_truncated_list_never_replaces_a_complete_one() -> None:
    import_works(work(TITLE, "Ada Testwright", id="1", authors_truncated=True))
    import_works(work(TITLE, "Ada Testwright", "Bram Exemplar", id="2"), source="full")
    import_works(work(TITLE, "Ada Testwright", id="1", authors_truncated=True, abstract="Changed."))
    assert (only_paper().authors_count, only_paper().authors_complete) == (2, True)


def test_a_line_that_an_editor_left_unresolved_stays_so() -> None:
    import_works(work(TITLE, "Ada Testwright", id="1"))
    Authorship.objects.update(author=None, decided_by="editor")
    import_works(work(TITLE, "Ada Testwright", "Bram Exemplar", id="1"))
    ada = Authorship.objects.get(position=1)
    assert (ada.author, ada.decided_by) == (None, "editor")


def test_new_affiliations_of_the_same_people_are_taken_in() -> None:
    import_works(work(TITLE, author("Ada Testwright"), id="1"))
    settled = Authorship.objects.get().author
    run = import_works(work(TITLE, author("Ada Testwright", "", "Fixture Laboratories"), id="1"))
    assert counts(run) == (0, 1, 0, 0)
    row = Authorship.objects.get()
    assert row.author == settled
    assert row.affiliations.get().institution.name == "Fixture Laboratories"
    import_works(work(TITLE, author("Ada Testwright", "", "Placeholder College"), id="1"))
    assert institutions_of(only_paper()) == {"Placeholder College"}


def test_a_profile_brings_its_own_order_to_a_paper_that_is_there() -> None:
    import_works(work(TITLE, "Ada Testwright", "Bram Exemplar"))
    profile = work(TITLE, author("Ada Testwright", "profile:ada"), authors_truncated=True, profile_position=3)
    assert counts(import_works(profile, source="seed")) == (0, 1, 0, 0)
    row = Authorship.objects.get(position=1)
    assert row.profile_position == 3
    assert row.author.identifiers.filter(scheme="profile", value="ada").exists()
