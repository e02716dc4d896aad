"""Every path that writes keeps the search index equal to the catalogue; where something was lost, it is found and mended."""

from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from authors.models import Author, AuthorName, Institution
from papers.editing import after_edit, delete_paper
from papers.metrics.citing import count_citations
from papers.models import Category, Citation, Paper, PaperCategory, PaperEntry, PaperText, SearchWord, WaitingPaper
from papers.search import indexing
from papers.search.finding import RELEVANCE, Search
from papers.search.indexing import index_papers, index_papers_of_venue
from papers.search.people import best_authors, best_institutions
from papers.search.resolving import Resolver
from papers.search.syntax import parse
from papers.search.vocabulary import suggestion
from tests.admin_forms import fill_in
from tests.factories import make_author, make_institution, make_paper, make_venue
from tests.payloads import author, import_organisations, import_people, import_works, work

pytestmark = [pytest.mark.django_db, pytest.mark.upkeep]


def titles(typed: str) -> list[str]:
    keys = Search(Resolver().match(parse(typed).node)).page(RELEVANCE, size=50)
    papers = Paper.objects.in_bulk(keys)
    return [papers[key].title for key in keys]


def check() -> str:
    """What check_search says, whether or not it ends with an error."""
    out = StringIO()
    with suppress(SystemExit):
        call_command("check_search", stdout=out, stderr=StringIO())
    return out.getvalue()


CLEAN = "0 missing, 0 stale, 0 orphaned"


def assert_clean() -> None:
    lines = check().splitlines()
    assert len(lines) == 4
    assert all(line.endswith(CLEAN) for line in lines), lines


@pytest.fixture
def rebuilt() -> Any:
    """A small catalogue whose index is right."""
    ada = make_author("Ada Testwright")
    paper = make_paper(
        "Graphs of Words", authors=(ada,), institutions=(make_institution("Example Lab"),), venue=make_venue("Example Days")
    )
    call_command("rebuild_search", verbosity=0)
    assert_clean()
    return paper


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("sena", password="x"))
    return client


# --- imports ----------------------------------------------------------------------------------------------------------------


def test_an_import_indexes_papers_people_and_institutions() -> None:
    import_works(work("Graphs of Words", author("Ada Testwright", "", "Example Institute")))
    assert titles("graph testwright") == ["Graphs of Words"]
    assert best_authors("testwright ada", size=5) == [Author.objects.get().pk]
    assert len(best_institutions("example", size=5)) == 1
    assert suggestion("grahps", ["grahps"]) == "graphs"
    assert_clean()


def test_a_second_import_brings_what_changed() -> None:
    import_works(work("Graphs of Words", "Ada Testwright", id="W1", abstract=None, cited_by_count=1))
    import_works(work("Graphs of Words", "Ada Testwright", id="W1", abstract="About forests.", cited_by_count=9_000))
    assert titles("forest cites:9000") == ["Graphs of Words"]
    assert_clean()


def test_imported_drafts_are_not_found() -> None:
    import_works(work("Graphs of Words", "Ada Testwright"), state="draft")
    assert titles("graph") == []
    assert_clean()


def test_an_import_of_people_and_institutions_renames_them_everywhere() -> None:
    import_works(
        work("Graphs of Words", author("Ada Testwright", "https://orcid.org/0000-0002-1825-0097", "Example Institute"))
    )
    import_people(
        {"id": "https://openalex.org/A1", "display_name": "Ada Newname", "orcid": "https://orcid.org/0000-0002-1825-0097"}
    )
    import_organisations(
        {"id": "https://openalex.org/I1", "display_name": "Example Institute", "display_name_acronyms": ["EXI"]}
    )
    assert best_institutions("exi", size=5) == best_institutions("example institute", size=5)
    assert_clean()


# --- editors ----------------------------------------------------------------------------------------------------------------


def test_an_edit_of_a_paper_is_found_at_once(rebuilt: Paper) -> None:
    rebuilt.title = "Forests"
    rebuilt.save()
    after_edit(paper=rebuilt, changed={"title"})
    assert titles("forest") == ["Forests"]
    assert titles("graph") == []
    assert_clean()


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_not_published_any_more_is_not_found(rebuilt: Paper, state: str) -> None:
    rebuilt.state = state
    rebuilt.save()
    after_edit(paper=rebuilt, changed={"state"})
    assert titles("graph") == []
    assert best_authors("testwright", size=5) == []
    assert_clean()


