"""What an editor reads of an import: before it, after it, and before it is undone."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from authors.curation.changes import ChangeSet
from authors.curation.created import created_ranges
from authors.curation.models import ImportRun
from papers.editing import change_state
from papers.importers import runs
from papers.models import Paper
from tests.admin_forms import fill_in, logged_in
from tests.factories import make_paper
from tests.payloads import author, import_works, work

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]
PAGE = "/admin/authors/importrun/import/"
BIBLIOGRAPHY = """
@article{one, title = {Trees of examples}, author = {Testwright, Ada and Example, Bob and Sample, Cleo and Proof, Dan},
  year = 2019, journal = {Journal of Examples}, doi = {10.1234/one}}
@article{two, title = {Volcanoes under water, in pictures}, author = {Testwright, Ada}, year = 2020, doi = {10.1234/one}}
@misc{three, title = {Nobody's examples}}
"""


@pytest.fixture
def editor(settings: Any, tmp_path: Path) -> Client:
    settings.VAR_DIR = tmp_path
    return logged_in("Senior editors")


def words(page: Any) -> str:
    """The text as it is read, between its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def preview(client: Client, pasted: str) -> str:
    return words(client.post(PAGE, {"kind": "P", "source": "test", "state": "published", "pasted": pasted}))


def test_a_preview_shows_of_new_papers_what_was_understood(editor: Client) -> None:
    told = preview(editor, BIBLIOGRAPHY)
    assert "Trees of examples Ada Testwright, Bob Example, Cleo Sample and 1 more · 2019 · Journal of Examples" in told
    assert "Nobody's examples no author · no year · no venue" in told.replace("&#x27;", "'")
    assert "Adds 3 papers, 1 venue and " in told


def test_a_preview_has_no_changes_of_papers_that_are_not_here_yet(editor: Client) -> None:
    """The two papers claim one DOI, so that importing the second changes the first."""
    assert "What changes" not in preview(editor, BIBLIOGRAPHY)
    assert "disputed" in preview(editor, BIBLIOGRAPHY)


def test_a_preview_still_has_the_changes_of_papers_that_are_here(editor: Client) -> None:
    import_works(work("Trees of examples", "Ada Testwright", id="https://openalex.org/W1", doi="10.1234/one"))
    told = preview(editor, BIBLIOGRAPHY.partition("@article{two")[2].join(["@article{two", ""]))
    assert f"P{Paper.objects.get().pk} identifier" in told.partition("What changes")[2]


def test_the_page_of_an_import_lists_what_came_and_its_undoing_what_goes(editor: Client) -> None:
    run = import_works(work("Trees of examples", author("Ada Testwright", "", "Example Institute"), "Bob Example"))
    change_set = ChangeSet.objects.get(run=run)
    page = editor.get(reverse("admin:authors_changeset_change", args=[change_set.pk]))
    told = words(page)
    for heading in ("1 paper added Trees of examples", "2 authors added Ada Testwright Bob Example", "1 institution added"):
        assert heading in told
    assert reverse("admin:papers_paper_change", args=[Paper.objects.get().pk]) in page.text
    undoing = reverse("admin:authors_changeset_undo", args=[change_set.pk])
    assert "What it added goes: 1 paper, " in words(editor.get(undoing))
    after = words(editor.post(undoing, follow=True))
    assert "is gone; the addresses say so" in after
    assert "Nothing of the record" not in after


def test_the_page_of_a_run_leads_to_what_came_and_says_who(editor: Client) -> None:
    editor.post(PAGE, {"kind": "P", "source": "test", "state": "published", "pasted": BIBLIOGRAPHY})
    run = import_works(work("Trees of examples"))
    told = words(editor.get(reverse("admin:authors_importrun_change", args=[run.pk])))
    assert "See what came, or undo it" in told
    assert told.index("Created count") < told.index("Fingerprint")


@pytest.mark.parametrize("papers", [1, 3])
def test_queries_of_a_preview_do_not_grow(
    editor: Client, papers: int, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = "".join(f"@article{{k{n}, title = {{Examples of {'x' * n} trees}}, year = 2019}}\n" for n in range(1, papers + 1))
    with django_assert_max_num_queries(120):  # the import's own, the same for one batch of whatever length
        assert f"Adds {papers} paper" in preview(editor, records)


def test_batches_that_follow_each_other_are_one_range(monkeypatch: pytest.MonkeyPatch) -> None:
    """A condition for each of the thousands of batches of a large import would be more than SQLite takes."""
    monkeypatch.setattr(runs, "BATCH", 2)
    run = import_works(*(work(f"Examples, part {'x' * n}", id=f"https://openalex.org/W{n}") for n in range(1, 8)))
    assert len(created_ranges(ChangeSet.objects.get(run=run))["papers.paper"]) == 1
    assert ImportRun.objects.get().created_count == 7


def test_what_became_of_records_comes_before_who_gave_which_field(editor: Client) -> None:
    papers = [make_paper("One"), make_paper("Two")]
    change_state([paper.pk for paper in papers], "draft")
    change_set = ChangeSet.objects.get(action="state")
    told = words(editor.get(reverse("admin:authors_changeset_change", args=[change_set.pk])))
    assert told.rindex("state published draft") < told.index("fields that imports leave alone")


def test_two_versions_are_compared_without_who_gave_which_field(editor: Client) -> None:
    paper = make_paper("One")
    for title in ("Two", "Three"):
        fill_in(editor, reverse("admin:papers_paper_change", args=[paper.pk]), title=title, volume=title)
    since, until = ChangeSet.objects.order_by("pk").values_list("pk", flat=True)
    page = words(editor.get(reverse("admin:papers_paper_history", args=[paper.pk]), {"since": since - 1, "until": until}))
    compared = page.partition("What changed between the two")[2].partition("Compare")[0]
    assert "title One Three" in compared
    assert "imports leave alone" not in compared
