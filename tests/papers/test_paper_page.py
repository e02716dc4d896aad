"""A paper's own page, and its old and wrong addresses, as a visitor meets them."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from authors.curation.models import Provenance
from authors.curation.redirects import leave_redirect
from papers import own_style
from papers.models import (
    Authorship,
    AuthorshipAffiliation,
    CitationsInYear,
    Paper,
    PaperFigure,
    PaperIdentifier,
    PaperLink,
    PaperVersion,
)
from tests.factories import make_author, make_institution, make_paper, make_venue

pytestmark = pytest.mark.django_db


def page_of(client: Client, paper: Paper) -> str:
    answer = client.get(paper.get_absolute_url())
    assert answer.status_code == 200
    return answer.text


def in_order(text: str, *wanted: str) -> bool:
    at = 0
    for part in wanted:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


@pytest.fixture
def rich() -> Paper:
    """A paper of which everything is known."""
    ada, institute = make_author("Ada Testwright"), make_institution("Example Institute", tag="example")
    paper = make_paper(
        "Bounds on $\\alpha$", authors=(ada,), institutions=(institute,), venue=make_venue("Journal of Examples"), volume="12",
        issue="3", first_page="101", last_page="131", abstract="See https://example.org/code.", doi="10.1234/example",
        cited_by_count=1203, citations_source="openalex", citations_as_of=date(2026, 11, 12), keywords=["tests"],
        licence="cc-by", open_access="gold",
    )  # fmt: skip
    AuthorshipAffiliation.objects.create(authorship=paper.authorships.get(), raw="Dept. of Tests, Example Inst.")
    PaperIdentifier.objects.create(paper=paper, scheme="openalex", value="W1", disputed=True)
    PaperLink.objects.create(paper=paper, kind="pdf", url="https://example.org/paper.pdf")
    PaperLink.objects.create(paper=paper, kind="code", url="https://example.org/code", official=True)
    PaperVersion.objects.create(paper=paper, kind="submittedVersion", where="Example Archive", url="https://example.org/v1")
    PaperFigure.objects.create(subject=paper, name="novelty", origin="reported", source="somebody", value=64)
    for year, count in ((2023, 200), (2024, 1003)):
        CitationsInYear.objects.create(paper=paper, year=year, count=count, source="openalex")
    Provenance.objects.create(kind="P", record_id=paper.pk, source="editor", given_at=timezone.now(), fields=["title"])
    return paper


def test_everything_known_is_on_the_page(client: Client, rich: Paper) -> None:
    page = page_of(client, rich)
    head = (
        "<title>Bounds on α · Bylines</title>",
        'rel="canonical"',
        ">CL</a>",
        "Jun 28, 2023",
        "Journal of Examples</a>, volume 12",
    )
    title = (
        "issue 3",
        "pages 101–131",
        "<h1><bdi>Bounds on <math",
        "Ada Testwright</a>",
        ">example</a>",
        "Dept. of Tests, Example Inst.",
    )
    body = (
        ">DOI</a>",
        ">PDF</a>",
        "Code <",
        "official",
        "https://example.org/code</a>.",
        "Novelty",
        "64%",
        "reported by somebody",
        "AI Score",
        "not scored yet",
        "1,203",
        "reported by openalex, 12 Nov 2026",
    )
    aside = (
        "Citations per year",
        '<td class="number">200</td>',
        "10.1234/example",
        "disputed",
        "Example Archive",
    )
    end = ("preprint", "gold", "cc-by", "tests", "Corrected by an editor")
    assert in_order(page, *head, *title, *body, *aside, *end)


def test_what_is_unknown_is_said_to_be_unknown(client: Client) -> None:
    page = page_of(client, Paper.objects.create(title=""))
    assert in_order(
        page, "[untitled]", "No authors are known.", "No abstract is known.", "unknown", "No source has reported a count."
    )


def test_a_retraction_stands_first(client: Client) -> None:
    paper = make_paper(
        "A Claim", is_retracted=True, retraction_notice="https://example.org/notice", retracted_on=date(2024, 2, 1)
    )
    assert in_order(
        page_of(client, paper), "This paper was retracted", "1 February 2024", "https://example.org/notice", "<h1><bdi>A Claim"
    )


def test_addresses_that_browsers_must_not_follow_are_no_links(client: Client) -> None:
    paper = make_paper(is_retracted=True, retraction_notice="javascript:alert(1)")
    PaperLink.objects.create(paper=paper, kind="pdf", url="javascript:alert(2)")
    PaperVersion.objects.create(paper=paper, where="Somewhere", url="data:text/html,x")
    page = page_of(client, paper)
    assert "javascript:" not in page
    assert "data:text" not in page


def test_three_thousand_authors_stay_readable(client: Client, django_assert_max_num_queries: Any) -> None:
    paper = make_paper("A Large Collaboration")
    Authorship.objects.bulk_create(Authorship(paper=paper, position=at, raw_name=f"Member {at}") for at in range(1, 3001))
    with django_assert_max_num_queries(20):
        page = page_of(client, paper)
    assert in_order(page, "Member 20<", "and 2,980 more", "<details", "All 3,000 authors", "Member 3000")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_needs_the_same_queries_whatever_it_shows(client: Client, rows: int, django_assert_num_queries: Any) -> None:
    paper = make_paper(
        authors=tuple(make_author() for _ in range(rows)), institutions=tuple(make_institution() for _ in range(rows))
    )
    for authorship in paper.authorships.all():
        AuthorshipAffiliation.objects.create(authorship=authorship, raw="Somewhere", institution=make_institution())
    for number in range(rows):
        PaperIdentifier.objects.create(paper=paper, scheme="source:test", value=str(number))
    own_style.current()
    # Paper, authorships, affiliations, institutions, further categories, identifiers, links, versions, counts by year,
    # figures, provenance; later papers near it, its references, its citing papers; how many references, citing papers and
    # references elsewhere there are; the ORCIDs of its authors, for programs.
    with django_assert_num_queries(18):
        page_of(client, paper)


def test_a_wrong_or_missing_slug_leads_to_the_right_one(client: Client) -> None:
    paper = make_paper("A Good Title")
    for address in (f"/papers/{paper.public_id}/", f"/papers/p{paper.pk}/a-good-title/", f"/papers/{paper.public_id}/é/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, f"/papers/{paper.public_id}/a-good-title/")


@pytest.mark.parametrize("public_id", ["P999999", "A1", "P0", "P" + "9" * 30, "nonsense"])
def test_an_unknown_paper_is_404(client: Client, public_id: str) -> None:
    assert client.get(f"/papers/{public_id}/x/").status_code == 404


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("review", 404), ("withdrawn", 410)])
def test_papers_that_are_not_published(client: Client, state: str, status: int) -> None:
    paper = make_paper("A Secret Title", state=state)
    answer = client.get(paper.get_absolute_url())
    assert answer.status_code == status
    assert "A Secret Title" not in answer.text


def test_old_addresses_answer_for_ever(client: Client) -> None:
    survivor = make_paper("The Survivor")
    leave_redirect(kind="P", old_id=90010000, target_id=survivor.pk, reason="merged")
    leave_redirect(kind="P", old_id=90020000, target_id=None, reason="withdrawn", note="At the authors’ request.")
    merged, withdrawn = client.get("/papers/P90010000/any/"), client.get("/papers/P90020000/any/")
    assert (merged.status_code, merged["Location"]) == (301, survivor.get_absolute_url())
    assert withdrawn.status_code == 410
    assert "At the authors’ request." in withdrawn.text


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_nobody_is_led_to_a_paper_that_is_not_public(client: Client, state: str) -> None:
    survivor = make_paper("A Secret Title", state=state)
    leave_redirect(kind="P", old_id=90010000, target_id=survivor.pk, reason="merged")
    answer = client.get("/papers/P90010000/any/")
    assert answer.status_code == 404
    assert "secret" not in answer.text.casefold()


def test_an_old_address_keeps_its_query(client: Client) -> None:
    paper = make_paper("A Good Title")
    leave_redirect(kind="P", old_id=90010000, target_id=paper.pk, reason="merged")
    for old in ("P90010000", paper.public_id):
        assert client.get(f"/papers/{old}/old/?from=feed")["Location"] == f"{paper.get_absolute_url()}?from=feed"


def test_track_and_acceptance_say_what_they_are(client: Client) -> None:
    assert "Track: main · Accepted as: Poster" in page_of(client, make_paper(track="main", acceptance="Poster"))


@pytest.mark.parametrize("address", ["/", "/papers/", "/papers/P1/", "/papers/P1/x/"])
def test_papers_are_for_reading_only(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_hostile_records_are_shown_as_text(client: Client) -> None:
    bad = "<script>alert(1)</script>"
    paper = make_paper(bad, authors=(make_author(bad),), institutions=(make_institution(bad),), abstract=bad, keywords=[bad],
                       venue=make_venue(bad), publisher=bad, type=bad)  # fmt: skip
    for page in (page_of(client, paper), client.get("/papers/").text, client.get("/").text):
        assert "<script>alert" not in page