def test_a_deleted_paper_leaves_nothing_behind(rebuilt: Paper) -> None:
    delete_paper(rebuilt)
    assert titles("graph") == []
    assert_clean()


def test_a_counted_citation_moves_the_paper(rebuilt: Paper) -> None:
    Citation.objects.create(citing=make_paper("Another"), cited=rebuilt)
    index_papers(Paper.objects.values_list("pk", flat=True))
    count_citations([rebuilt.pk])
    assert titles("cites:1") == ["Graphs of Words"]
    assert_clean()


def test_a_person_renamed_in_the_admin_is_found_by_the_new_name(rebuilt: Paper, editor: Client) -> None:
    ada = Author.objects.get()
    fill_in(editor, reverse("admin:authors_author_change", args=[ada.pk]), display_name="Ada Newname")
    assert best_authors("newname", size=5) == [ada.pk]
    assert titles("newname") == ["Graphs of Words"]
    assert_clean()


def test_a_person_hidden_in_the_admin_is_found_no_more(rebuilt: Paper, editor: Client) -> None:
    ada = Author.objects.get()
    fill_in(editor, reverse("admin:authors_author_change", args=[ada.pk]), visibility="hidden")
    assert best_authors("testwright", size=5) == []
    assert titles("author:testwright") == []
    assert_clean()


def test_a_person_deleted_in_the_admin_leaves_nothing_behind(editor: Client) -> None:
    ada = make_author("Ada Testwright", visibility="public")
    call_command("rebuild_search", verbosity=0)
    assert best_authors("testwright", size=5) == [ada.pk]
    editor.post(reverse("admin:authors_author_delete", args=[ada.pk]), {"post": "yes"})
    assert best_authors("testwright", size=5) == []
    assert_clean()


def test_an_institution_renamed_in_the_admin_is_found_by_both_names(rebuilt: Paper, editor: Client) -> None:
    lab = Institution.objects.get()
    fill_in(editor, reverse("admin:authors_institution_change", args=[lab.pk]), name="Renamed Place")
    assert best_institutions("renamed", size=5) == best_institutions("example lab", size=5) == [lab.pk]
    assert_clean()


def test_a_venue_renamed_or_deleted_in_the_admin_takes_its_papers_along(rebuilt: Paper, editor: Client) -> None:
    venue = rebuilt.venue
    fill_in(editor, reverse("admin:papers_venue_change", args=[venue.pk]), name="Renamed Meeting")
    assert titles("venue:meeting") == ["Graphs of Words"]
    editor.post(reverse("admin:papers_venue_delete", args=[venue.pk]), {"post": "yes"})
    assert titles("meeting") == []
    assert_clean()


