"""Forms say of each field who gave it, and which ones imports leave alone."""

import re
from typing import Any

import pytest
from django.utils import timezone

from authors.curation.provenance import record_edit, unlock
from authors.models import Author, Provenance
from papers.models import Paper
from tests.admin_forms import fill_in, logged_in
from tests.factories import make_author, make_institution
from tests.payloads import import_works, payload

pytestmark = pytest.mark.django_db
LOCKED = r"corrected by an editor on \d+ \w+ \d{4}; imports leave it alone"


def parts(page: Any) -> dict[str, str]:
    """What stands in the row of each field."""
    rows = re.split(r'<div class="form-row', page.text)[1:]
    return {name: row for row in rows for name in re.findall(r"\bfield-([a-z_]+)", row.split(">")[0])}


def headings(page: Any) -> dict[str, str]:
    return dict(re.findall(r'<h2 id="([a-z_]+)-heading" class="inline-heading">(.*?)</h2>', page.text, re.DOTALL))


@pytest.fixture
def paper() -> Paper:
    import_works(payload("openalex-work"))
    return Paper.objects.get()


def test_a_source_is_named_under_what_it_gave(paper: Paper) -> None:
    page = logged_in("Editors").get(f"/admin/papers/paper/{paper.pk}/change/")
    rows = parts(page)
    assert re.search(r'id="id_title_origin">\s*openalex, \d+ \w+ \d{4}', rows["title"])
    assert 'aria-describedby="id_title_origin"' in rows["title"]
    assert "openalex" in rows["date"]
    assert 'id="id_award_origin"' not in page.text
    assert "openalex" in headings(page)["authorships"]
    assert not re.search(LOCKED, page.text)


def test_what_an_editor_corrected_is_marked_beside_its_label_until_it_is_unlocked(paper: Paper) -> None:
    editor, address = logged_in("Editors"), f"/admin/papers/paper/{paper.pk}/change/"
    fill_in(editor, address, title="A Corrected Title", date="2019-05")
    rows = parts(editor.get(address))
    for name in ("title", "date"):
        assert re.search(LOCKED, rows[name]), name
        assert f'href="/admin/papers/paper/{paper.pk}/unlock/"' in rows[name], name
    assert not re.search(LOCKED, rows["abstract"])
    unlock(kind="P", record_id=paper.pk, fields=["title"])
    assert "openalex" in parts(editor.get(address))["title"]


def test_rows_are_marked_at_their_heading(paper: Paper) -> None:
    record_edit(kind="P", record_id=paper.pk, fields=["authorships", "categories"])
    marked = headings(logged_in("Editors").get(f"/admin/papers/paper/{paper.pk}/change/"))
    assert {name for name, text in marked.items() if re.search(LOCKED, text)} == {"authorships", "further_categories"}
    assert marked["authorships"].strip().startswith("Authors ")


def test_people_and_institutions_are_marked_too() -> None:
    editor, author, institution = logged_in("Editors"), make_author(), make_institution()
    fill_in(editor, f"/admin/authors/author/{author.pk}/change/", biography="Writes examples.", **{"names-0-public": None})
    page = editor.get(f"/admin/authors/author/{author.pk}/change/")
    assert re.search(LOCKED, parts(page)["biography"])
    assert re.search(LOCKED, headings(page)["names"])
    fill_in(editor, f"/admin/authors/institution/{institution.pk}/change/", city="Nowhere")
    assert re.search(LOCKED, parts(editor.get(f"/admin/authors/institution/{institution.pk}/change/"))["city"])


def test_who_may_not_change_sees_the_marks_but_no_way_to_unlock() -> None:
    author = make_author()
    record_edit(kind="A", record_id=author.pk, fields=["biography"])
    page = logged_in("Viewers").get(f"/admin/authors/author/{author.pk}/change/")
    assert re.search(LOCKED, parts(page)["biography"])
    assert "unlock" not in parts(page)["biography"]


def test_a_new_record_and_one_without_sources_have_no_marks(author: Author) -> None:
    editor = logged_in("Editors")
    known = f"/admin/authors/author/{author.pk}/change/"
    for address in ("/admin/authors/author/add/", known, "/admin/papers/category/cs.CL/change/"):
        assert 'class="origin"' not in editor.get(address).text


def test_a_name_of_a_source_is_text() -> None:
    author = make_author()
    given = {"source": "<b>x</b>", "fields": ["biography"], "given_at": timezone.now()}
    Provenance.objects.create(kind="A", record_id=author.pk, **given)
    assert "&lt;b&gt;x" in parts(logged_in("Editors").get(f"/admin/authors/author/{author.pk}/change/"))["biography"]


@pytest.mark.parametrize("count", [1, 3])
def test_marks_are_one_query_whatever_the_sources(count: int, django_assert_max_num_queries: Any) -> None:
    author = make_author()
    record_edit(kind="A", record_id=author.pk, fields=["biography", "names", "homepage"][:count])
    editor = logged_in("Editors")
    with django_assert_max_num_queries(100) as asked:
        editor.get(f"/admin/authors/author/{author.pk}/change/")
    assert sum("authors_provenance" in one["sql"] for one in asked.captured_queries) == 1
