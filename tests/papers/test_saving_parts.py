"""References, figures, venues and categories of papers as imports write them."""

from typing import Any

import pytest

from papers.models import (
    Citation,
    CitationsInYear,
    Paper,
    PaperFigure,
    PaperLink,
    PendingReference,
    Venue,
)
from tests.payloads import author, import_works, payload, remarks, work

pytestmark = pytest.mark.django_db

TITLE = "A Grammar of Nowhere: Parsing Languages That Nobody Speaks"
OPENALEX = "https://openalex.org/"


def only_paper() -> Paper:
    return Paper.objects.get()


# --- references and figures -------------------------------------------------------------------------------------------------


def test_references_wait_until_the_cited_paper_arrives() -> None:
    import_works(
        work("The Citing Paper", "Ada Testwright", id=OPENALEX + "W2", referenced_works=[OPENALEX + "W1", OPENALEX + "W3"])
    )
    assert PendingReference.objects.count() == 2
    import_works(work("The Cited Paper", "Bram Exemplar", id=OPENALEX + "W1", referenced_works=[OPENALEX + "W2"]))
    pairs = set(Citation.objects.values_list("citing__title", "cited__title"))
    assert pairs == {("The Citing Paper", "The Cited Paper"), ("The Cited Paper", "The Citing Paper")}
    assert [row.value for row in PendingReference.objects.all()] == ["W3"]


def test_a_work_that_cites_itself_does_not() -> None:
    import_works(work("The Citing Paper", "Ada Testwright", id=OPENALEX + "W2", referenced_works=[OPENALEX + "W2"]))
    assert not Citation.objects.exists()


def test_references_in_one_batch_work_in_both_directions_and_twice() -> None:
    works = [
        work("First of the Papers", "Ada Testwright", id=OPENALEX + "W1", referenced_works=[OPENALEX + "W2", OPENALEX + "W2"]),
        work("Second of the Papers", "Bram Exemplar", id=OPENALEX + "W2", referenced_works=[OPENALEX + "W1"]),
    ]
    import_works(*works)
    import_works(*[given | {"language": "en"} for given in works])
    assert Citation.objects.count() == 2


def test_a_disputed_identifier_does_not_say_who_is_cited() -> None:
    import_works(work("The Citing Paper", "Ada Testwright", id=OPENALEX + "W9", referenced_works=[OPENALEX + "W1"]))
    import_works(
        work("Counting Sheep in the Dark", "Bram Exemplar", id=OPENALEX + "W1"),
        work("Nothing Alike", "C. Sampleson", id=OPENALEX + "W1"),
    )
    assert not Citation.objects.exists()
    assert PendingReference.objects.count() == 1


def test_the_citation_count_shown_follows_the_order_of_sources(settings: Any) -> None:
    settings.CITATION_SOURCES = ["openalex", "crossref"]
    same = {"title": TITLE, "doi": "10.5555/x", "publication_year": 2021, "authorships": [author("Ada Testwright")]}
    import_works(same | {"cited_by_count": 5}, source="crossref")
    import_works(same | {"cited_by_count": 3}, source="crawl")
    assert (only_paper().cited_by_count, only_paper().citations_source) == (5, "crossref")
    import_works(same | {"id": OPENALEX + "W1", "cited_by_count": 9})
    assert (only_paper().cited_by_count, only_paper().citations_source) == (9, "openalex")
    assert set(PaperFigure.objects.values_list("source", "value")) == {("crawl", 3), ("crossref", 5)}
    import_works(same | {"id": OPENALEX + "W1", "cited_by_count": 11})
    assert only_paper().cited_by_count == 11


def test_counts_by_year_are_updated_in_place() -> None:
    value = payload("openalex-work")
    import_works(value)
    value["counts_by_year"] = [{"year": 2023, "cited_by_count": 8}, {"year": 2024, "cited_by_count": 1}]
    import_works(value)
    assert list(CitationsInYear.objects.values_list("year", "count")) == [(2022, 5), (2023, 8), (2024, 1)]


def test_what_a_retracted_paper_cites_is_cited_once_less() -> None:
    citing = work("The Citing Paper", "Ada Testwright", id=OPENALEX + "W2", referenced_works=[OPENALEX + "W1"])
    import_works(work("The Cited Paper", "Bram Exemplar", id=OPENALEX + "W1"), citing)
    cited = Paper.objects.get(title="The Cited Paper")
    assert cited.cited_by_count == 1
    import_works(citing | {"is_retracted": True})
    cited.refresh_from_db()
    assert cited.cited_by_count is None


# --- venues and categories ------------------------------------------------------------------------------------------------


def at(venue: str, **source: Any) -> dict[str, Any]:
    return {"primary_location": {"source": {"display_name": venue, **source}}}


def test_the_venues_category_gives_way_to_a_sources() -> None:
    import_works(work(TITLE, "Ada Testwright", id="1", **at("ICLR 2022")), source="one")
    assert (only_paper().primary_category_id, only_paper().primary_category_origin) == ("cs.LG", "venue")
    import_works(work(TITLE, "Ada Testwright", id="2", primary_category="stat.ML", **at("ICLR 2022")), source="two")
    assert (only_paper().primary_category_id, only_paper().primary_category_origin) == ("stat.ML", "source")
    import_works(work(TITLE, "Ada Testwright", id="3", **at("ICLR 2022")), source="three")
    assert only_paper().primary_category_origin == "source"


def test_an_unknown_category_is_said() -> None:
    run = import_works(work(TITLE, "Ada Testwright", primary_category="cs.XX", categories=["cs.CL", "x.y"]))
    assert only_paper().primary_category is None
    assert remarks(run) == [
        (1, "categories", "'cs.XX' is not a category of this catalogue; left out"),
        (1, "categories", "'x.y' is not a category of this catalogue; left out"),
    ]


def test_a_venue_is_found_by_identifier_else_by_name() -> None:
    import_works(
        work("First of the Papers", **at("Journal of Results", issn_l="1234-5679")),
        work("Second of the Papers", **at("J. Results", issn_l="1234-5679")),
        work("Third of the Papers", **at("JOURNAL of results")),
        work("Fourth of the Papers", **at("Another Journal")),
    )
    assert list(Venue.objects.order_by("pk").values_list("name", flat=True)) == ["Journal of Results", "Another Journal"]


def test_links_are_not_doubled() -> None:
    import_works(work(TITLE, "Ada Testwright", id="1", code_url="https://code.example.org/x"), source="one")
    import_works(work(TITLE, "Ada Testwright", id="2", code_url="https://code.example.org/x"), source="two")
    assert PaperLink.objects.filter(kind="code").count() == 1
