"""The admin's first page: what waits and what is missing, each leading to a list of as many."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from authors.curation.models import ImportRun
from papers.models import AuthorshipAffiliation
from tests.admin_forms import fill_in, logged_in
from tests.factories import make_author, make_authorship, make_institution, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def gaps() -> None:
    make_paper("Draft", state="draft")
    make_paper("In review", state="review")
    make_paper("Nothing known", abstract="", category=None, has_code=True)
    paper = make_paper("Whole", abstract="Text.", authors=(make_author(orcid="0000-0002-1825-0097"), make_author()),
                       institutions=(make_institution(),))  # fmt: skip
    line = make_authorship(paper, None, position=3, raw_name="Nobody Known")
    AuthorshipAffiliation.objects.create(authorship=line, raw="Hall 3")
    run = ImportRun.objects.create(kind="P", source="x", file_name="x.jsonl", fingerprint="x", state="done")
    run.problems.create(line=1, reason="no title", skipped=True)


def counts(client: Client) -> dict[str, tuple[str, str]]:
    """By label, the count and where it leads."""
    page = client.get("/admin/").text
    found = re.findall(r'<a href="([^"]+)"><strong>([\d,+]+)</strong> ([^<]+)</a>', page)
    return {label: (count, address.replace("&amp;", "&")) for address, count, label in found}


def test_every_count_leads_to_a_list_of_as_many(gaps: None) -> None:
    client = logged_in("Editors")
    found = counts(client)
    assert {label: count for label, (count, _) in found.items() if count != "0"} == {
        "drafts": "1", "papers in review": "1", "records that imports left out": "1", "papers without abstract": "1",
        "papers without category": "1", "papers without institution": "1", "papers with code but no link to it": "1",
        "names of nobody known": "1", "affiliations of no institution": "1", "people without ORCID": "1",
        "institutions without ROR": "1",
    }  # fmt: skip
    for label, (count, address) in found.items():
        listed = client.get(address).context["cl"]
        shown = [
            row
            for row in listed.result_list
            if getattr(row, "state", "published") in ("published", "draft", "review", "running")
        ]
        states = {"papers without abstract", "papers without category", "papers without institution"}
        if label in states:  # the list shows drafts as well
            shown = [row for row in shown if row.state == "published"]
        assert len(shown) == int(count), label


def test_what_changed_lately_is_told_with_who(gaps: None) -> None:
    client = logged_in("Editors")
    paper = make_paper("Old title")
    fill_in(client, reverse("admin:papers_paper_change", args=[paper.pk]), title="New title")
    page = client.get("/admin/").text
    assert f"Edited paper P{paper.pk} (New title)" in page
    assert "someone-Editors" in page


def test_nothing_is_told_to_who_may_not_look(gaps: None) -> None:
    account = User.objects.create_user("nobody", password="x", is_staff=True)
    client = Client()
    client.force_login(account)
    assert counts(client) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_first_page_do_not_grow(rows: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(rows):
        make_paper(authors=(make_author(),))
    client = logged_in("Senior editors")
    with django_assert_max_num_queries(30):
        assert client.get("/admin/").status_code == 200
