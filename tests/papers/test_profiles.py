"""What a profile says beside its papers: the rule of header figures, counts, people and affiliations."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authors.models import Affiliation, Author, AuthorName
from papers import profiles
from papers.affiliating import keep_paper_institutions
from papers.metrics.refreshing import refresh_authors, refresh_institutions_of, refresh_paper
from papers.models import AuthorFigure, InstitutionFigure
from tests.factories import make_author, make_authorship, make_institution, make_paper

pytestmark = pytest.mark.django_db


def reported(author: Author, name: str, value: float | None, *, source: str = "profile", as_of: date | None = None) -> None:
    AuthorFigure.objects.create(subject=author, name=name, origin="reported", source=source, value=value, as_of=as_of)


def figures(author: Author) -> dict[str, profiles.ShownFigure]:
    return profiles.author_figures(Author.objects.get(pk=author.pk))


def test_a_reported_figure_comes_first_and_says_what_the_catalogue_computes() -> None:
    ada = make_author()
    make_paper(authors=(ada,), cited_by_count=7)
    make_paper(authors=(ada,))
    reported(ada, "papers", 23, as_of=date(2026, 11, 23))
    reported(ada, "citations", 93653, as_of=date(2026, 11, 23))
    papers, citations = figures(ada)["papers"], figures(ada)["citations"]
    assert (papers.text, papers.note) == ("23", "reported by profile, 23 Nov 2026 · 2 of 23 known here")
    assert citations.text == "93,653"
    assert citations.note == "reported by profile, 23 Nov 2026 · computed here: 7 over 1 of 2 papers"


def test_a_report_equal_to_the_count_stands_alone() -> None:
    ada = make_author()
    make_paper(authors=(ada,))
    reported(ada, "papers", 1)
    assert figures(ada)["papers"].note == "reported by profile"


def test_the_newest_of_several_reports_is_shown() -> None:
    ada = make_author()
    reported(ada, "citations", 10, source="old", as_of=date(2020, 1, 1))
    reported(ada, "citations", 20, source="new", as_of=date(2024, 1, 1))
    reported(ada, "citations", None, source="newest", as_of=date(2025, 1, 1))
    assert figures(ada)["citations"].text == "20"


def test_computed_figures_say_over_how_many_papers() -> None:
    ada = make_author()
    make_paper(authors=(ada,), cited_by_count=1200, published=date(2019, 1, 2))
    make_paper(authors=(ada,), published=date(2023, 1, 2))
    shown = figures(ada)
    assert (shown["papers"].text, shown["papers"].note) == ("2", "2019 to 2023")
    assert (shown["citations"].text, shown["citations"].note) == ("1,200", "over 1 of 2 papers")
    assert (shown["h_index"].text, shown["h_index"].note) == ("1", "i10 1 · over 1 of 2 papers")


def test_unknown_is_unknown_and_a_missing_score_says_why() -> None:
    ada = make_author()
    make_paper(authors=(ada,))
    AuthorFigure.objects.create(subject=ada, name="ai_score", origin="computed", reason="fewer than 3 papers")
    shown = figures(ada)
    assert (shown["citations"].text, shown["citations"].note) == ("", "no count is known for its 1 paper")
    assert (shown["novelty"].text, shown["novelty"].note) == ("", "not scored yet")
    assert (shown["ai_score"].text, shown["ai_score"].note) == ("", "fewer than 3 papers")
    assert figures(make_author())["papers"].value is None


def test_no_citation_at_all_is_zero_when_it_is_known() -> None:
    ada = make_author()
    make_paper(authors=(ada,), cited_by_count=0)
    assert figures(ada)["citations"].text == "0"


def test_scores_are_rounded_half_up() -> None:
    ada = make_author()
    reported(ada, "novelty", 58.5)
    reported(ada, "ai_score", 36.5)
    assert (figures(ada)["novelty"].text, figures(ada)["ai_score"].text) == ("59%", "37")


def test_an_institution_shows_scores_only_where_there_are_some() -> None:
    institute = make_institution()
    make_paper(institutions=(institute,))
    assert list(profiles.institution_figures(institute)) == ["papers", "citations", "people"]
    InstitutionFigure.objects.create(subject=institute, name="novelty", origin="reported", value=50, source="profile")
    assert profiles.institution_figures(institute)["novelty"].text == "50%"


def test_coauthors_come_with_joint_papers_and_without_hidden_people() -> None:
    ada, ben, cyd = make_author("Ada Testwright"), make_author("Ben Testwright"), make_author("Cyd Testwright")
    hidden = make_author("Dee Testwright", visibility="hidden")
    make_paper(authors=(ada, ben, cyd, hidden))
    make_paper(authors=(ada, cyd))
    make_paper(authors=(ada, ben, cyd), is_retracted=True)
    make_paper(authors=(ada, ben, cyd), state="draft")
    found = profiles.coauthors_of(ada)
    assert [(tally.record, tally.papers) for tally in found.rows] == [(cyd, 2), (ben, 1)]
    assert found.total == 2
    assert (len(profiles.coauthors_of(ada, most=1).rows), profiles.coauthors_of(ada, most=1).total) == (1, 2)


def test_affiliations_are_the_recorded_ones_else_those_on_papers() -> None:
    ada, college, lab = make_author(), make_institution("Example College"), make_institution("Example Lab")
    for year in (2019, 2021):
        make_authorship(make_paper(published=date(year, 1, 1)), ada, position=1, institutions=(college,))
    (stay,) = profiles.affiliations_of(ada)
    assert (stay.institution, stay.years, stay.from_papers) == (college, "2019–2021", True)
    Affiliation.objects.create(author=ada, institution=lab, start_year=2022, is_current=True)
    (stay,) = profiles.affiliations_of(ada)
    assert (stay.institution, stay.years, stay.from_papers, stay.has_page) == (lab, "since 2022", False, False)


@pytest.mark.parametrize(("fields", "expected"), [
    ({"is_current": True}, "current"),
    ({"end_year": 2012}, "until 2012"), ({"start_year": 2010, "end_year": 2011}, "2010–2011"),
    ({"start_year": 2010}, "2010–"), ({}, ""),
])  # fmt: skip
def test_years_of_affiliations_read_as_words(fields: dict[str, int], expected: str) -> None:
    ada = make_author()
    Affiliation.objects.create(author=ada, institution=make_institution(), **fields)
    assert profiles.affiliations_of(ada)[0].years == expected


def test_similar_names_are_public_people_with_the_same_family_name_and_initial() -> None:
    ada = make_author("Ada Testwright")
    AuthorName.objects.create(author=ada, name="Zoe Hidden", public=False)
    alan, hidden, zack = (
        make_author("Alan Testwright"),
        make_author("A. Testwright", visibility="hidden"),
        make_author("Z. Hidden"),
    )
    for person in (ada, alan, hidden, zack, make_author("Ben Testwright")):
        make_paper(authors=(person,))
    assert profiles.people_with_similar_names(ada) == [alan]


def test_latest_institutions_prefer_what_is_recorded() -> None:
    ada, ben, cyd = make_author(), make_author(), make_author()
    old, new, recorded = make_institution(), make_institution(), make_institution()
    for person in (ada, ben):
        make_authorship(make_paper(published=date(2015, 1, 1)), person, position=1, institutions=(old,))
        make_authorship(make_paper(published=date(2022, 1, 1)), person, position=1, institutions=(new,))
    Affiliation.objects.create(author=ben, institution=recorded)
    assert profiles.latest_institutions([ada, ben, cyd]) == {ada.pk: new, ben.pk: recorded}


def test_someone_named_only_by_a_retracted_paper_keeps_a_page() -> None:
    ada, ben = make_author(), make_author()
    make_paper(authors=(ada,), is_retracted=True)
    make_paper(authors=(ben,), state="draft")
    refresh_authors([ada.pk, ben.pk])
    assert list(profiles.authors_with_page()) == [ada]


def test_coverage_says_n_of_m() -> None:
    make_paper(abstract="Words.", cited_by_count=0)
    make_paper(category=None)
    make_paper(abstract="Words.", state="draft")
    found = {row.fact: (row.papers, row.of) for row in profiles.coverage()}
    assert found["an abstract"] == found["a primary category"] == found["a citation count"] == (1, 2)


def test_queries_do_not_grow_with_the_papers() -> None:
    ada = make_author()
    counts = []
    for _ in range(3):
        make_authorship(make_paper(authors=(make_author(),)), ada, position=2, institutions=(make_institution(),))
        refresh_authors([ada.pk])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            profiles.coauthors_of(ada)
            profiles.affiliations_of(ada)
            profiles.latest_institutions([ada])
        counts.append(len(queries))
    assert counts == [8, 8, 8]  # co-authors 2, affiliations 3 (none recorded, printed, institutions), latest 3


def test_an_institution_counts_only_people_whom_the_public_may_see() -> None:
    ada, bob = make_author(), make_author()
    institute = make_institution()
    paper = make_paper()
    for position, person in enumerate((ada, bob), start=1):
        make_authorship(paper, person, position=position, institutions=(institute,))
    keep_paper_institutions([paper.pk])
    refresh_paper(paper.pk)
    bob.visibility = Author.Visibility.HIDDEN
    bob.save()
    refresh_institutions_of(bob)
    institute.refresh_from_db()
    assert institute.metrics.authors_count == 1
