"""What the tests of the API share: asking, and records with every part filled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from authors.models import Affiliation, Author, AuthorIdentifier, AuthorName, Institution, InstitutionIdentifier
from papers.affiliating import keep_paper_institutions
from papers.metrics.refreshing import refresh_authors
from papers.models import CitationsInYear, Paper, PaperCategory, PaperFigure, PaperIdentifier, PaperLink
from tests.factories import make_author, make_authorship, make_category, make_institution, make_paper, make_venue


def get(client: Any, path: str, **headers: str) -> Any:
    return client.get(f"/api/v1/{path}", headers=headers)


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """So many questions to the database; PostgreSQL is told besides how to go about some of them."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    assert len(asked) <= number, asked


def titles(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [record["title"] for record in response.json()["results"]]


def refusal(response: Any, status: int = 400) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "instance", "request_id", "errors", "error", "message"}
    assert body["status"] == status
    assert body["message"] == body["detail"]
    return body


def full_paper(number: int = 1) -> Paper:
    institution = make_institution(f"Example Lab {number}", country_code="NZ")
    InstitutionIdentifier.objects.create(institution=institution, scheme="ror", value=f"05gq0298{number}")
    first, second = make_author(f"Ada Testwright {number}"), make_author(f"Bob Exampleman {number}")
    paper = make_paper(
        f"Paper {number}", venue=make_venue(), doi=f"10.5555/{number}", authors=(first,), cited_by_count=5,
        citations_source="openalex", citations_as_of=date(2026, 11, 12), abstract="Words.", volume="7",
    )  # fmt: skip
    make_authorship(paper, second, position=2, institutions=(institution,), is_corresponding=True)
    Paper.objects.filter(pk=paper.pk).update(authors_count=2)
    keep_paper_institutions([paper.pk])
    PaperCategory.objects.create(paper=paper, category=make_category("cs.LG"), origin="source")
    PaperIdentifier.objects.create(paper=paper, scheme="arxiv", value=f"2301.0000{number}")
    PaperLink.objects.create(paper=paper, kind="code", url="https://code.example/one", official=True)
    CitationsInYear.objects.create(paper=paper, year=2023, count=2, source="openalex")
    CitationsInYear.objects.create(paper=paper, year=2024, count=3, source="openalex")
    CitationsInYear.objects.create(paper=paper, year=2024, count=9, source="elsewhere")
    PaperFigure.objects.create(
        subject=paper, name="novelty", origin="computed", value=64, method="novelty-tfidf", version="2", n=10,
        parts={"distance": 0.47}, as_of=date(2026, 11, 12),
    )  # fmt: skip
    PaperFigure.objects.create(subject=paper, name="ai_score", origin="computed", reason="fewer than two parts")
    return paper


def full_author(number: int = 1) -> Author:
    author = make_author(f"Ada Testwright {number}")
    AuthorIdentifier.objects.create(author=author, scheme="openalex", value=f"A{number}")
    AuthorName.objects.create(author=author, name="A. Testwright")
    AuthorName.objects.create(author=author, name="Former Name", public=False)
    Affiliation.objects.create(author=author, institution=full_institution(number), start_year=2020)
    paper = make_paper(authors=(author,), cited_by_count=12, citations_source="openalex")
    make_paper(authors=(author,), published=date(2020, 1, 1))
    CitationsInYear.objects.create(paper=paper, year=2024, count=7, source="openalex")
    CitationsInYear.objects.create(paper=paper, year=2024, count=99, source="elsewhere")
    refresh_authors([author.pk])
    return author


def full_institution(number: int = 1) -> Institution:
    parent = make_institution(f"Example University {number}")
    institution = make_institution(f"Example Lab {number}", country_code="NZ", kind="facility", parent=parent)
    InstitutionIdentifier.objects.create(institution=institution, scheme="ror", value=f"05gq0298{number}")
    make_paper(institutions=(institution,))
    return institution
