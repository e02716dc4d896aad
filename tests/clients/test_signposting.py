"""Links from a paper's page to what belongs to it, and records as Markdown."""

from datetime import date
from typing import Any

import pytest

from papers.models import Paper, PaperLink
from papers.structured.markdown import escaped
from tests.clients.reading import SITE, Head, page_of, rich_paper
from tests.factories import make_author, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich() -> Paper:
    return rich_paper()


def test_a_papers_page_leads_on(client: Any, rich: Paper) -> None:
    answer = client.get(rich.get_absolute_url())
    for part in (
        '<https://doi.org/10.1234/example>; rel="cite-as"', '<https://schema.org/ScholarlyArticle>; rel="type"',
        '<https://orcid.org/0000-0002-1825-0097>; rel="author"',
        '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
        '<https://example.org/paper.pdf>; rel="item"; type="application/pdf"',
        f'<{SITE}/papers/{rich.public_id}.md>; rel="describedby"; type="text/markdown"',
    ):  # fmt: skip
        assert part in answer["Link"]
    head = Head(answer.text)
    for address in head.linked("describedby") + head.linked("linkset"):
        assert client.get(address.removeprefix(SITE)).status_code == 200, address
    links = client.get(head.linked("linkset")[0].removeprefix(SITE))
    assert links["Content-Type"] == "application/linkset+json"
    (context,) = links.json()["linkset"]
    assert context["anchor"] == SITE + rich.get_absolute_url()
    assert context["cite-as"] == [{"href": "https://doi.org/10.1234/example"}]
    assert {"href": f"{SITE}/papers/{rich.public_id}.bib", "type": "application/x-bibtex"} in context["describedby"]


def test_a_paper_without_doi_is_cited_by_its_lasting_address(client: Any) -> None:
    paper = make_paper()
    (address,) = Head(page_of(client, paper)).linked("cite-as")
    assert address == f"{SITE}/papers/{paper.public_id}/"
    assert client.get(address.removeprefix(SITE)).status_code == 301


def test_headers_stay_short_and_in_one_line(client: Any) -> None:
    people = tuple(make_author(orcid=f"0000-0002-1825-{number:04}") for number in range(40))
    paper = make_paper(authors=people, licence='https://example.org/a>;\r\nSet-Cookie: x="1", <b')
    PaperLink.objects.create(paper=paper, kind="pdf", url="https://example.org/é \r\nX: y.pdf")
    answer = client.get(paper.get_absolute_url())
    assert len(answer["Link"]) < 4000
    assert answer["Link"].isascii()
    assert "\n" not in answer["Link"]
    assert "Set-Cookie" not in answer.headers
    linkset = client.get(f"/papers/{paper.public_id}/linkset.json").json()["linkset"][0]
    assert len(linkset["author"]) == 40


# --- plain text ------------------------------------------------------------------------------------------------------------


def test_a_paper_as_markdown(client: Any, rich: Paper) -> None:
    answer = client.get(f"/papers/{rich.public_id}.md")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert client.get(f"/papers/{rich.public_id}.md", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    for part in ("# Bounds on α & more\n", f"[Ada Testwright]({SITE}/authors/A", "- Date: 2023-06-28\n",
                 "- Venue: Journal of Examples, volume 12, issue 3, pages 101–131\n", "- DOI: <https://doi.org/10.1234/example>\n",
                 "- Citations: unknown\n", "If p \\< 0.05.", "Data licence: [CC0 1.0]"):  # fmt: skip
        assert part in answer.text, part


def test_a_person_as_markdown(client: Any) -> None:
    ada = make_author("Ada Testwright", orcid="0000-0002-1825-0097")
    paper = make_paper("Graphs", authors=(ada,), published=date(2022, 1, 1))
    make_paper("Canary", authors=(ada,), state="draft")
    text = client.get(f"/authors/{ada.public_id}.md").text
    assert "- ORCID: <https://orcid.org/0000-0002-1825-0097>\n" in text
    assert f"- [Graphs]({SITE}/papers/{paper.public_id}.md). Ada Testwright, 2022" in text
    assert "Canary" not in text


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("review", 404), ("withdrawn", 410)])
def test_text_and_links_of_papers_that_are_not_public(client: Any, state: str, status: int) -> None:
    paper = make_paper(state=state)
    for end in (".md", "/linkset.json"):
        assert client.get(f"/papers/{paper.public_id}{end}").status_code == status


def test_markdown_says_what_the_text_says() -> None:
    assert escaped("see https://example.org/a_b_c *now*\n# 1") == "see https://example.org/a_b_c \\*now\\* \\# 1"
    assert escaped("snake_case and _this_") == "snake_case and \\_this\\_"
    assert escaped("1. not a list") == "1\\. not a list"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_rows(client: Any, rows: int, django_assert_max_num_queries: Any) -> None:
    ada = make_author()
    papers = [
        make_paper(authors=(ada, *(make_author(orcid=f"0000-000{rows}-0000-00{n}{m}") for m in range(rows))))
        for n in range(rows)
    ]
    client.get("/")
    with django_assert_max_num_queries(13):  # what the page shows of the paper itself, ORCIDs, ISSNs
        client.get(f"/papers/{papers[0].public_id}.md")
    with django_assert_max_num_queries(14):  # person, names, affiliations, identifiers, figures; count, papers with their cards
        client.get(f"/authors/{ada.public_id}.md")