def test_of_a_large_venue_the_rest_waits_for_the_command(rebuilt: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_paper("Newer", venue=rebuilt.venue)
    index_papers([other.pk])
    monkeypatch.setattr(indexing, "AT_MOST", 1)
    rebuilt.venue.name = "Renamed Meeting"
    rebuilt.venue.save()
    index_papers_of_venue(rebuilt.venue.pk)
    assert titles("meeting") == ["Newer"]
    assert "1 stale" in check()
    call_command("rebuild_search", "--waiting", verbosity=0)
    assert set(titles("meeting")) == {"Newer", "Graphs of Words"}
    assert_clean()


def test_a_category_deleted_in_the_admin_leaves_its_papers(rebuilt: Paper, editor: Client) -> None:
    other = Category.objects.create(code="xx.YY", short_code="YY", name="Passing Fashion")
    PaperCategory.objects.create(paper=rebuilt, category=other)
    index_papers([rebuilt.pk])
    assert titles("category:xx.YY") == ["Graphs of Words"]
    editor.post(reverse("admin:papers_category_delete", args=["xx.YY"]), {"post": "yes"})
    assert titles("category:xx.YY") == []
    assert_clean()


def test_an_import_that_moves_a_paper_takes_its_old_institution_out() -> None:
    import_works(work("Graphs", author("Ada Testwright", "", "First Example University"), id="W1"))
    import_works(work("Graphs", author("Ada Testwright", "", "Second Example University"), id="W1"))
    assert best_institutions("first example", size=5) == []
    assert_clean()


def test_words_of_hidden_people_and_of_papers_taken_back_are_not_suggested(rebuilt: Paper, editor: Client) -> None:
    assert suggestion("testwrihgt", ["testwrihgt"]) == "testwright"
    ada = Author.objects.get()
    fill_in(editor, reverse("admin:authors_author_change", args=[ada.pk]), visibility="hidden")
    assert suggestion("testwrihgt", ["testwrihgt"]) == ""
    call_command("rebuild_search", verbosity=0)
    assert suggestion("testwrihgt", ["testwrihgt"]) == ""
    delete_paper(rebuilt)
    assert suggestion("grpahs", ["grpahs"]) == ""


# --- finding and mending what is wrong --------------------------------------------------------------------------------------


def test_what_is_missing_stale_or_orphaned_is_found_and_mended(rebuilt: Paper) -> None:
    make_paper("Missing")
    make_institution("Nowhere")
    Paper.objects.filter(pk=rebuilt.pk).update(title="Stale")
    gone = make_paper("Gone")
    index_papers([gone.pk])
    gone.authorships.all().delete()
    Paper.objects.filter(pk=gone.pk).delete()
    AuthorName.objects.filter(author=Author.objects.get()).update(name="Elsewhere")
    assert check().splitlines()[:2] == [
        f"papers: 1 missing, 1 stale, 1 orphaned (P{rebuilt.pk + 1}, P{rebuilt.pk}, P{gone.pk})",
        f"people: 0 missing, 1 stale, 0 orphaned (A{Author.objects.get().pk})",
    ]
    call_command("rebuild_search", verbosity=0)
    assert_clean()
    assert titles("stale") == ["Stale"]
    assert titles("gone") == []


def test_a_text_without_its_entry_is_an_orphan(rebuilt: Paper) -> None:
    PaperEntry.objects.all().delete()
    assert "1 missing, 0 stale, 1 orphaned" in check()
    with pytest.raises(SystemExit, match="1"):
        call_command("check_search", stdout=StringIO(), stderr=StringIO())
    call_command("rebuild_search", verbosity=0)
    assert_clean()


def test_an_index_that_says_something_else_than_the_texts_is_found(rebuilt: Paper) -> None:
    PaperText.objects.update(title=" something els ")
    assert "index of words: 0 missing, 1 stale" in check()


def test_an_interrupted_rebuild_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        make_paper(f"Graph {number}")
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    indexed = indexing.index_papers

    def stop(paper_ids: Any) -> int:
        if PaperEntry.objects.exists():
            raise KeyboardInterrupt
        return indexed(paper_ids)

    monkeypatch.setattr(indexing, "index_papers", stop)
    with pytest.raises(KeyboardInterrupt):
        call_command("rebuild_search", verbosity=0)
    assert (PaperEntry.objects.count(), WaitingPaper.objects.count()) == (2, 3)
    monkeypatch.setattr(indexing, "index_papers", indexed)
    call_command("rebuild_search", "--waiting", verbosity=0)
    assert (PaperEntry.objects.count(), WaitingPaper.objects.count()) == (5, 0)


def test_missing_papers_alone_are_added(rebuilt: Paper) -> None:
    make_paper("Missing Forest")
    out = StringIO()
    call_command("rebuild_search", "--missing", stdout=out)
    assert "papers: 1 of 1" in out.getvalue()
    assert titles("forest") == ["Missing Forest"]
    out = StringIO()
    call_command("rebuild_search", "--missing", stdout=out)
    assert out.getvalue() == ""


def test_a_rebuild_counts_words_anew(rebuilt: Paper) -> None:
    SearchWord.objects.update(uses=99)
    call_command("rebuild_search", verbosity=0)
    assert dict(SearchWord.objects.filter(kind="t").values_list("word", "uses")) == {"graphs": 1, "words": 1}
